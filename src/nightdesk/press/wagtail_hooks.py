"""The press in the admin's menu of reports."""

from __future__ import annotations

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from nightdesk.press.desk import Report


@hooks.register("register_admin_urls")
def report_address() -> list[URLPattern]:
    return [path("reports/press/", Report.as_view(), name="press_report")]


@hooks.register("register_reports_menu_item")
def report_item() -> MenuItem:
    return MenuItem(
        _("Press"), reverse("press_report"), name="press", icon_name="doc-full", order=10
    )
