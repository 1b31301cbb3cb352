"""What was taken down is down before anything is printed.

The list of takedowns (``shelf.takedowns``) may know more than the database: it is written when the
database is gone, and a copy of the database that is put back may be older than it. So the press
asks those who know how to bring the two together whenever the list, the database or its rows of
takedowns have changed, and prints nothing until that is done.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

#: A change with this key says that rows of takedowns have changed.
KEY = "takedowns"


class WithdrawnError(Exception):
    """What was taken down cannot be published; the message says so in plain words."""


_settlers: list[Callable[[Path], bool]] = []


def register(settle: Callable[[Path], bool]) -> None:
    """``settle(data)`` brings the list and the database together; whether it changed anything.
    Raises ``django.db.Error`` when the database cannot be asked: then nothing is printed."""
    if settle not in _settlers:
        _settlers.append(settle)


def settle(data: Path) -> bool:
    changed = [each(data) for each in _settlers]  # each, whatever the one before has done
    return any(changed)
