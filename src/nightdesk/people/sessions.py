"""Where an account is signed in: noted, listed for its owner alone, and ended.

A row goes when its session goes (signing out, ending it, expiry), and the address with it.
"""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import logging
import math
import re
import time
from collections.abc import Callable, Iterator

from django.contrib.auth import HASH_SESSION_KEY, update_session_auth_hash
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from nightdesk.people.models import StaffSession, User

log = logging.getLogger("nightdesk.people")

#: "Last seen" is as exact as this, in seconds.
EXACT = 300
_HOURLY = 3600
_MOST_REMEMBERED = 5000

_BROWSERS = (
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/|Chromium/"),
    ("Safari", r"Safari/"),
)
_MACHINES = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("Mac", r"Mac OS X|Macintosh"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux|X11"),
)


def browser_name(agent: str) -> str:
    """ "Firefox, Linux": what its owner recognises a browser by; empty when it says neither."""
    found = [
        next((name for name, pattern in table if re.search(pattern, agent[:500])), "")
        for table in (_BROWSERS, _MACHINES)
    ]
    return ", ".join(name for name in found if name)


def address_of(request: HttpRequest) -> str | None:
    """The reader's address as the newsstand passes it on."""
    told = request.META.get("HTTP_X_FORWARDED_FOR", "") or request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(told.rpartition(",")[2].strip()))
    except ValueError:
        return None


def note(request: HttpRequest, user: User) -> None:
    """This session is in use now, from here."""
    key = request.session.session_key
    seen = {
        "last_seen": timezone.now(),
        "address": address_of(request),
        "browser": browser_name(request.META.get("HTTP_USER_AGENT", "")),
        "user": user,
    }
    noted = StaffSession.objects.filter(session_id=key).update(**seen)
    if not noted and Session.objects.filter(pk=key).exists():
        StaffSession.objects.get_or_create(session_id=key, defaults=seen)


def of(user: User) -> list[StaffSession]:
    """The account's sessions that still hold. Those that ended otherwise (a new password, expiry)
    are forgotten on the way."""
    held, gone = [], []
    for row in user.sessions.select_related("session"):
        (held if _holds(row, user) else gone).append(row)
    if gone:
        Session.objects.filter(pk__in=[row.session_id for row in gone]).delete()
    return held


def _holds(row: StaffSession, user: User) -> bool:
    if row.session.expire_date <= timezone.now():
        return False
    made_under = row.session.get_decoded().get(HASH_SESSION_KEY, "")
    return constant_time_compare(made_under, user.get_session_auth_hash())


def end(user: User, row_id: int) -> bool:
    """Sign one browser out; False when there is no such session of this account."""
    row = user.sessions.filter(pk=row_id).first()
    if row:
        Session.objects.filter(pk=row.session_id).delete()
    return bool(row)


def end_all(user: User) -> None:
    """Sign the account out everywhere, also where no list of ours has seen it."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(signed_out=F("signed_out") + 1)
        user.refresh_from_db(fields=["signed_out"])
        ended = list(user.sessions.values_list("session_id", flat=True))
        Session.objects.filter(pk__in=ended).delete()


def end_others(request: HttpRequest) -> None:
    """Sign the account out everywhere but in this browser."""
    user = request.user
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(signed_out=F("signed_out") + 1)
        user.refresh_from_db(fields=["signed_out"])
        here = request.session.session_key
        since = user.sessions.filter(session_id=here).values_list("since", flat=True).first()
        ended = user.sessions.exclude(session_id=here).values_list("session_id", flat=True)
        Session.objects.filter(pk__in=list(ended)).delete()
        update_session_auth_hash(request, user)  # gives this browser a new key as well
        request.session.save()
        note(request, user)
        if since:
            user.sessions.filter(session_id=request.session.session_key).update(since=since)


_swept = -math.inf


def forget_expired(now: datetime.datetime) -> int:
    """A due verb of the clock: once an hour, sessions that are over go, and what is in them."""
    global _swept
    if time.monotonic() - _swept < _HOURLY:
        return 0
    _swept = time.monotonic()
    return Session.objects.filter(expire_date__lt=now).delete()[0]


class NoteSessions:
    """Middleware: remember, now and then, that a session was in use. It never holds anybody up:
    when the database is busy, the next request notes it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._noted: dict[str, float] = {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith("/admin/") and request.user.is_authenticated:
            self._note(request)
        return response

    def _note(self, request: HttpRequest) -> None:
        key, now = request.session.session_key, time.monotonic()
        if not key or now - self._noted.get(key, -EXACT) < EXACT:
            return
        if len(self._noted) >= _MOST_REMEMBERED:
            self._noted.clear()
        self._noted[key] = now
        try:
            with _without_waiting(), transaction.atomic():
                note(request, request.user)
        except DatabaseError as error:
            log.debug("A session's last use was not noted: %s", error)


@contextlib.contextmanager
def _without_waiting() -> Iterator[None]:
    """SQLite lets others finish writing for up to 20 seconds; this can wait for the next time."""
    _patience(50)
    try:
        yield
    finally:
        _patience(20_000)


def _patience(milliseconds: int) -> None:
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")
