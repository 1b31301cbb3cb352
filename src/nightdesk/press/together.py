"""Whoever rewrites everything, and whoever writes one thing, do not run at once.

Somebody who read a story before its author's name was replaced, and writes it afterwards, would
bring the name back; nobody who rewrites sees what another has not committed. SQLite lets one
transaction write at a time, and ours take that lock before they read. On PostgreSQL these two
calls do the same, and let those who write one thing each run side by side.

Called first in a transaction, before anything is read; held until it ends.
"""

from __future__ import annotations

from django.db import connection

#: Any number that no other part of the product takes an advisory lock with.
_LOCK = 0x6E696769


def beside_others() -> None:
    """I read something and write it: an editor's request, the clock, an import."""
    _hold("pg_advisory_xact_lock_shared")


def alone() -> None:
    """I go through everything: nobody else is in the middle of a change."""
    _hold("pg_advisory_xact_lock")


def _hold(function: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [_LOCK])
