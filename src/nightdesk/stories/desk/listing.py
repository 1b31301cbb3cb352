"""The list of all stories, across sections and languages."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple, RadioSelect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.ui.tables.pages import (
    BulkActionsColumn,
    PageStatusColumn,
    PageTitleColumn,
    ParentPageColumn,
)
from wagtail.admin.views.pages.listing import IndexView
from wagtail.admin.viewsets.pages import PageListingViewSet

from nightdesk.people.models import Author
from nightdesk.stories import state
from nightdesk.stories.desk.new_story import NewStory
from nightdesk.stories.models import Kind, SectionPage, StoryPage

STATES = {
    "live": _("Published"),
    "changed": _("Published, with changes not yet published"),
    "draft": _("Draft"),
    "review": _("In review"),
    "sent_back": _("Changes asked for"),
    "approved": _("Approved"),
    "scheduled": _("Scheduled"),
    "embargo": _("Under embargo"),
}


class StoryFilters(WagtailFilterSet):
    section = django_filters.ModelMultipleChoiceFilter(
        label=_("Section"),
        queryset=lambda _request: SectionPage.objects.order_by("path"),
        method="in_sections",
        widget=CheckboxSelectMultiple,
    )
    state = django_filters.ChoiceFilter(
        label=_("Status"),
        choices=list(STATES.items()),
        method="in_state",
        empty_label=_("Any"),
        widget=RadioSelect,
    )
    author = django_filters.ModelMultipleChoiceFilter(
        label=_("Author"),
        field_name="bylines__author",
        queryset=lambda _request: Author.objects.all(),
        widget=CheckboxSelectMultiple,
    )
    kind = django_filters.MultipleChoiceFilter(
        label=_("Kind"), choices=Kind.choices, widget=CheckboxSelectMultiple
    )

    class Meta:
        model = StoryPage
        fields: list[str] = []

    def in_sections(self, stories: QuerySet, _name: str, sections: list) -> QuerySet:
        if not sections:
            return stories
        found = StoryPage.objects.none()
        for section in sections:
            found |= StoryPage.objects.child_of(section)
        return stories.filter(pk__in=found.values("pk"))

    def in_state(self, stories: QuerySet, _name: str, chosen: str) -> QuerySet:
        match chosen:
            case "live":
                return stories.filter(live=True)
            case "changed":
                return stories.filter(live=True, has_unpublished_changes=True)
            case "draft":
                return stories.filter(live=False)
            case "review":
                return state.in_review(stories)
            case "sent_back":
                return state.sent_back(stories)
            case "approved":
                return state.approved(stories)
            case "embargo":
                return stories.filter(embargo_until__gt=timezone.now())
            case "scheduled":
                return stories.filter(pk__in=scheduled(stories).values("pk"))
        return stories


def scheduled(stories: QuerySet) -> QuerySet:
    """Those of ``stories`` with a version that the clock will publish."""
    return stories.filter(_revisions__approved_go_live_at__gt=timezone.now()).distinct()


class StoryList(IndexView):
    page_title = _("Stories")
    add_item_label = _("New story")
    base_filterset_class = StoryFilters

    def annotate_queryset(self, pages: QuerySet) -> QuerySet:
        return super().annotate_queryset(state.with_approval(pages))


class StoryListing(PageListingViewSet):
    model = StoryPage
    index_view_class = StoryList
    choose_parent_view_class = NewStory
    name = "stories"
    url_prefix = "stories"
    icon = "doc-full"
    menu_label = _("Stories")
    menu_name = "stories"
    menu_order = 10
    add_to_admin_menu = True
    filterset_class = StoryFilters
    columns = [
        BulkActionsColumn("bulk_actions"),
        PageTitleColumn("title", label=_("Headline"), sort_key="title", classname="title"),
        ParentPageColumn("parent", label=_("Section")),
        Column("signed", label=_("Signed by"), accessor=lambda story: story.signature),
        DateColumn("first_published_at", label=_("Published"), sort_key="first_published_at"),
        DateColumn(
            "latest_revision_created_at", label=_("Edited"), sort_key="latest_revision_created_at"
        ),
        PageStatusColumn("status", label=_("Status"), sort_key="live"),
    ]
