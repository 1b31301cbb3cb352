"""Where a story stands on its way to readers, in the newsroom's words.

draft → in review → (changes asked for → in review →) approved → scheduled or live. A live story's
next version goes the same way: “live + in review”.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.fields import CharField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from wagtail.models import TaskState, WorkflowState

from nightdesk.stories import embargo

if TYPE_CHECKING:
    from nightdesk.stories.models import StoryPage


def in_words(story: StoryPage) -> str:
    """``live + draft``, ``scheduled, under embargo``…"""
    words = [_("live")] if story.live else []
    pending = _next_version(story)
    if pending or not story.live:
        words.append(pending or (_("expired") if story.expired else _("draft")))
    said = " + ".join(words)
    if embargo.standing(story) and (not story.live or pending):
        return _("%(state)s, under embargo") % {"state": said}
    return said


def _next_version(story: StoryPage) -> str:
    """What is under way; empty for a plain draft that readers do not have, and for nothing."""
    if story.approved_schedule:
        return _("scheduled")
    review = story.current_workflow_state
    if review:
        asked = review.status == WorkflowState.STATUS_NEEDS_CHANGES
        return _("changes asked for") if asked else _("in review")
    if not story.has_unpublished_changes:
        return ""
    if is_approved(story):
        return _("approved")
    return _("draft") if story.live else ""


def is_approved(story: StoryPage) -> bool:
    """Whether the newest version is the one that was approved: a change asks for a new approval."""
    if not hasattr(story, "newest_is_approved"):
        return _approvals().filter(revision=story.latest_revision_id).exists()
    return bool(story.newest_is_approved)


def with_approval(stories: QuerySet) -> QuerySet:
    """``stories`` with what `is_approved` asks, in one query for a whole list."""
    approved = _approvals().filter(revision=OuterRef("latest_revision"))
    return stories.annotate(newest_is_approved=Exists(approved))


def approved(stories: QuerySet) -> QuerySet:
    """Those whose newest version is approved and waits to be published."""
    return with_approval(stories).filter(newest_is_approved=True, has_unpublished_changes=True)


def in_review(stories: QuerySet) -> QuerySet:
    return stories.filter(_has_review(WorkflowState.STATUS_IN_PROGRESS))


def sent_back(stories: QuerySet) -> QuerySet:
    """Those whose reviewer asked for changes."""
    return stories.filter(_has_review(WorkflowState.STATUS_NEEDS_CHANGES))


def _approvals() -> QuerySet:
    return TaskState.objects.filter(
        status=TaskState.STATUS_APPROVED, workflow_state__status=WorkflowState.STATUS_APPROVED
    )


def _has_review(status: str) -> Exists:
    return Exists(
        WorkflowState.objects.filter(
            status=status,
            base_content_type__app_label="wagtailcore",
            base_content_type__model="page",
            object_id=Cast(OuterRef("pk"), CharField()),
        )
    )
