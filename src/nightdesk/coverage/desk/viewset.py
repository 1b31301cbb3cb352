"""Coverage and its updates in the admin: the lists and the whole forms.

What must be quick is written on one screen (``/admin/live/``); here is everything else.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, LiveStatusTagColumn
from wagtail.admin.widgets import Button
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from nightdesk.briefs.forms import SourceInput
from nightdesk.coverage.forms import CoverageForm, EntryForm
from nightdesk.coverage.models import Coverage, Entry
from nightdesk.editing.views import EditSnippets
from nightdesk.editing.viewsets import SnippetsOfOurs
from nightdesk.stories.forms import TopicPicker
from nightdesk.takedown.desk import buttons


class EditCoverage(EditSnippets):
    @cached_property
    def header_more_buttons(self) -> list[Button]:
        return [
            *super().header_more_buttons,
            *_end_or_reopen(self.object, self.request.user),
            *buttons.in_its_head(self.object, self.request.user),
        ]


def _end_or_reopen(coverage: Coverage, user: Any) -> list[Button]:
    if not coverage.live or not user.has_perm("coverage.publish_coverage"):
        return []
    name, label, icon = (
        ("end_coverage", _("End the coverage…"), "calendar-check")
        if coverage.is_under_way
        else ("reopen_coverage", _("Open it again…"), "undo")
    )
    url = reverse(name, args=[coverage.pk])
    return [Button(label, url=url, icon_name=icon, priority=80)]


class EditEntry(EditSnippets):
    @cached_property
    def header_more_buttons(self) -> list[Button]:
        taking_down = buttons.in_its_head(self.object, self.request.user)
        return [*super().header_more_buttons, *taking_down]


class Coverages(SnippetsOfOurs):
    model = Coverage
    edit_view_class = EditCoverage
    icon = "history"
    menu_label = _("Coverage")
    list_display = [
        "__str__",
        DateColumn("started_at", label=_("Began"), sort_key="started_at"),
        DateColumn("ended_at", label=_("Ended"), sort_key="ended_at"),
        LiveStatusTagColumn(label=_("Status")),
    ]
    list_filter = ["live"]
    copy_view_enabled = False
    search_backend_name = None
    search_fields = ["headline", "standfirst"]
    edit_handler = ObjectList(
        [
            FieldPanel("headline"),
            FieldPanel("standfirst"),
            FieldPanel("summary"),
            FieldPanel("picture"),
            InlinePanel("bylines", heading=_("Who signs it"), label=_("Name")),
            FieldPanel("topics", widget=TopicPicker),
            FieldPanel("takes_briefs"),
            FieldRowPanel([FieldPanel("started_at"), FieldPanel("slug")]),
        ],
        base_form_class=CoverageForm,
    )


class Entries(SnippetsOfOurs):
    model = Entry
    edit_view_class = EditEntry
    icon = "comment"
    menu_label = _("Updates")
    list_display = [
        "__str__",
        Column("coverage", label=_("Coverage"), accessor="coverage"),
        DateColumn("published_at", label=_("Time"), sort_key="published_at"),
        BooleanColumn("is_key", label=_("Key moment")),
        BooleanColumn("pinned", label=_("Pinned")),
        LiveStatusTagColumn(label=_("Status")),
    ]
    list_filter = ["coverage", "live"]
    copy_view_enabled = False
    search_backend_name = None
    search_fields = ["headline", "text"]
    edit_handler = ObjectList(
        [
            FieldPanel("coverage"),
            FieldPanel("text"),
            FieldPanel("headline"),
            InlinePanel("bylines", heading=_("Who signs it"), label=_("Name")),
            FieldPanel("published_at"),
            FieldRowPanel([FieldPanel("source", widget=SourceInput), FieldPanel("source_url")]),
            FieldPanel("story"),
            FieldPanel("picture"),
        ],
        base_form_class=EntryForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        """Without the briefs that were taken in: those are edited where they are. One whose brief
        was deleted has no words."""
        written = Entry.objects.filter(brief=None).exclude(text="")
        return written.select_related("coverage")


class CoverageGroup(SnippetViewSetGroup):
    items = (Coverages, Entries)
    menu_label = _("Coverage")
    menu_icon = "history"
    menu_name = "coverage"
    menu_order = 21
