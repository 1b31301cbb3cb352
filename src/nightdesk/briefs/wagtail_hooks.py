"""The News Feed in the admin."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.snippets.models import register_snippet

from nightdesk.briefs.actions import CORRECTED, WITHDRAWN
from nightdesk.briefs.desk.live import screen
from nightdesk.briefs.desk.live.streams import has_any
from nightdesk.briefs.desk.short_form import ShortForm, undo
from nightdesk.briefs.desk.viewset import Briefs

register_snippet(Briefs)


@hooks.register("register_admin_urls")
def short_address() -> list[URLPattern]:
    return [
        path("brief/", ShortForm.as_view(), name="short_brief"),
        path("brief/<int:pk>/undo/", undo, name="undo_brief"),
        path("live/", screen.Screen.as_view(), name="live"),
        path("live/<str:stream>/", screen.Screen.as_view(), name="live_stream"),
        path("live/<str:stream>/entries/", screen.entries, name="live_entries"),
        path("live/<str:stream>/<str:verb>/", screen.do, name="live_do"),
    ]


class _Live(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return has_any(request.user)


@hooks.register("register_admin_menu_item")
def live_item() -> MenuItem:
    return _Live(
        pgettext_lazy("as it happens", "Live"),
        reverse("live"),
        name="live",
        icon_name="comment-add",
        order=15,
    )


@hooks.register("register_log_actions")
def in_the_history(registry: LogActionRegistry) -> None:
    registry.register_action(CORRECTED, _("Correct"), _("Corrected, and told readers"))

    @registry.register_action(WITHDRAWN)
    class Withdrawn(LogFormatter):
        label = _("Withdraw")
        message = _("Withdrawn from readers")

        def format_comment(self, log_entry: Any) -> str:
            return log_entry.data.get("reason", "")
