"""Whom an edition is for, when it begins."""

from __future__ import annotations

import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from nightdesk.newsletters.models import Delivery, Edition, Subscription


def recipients(edition: Edition, now: datetime.datetime | None = None) -> QuerySet[Subscription]:
    """Subscriptions of everybody who gets it: all who are subscribed and have not paused. A
    correction goes to those alone who got, or may have got, what it corrects."""
    now = now or timezone.now()
    found = Subscription.active(edition.newsletter).filter(
        Q(subscriber__paused_until=None) | Q(subscriber__paused_until__lte=now),
        subscriber__erased_at=None,
    )
    if edition.corrects_id is None:
        return found
    had = Delivery.objects.filter(
        edition=edition.corrects_id,
        subscriber=OuterRef("subscriber"),
        state__in=[Delivery.State.SENT, Delivery.State.UNCERTAIN],
    )
    return found.filter(Exists(had))
