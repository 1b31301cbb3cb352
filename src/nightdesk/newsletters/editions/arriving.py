"""An edition that was promised for seven begins in time for seven, whatever has changed since the
promise: thousands of readers more, another relay, a slower one."""

from __future__ import annotations

import datetime

from wagtail.log_actions import log as write_log

from nightdesk.newsletters.editions import times
from nightdesk.newsletters.editions.actions import SCHEDULED
from nightdesk.newsletters.editions.recipients import recipients
from nightdesk.newsletters.models import Edition
from nightdesk.press.learn import changing

#: Counting readers costs something, and none of this is a matter of seconds.
_EVERY = datetime.timedelta(minutes=1)
#: A smaller difference is not worth a line in the log.
_WORTH_IT = datetime.timedelta(minutes=2)


class KeepArrivals:
    """A due verb for the clock."""

    def __init__(self) -> None:
        self._next: datetime.datetime | None = None

    def __call__(self, now: datetime.datetime) -> int:
        if self._next is not None and now < self._next:
            return 0
        self._next = now + _EVERY
        promised = Edition.objects.filter(
            state=Edition.State.SCHEDULED, arrive_by__isnull=False, send_at__gt=now
        )
        rows = list(promised.select_related("newsletter"))
        how_fast = times.pace() if rows else times.Pace()
        return sum(_move(edition, how_fast, now) for edition in rows)


def _move(edition: Edition, how_fast: times.Pace, now: datetime.datetime) -> bool:
    start = times.start_now_known(edition, recipients(edition, now).count(), how_fast, now)
    if start is None or abs(start - edition.send_at) < _WORTH_IT:
        return False
    with changing(edition):
        moved = Edition.objects.filter(
            pk=edition.pk,
            state=Edition.State.SCHEDULED,
            send_at=edition.send_at,
            arrive_by=edition.arrive_by,
        ).update(send_at=start)
        if moved:
            write_log(instance=edition, action=SCHEDULED, data={"at": start.isoformat()})
    return bool(moved)
