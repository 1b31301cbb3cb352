"""The words for what editors do to an edition on its way, where the log is read."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from nightdesk.newsletters.delivery import actions

_WORDS = {
    actions.STARTED: (_("Send an edition"), _("Sent the edition to its readers")),
    actions.PAUSED: (_("Pause sending"), _("Paused sending the edition")),
    actions.RESUMED: (_("Go on sending"), _("Went on sending the edition")),
    actions.CANCELLED: (_("Cancel sending"), _("Cancelled the rest of the edition")),
    actions.SENT_AGAIN: (
        _("Send again to uncertain readers"),
        _("Sent the edition again to those of whom it was uncertain whether they had it"),
    ),
}


def register() -> None:
    hooks.register("register_log_actions", _register)


def _register(registry: LogActionRegistry) -> None:
    for action, (label, message) in _WORDS.items():
        registry.register_action(action, label, message)
