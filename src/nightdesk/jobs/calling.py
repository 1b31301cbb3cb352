"""Leave word for the worker, once, while something waits in a table of its own: a flood of rows is
no flood of tasks."""

from __future__ import annotations

import datetime

from django_tasks import TaskResultStatus
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

_KEPT = datetime.timedelta(hours=1)


def call_once(task: Task, now: datetime.datetime) -> int:
    """How many tasks were left: none when one waits already. What succeeded long ago is forgotten."""
    left = DBTaskResult.objects.filter(task_path=task.module_path)
    if left.filter(status=TaskResultStatus.READY).exists():
        return 0
    left.filter(status=TaskResultStatus.SUCCESSFUL, finished_at__lt=now - _KEPT).delete()
    task.enqueue()
    return 1
