"""One press at a time works on a shelf: whoever holds the lock on ``DATA/press.lock``.

The system itself lets go of the lock when its process ends, however it ends, so a second press
takes over within a second and no stale file can lock anybody out.
"""

from __future__ import annotations

import contextlib
import fcntl
import io
import os
import threading
from pathlib import Path

#: A waiting press asks for the lock so often, in seconds.
_EVERY = 0.5
NAME = "press.lock"


def wait_for_turn(data: Path, stop: threading.Event) -> io.IOBase | None:
    """The open file that holds the lock; None when told to stop before."""
    held = (data / NAME).open("a")
    while not stop.is_set():
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            stop.wait(_EVERY)
        else:
            return held
    held.close()
    return None


def beat(held: io.IOBase) -> None:
    """Leave a sign of life; a disk that cannot take it must not stop the press."""
    with contextlib.suppress(OSError):
        os.utime(held.fileno())


def is_held(data: Path) -> bool:
    """Whether a press works on this folder's shelf."""
    try:
        with (data / NAME).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return False
    except FileNotFoundError:
        return False
    except OSError:
        return True
