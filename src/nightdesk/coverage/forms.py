"""The forms of a coverage and of one update, as the admin shows them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from nightdesk.coverage.actions import free_slug
from nightdesk.coverage.models import Coverage, Entry
from nightdesk.editing.forms import MadeFrom


class CoverageForm(MadeFrom, WagtailAdminModelForm):
    """Its address is made from the headline, and gives way to one that is taken."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        coverage: Coverage = self.instance
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _(
                "The last part of the page's address. Empty: made from the headline. "
                "Keep it once readers know it."
            )
        if "topics" in self.fields:
            topics = self.fields["topics"]
            topics.queryset = topics.queryset.filter(locale=coverage.locale_id)

    def clean(self) -> dict:
        cleaned = super().clean()
        if "slug" in self.errors or "headline" in self.errors or "slug" not in self.fields:
            return cleaned
        wanted = cleaned.get("slug") or cleaned.get("headline", "")
        cleaned["slug"] = free_slug(wanted, self.instance.locale, self.instance)
        return cleaned


class EntryForm(MadeFrom, WagtailAdminModelForm):
    """Time empty: the moment it is published. A time to come: it is published then."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entry: Entry = self.instance
        if "published_at" in self.fields:
            time = self.fields["published_at"]
            time.required = False
            time.help_text = _(
                "Empty: the moment you publish it. A time to come: it is published then."
            )
            if not entry.first_published_at and not entry.go_live_at:
                self.initial["published_at"] = None
        if "coverage" in self.fields:
            if entry.pk:
                del self.fields["coverage"]
            else:
                under_way = Coverage.objects.filter(ended_at=None)
                self.fields["coverage"].queryset = under_way
                self.initial.setdefault("coverage", under_way.values_list("pk", flat=True).first())

    def clean_published_at(self) -> Any:
        return self.cleaned_data["published_at"] or timezone.now()

    def clean(self) -> dict:
        cleaned = super().clean()
        at = cleaned.get("published_at")
        self.instance.go_live_at = at if at and at > timezone.now() else None
        return cleaned
