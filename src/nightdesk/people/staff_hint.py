"""What a browser of the newsroom carries beside its session.

A hint for the page's script: every reader gets the same stored HTML, so staff links cannot be in
it. The script sees this non-secret cookie and asks the site, which checks the session, for what
this person may do.

A mark for the newsstand (``kernel.devices``): somebody has signed in with this browser before. It
outlives the session, so that its owner finds the door open while strangers try passwords at it.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from nightdesk.kernel import devices
from nightdesk.people.sign_in.standing import TYPED, lacking

COOKIE = "nightdesk_staff"


class StaffHint:
    """Middleware: keep both in step with the session on staff paths."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._devices = devices.Devices(settings.SECRET_KEY)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(("/admin/", "/staff/")):
            return response
        signed_in = request.user.is_authenticated and not lacking(request)
        hinted = COOKIE in request.COOKIES
        if signed_in and not hinted:
            self._set(response, COOKIE, "1", settings.SESSION_COOKIE_AGE)
        elif hinted and not signed_in:
            response.delete_cookie(COOKIE, samesite="Lax")
        if signed_in:
            typed = request.session.get(TYPED) or request.user.get_username()
            self._mark(request, response, typed)
        elif request.path == "/admin/login/" and "device" in request.GET:
            # The link that "nightdesk user reset" prints.
            device = self._devices.recognise(request.GET["device"])
            if device:
                self._mark(request, response, device.account)
        return response

    def _mark(self, request: HttpRequest, response: HttpResponse, account: str) -> None:
        held = self._devices.recognise(request.COOKIES.get(devices.COOKIE, ""))
        if held is None or held.account != devices.fold(account) or held.needs_renewal():
            mark = self._devices.mark(account)
            self._set(response, devices.COOKIE, mark, devices.LIFETIME, httponly=True)

    @staticmethod
    def _set(response: HttpResponse, name: str, value: str, age: int, **how: bool) -> None:
        response.set_cookie(
            name,
            value,
            max_age=age,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
            **how,
        )
