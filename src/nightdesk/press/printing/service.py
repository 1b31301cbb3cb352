"""The press process: the clock in one thread, printing in the other, until told to stop."""

from __future__ import annotations

import errno
import io
import logging
import signal
import threading
import time
from pathlib import Path

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection

from nightdesk.kernel.sqlite import use_fixed_sqlite
from nightdesk.press import clock
from nightdesk.press.printing import lock
from nightdesk.press.printing.loop import Press
from nightdesk.press.purging import follow as purging

use_fixed_sqlite()

import sqlite3  # noqa: E402

log = logging.getLogger("nightdesk.press")

#: With nothing to do, the press looks so often at what falls due by itself, in seconds.
_IDLE = 0.25
#: After trouble with the disk or the database, it tries again so often.
_TROUBLED = 1.0
_BEAT = 1.0


def run() -> None:
    """Print and keep the clock until SIGTERM. A second press on the same folder waits for the
    first to end."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    data = Path(settings.DATA)
    held = lock.wait_for_turn(data, stop)
    if held is None:
        return
    ticking = threading.Thread(target=clock.keep, args=(stop,), name="clock")
    ticking.start()
    telling = purging.start(settings.NIGHTDESK)
    try:
        Service(data, stop, held).work()
    finally:
        stop.set()
        if telling is not None:
            telling.stop()
        ticking.join(2)
        held.close()


class Service:
    """Keeps a `Press` at work through whatever happens to the disk and the database."""

    def __init__(self, data: Path, stop: threading.Event, held: io.IOBase) -> None:
        self._data = data
        self._stop = stop
        self._held = held
        self._press: Press | None = None
        self._trouble = ""
        self._beaten = 0.0

    def work(self) -> None:
        while not self._stop.is_set():
            self._beat()
            try:
                self._work_a_little()
            except sqlite3.Error as error:
                if _is_damaged(error) and self._press is not None:
                    self._press.shelf.throw_away()
                self._wait_out(
                    f"The shelf cannot be written ({error})",
                    not isinstance(error, sqlite3.OperationalError),
                )
            except DatabaseError as error:
                connection.close()
                self._wait_out(f"The database does not answer ({error})")
            except OSError as error:
                connection.close()
                gone = "the database file is not there" if _is_missing(error) else str(error)
                self._wait_out(f"The press cannot work: {gone}", not _is_missing(error))
            except Exception:
                log.exception("The press stumbled over a fault of its own and goes on.")
                self._stop.wait(_TROUBLED)
        self._close()

    def _work_a_little(self) -> None:
        press = self._press
        if press is None or not press.is_on_its_shelf():
            self._close()
            press = self._press = Press(self._data)
        worked = press.step()
        if self._trouble:
            log.warning("The press goes on.")
            self._trouble = ""
        pause = press.pause if worked else _IDLE
        if pause:
            press.wake.wait(pause, self._stop)

    def _wait_out(self, trouble: str, close: bool = False) -> None:
        if trouble != self._trouble:
            log.error("%s. Readers keep the pages they had; it is tried again.", trouble)
            self._trouble = trouble
        if close:
            self._close()
        self._stop.wait(_TROUBLED)

    def _close(self) -> None:
        if self._press is not None:
            self._press.close()
            self._press = None

    def _beat(self) -> None:
        if time.monotonic() - self._beaten >= _BEAT:
            lock.beat(self._held)
            self._beaten = time.monotonic()


def _is_damaged(error: sqlite3.Error) -> bool:
    """Whether the file itself is broken. It is only a copy: a new one is printed in its place."""
    said = str(error)
    return "malformed" in said or "not a database" in said


def _is_missing(error: OSError) -> bool:
    return error.errno == errno.ENOENT
