"""How many readers a newsletter has, day by day: written down at each day's end."""

from __future__ import annotations

import datetime

from django.db.models import Count
from django.utils import timezone

from nightdesk.newsletters.models import Newsletter, SubscriberCount, Subscription

#: The last day that is known to be written down, so that the clock asks the database once a day.
_known: dict[str, datetime.date] = {}


def active_now() -> dict[int, int]:
    """Newsletter's id → its readers."""
    rows = Subscription.objects.filter(state=Subscription.State.ACTIVE).values_list("newsletter")
    return dict(rows.annotate(Count("pk")).order_by())


def write_down(now: datetime.datetime) -> int:
    """A due verb: after midnight, how many there were when the day ended."""
    ended = timezone.localtime(now).date() - datetime.timedelta(days=1)
    if _known.get("day") == ended:
        return 0
    newsletters = list(Newsletter.objects.values_list("pk", flat=True))
    written = set(SubscriberCount.objects.filter(day=ended).values_list("newsletter", flat=True))
    missing = [pk for pk in newsletters if pk not in written]
    active = active_now() if missing else {}
    SubscriberCount.objects.bulk_create(
        [SubscriberCount(newsletter_id=pk, day=ended, active=active.get(pk, 0)) for pk in missing],
        ignore_conflicts=True,
    )
    _known["day"] = ended
    return len(missing)


def over_time(
    newsletter: Newsletter, now: datetime.datetime, days: int
) -> list[tuple[datetime.date, int]]:
    """(day, readers) of the last ``days`` days that were written down, and of today."""
    today = timezone.localtime(now).date()
    rows = SubscriberCount.objects.filter(
        newsletter=newsletter, day__gt=today - datetime.timedelta(days=days), day__lt=today
    ).order_by("day")
    known = list(rows.values_list("day", "active"))
    return [*known, (today, Subscription.active(newsletter).count())]
