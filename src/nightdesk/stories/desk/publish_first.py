"""“Publish” is the button in sight for those who may publish; “Save draft” is in its menu.

A form is sent with its first button when somebody presses Enter in one of its lines. Nobody may
publish by pressing Enter, so the publish button comes with an invisible, disabled one before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from wagtail.admin.action_menu import ActionMenuItem, PublishMenuItem
from wagtail.snippets.action_menu import PublishMenuItem as SnippetPublishMenuItem

_NO_ENTER = mark_safe('<button type="submit" disabled hidden></button>')


class _NotByEnter:
    def render_html(self, parent_context: Mapping[str, Any] | None = None) -> SafeString:
        return _NO_ENTER + super().render_html(parent_context)


class PublishPage(_NotByEnter, PublishMenuItem):
    pass


class PublishSnippet(_NotByEnter, SnippetPublishMenuItem):
    pass


def publish_first(items: list[ActionMenuItem], _request: HttpRequest, _context: dict) -> None:
    """A hook for the action menus of pages and snippets."""
    ours = {PublishMenuItem: PublishPage, SnippetPublishMenuItem: PublishSnippet}
    for place, item in enumerate(items):
        if type(item) in ours:
            del items[place]
            items.insert(0, ours[type(item)](order=item.order))
            return
