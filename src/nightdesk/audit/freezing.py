"""Freeze the newsroom: for the day when somebody else may be signed in.

First the sign is put up (`nightdesk.kernel.frozen`), which works without a database; from then on
no request changes anything, the clock publishes nothing and the worker begins nothing. Then every
session ends, at once or as soon as the database is back. Readers go on reading.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers

from nightdesk.audit import chain
from nightdesk.audit.chain import Entry
from nightdesk.kernel import frozen as sign
from nightdesk.kernel.frozen import Frozen
from nightdesk.press import database_file

log = logging.getLogger("nightdesk.audit")

FREEZE, THAW = "nightdesk.freeze", "nightdesk.thaw"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
#: Where staff work. Nobody can sign in meanwhile, and what is shown there is for those who can.
STAFF = "/admin/"


class CannotThawError(Exception):
    """Sessions could not be ended, so that whoever was signed in still would be. Says why."""


def freeze(reason: str = "", name: str = "", who: int | None = None) -> tuple[Frozen, str]:
    """Freeze now. Returns the sign, and in words what could not be done yet (empty: nothing)."""
    put_up = sign.put_up(settings.DATA, reason, name)
    lacking = []
    try:
        end_sessions()
    except DatabaseError as error:
        lacking.append(f"sessions end when the database is back ({_line(error)})")
    try:
        note = {"reason": reason} if reason else {}
        chain.append(Entry(chain.now(), FREEZE, who=who, name=name, note=note))
    except chain.AuditTrouble as error:
        lacking.append(f"the audit chain could not be told ({error})")
    return put_up, "; ".join(lacking)


def thaw() -> Frozen | None:
    """Thaw; None when it was not frozen. Sessions end first, or it stays frozen:
    ``CannotThawError``."""
    put_up = sign.frozen(settings.DATA)
    if put_up is None:
        return None
    try:
        end_sessions()
    except DatabaseError as error:
        raise CannotThawError(_line(error)) from error
    sign.take_down(settings.DATA)
    try:
        chain.append(Entry(chain.now(), THAW, note={"frozen since": put_up.since.isoformat()}))
    except chain.AuditTrouble as error:
        log.warning("The audit chain could not be told of the thaw: %s.", error)
    return put_up


def end_sessions() -> int:
    """Sign everybody out; returns how many sessions there were. ``DatabaseError``."""
    database_file.in_place()  # SQLite would make an empty one there
    count, _rows = Session.objects.all().delete()
    return count


def end_sessions_while_frozen(_now: datetime.datetime) -> int:
    """A due verb: what could not be ended at once."""
    if sign.is_frozen(settings.DATA) and Session.objects.exists():
        return end_sessions()
    return 0


def _line(error: Exception) -> str:
    return " ".join(str(error).split())


class Frost:
    """Middleware, before everything that asks the database: while the newsroom is frozen nothing
    can be sent to it, and its admin shows one page that says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if sign.is_frozen(settings.DATA) and (
            request.method not in SAFE or request.path.startswith(STAFF)
        ):
            return frozen_page(request)
        return self.get_response(request)


def frozen_page(request: HttpRequest) -> HttpResponse:
    """Whoever sends a form from a page of the admin gets its text back only by going back: nothing
    that was typed is shown by a newsroom in which somebody else may be signed in."""
    put_up = sign.frozen(settings.DATA) or Frozen(timezone.now())
    staff = request.path.startswith(STAFF)
    said = {
        "since": timezone.localtime(put_up.since),
        "reason": put_up.reason if staff else "",
        "staff": staff,
        "posted": request.method not in SAFE,
    }
    language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
    with translation.override(language):
        response = HttpResponse(render_to_string("desk/frozen.html", said), status=503)
    # A flood of forms is nothing that an operator wants a line each of.
    response._has_been_logged = True  # type: ignore[attr-defined]
    response["Retry-After"] = "3600"
    add_never_cache_headers(response)
    return response
