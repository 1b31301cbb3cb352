"""Forms of ordered stories: the top of the front page, and Editors' Picks."""

from __future__ import annotations

from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm

from nightdesk.editing.forms import MadeFrom


class OrderedStories:
    """Mixin: ``rows`` names the formset whose rows each hold a story of this page's language,
    none twice."""

    rows: str

    def clean(self) -> dict:
        cleaned = super().clean()
        seen = set()
        for row in self.formsets[self.rows].forms:
            story = getattr(row, "cleaned_data", {}).get("story") if row.is_valid() else None
            if story is None or row.cleaned_data.get("DELETE"):
                continue
            if story.pk in seen:
                row.add_error("story", _("This story is already in the list above."))
            elif story.locale_id != self.instance.locale_id:
                row.add_error(
                    "story",
                    _("This story is written in another language; readers here would not see it."),
                )
            seen.add(story.pk)
        return cleaned


class HomeForm(MadeFrom, OrderedStories, WagtailAdminPageForm):
    rows = "top_stories"


class PicksForm(MadeFrom, OrderedStories, WagtailAdminModelForm):
    rows = "picks"
