"""An editor who tries to publish what is down is told so, and loses no word of the text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages as plain_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.action_menu import ActionMenuItem, PublishMenuItem
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.snippets.action_menu import PublishMenuItem as SnippetPublishMenuItem

from nightdesk.press.withdrawals import WithdrawnError
from nightdesk.takedown import actions, kinds
from nightdesk.takedown.guard import in_words

#: What the forms' buttons for publishing send.
_PUBLISHING = ("action-publish", "action-submit")


def standing_for(thing: Any) -> Any:
    kind = kinds.of_model(type(thing))
    return actions.in_force(kind, thing) if kind else None


def keep_as_draft(request: HttpRequest, thing: Any) -> None:
    """A hook for the forms of pages and snippets: what was to be published is saved as a draft."""
    thing = getattr(thing, "specific", thing)
    standing = standing_for(thing)
    if standing is None:
        return
    see = messages.button(reverse("taken_down_one", args=[standing.pk]), _("See the takedown"))
    if request.method == "POST":
        if any(name in request.POST for name in _PUBLISHING):
            posted = request.POST.copy()
            for name in _PUBLISHING:
                posted.pop(name, None)
            request.POST = posted
            messages.error(request, in_words(standing), buttons=[see])
        return
    if request.headers.get("x-requested-with") != "XMLHttpRequest":
        said = _("This has been taken down. Readers get “This page has been taken down.”")
        messages.warning(request, said, buttons=[see])


def no_publish_button(items: list[ActionMenuItem], _request: HttpRequest, context: dict) -> None:
    """A hook for the action menus, after ours that puts "Publish" first."""
    thing = context.get("page") or context.get("instance")
    thing = getattr(thing, "specific", thing)
    if thing is not None and standing_for(thing):
        publishing = (PublishMenuItem, SnippetPublishMenuItem)
        items[:] = [item for item in items if not isinstance(item, publishing)]


class SayWhyRefused:
    """Middleware: whatever else in the admin tries to publish it gets a sentence, not an error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, WithdrawnError) or not request.path.startswith("/admin/"):
            return None
        plain_messages.error(request, str(error))
        return redirect(get_valid_next_url_from_request(request) or reverse("wagtailadmin_home"))
