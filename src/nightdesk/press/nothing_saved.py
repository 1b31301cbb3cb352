"""What the newsroom is told when the database takes nothing: the truth, and its text back."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from nightdesk.kernel import disk
from nightdesk.press import database_file

#: Never shown again, not even to whoever typed it. The token is made anew.
_NOT_KEPT = ("password", "csrfmiddlewaretoken")
#: Of the form to sign in: nothing in it is anybody's text.
_AT_THE_DOOR = frozenset(
    {"csrfmiddlewaretoken", "username", "login", "password", "remember", "next"}
)
_SECONDS = "10"

#: With less than this left, what fails does so for want of room.
_LEAST_FREE = 1024 * 1024
#: How SQLite, PostgreSQL and the system say it.
_FULL = ("disk is full", "No space left", os.strerror(errno.ENOSPC))


def disk_is_full(error: Exception | None = None) -> bool:
    """The data folder's, or the database's as ``error`` says."""
    if any(words in str(error or "") for words in _FULL):
        return True
    try:
        return disk.free(Path(settings.DATA)) < _LEAST_FREE
    except OSError:
        return False


def alarm() -> list[str]:
    """On the first page of the admin."""
    if not disk_is_full():
        return []
    return [
        _(
            "The disk of the newsroom’s server is full: nothing can be saved or published until "
            "there is room. Readers have every page that was published. Tell whoever looks after "
            "the server."
        )
    ]


def nothing_saved(request: HttpRequest, error: Exception | None = None) -> HttpResponse:
    """503, with everything that was sent in hidden fields, to be sent again by one button.

    Needs neither database nor session.
    """
    forget_what_was_announced(request)
    full = disk_is_full(error)
    if request.method == "POST" and "application/json" in request.headers.get("Accept", ""):
        return _answered(JsonResponse(_for_the_form(full), status=503))
    names = list(request.POST)
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
            "door": "password" in names and _AT_THE_DOOR.issuperset(names),
            "full": full,
            # The script says so of a text that it really keeps (editing/kept_text.js).
            "in_browser": "kept_whole" in names,
            "sent": sent,
            "files": bool(request.FILES),
            "token": get_token(request),
        },
    )
    return _answered(HttpResponse(page, status=503))


def _answered(response: HttpResponse) -> HttpResponse:
    response["Retry-After"] = _SECONDS
    response["Cache-Control"] = "no-store"
    return response


def _for_the_form(full: bool) -> dict[str, object]:
    """To a form that saves itself; its script tells the editor and tries again."""
    said = (
        _("The disk of the newsroom’s server is full: nothing is saved just now.")
        if full
        else _("The newsroom’s database cannot take changes just now: nothing is saved.")
    )
    return {"success": False, "error_code": "nothing_saved", "error_message": said}


def forget_what_was_announced(request: HttpRequest) -> None:
    """“… is published” was true in a transaction that was undone; the next page must not say it."""
    waiting = getattr(request, "_messages", None)
    if waiting is not None:
        waiting._queued_messages = []


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
