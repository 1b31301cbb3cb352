"""The first page of the admin: what a night editor wants to know and do first."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin.ui.components import Component

from nightdesk.briefs.models import Brief
from nightdesk.fronts.breaking import desk as breaking
from nightdesk.people.roles import WRITES
from nightdesk.press import alarms, schedule
from nightdesk.stories import review, state
from nightdesk.stories.desk.listing import scheduled
from nightdesk.stories.models import StoryPage

#: Lines in each list.
SHOWN = 6

#: Of the stories in review, so many are looked through for those that one may approve.
MOST = 30

#: What should have happened this long ago and has not is late.
GRACE = datetime.timedelta(seconds=90)


@dataclass(frozen=True)
class Line:
    """One thing in a list, with where it is edited and the time that matters there."""

    title: str
    address: str
    at: datetime.datetime | None


def _stories(found: Any, moment: str) -> list[Line]:
    return [
        Line(
            story.draft_title or story.title,
            reverse("wagtailadmin_pages:edit", args=[story.pk]),
            getattr(story, moment),
        )
        for story in found[:SHOWN]
    ]


class NightDesk(Component):
    name = "night_desk"
    template_name = "desk/night.html"
    order = 10

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any) -> dict:
        user = self.request.user
        may_write = user.has_perm(WRITES)
        return {
            "late": [*alarms.sentences(), *schedule.overdue(timezone.now(), GRACE)],
            "may_break": user.has_perm(breaking.MAY),
            "running": breaking.running() if user.has_perm(breaking.MAY) else [],
            "token": get_token(self.request),
            "may_write": may_write,
            "may_brief": user.has_perm("briefs.add_brief"),
            "to_review": self.to_review,
            "sent_back": self.sent_back,
            "approved": self.approved,
            "drafts": self.drafts,
            "changed": self.changed,
            "scheduled": self.scheduled,
            "published": self.published,
            "briefs": self.briefs,
        }

    @cached_property
    def to_review(self) -> list[Line]:
        """Stories that wait for this person's approval; their own wait for somebody else's."""
        user = self.request.user
        if not user.has_perm(review.APPROVE):
            return []
        waiting = state.in_review(StoryPage.objects.all()).order_by("latest_revision_created_at")
        mine = [story for story in waiting[:MOST] if review.can_approve(user, story)]
        return _stories(mine, "latest_revision_created_at")

    @cached_property
    def sent_back(self) -> list[Line]:
        """This person's stories of which a reviewer wants something changed."""
        mine = state.sent_back(StoryPage.objects.filter(owner=self.request.user))
        return _stories(mine.order_by("-latest_revision_created_at"), "latest_revision_created_at")

    @cached_property
    def approved(self) -> list[Line]:
        """Stories that somebody approved and nobody has published, for those who may."""
        if not self.request.user.has_perm(review.APPROVE):
            return []
        ready = state.approved(StoryPage.objects.all()).exclude(
            pk__in=scheduled(StoryPage.objects.all()).values("pk")
        )
        return _stories(ready.order_by("-latest_revision_created_at"), "latest_revision_created_at")

    @cached_property
    def drafts(self) -> list[Line]:
        """This person's stories that nobody can read yet."""
        mine = StoryPage.objects.filter(owner=self.request.user, live=False).exclude(
            pk__in=scheduled(StoryPage.objects.all()).values("pk")
        )
        return _stories(mine.order_by("-latest_revision_created_at"), "latest_revision_created_at")

    @cached_property
    def changed(self) -> list[Line]:
        """Published stories with changes that readers do not see yet, anybody's."""
        waiting = StoryPage.objects.filter(live=True, has_unpublished_changes=True)
        return _stories(
            waiting.order_by("-latest_revision_created_at"), "latest_revision_created_at"
        )

    @cached_property
    def scheduled(self) -> list[Line]:
        due = scheduled(StoryPage.objects.all()).order_by("go_live_at")
        return [
            Line(line.title, line.address, story.scheduled_revision.approved_go_live_at)
            for story, line in zip(due, _stories(due, "go_live_at"), strict=False)
        ]

    @cached_property
    def published(self) -> list[Line]:
        latest = StoryPage.objects.filter(live=True, last_published_at__isnull=False)
        return _stories(latest.order_by("-last_published_at"), "last_published_at")

    @cached_property
    def briefs(self) -> list[Line]:
        edit = Brief.snippet_viewset.get_url_name("edit")
        return [
            Line(brief.shown_headline, reverse(edit, args=[brief.pk]), brief.published_at)
            for brief in Brief.objects.filter(live=True)[:SHOWN]
        ]


def night_desk(request: HttpRequest, panels: list[Component]) -> None:
    """A hook for the first page: ours instead of all of Wagtail's."""
    panels[:] = [NightDesk(request)]
