"""The form of things that readers find under a name: authors, desks, topics, newsletters."""

from __future__ import annotations

from copy import copy
from urllib.parse import unquote

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm

from nightdesk.editing.forms import MadeFrom
from nightdesk.people.protecting.names import is_gone


class NamedForm(MadeFrom, WagtailAdminModelForm):
    """Its address is made from the name unless the editor gives one. Letters stay letters: a
    Ukrainian name makes a Ukrainian address."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        slug = self.fields["slug"]
        slug.required = False
        slug.help_text = _(
            "The last part of the page's address. Empty: made from the name. "
            "Keep it once readers know it."
        )

    def clean(self) -> dict:
        cleaned = super().clean()
        if "slug" in self.errors or "name" in self.errors:
            return cleaned
        slug = cleaned.get("slug") or slugify(cleaned.get("name", ""), allow_unicode=True)
        slug = slug[: self.instance._meta.get_field("slug").max_length]
        if not slug:
            self.add_error("slug", _("Give it an address: a name of letters or digits."))
            return cleaned
        cleaned["slug"] = slug
        taken = self._meta.model.objects.filter(slug=slug, locale_id=self.instance.locale_id)
        holder = taken.exclude(pk=self.instance.pk).first()
        if holder is None and self._is_gone(slug):
            self.add_error(
                "slug",
                ValidationError(
                    _(
                        "The address “%(slug)s” was given up for ever, to protect somebody. Choose "
                        "a different one."
                    ),
                    params={"slug": slug},
                ),
            )
        if holder:
            self.add_error(
                "slug",
                ValidationError(
                    _("“%(name)s” already has the address “%(slug)s”. Choose a different one."),
                    params={"name": holder.name, "slug": slug},
                ),
            )
        return cleaned

    def _is_gone(self, slug: str) -> bool:
        """Whether its address was somebody's who is protected."""
        row = copy(self.instance)
        row.slug = slug
        return hasattr(row, "get_absolute_url") and is_gone(unquote(row.get_absolute_url()))
