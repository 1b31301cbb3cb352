"""What the history of a story says of the newsroom's own steps."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogActionRegistry, LogFormatter

from nightdesk.stories import embargo, review


def _moment(entry: Any) -> str:
    until = entry.data.get("until")
    return embargo.in_words(datetime.datetime.fromisoformat(until)) if until else ""


def register(actions: LogActionRegistry) -> None:
    @actions.register_action(embargo.SET)
    class EmbargoSet(LogFormatter):
        label = gettext_lazy("Set embargo")

        def format_message(self, log_entry: Any) -> str:
            moment = _moment(log_entry)
            if not moment:
                return _("Took away an embargo that was over")
            return _("Set an embargo until %(moment)s") % {"moment": moment}

    @actions.register_action(embargo.LIFT)
    class EmbargoLifted(LogFormatter):
        label = gettext_lazy("Lift embargo")

        def format_message(self, log_entry: Any) -> str:
            return _("Lifted the embargo until %(moment)s") % {"moment": _moment(log_entry)}

        def format_comment(self, log_entry: Any) -> str:
            return log_entry.data.get("reason", "")

    @actions.register_action(review.APPROVED_OWN)
    class ApprovedOwn(LogFormatter):
        label = gettext_lazy("Approve one's own text")
        message = gettext_lazy("Approved a text of their own: nobody else could")
