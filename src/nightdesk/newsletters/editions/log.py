"""What the history of an edition says of the newsroom's own steps."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogActionRegistry, LogFormatter

from nightdesk.newsletters import said
from nightdesk.newsletters.editions import actions
from nightdesk.stories.embargo import in_words


def register(registry: LogActionRegistry) -> None:
    registry.register_action(
        actions.TAKEN_BACK,
        gettext_lazy("Take back to a draft"),
        gettext_lazy("Took it back to a draft"),
    )

    registry.register_action(
        actions.WITHDRAWN,
        gettext_lazy("Withdraw its page"),
        gettext_lazy("Took its page from the site"),
    )
    registry.register_action(
        actions.SHOWN, gettext_lazy("Show its page"), gettext_lazy("Put its page back")
    )

    @registry.register_action(actions.SCHEDULED)
    class Scheduled(LogFormatter):
        label = gettext_lazy("Schedule an edition")

        def format_message(self, log_entry: Any) -> str:
            at = datetime.datetime.fromisoformat(log_entry.data["at"])
            return _("Approved it, to be sent on %(moment)s") % {"moment": in_words(at)}

    @registry.register_action(actions.HELD)
    class Held(LogFormatter):
        label = gettext_lazy("Hold an edition")

        def format_message(self, log_entry: Any) -> str:
            return _("Held: %(why)s") % {"why": said.read(log_entry.data.get("why", ""))}

    @registry.register_action(actions.LEFT_OUT)
    class LeftOut(LogFormatter):
        label = gettext_lazy("Leave out what may not go")

        def format_message(self, log_entry: Any) -> str:
            return _("Left out: %(what)s") % {"what": said.read(log_entry.data.get("what", ""))}
