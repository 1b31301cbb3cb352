"""Text that is kept in the browser until it is saved: what the server tells the script of it.

``kept_text.js`` keeps what is typed, for each account and form. It cannot see whether a form that
was sent has been saved, nor who is signed in; two cookies that it can read say so. They hold
nothing that names anybody, and readers' pages never get them.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac

#: The field by which a form says under which name its text is kept.
FIELD = "kept_text"

#: Whose text may be offered: the account that is signed in, as a name that says nothing.
ACCOUNT = "nightdesk_account"
#: Texts that were saved, separated by dots, until the script has read it.
SAVED = "nightdesk_saved"
#: The account that has just signed out, until the script has read it.
SIGNED_OUT = "nightdesk_signed_out"

_NAME = re.compile(r"[0-9a-f]{16}")
_MOST = 20
_PATH = "/admin/"
_LONG = 30 * 24 * 3600


class KeptInTheBrowser:
    """Middleware, behind authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(_PATH):
            return self.get_response(request)
        before = account_of(request)
        response = self.get_response(request)
        after = account_of(request)
        if after and request.COOKIES.get(ACCOUNT) != after:
            self._set(response, ACCOUNT, after)
        elif not after and ACCOUNT in request.COOKIES:
            response.delete_cookie(ACCOUNT, path=_PATH, samesite="Lax")
        if before and not after and request.path == reverse("wagtailadmin_logout"):
            self._set(response, SIGNED_OUT, before)
        if after and _saved(request, response):
            already = [*filter(_NAME.fullmatch, request.COOKIES.get(SAVED, "").split("."))]
            names = [*already, request.POST[FIELD]][-_MOST:]
            self._set(response, SAVED, ".".join(names))
        return response

    @staticmethod
    def _set(response: HttpResponse, name: str, value: str) -> None:
        response.set_cookie(
            name,
            value,
            max_age=_LONG,
            path=_PATH,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )


def account_of(request: HttpRequest) -> str:
    """The account that is signed in, by the name that the cookie has for it; "": nobody."""
    if not request.user.is_authenticated:
        return ""
    return salted_hmac("nightdesk.editing.kept", str(request.user.pk)).hexdigest()[:16]


def _saved(request: HttpRequest, response: HttpResponse) -> bool:
    """A form that was saved leads somewhere; one that was not is shown again, or a page with it.

    Somebody who may not do it is led to the first page or to the door, where no form leads.
    """
    if request.method != "POST" or response.status_code != 302:
        return False
    leads_to = response.get("Location", "")
    home, door = reverse("wagtailadmin_home"), reverse("wagtailadmin_login")
    refused = leads_to == home or leads_to.startswith(door)
    return not refused and bool(_NAME.fullmatch(request.POST.get(FIELD, "")))
