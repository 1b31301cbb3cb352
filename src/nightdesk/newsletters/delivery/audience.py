"""Who gets an edition: a row for each, written before the first message leaves.

In stretches of some thousand, each its own short transaction: on SQLite there is one writer at a
time, and an editor who publishes meanwhile must not wait for all readers to be written down. No
list of them is ever in memory. Who leaves the newsletter after that is passed over at their turn.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from nightdesk.newsletters.addresses import fingerprint
from nightdesk.newsletters.delivery import rows
from nightdesk.newsletters.delivery.rows import moment
from nightdesk.newsletters.models import Delivery, Edition, Suppression

#: Readers in one transaction: some 100 ms on SQLite.
STRETCH = 10_000

_INSERT = """
INSERT INTO newsletters_delivery
       (edition_id, subscriber_id, state, attempt, not_before, settled_at, code, reply)
SELECT %s, subscription.subscriber_id, 0, 0, %s, NULL, 0, ''
FROM newsletters_subscription subscription
JOIN newsletters_subscriber subscriber ON subscriber.id = subscription.subscriber_id
WHERE subscription.newsletter_id = %s AND subscription.state = 'active'
  AND subscription.subscriber_id > %s AND subscription.subscriber_id <= %s
  AND subscriber.erased_at IS NULL
  AND (subscriber.paused_until IS NULL OR subscriber.paused_until <= %s)
"""
#: Of a correction: only who got, or may have got, what it corrects.
_WHO_GOT = """
  AND EXISTS (SELECT 1 FROM newsletters_delivery earlier
              WHERE earlier.edition_id = %s AND earlier.state IN (2, 5)
                AND earlier.subscriber_id = subscription.subscriber_id)
"""
_END_OF_STRETCH = """
SELECT subscriber_id FROM newsletters_subscription
WHERE newsletter_id = %s AND state = 'active' AND subscriber_id > %s
ORDER BY subscriber_id LIMIT 1 OFFSET %s
"""
_KEYS = """
SELECT subscriber.id, subscriber.email_key
FROM newsletters_subscription subscription
JOIN newsletters_subscriber subscriber ON subscriber.id = subscription.subscriber_id
WHERE subscription.newsletter_id = %s AND subscription.state = 'active'
  AND subscription.subscriber_id > %s AND subscription.subscriber_id <= %s
"""
_LAST = 2**63 - 1


class NotOursError(Exception):
    """The edition is not being prepared any more, or another sender prepares it."""


def take_snapshot(edition: Edition, epoch: int, now: datetime.datetime) -> int:
    """Write down everybody who gets it; how many. Begun again after a crash, it begins anew.

    Raises ``NotOursError``.
    """
    with _still_ours(edition, epoch):
        Delivery.objects.filter(edition=edition, state=Delivery.State.QUEUED).delete()
    last = 0
    while last < _LAST:
        until = _end_of_stretch(edition.newsletter_id, last)
        barred = _barred(edition.newsletter_id, last, until)
        with _still_ours(edition, epoch), connection.cursor() as cursor:
            sql, given = _insert(edition, now, last, until, barred)
            cursor.execute(sql, given)
        last = until
    return Delivery.objects.filter(edition=edition).count()


@contextmanager
def _still_ours(edition: Edition, epoch: int) -> Iterator[None]:
    """A transaction in which the edition stays in preparation, by this sender."""
    with transaction.atomic():
        row = Edition.objects.select_for_update(no_key=True).filter(pk=edition.pk)
        if not row.filter(state=Edition.State.PREPARING, epoch=epoch).values_list("pk"):
            raise NotOursError
        yield


def _end_of_stretch(newsletter: int, last: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_END_OF_STRETCH, [newsletter, last, STRETCH - 1])
        row = cursor.fetchone()
    return row[0] if row else _LAST


def _barred(newsletter: int, last: int, until: int) -> list[int]:
    """Who of a stretch is suppressed. Fingerprints are made here: the key they are made with does
    not go into a statement, where a database's log would keep it."""
    if not Suppression.objects.exists():
        return []
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, [newsletter, last, until])
        marks = {fingerprint(key): pk for pk, key in cursor.fetchall()}
    found: list[int] = []
    fingerprints = list(marks)
    for begin in range(0, len(fingerprints), 500):
        some = rows.barred(newsletter, fingerprints[begin : begin + 500])
        found += [marks[one] for one in some]
    return found


def _insert(
    edition: Edition, now: datetime.datetime, last: int, until: int, barred: list[int]
) -> tuple[str, list[Any]]:
    sql = _INSERT
    given: list[Any] = [edition.pk, moment(now), edition.newsletter_id, last, until, moment(now)]
    if edition.kind == Edition.Kind.CORRECTION:
        sql += _WHO_GOT
        given.append(edition.corrects_id)
    if barred:
        sql += f"  AND subscriber.id NOT IN ({', '.join(['%s'] * len(barred))})\n"
        given += barred
    return sql + "ON CONFLICT DO NOTHING", given
