"""Tell the page's script that somebody from the newsroom is reading.

Every reader gets the same stored HTML, so staff links cannot be in it. A signed-in browser
carries this non-secret cookie beside its session; the page's script sees it and asks the site,
which checks the session, for what this person may do.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "nightdesk_staff"


class StaffHint:
    """Middleware: keep the hint in step with the session on staff paths."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(("/admin/", "/staff/")):
            return response
        signed_in = request.user.is_authenticated
        hinted = COOKIE in request.COOKIES
        if signed_in and not hinted:
            response.set_cookie(
                COOKIE,
                "1",
                max_age=settings.SESSION_COOKIE_AGE,
                secure=settings.SESSION_COOKIE_SECURE,
                samesite="Lax",
            )
        elif hinted and not signed_in:
            response.delete_cookie(COOKIE, samesite="Lax")
        return response
