"""Twelve weeks after its last message an edition's books are closed: its numbers stay, and who got
it is forgotten.

A list of who was sent what is of use while mail comes back and corrections go out, and a danger to
readers for as long as it lies there. Reports about mail are kept a little longer (``watching``), so
that none is missing from the count.
"""

from __future__ import annotations

import datetime

from django.db import transaction

from nightdesk.newsletters.events import reporting
from nightdesk.newsletters.models import Delivery, Edition, EditionRecord

AFTER = datetime.timedelta(weeks=12)
#: Rows deleted in one transaction: some 100 ms on SQLite, which has one writer at a time.
STRETCH = 10_000
_EVERY = datetime.timedelta(minutes=10)


def is_closed(edition: Edition) -> bool:
    return EditionRecord.objects.filter(edition=edition).exists()


def close(edition: Edition) -> bool:
    """Count for the last time. From here on the count is what is true, whatever rows are left."""
    with transaction.atomic():
        Edition.objects.select_for_update().get(pk=edition.pk)
        if is_closed(edition):
            return False
        found = reporting.of(edition)
        if not found.totals.adds_up or found.totals.under_way:
            return False  # somebody must look at that, and needs the rows for it
        EditionRecord.objects.create(
            edition=edition,
            sent=found.totals.sent,
            skipped=found.totals.skipped,
            failed=found.totals.failed,
            uncertain=found.totals.uncertain,
            bounced=found.bounced,
            complained=found.complained,
            unsubscribed=found.unsubscribed,
        )
    return True


class CloseBooks:
    """A due verb for the clock. Killed in between, it goes on where it stopped."""

    def __init__(self) -> None:
        self._next: datetime.datetime | None = None

    def __call__(self, now: datetime.datetime) -> int:
        if self._next is not None and now < self._next:
            return 0
        over = (Edition.State.FINISHED, Edition.State.CANCELLED)
        old = Edition.objects.filter(
            state__in=over, total__isnull=False, finished_at__lt=now - AFTER, record=None
        )
        done = sum(close(edition) for edition in old)
        left = self._forget_some()
        if not left:
            self._next = now + _EVERY
        return done + left

    @staticmethod
    def _forget_some() -> int:
        rows = Delivery.objects.filter(edition__record__isnull=False).order_by("pk")
        some = list(rows.values_list("pk", flat=True)[:STRETCH])
        if not some:
            return 0
        return Delivery.objects.filter(
            edition__record__isnull=False, pk__gte=some[0], pk__lte=some[-1]
        ).delete()[0]
