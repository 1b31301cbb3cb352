"""Four eyes: a story under review is approved by somebody who neither wrote nor changed it.

Wagtail keeps the way of a story through its review; what is ours is one kind of task, which asks
who may approve. Approving publishes nothing: whoever may publish does that, or sets a time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from wagtail.locks import WorkflowLock
from wagtail.log_actions import log
from wagtail.models import (
    COMMENTS_RELATION_NAME,
    Page,
    PageLogEntry,
    Revision,
    Task,
    TaskState,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from nightdesk.people.models import User
from nightdesk.press.keys import PAGE_BOOKKEEPING

APPROVE = "stories.approve_storypage"
APPROVED_OWN = "nightdesk.review.approve_own"

#: The workflow and the task that Wagtail brings. Its groups approve whatever they wrote.
_BROUGHT = "Moderators approval"

#: Of what a version holds, these say nothing of what it would tell readers.
_NO_TEXT = PAGE_BOOKKEEPING | {
    COMMENTS_RELATION_NAME,
    "content_type",
    "depth",
    "embargo_until",
    "first_published_at",
    "headline_key",
    "live",
    "path",
    "update_matters",
    "updated_at",
    "url_path",
    "words",
}

_MARKS = {"pk", "page", "id"}
_PARAGRAPH_KEY = re.compile(r' data-block-key="[^"]*"')


class UnderReview(WorkflowLock):
    def get_message(self, user: Any) -> str:
        if not self.for_user(user):
            return ""
        return gettext(
            "This story is in review: its text stays as it is until somebody has answered. To "
            "change it now, take it back from review."
        )


class Review(Task):
    """Approval by anyone who may approve and edit the story, and has no hand in its text."""

    lock_class = UnderReview

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")

    @classmethod
    def get_description(cls) -> str:
        return gettext("Somebody who may approve stories, and did not write this one, approves it")

    def user_can_access_editor(self, obj: Page, user: Any) -> bool:
        return may_approve(user, obj)

    def locked_for_user(self, obj: Page, user: Any) -> bool:
        """The text stays as it was sent while others read it; its writer can take it back."""
        return not may_approve(user, obj)

    def get_actions(self, obj: Page, user: Any) -> list[tuple[str, str, bool]]:
        if not may_approve(user, obj):
            return []
        actions = [("reject", _("Ask for changes"), True)]
        if why_not(user, obj):
            return actions
        label = _("Approve")
        if user.pk in hands_in(obj):
            label = _("Approve your own: nobody else here can")
        return [("approve", label, False), *actions]

    def get_task_states_user_can_moderate(self, user: Any, **_kwargs: Any) -> QuerySet:
        if not user.is_active or not user.has_perm(APPROVE):
            return TaskState.objects.none()
        return self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)

    @transaction.atomic
    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> None:
        story = task_state.workflow_state.content_object.specific
        if not may_approve(user, story):
            raise PermissionDenied
        if action_name == "approve":
            refused = why_not(user, story)
            if refused:
                raise PermissionDenied(refused)
            # A note on a passage makes a version; what is approved is the text as it is now.
            task_state.revision = story.get_latest_revision()
            if user.pk in hands_in(story):
                log(instance=story, action=APPROVED_OWN, user=user, revision=task_state.revision)
        super().on_action(task_state, user, action_name, **kwargs)


def may_approve(user: Any, page: Page) -> bool:
    """Whether the account may review this page at all, whoever wrote it."""
    if not user or not user.is_active or not user.has_perm(APPROVE):
        return False
    if user.is_superuser:
        return True
    return "change" in page.permissions_for_user(user).permissions


def can_approve(user: Any, page: Page) -> bool:
    """Whether this account may approve this very text."""
    return may_approve(user, page) and not why_not(user, page)


def why_not(user: Any, page: Page) -> str:
    """Why this account may not approve this text, for them to read; empty when it may.

    Nobody approves their own, unless the newsroom has nobody else who may: it would be stuck.
    """
    if user.pk not in hands_in(page) or not _others_who_may_approve(user, page):
        return ""
    return gettext(
        "Somebody else has to approve this text: you wrote it, changed it or sent it for review."
    )


def hands_in(page: Page) -> set[int]:
    """Ids of the accounts that wrote or changed the text under review, or sent it there."""
    hands = set(_writers(page))
    review = page.current_workflow_state
    if review:
        hands.add(review.requested_by_id)
        sent = PageLogEntry.objects.filter(
            page=page.pk,
            action__in=("wagtail.workflow.start", "wagtail.workflow.resume"),
            timestamp__gte=review.created_at,
        )
        hands |= set(sent.values_list("user_id", flat=True))
    return hands - {None}


def _writers(page: Page) -> Iterator[int | None]:
    """Whose versions since the last publication say something else than the one before.

    A version that only brings a note, or a time, has no writer.
    """
    versions: Iterable[Revision] = page.revisions.order_by("created_at", "pk")
    before = None
    live = page.live_revision
    if live is not None:
        before = _text(live.content)
        versions = versions.filter(created_at__gt=live.created_at)
    elif page.live:
        before = _text(page.specific_class.objects.get(pk=page.pk).serializable_data())
    for version in versions.iterator(chunk_size=20):
        after = _text(version.content)
        if after != before:
            yield version.user_id
        before = after


def _text(content: dict[str, Any]) -> dict[str, Any]:
    """What a version would tell readers."""
    return {name: _said(value) for name, value in content.items() if name not in _NO_TEXT}


def _said(value: Any) -> Any:
    """Without the marks by which rows, blocks and paragraphs are known: publishing and saving give
    new ones to the same text."""
    if isinstance(value, str):
        if value.startswith("[{"):  # a body is JSON within the JSON
            with suppress(ValueError):
                return _said(json.loads(value))
        return _PARAGRAPH_KEY.sub("", value)
    if isinstance(value, list):
        return [_said(part) for part in value]
    if isinstance(value, dict):
        return {key: _said(part) for key, part in value.items() if key not in _MARKS}
    return value


def _others_who_may_approve(user: Any, page: Page) -> bool:
    accounts = User.objects.with_perm(APPROVE, backend="django.contrib.auth.backends.ModelBackend")
    return any(may_approve(account, page) for account in accounts.exclude(pk=user.pk))


@transaction.atomic
def set_up_review() -> None:
    """Let every story of the newsroom have a review. Safe to run again: what administrators made
    of it stays."""
    if Review.objects.exists():
        return
    workflow = Workflow.objects.create(name=pgettext("workflow", "Review"))
    task = Review.objects.create(name=workflow.name)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.update_or_create(
        page=Page.get_first_root_node(), defaults={"workflow": workflow}
    )
    Workflow.objects.filter(name=_BROUGHT, workflow_states=None, workflow_pages=None).delete()
    Task.objects.filter(name=_BROUGHT, task_states=None, workflow_tasks=None).delete()
