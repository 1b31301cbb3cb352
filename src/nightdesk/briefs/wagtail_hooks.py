"""The News Feed in the admin."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.snippets.models import register_snippet

from nightdesk.briefs.actions import CORRECTED, WITHDRAWN
from nightdesk.briefs.desk.short_form import ShortForm, undo
from nightdesk.briefs.desk.viewset import Briefs

register_snippet(Briefs)


@hooks.register("register_admin_urls")
def short_address() -> list[URLPattern]:
    return [
        path("brief/", ShortForm.as_view(), name="short_brief"),
        path("brief/<int:pk>/undo/", undo, name="undo_brief"),
    ]


@hooks.register("register_log_actions")
def in_the_history(registry: LogActionRegistry) -> None:
    registry.register_action(CORRECTED, _("Correct"), _("Corrected, and told readers"))

    @registry.register_action(WITHDRAWN)
    class Withdrawn(LogFormatter):
        label = _("Withdraw")
        message = _("Withdrawn from readers")

        def format_comment(self, log_entry: Any) -> str:
            return log_entry.data.get("reason", "")
