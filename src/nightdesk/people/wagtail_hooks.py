"""People in the admin, and what their accounts are told there."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.log_actions import LogActionRegistry
from wagtail.snippets.models import register_snippet

from nightdesk.people import notices
from nightdesk.people.desk.protect import Protect
from nightdesk.people.desk.viewsets import People
from nightdesk.people.protecting.actions import PROTECT, REWORDED
from nightdesk.people.sign_in.standing import can_publish, has_factor

register_snippet(People)


class AccountNotices(Component):
    """What happened to this account, and what it lacks. Nothing most of the time."""

    name = "account_notices"
    template_name = "desk/sign_in/notices.html"
    order = 1

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: object) -> dict:
        user = self.request.user
        told = notices.unseen(user)
        offered = settings.SECOND_FACTOR == "offered" and can_publish(user)
        return {
            "request": self.request,
            "csrf_token": get_token(self.request),
            "notices": told,
            "upto": max((notice.pk for notice in told), default=0),
            "offered": offered and not has_factor(user),
        }


@hooks.register("construct_homepage_panels", order=10)
def tell(request: HttpRequest, panels: list[Component]) -> None:
    panels.insert(0, AccountNotices(request))


@hooks.register("register_account_menu_item")
def signing_in(_request: HttpRequest) -> dict:
    return {
        "url": reverse("mfa_index"),
        "label": _("Passkeys, codes and sessions"),
        "help_text": _("A second proof that it is you, and where you are signed in."),
    }


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    return [path("protect-a-name/<int:pk>/", Protect.as_view(), name="protect_name")]


@hooks.register("register_permissions")
def permission() -> QuerySet[Permission]:
    return Permission.objects.filter(content_type__app_label="people", codename="protect_name")


@hooks.register("register_log_actions")
def in_the_history(registry: LogActionRegistry) -> None:
    """Of the desk that signs now. It says nothing of whom it signs for."""
    registry.register_action(
        REWORDED, gettext_lazy("Reword"), gettext_lazy("Another name put in, to protect somebody")
    )
    registry.register_action(
        PROTECT, gettext_lazy("Protect a name"), gettext_lazy("Signs for a protected name")
    )
