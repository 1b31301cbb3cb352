"""The worker: runs queued tasks one after another until it is told to stop, and keeps the
processes that work beside them (``keeper.py``)."""

from __future__ import annotations

import logging
from typing import Any

from nightdesk.jobs.keeper import Keeper, children
from nightdesk.kernel.child import Child

#: The library says each task's start and end; of those, an operator wants the failures.
_TALKATIVE = ("django_tasks", "django_tasks_db")


def run() -> None:
    """Work until SIGTERM; the task in hand, and whatever else is half done, is finished first."""
    Keeper([Child("tasks", "What runs tasks", run_tasks), *children()]).keep()


def run_tasks() -> None:
    from django.core.management import call_command

    _begin_nothing_while_frozen()

    for name in _TALKATIVE:
        logging.getLogger(name).addFilter(_is_failure)
    call_command("db_worker", "--queue-name", "*", "--interval", "1", "--no-startup-delay")


def _begin_nothing_while_frozen() -> None:
    """In a frozen newsroom tasks wait; the one in hand is finished."""
    from django.conf import settings
    from django_tasks_db.models import DBTaskResultQuerySet

    from nightdesk.kernel.frozen import is_frozen

    ready = DBTaskResultQuerySet.ready

    def unless_frozen(tasks: Any) -> Any:
        found = ready(tasks)
        return found.none() if is_frozen(settings.DATA) else found

    DBTaskResultQuerySet.ready = unless_frozen


def _is_failure(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.ERROR or "state=FAILED" in record.getMessage()
