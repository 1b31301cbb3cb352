"""Coverage in the admin."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.snippets.models import register_snippet

from nightdesk.coverage import actions
from nightdesk.coverage.desk.ending import End, Reopen
from nightdesk.coverage.desk.viewset import CoverageGroup

register_snippet(CoverageGroup)


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    return [
        path("coverage/<int:pk>/end/", End.as_view(), name="end_coverage"),
        path("coverage/<int:pk>/reopen/", Reopen.as_view(), name="reopen_coverage"),
    ]


@hooks.register("register_log_actions")
def in_the_history(registry: LogActionRegistry) -> None:
    registry.register_action(actions.END, _("End"), _("Ended the coverage"))
    registry.register_action(actions.REOPEN, _("Open again"), _("Opened the coverage again"))
    registry.register_action(actions.PIN, _("Pin"), _("Pinned to the top"))
    registry.register_action(actions.UNPIN, _("Unpin"), _("No longer pinned"))
    registry.register_action(actions.MARK, _("Mark as key"), _("Marked as a key moment"))
    registry.register_action(actions.UNMARK, _("Unmark"), _("No longer a key moment"))

    @registry.register_action(actions.CORRECT)
    class Corrected(LogFormatter):
        label = _("Correct")
        message = _("Corrected")

        def format_comment(self, log_entry: Any) -> str:
            return log_entry.data.get("note", "")

    @registry.register_action(actions.WITHDRAW)
    class Withdrawn(LogFormatter):
        label = _("Withdraw")
        message = _("Withdrawn from readers")

        def format_comment(self, log_entry: Any) -> str:
            return log_entry.data.get("reason", "")
