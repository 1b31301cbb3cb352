"""The audit in the admin's menu of reports, and names for what we log."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from nightdesk.audit import events, follow, freezing, look
from nightdesk.audit.desk.views import READ, Export, Freeze, Report

#: (action, label, what the history of a thing says)
ACTIONS = (
    (events.SIGNED_IN, _("Sign in"), _("Signed in")),
    (events.SIGNED_OUT, _("Sign out"), _("Signed out")),
    (events.REFUSED, _("Refused sign-in"), _("Somebody tried to sign in and was refused")),
    (events.ROLES, _("Change role"), _("Role changed")),
    (events.RIGHTS, _("Change rights"), _("Rights changed")),
    (events.ACCOUNT, _("Change account"), _("Account changed")),
    (freezing.FREEZE, _("Freeze"), _("Newsroom frozen")),
    (freezing.THAW, _("Thaw"), _("Newsroom thawed")),
    (follow.BEGUN, _("Audit begins"), _("Audit began")),
    (follow.FOUND, _("Found published"), _("Found published when the audit began")),
    (follow.REWOUND, _("Log set back"), _("Log was set back")),
    (look.MISMATCH, _("Found forged"), _("Not what was published")),
    (look.ACCEPT, _("Accept"), _("Accepted as it is")),
)


class AuditItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(READ)


@hooks.register("register_permissions")
def rights() -> QuerySet[Permission]:
    """For the form of a role."""
    return Permission.objects.filter(content_type__app_label="audit")


@hooks.register("register_log_actions")
def actions(registry: LogActionRegistry) -> None:
    for action, label, message in ACTIONS:
        registry.register_action(action, label, message)


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    return [
        path("reports/audit/", Report.as_view(), name="audit_report"),
        path("reports/audit/export/", Export.as_view(), name="audit_export"),
        path("reports/audit/freeze/", Freeze.as_view(), name="audit_freeze"),
    ]


@hooks.register("register_reports_menu_item")
def report_item() -> MenuItem:
    return AuditItem(_("Audit"), reverse("audit_report"), name="audit", icon_name="lock", order=20)
