"""What every page of the admin carries for text that is kept, and how histories name our verbs."""

from __future__ import annotations

import json
import time

from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry, LogFormatter

from nightdesk.editing.views import CHOICE, PUT_BACK, REPLACED, SET_ASIDE


@hooks.register("insert_global_admin_js")
def keep_text() -> SafeString:
    return format_html(
        '<script src="{}" data-zone="{}" data-now="{}" data-choice="{}" data-put-back="{}" data-words="{}">'
        "</script>",
        static("editing/kept_text.js"),
        settings.TIME_ZONE,
        int(time.time() * 1000),
        CHOICE,
        PUT_BACK,
        json.dumps(words_of_the_script(), ensure_ascii=False),
    )


def words_of_the_script() -> dict[str, str]:
    """``{time}``, ``{title}``: filled in by the script."""
    return {
        "offer": _("You have text from {time} that was not saved."),
        "offer_of": _("You have text from {time} that was not saved: “{title}”."),
        "put_back": _("Put it back"),
        "throw_away": _("Throw it away"),
        "open": _("Open"),
        "no_room": _(
            "This browser has no room left: what you type here is not kept in it. Save now. On the "
            "first page you can throw away text that is kept for other forms."
        ),
        "keeps_nothing": _(
            "This browser is set to keep nothing: text that was not saved is lost when this page "
            "is closed. Save often."
        ),
        "no_network": _("No connection to the newsroom: nothing is saved just now."),
        "server": _("The newsroom’s server cannot save just now."),
        "signed_out": _("You are no longer signed in: nothing is saved."),
        "kept_here": _("Your text is kept in this browser, and saving is tried again."),
        "sign_in_again": _(
            "Your text is kept in this browser: sign in again, open this form, and it is offered."
        ),
        "copy_it": _(
            "This browser cannot keep your text either: copy it elsewhere before you close this page."
        ),
    }


@hooks.register("insert_editor_js")
def stay_in_step() -> SafeString:
    return format_html('<script src="{}"></script>', static("editing/made_from.js"))


@hooks.register("insert_global_admin_css")
def look() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("editing/editing.css"))


@hooks.register("register_log_actions")
def verbs(actions: LogActionRegistry) -> None:
    actions.register_action(
        SET_ASIDE,
        gettext_lazy("Set aside"),
        gettext_lazy("Kept beside another's version, which was taken"),
    )

    @actions.register_action(REPLACED)
    class Replaced(LogFormatter):
        label = gettext_lazy("Replaced")

        def format_message(self, entry: object) -> str:
            was = "; ".join(f"{label}: {text}" for label, text in entry.data.get("was", []))
            return _("Replaced another's version, which was: %(was)s") % {"was": was}
