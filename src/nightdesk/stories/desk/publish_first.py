"""The button in sight: “Publish” for those who may publish, “Send for review” for the others.
“Save draft” is in its menu.

A form is sent with its first button when somebody presses Enter in one of its lines. Nobody may
publish by pressing Enter, so that button comes with an invisible, disabled one before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from wagtail.admin.action_menu import (
    ActionMenuItem,
    CancelWorkflowMenuItem,
    PublishMenuItem,
    RestartWorkflowMenuItem,
    SubmitForModerationMenuItem,
    WorkflowMenuItem,
)
from wagtail.models import WorkflowState
from wagtail.snippets.action_menu import PublishMenuItem as SnippetPublishMenuItem

from nightdesk.stories.models import SectionPage, StoryPage

_NO_ENTER = mark_safe('<button type="submit" disabled hidden></button>')


class _NotByEnter:
    def render_html(self, parent_context: Mapping[str, Any] | None = None) -> SafeString:
        return _NO_ENTER + super().render_html(parent_context)


class PublishPage(_NotByEnter, PublishMenuItem):
    pass


class PublishSnippet(_NotByEnter, SnippetPublishMenuItem):
    pass


class SendForReview(_NotByEnter, SubmitForModerationMenuItem):
    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict:
        context = super().get_context_data(parent_context)
        page = context.get("page")
        review = page.current_workflow_state if page else None
        again = review and review.status == WorkflowState.STATUS_NEEDS_CHANGES
        context["label"] = _("Send for review again") if again else _("Send for review")
        return context


class TakeBack(CancelWorkflowMenuItem):
    label = _("Take back from review")


class ReviewStep(_NotByEnter, WorkflowMenuItem):
    """Approve, or ask for changes."""


def publish_first(items: list[ActionMenuItem], _request: HttpRequest, context: dict) -> None:
    """A hook for the action menus of pages and snippets. Reviews are of stories alone."""
    page = context.get("page") or context.get("parent_page")
    reviewed = isinstance(page, StoryPage | SectionPage) and (
        isinstance(page, StoryPage) or context.get("view") == "create"
    )
    ours = {PublishMenuItem: PublishPage, SnippetPublishMenuItem: PublishSnippet}
    if reviewed:
        ours |= {SubmitForModerationMenuItem: SendForReview, CancelWorkflowMenuItem: TakeBack}
    kept = []
    for item in items:
        if isinstance(item, WorkflowMenuItem):
            step = ReviewStep(item.name, item.label, item.launch_modal, icon_name=item.icon_name)
            kept.append(step)
        elif type(item) in ours:
            kept.append(ours[type(item)](order=item.order))
        elif not isinstance(item, SubmitForModerationMenuItem | RestartWorkflowMenuItem):
            kept.append(item)
    items[:] = sorted(kept, key=_place)


def _place(item: ActionMenuItem) -> int:
    """The first is in sight; the rest keep their order."""
    first = (PublishPage, PublishSnippet), ReviewStep, SendForReview
    found = (place for place, kinds in enumerate(first) if isinstance(item, kinds))
    if isinstance(item, ReviewStep) and item.name != "approve":
        return len(first)
    return next(found, len(first))
