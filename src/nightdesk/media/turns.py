"""Pictures are developed a few at a time, whoever uploads them.

One may need 400 MB for some seconds. Twenty editors who upload at once must not bring down the
machine that readers read from, so each waits for a place; a place is a lock on a file, which the
system gives back even when its holder is killed.
"""

from __future__ import annotations

import fcntl
import itertools
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Pictures developed at once on one machine.
PLACES = 2
#: Seconds between looks for a free place.
PAUSE = 0.05


@contextmanager
def a_turn(folder: Path, *, patience: float = 120.0) -> Iterator[None]:
    """Wait for a place among ``PLACES``; TimeoutError after ``patience`` seconds."""
    folder.mkdir(parents=True, exist_ok=True)
    handles = [
        os.open(folder / f"place-{number}", os.O_RDWR | os.O_CREAT, 0o600)
        for number in range(PLACES)
    ]
    try:
        _take_one(handles, time.monotonic() + patience)
        yield
    finally:
        for handle in handles:
            os.close(handle)


def _take_one(handles: list[int], deadline: float) -> None:
    for handle in itertools.cycle(handles):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise TimeoutError("no place in the darkroom became free") from None
            time.sleep(PAUSE)
        else:
            return
