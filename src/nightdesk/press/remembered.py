"""What a process remembers of the database is forgotten as soon as another has written to it.

Wagtail keeps the tree's root addresses in Django's cache, for an hour, in each process of its own.
A home page renamed by an editor would leave the process that answers readers with addresses of a
tree that is no more, and its search would find nothing. (The press clears its own with each change
that it takes.)
"""

from __future__ import annotations

import time

from django.core.cache import cache
from django.core.signals import request_started
from django.db import connection

#: PostgreSQL is not asked: there, what is remembered is a second old at most.
_LONGEST = 1.0


def listen() -> None:
    request_started.connect(forget_what_is_old, dispatch_uid="press.remembered")


def forget_what_is_old(**_: object) -> None:
    """SQLite counts the commits of others; a look costs 4 µs. Past Django's own cursor, because
    this must neither open a database nor wait for one."""
    if connection.vendor == "sqlite":
        opened = connection.connection
        if opened is None:
            return
        try:
            now: object = (id(opened), opened.execute("PRAGMA data_version").fetchone())
        except Exception:  # whatever is wrong with it, the request will find out and say
            return
    else:
        now = int(time.monotonic() / _LONGEST)
    if now != getattr(connection, "seen_when_asked", None):
        connection.seen_when_asked = now  # type: ignore[attr-defined]
        cache.clear()
