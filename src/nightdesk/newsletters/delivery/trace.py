"""What the data folder knows of an edition on its way, beside the database.

A database that is put back from a backup has forgotten who got what since then, and would send it to
them again. So whoever sends leaves a line in the folder each second: which edition, and one of its
deliveries that the relay has taken. A database in which that one still waits has gone back, and an
editor decides. The line is written after the commit and is never ahead of the database.

It holds as long as the folder is not put back together with the database, and for the machine that
sent; otherwise two hours' lateness stops an edition (``actions.LATEST``).
"""

from __future__ import annotations

import contextlib
import datetime
import time
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

#: Seconds between two lines about one edition.
_OFTEN = 1.0
#: A line is forgotten after so long.
_KEPT = datetime.timedelta(days=30)


class Trace(NamedTuple):
    """``last``: a delivery that had been taken by then; ``at``: when."""

    last: int
    at: datetime.datetime


def of(edition: int) -> Trace | None:
    file = _file(edition)
    with contextlib.suppress(OSError, ValueError):
        at = datetime.datetime.fromtimestamp(file.stat().st_mtime, datetime.UTC)
        return Trace(int(file.read_text(encoding="ascii")), at)
    return None


class Tracing:
    """For the sender. A disk that cannot take the line must not stop the edition."""

    def __init__(self) -> None:
        self._written: dict[int, float] = {}

    def note(self, edition: int, last: int) -> None:
        now = time.monotonic()
        if now - self._written.get(edition, -_OFTEN) < _OFTEN:
            return
        self._written[edition] = now
        file = _file(edition)
        with contextlib.suppress(OSError):
            file.parent.mkdir(mode=0o700, exist_ok=True)
            file.write_text(f"{last}\n", encoding="ascii")


def forget(edition: int) -> None:
    """An editor has said that it is to be sent, whatever was before."""
    with contextlib.suppress(OSError):
        _file(edition).unlink()


def forget_old(now: datetime.datetime) -> int:
    """For the clock; how many."""
    before = (now - _KEPT).timestamp()
    done = 0
    with contextlib.suppress(OSError):
        for file in _folder().iterdir():
            if file.stat().st_mtime < before:
                file.unlink()
                done += 1
    return done


def _folder() -> Path:
    return Path(settings.DATA) / "editions"


def _file(edition: int) -> Path:
    return _folder() / str(edition)
