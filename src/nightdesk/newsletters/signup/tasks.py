"""The worker sees to sign-ups as soon as there are any."""

from __future__ import annotations

import datetime

from django_tasks import task

from nightdesk.jobs.calling import call_once
from nightdesk.newsletters.models import Wish
from nightdesk.newsletters.signup import actions

#: The highest there is: a reader is waiting for a mail.
_FIRST = 100


@task(priority=_FIRST)
def take_in() -> None:
    actions.take_in()


def call_the_worker(now: datetime.datetime) -> int:
    """A due verb: leave word for the worker, once, while a sign-up waits. A request leaves only its
    one row, so that a flood of them is not a flood of tasks."""
    if not Wish.objects.filter(not_before__lte=now).exists():
        return 0
    return call_once(take_in, now)
