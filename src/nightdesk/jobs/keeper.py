"""The worker's processes: tasks, and whatever else works beside them for as long as it lives.

Each is a process of its own, so that neither makes the other wait and what dies is started again.
A room registers in ``AppConfig.ready()`` what it has.
"""

from __future__ import annotations

import contextlib
import logging
import os
import select
import signal
import time
from collections.abc import Callable, Sequence

from nightdesk.kernel.child import Child, how_it_ended

log = logging.getLogger("nightdesk.jobs")

_beside: dict[str, tuple[str, Callable[[], object]]] = {}


def beside(name: str, what: str, work: Callable[[], object]) -> None:
    """Let ``work`` run in a process called ``nd-name``; ``what`` it is in words, for the log. It
    ends upon SIGTERM."""
    _beside[name] = (what, work)


def children() -> list[Child]:
    return [Child(name, what, work) for name, (what, work) in _beside.items()]


class Keeper:
    """Holds no thread and no connection, because it forks again and again."""

    def __init__(self, family: Sequence[Child]) -> None:
        self._children = family
        self._stopping = False
        self._wake, wake_end = os.pipe()
        for end in (self._wake, wake_end):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(wake_end, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def keep(self) -> None:
        """Until told to stop and all have ended."""
        while not self._stopping:
            for child in self._children:
                if not child.alive and child.again_at <= time.monotonic() and not self._stopping:
                    child.start()
            self._sleep()
            self._bury()
        self._tell()
        while any(child.alive for child in self._children):
            self._sleep()
            self._bury()

    def _stop(self, number: int, frame: object) -> None:
        if self._stopping:
            self._tell()  # again: whoever is asked twice hurries
        self._stopping = True

    def _tell(self) -> None:
        for child in self._children:
            with contextlib.suppress(ProcessLookupError):
                child.signal(signal.SIGTERM)

    def _sleep(self) -> None:
        """Until a signal arrives or a restart is due."""
        due = [child.again_at for child in self._children if not child.alive]
        seconds = max(0.0, min(due) - time.monotonic()) if due and not self._stopping else 60.0
        with contextlib.suppress(InterruptedError):
            select.select([self._wake], [], [], seconds)
        with contextlib.suppress(BlockingIOError):
            os.read(self._wake, 1024)

    def _bury(self) -> None:
        for child in self._children:
            if not child.alive:
                continue
            done, status = os.waitpid(child.pid, os.WNOHANG)
            if not done:
                continue
            child.ended(time.monotonic(), status)
            if not self._stopping:
                pause = max(0.0, child.again_at - time.monotonic())
                ended = how_it_ended(status)
                log.warning("%s %s; it starts again in %.1f s.", child.what, ended, pause)
