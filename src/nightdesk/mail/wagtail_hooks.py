"""Mail in the admin's menu."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from nightdesk.mail.desk import views


class MailItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(views.READ)


@hooks.register("register_permissions")
def rights() -> QuerySet[Permission]:
    return Permission.objects.filter(content_type__app_label="mail", codename="read_mail")


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    return [
        path("mail/", views.Overview.as_view(), name="mail"),
        path("mail/try-now/", views.TryNow.as_view(), name="mail_try_now"),
        path("mail/<name>/", views.OneMail.as_view(), name="one_mail"),
        path("mail/<name>/html/", views.Document.as_view(), name="mail_document"),
        path("mail/<name>/file/", views.Download.as_view(), name="mail_file"),
    ]


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    return MailItem(_("Mail"), reverse("mail"), name="mail", icon_name="mail", order=95)
