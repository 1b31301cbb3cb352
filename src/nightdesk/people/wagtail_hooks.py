"""People in the admin, and what their accounts are told there."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.snippets.models import register_snippet

from nightdesk.people import notices
from nightdesk.people.desk.viewsets import People
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
