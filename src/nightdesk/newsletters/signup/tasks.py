"""The worker sees to sign-ups as soon as there are any."""

from __future__ import annotations

import datetime

from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from nightdesk.newsletters.models import Wish
from nightdesk.newsletters.signup import actions

#: The highest there is: a reader is waiting for a mail.
_FIRST = 100
_KEPT = datetime.timedelta(hours=1)


@task(priority=_FIRST)
def take_in() -> None:
    actions.take_in()


def call_the_worker(now: datetime.datetime) -> int:
    """A due verb: leave word for the worker, once, while a sign-up waits. A request leaves only its
    one row, so that a flood of them is not a flood of tasks."""
    if not Wish.objects.filter(not_before__lte=now).exists():
        return 0
    left = DBTaskResult.objects.filter(task_path=take_in.module_path)
    if left.filter(status=TaskResultStatus.READY).exists():
        return 0
    left.filter(status=TaskResultStatus.SUCCESSFUL, finished_at__lt=now - _KEPT).delete()
    take_in.enqueue()
    return 1
