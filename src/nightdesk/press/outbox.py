"""Tell the press what changed, in the transaction of the change: both happen, or neither.

The press reads entries in the order of their ids and remembers how far it came, so an entry must
never become visible behind one that was read already. On SQLite a transaction that writes holds
the only lock there is. On PostgreSQL ids are handed out long before their commit, so a lock that
lasts until the commit comes first.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable

from django.db import connection, transaction

from nightdesk.press.models import OutboxEntry

#: Any number that no other part of the product takes an advisory lock with.
_LOCK = 0x6E696768

#: Of one request or command; an import notes a hundred thousand.
_KEPT = 500

_here = threading.local()


def note(
    keys: Iterable[str] = (), gone: Iterable[str] = (), urgent: Iterable[str] = ()
) -> int | None:
    """Write one entry into the transaction that is open now; its id. Nothing for nothing.

    A path in ``gone`` is taken from readers before anything else is printed, and so is the same
    without the slash at its end.
    """
    gone = set(gone)
    gone |= {path.rstrip("/") for path in gone if path.strip("/")}
    what = {"keys": sorted(set(keys)), "gone": sorted(set(gone)), "urgent": sorted(set(urgent))}
    if not any(what.values()):
        return None
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        entry = OutboxEntry.objects.create(**what)
    entries_here().append(entry)
    return entry.pk


def after(cursor: int, limit: int) -> list[OutboxEntry]:
    """The oldest ``limit`` entries behind an id, in order."""
    return list(OutboxEntry.objects.filter(pk__gt=cursor).order_by("pk")[:limit])


def newest() -> int:
    """The id of the newest entry; 0 while there is none."""
    return OutboxEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def entries_here() -> deque[OutboxEntry]:
    """What this thread noted since `forget`, in order; of very much, what came last."""
    if not hasattr(_here, "entries"):
        forget()
    return _here.entries


def noted_here() -> int:
    """The newest id that this thread noted since `forget`; 0 when it noted none.

    After a rollback it may name an entry that never was; waiting for it would be in vain, so ask
    only once the change is committed.
    """
    entries = entries_here()
    return entries[-1].pk if entries else 0


def forget() -> None:
    """Begin a new request."""
    _here.entries = deque(maxlen=_KEPT)
