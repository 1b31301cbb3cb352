"""What the newsroom is told when the database takes nothing: the truth, and its text back."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from nightdesk.press import database_file

#: Never shown again, not even to whoever typed it. The token is made anew.
_NOT_KEPT = ("password", "csrfmiddlewaretoken")
_SECONDS = "10"


def nothing_saved(request: HttpRequest) -> HttpResponse:
    """503, with everything that was sent in hidden fields, to be sent again by one button.

    Needs neither database nor session.
    """
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if not any(word in name for word in _NOT_KEPT)
    ]
    page = render_to_string(
        "desk/nothing_saved.html",
        {
            "address": request.get_full_path(),
            "posted": request.method == "POST",
            "sent": sent,
            "files": bool(request.FILES),
            "token": get_token(request),
        },
    )
    response = HttpResponse(page, status=503)
    response["Retry-After"] = _SECONDS
    response["Cache-Control"] = "no-store"
    return response


class DatabaseInPlace:
    """Middleware: no request works on a database that is not in its place.

    SQLite would make an empty one there. It stands behind the check for forged forms, whose token
    the page needs, and before everything that asks the database.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            database_file.in_place()
        except database_file.DatabaseGoneError:
            return nothing_saved(request)
        return self.get_response(request)
