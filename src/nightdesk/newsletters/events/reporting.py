"""What became of an edition, in numbers that always sum to those whom it was for."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Count, F

from nightdesk.newsletters.delivery.ledger import Totals, totals
from nightdesk.newsletters.models import Edition, EditionRecord, MailEvent, Subscription

#: Who leaves within so many days of an edition is counted with it.
DAYS = 3
#: What ended so is counted as come back or marked as spam already.
_COUNTED_ABOVE = (Subscription.Reason.BOUNCE, Subscription.Reason.COMPLAINT)


@dataclass(frozen=True)
class Report:
    """``bounced``, ``complained``: reports about messages that were sent, each reader once;
    ``unsubscribed``: readers of it who ended their subscription within `DAYS` of its beginning."""

    totals: Totals
    bounced: int
    complained: int
    unsubscribed: int


def of(edition: Edition) -> Report:
    record = EditionRecord.objects.filter(edition=edition).first()
    if record is not None:
        return Report(totals(edition), record.bounced, record.complained, record.unsubscribed)
    kinds = dict(
        MailEvent.objects.filter(edition=edition, subscriber__isnull=False)
        .order_by()
        .values_list("kind")
        .annotate(Count("subscriber", distinct=True))
    )
    return Report(
        totals(edition),
        kinds.get(MailEvent.Kind.BOUNCED, 0),
        kinds.get(MailEvent.Kind.COMPLAINED, 0),
        _left_after(edition),
    )


def _left_after(edition: Edition) -> int:
    start = edition.started_at
    if start is None:
        return 0
    ended = Subscription.objects.filter(
        newsletter=edition.newsletter_id,
        state=Subscription.State.UNSUBSCRIBED,
        ended_at__gte=start,
        ended_at__lt=start + datetime.timedelta(days=DAYS),
        subscriber__deliveries__edition=edition,
        subscriber__deliveries__settled_at__lte=F("ended_at"),
    ).exclude(reason__in=_COUNTED_ABOVE)
    return ended.count()
