"""What every page of the admin carries for text that is kept, and how histories name our verbs."""

from __future__ import annotations

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
        '<script src="{}" data-zone="{}" data-choice="{}" data-put-back="{}"></script>',
        static("editing/kept_text.js"),
        settings.TIME_ZONE,
        CHOICE,
        PUT_BACK,
    )


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
