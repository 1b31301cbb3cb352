"""The rows of an edition's recipients, in SQL that SQLite and PostgreSQL both speak.

Two hundred thousand rows change twice each; Django's models would take seven minutes of processor
time for that, these statements four seconds. Each that writes names the sender's epoch: one whose
place was taken by another changes nothing.

What is asked at every turn stands here as SQL, too: Django makes a statement anew each time, which
costs more than its answer.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from django.db import connection

from nightdesk.newsletters.models import Delivery

State = Delivery.State

_MINE = "(SELECT epoch FROM newsletters_edition WHERE id = %s) = %s"

_DUE = """
SELECT delivery.id, delivery.subscriber_id, subscriber.uid, subscriber.email_ascii,
       subscriber.email_key, subscriber.erased_at, subscriber.paused_until, subscription.id
FROM newsletters_delivery delivery
LEFT JOIN newsletters_subscriber subscriber ON subscriber.id = delivery.subscriber_id
LEFT JOIN newsletters_subscription subscription
       ON subscription.subscriber_id = delivery.subscriber_id
      AND subscription.newsletter_id = %s AND subscription.state = 'active'
WHERE delivery.edition_id = %s AND delivery.state = 0 AND delivery.not_before <= %s
ORDER BY delivery.not_before, delivery.id LIMIT %s
"""
#: The plus signs keep a database from looking through everybody who waits for these few.
_MARK = (
    "UPDATE newsletters_delivery SET state = 1 "
    f"WHERE +edition_id = %s AND {_MINE} AND +state = 0 AND id IN "
)
_SETTLE = f"""
WITH told (id, state, code, reply) AS (VALUES {{values}})
UPDATE newsletters_delivery SET state = told.state, code = told.code, reply = told.reply,
       settled_at = %s
FROM told WHERE newsletters_delivery.id = told.id
  AND newsletters_delivery.edition_id = %s AND newsletters_delivery.state = {{was}} AND {_MINE}
"""
#: The first row says what kinds of values these are; PostgreSQL takes them for text otherwise.
_FIRST = (
    "(CAST(%s AS bigint), CAST(%s AS smallint), CAST(%s AS smallint), CAST(%s AS varchar(200)))"
)
_LATER = (
    "UPDATE newsletters_delivery SET state = 0, attempt = attempt + %s, code = %s, reply = %s, "
    "not_before = CASE WHEN %s THEN not_before ELSE %s END "
    f"WHERE id = %s AND edition_id = %s AND state = 1 AND {_MINE}"
)
_TO_UNCERTAIN = (
    "UPDATE newsletters_delivery SET state = 5, settled_at = %s, code = 0, reply = %s "
    "WHERE edition_id = %s AND state = 1"
)


_UNDER_WAY = (
    "SELECT id, state, epoch, version FROM newsletters_edition "
    "WHERE state IN ('preparing', 'sending')"
)
_CONCERNED = """
SELECT id, newsletter_id, state, epoch, version, spread_minutes, total FROM newsletters_edition
WHERE (state = 'sending' OR id IN ({ids})) AND epoch <= %s ORDER BY id {lock}
"""
_BARRED = """
SELECT fingerprint FROM newsletters_suppression
WHERE fingerprint IN ({marks}) AND (newsletter_id IS NULL OR newsletter_id = %s)
"""


class Sent(NamedTuple):
    """An edition, as far as each turn must know it."""

    pk: int
    newsletter: int
    state: str
    epoch: int
    version: int
    spread_minutes: int
    total: int | None


class Due(NamedTuple):
    """One whose turn it is, and what is known of the reader at this moment."""

    id: int
    subscriber: int
    uid: Any
    address: str
    key: str
    erased_at: Any
    paused_until: Any
    subscription: int | None


class Settled(NamedTuple):
    id: int
    state: int
    code: int
    reply: str


class Postponed(NamedTuple):
    """``until`` None: it keeps its place, and what happened is not counted as a try."""

    id: int
    code: int
    reply: str
    until: datetime.datetime | None


def under_way() -> list[tuple[int, str, int, int]]:
    """(edition, state, epoch, version) of those that are prepared or sent now."""
    with connection.cursor() as cursor:
        cursor.execute(_UNDER_WAY)
        return cursor.fetchall()


def lock(concerned: Collection[int], epoch: int) -> list[Sent]:
    """Those, and all that are being sent, of this epoch or an earlier one; they stay as they are
    until the end of the transaction."""
    ids = ", ".join(["%s"] * len(concerned)) or "NULL"
    locked = "FOR NO KEY UPDATE" if connection.features.has_select_for_no_key_update else ""
    with connection.cursor() as cursor:
        cursor.execute(_CONCERNED.format(ids=ids, lock=locked), [*concerned, epoch])
        return [Sent(*row) for row in cursor.fetchall()]


def barred(newsletter: int, fingerprints: Collection[str]) -> set[str]:
    """Those among them to whom this newsletter is not sent."""
    if not fingerprints:
        return set()
    marks = ", ".join(["%s"] * len(fingerprints))
    with connection.cursor() as cursor:
        cursor.execute(_BARRED.format(marks=marks), [*fingerprints, newsletter])
        return {row[0] for row in cursor.fetchall()}


def due(edition: int, newsletter: int, now: datetime.datetime, limit: int) -> list[Due]:
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [newsletter, edition, moment(now), limit])
        return [Due(*row) for row in cursor.fetchall()]


def mark(edition: int, epoch: int, ids: Sequence[int]) -> set[int]:
    """Which of them are being sent now, from the commit on: all, unless something is wrong."""
    places = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(f"{_MARK}({places}) RETURNING id", [edition, edition, epoch, *ids])
        return {row[0] for row in cursor.fetchall()}


def settle(
    edition: int, epoch: int, rows: Sequence[Settled], now: datetime.datetime, *, was: int
) -> int:
    """What became of them, where they still are what they were (``was``)."""
    if not rows:
        return 0
    values = ", ".join([_FIRST, *["(%s, %s, %s, %s)"] * (len(rows) - 1)])
    given: list[Any] = [value for row in rows for value in row]
    with connection.cursor() as cursor:
        cursor.execute(
            _SETTLE.format(values=values, was=was), [*given, moment(now), edition, edition, epoch]
        )
        return cursor.rowcount


def postpone(edition: int, epoch: int, rows: Iterable[Postponed]) -> None:
    given = [
        (
            *(int(row.until is not None), row.code, row.reply),
            *(row.until is None, moment(row.until) if row.until else None),
            *(row.id, edition, edition, epoch),
        )
        for row in rows
    ]
    if given:
        with connection.cursor() as cursor:
            cursor.executemany(_LATER, given)


def attempts(ids: Sequence[int]) -> dict[int, int]:
    rows = Delivery.objects.filter(pk__in=list(ids)).values_list("pk", "attempt")
    return dict(rows)


def give_up_on(edition: int, reply: str, now: datetime.datetime) -> int:
    """What an earlier sender had marked and nobody settled: nobody knows."""
    with connection.cursor() as cursor:
        cursor.execute(_TO_UNCERTAIN, [moment(now), reply, edition])
        return cursor.rowcount


def any_under_way(edition: int) -> bool:
    """Whether one waits or is being sent."""
    with connection.cursor() as cursor:
        for state in (State.QUEUED, State.SENDING):
            # Written out, so that the index of just these is used.
            cursor.execute(
                "SELECT 1 FROM newsletters_delivery "
                f"WHERE edition_id = %s AND state = {int(state)} LIMIT 1",
                [edition],
            )
            if cursor.fetchone():
                return True
    return False


def moment(at: datetime.datetime) -> Any:
    """As this database keeps it."""
    return connection.ops.adapt_datetimefield_value(at)
