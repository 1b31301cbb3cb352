"""The clock: verbs that fall due, each run once, on time, in its own transaction.

Rooms register their due verbs in ``AppConfig.ready()``. A verb says when it is next due and does
its work for everything that is due by a moment; long work is only enqueued from here.
"""

from __future__ import annotations

import contextlib
import datetime
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, close_old_connections, connection
from django.utils import timezone

from nightdesk.kernel.frozen import is_frozen
from nightdesk.press import database_file

log = logging.getLogger("nightdesk.press.clock")

#: The clock looks at least this often, in seconds, so that a schedule made meanwhile is seen.
TICK = 1.0


@dataclass(frozen=True)
class DueVerb:
    """``run(now)`` does everything due by ``now`` and returns how many things it did. While the
    newsroom is frozen a verb rests, and makes up for it afterwards, unless ``while_frozen``."""

    name: str
    run: Callable[[datetime.datetime], int]
    while_frozen: bool = False


_verbs: dict[str, DueVerb] = {}


def register(
    name: str, run: Callable[[datetime.datetime], int], *, while_frozen: bool = False
) -> None:
    _verbs[name] = DueVerb(name, run, while_frozen)


def tick(now: datetime.datetime | None = None) -> dict[str, int]:
    """Run every verb once; one that fails is logged and never stops the others."""
    now = now or timezone.now()
    done = {}
    frozen = is_frozen(settings.DATA)
    for verb in _verbs.values():
        if frozen and not verb.while_frozen:
            continue
        try:
            done[verb.name] = verb.run(now)
        except OperationalError as error:
            log.warning("%s waits: the database says %s. It is tried again.", verb.name, error)
        except Exception:
            log.exception("%s failed. It is tried again in %s s.", verb.name, TICK)
    return done


def keep(stop: threading.Event) -> None:
    """Tick until told to stop. Runs in a thread of the press, so that no page that takes long,
    and no write lock that is waited for, makes the other late."""
    beat()
    while not stop.wait(TICK):
        try:
            database_file.in_place()
        except database_file.DatabaseGoneError:
            continue  # what was published now would be lost; no sign of life, so the doctor says so
        tick()
        close_old_connections()
        beat()
    connection.close()


def heartbeat() -> Path:
    """The file whose age says how long ago the clock last ticked."""
    return Path(settings.DATA) / "clock"


def beat() -> None:
    """Leave a sign for the doctor; a disk that cannot take it must not stop the clock."""
    with contextlib.suppress(OSError):
        heartbeat().touch()
