"""The parent: starts its children, starts again what dies, stops them in order.

It holds no database connection and no thread: whatever it has in memory its children get by fork,
once, and share. So it must stay small in what it does: fork, wait, signal.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import time
from collections.abc import Sequence

from nightdesk.kernel.child import Child, how_it_ended

#: From the signal to stop until all is gone: the newsroom's processes first, the newsstand last.
_SECONDS_FOR_NEWSROOM = 2.8
_SECONDS_FOR_NEWSSTAND = 1.7


def say(sentence: str) -> None:
    """One line about a process, on standard error beside those of the processes themselves.

    Where it is written may be the very disk that is full: readers must not lose the newsroom for
    want of a line.
    """
    with contextlib.suppress(OSError):
        print(f"{time.strftime('%H:%M:%S')} nightdesk: {sentence}", file=sys.stderr, flush=True)


class StoppedWhilePreparingError(BaseException):
    """Told to stop before everything was open. Like KeyboardInterrupt, it is no error to catch."""


class Parent:
    """Children are started in the order they are added and stopped in the order added, save the
    first (the newsstand), which stops last: until then readers are told what is going on."""

    def __init__(self) -> None:
        self._children: list[Child] = []
        self._helpers: set[int] = set()
        self._stopping = False
        self._preparing = True
        self._wake, wake_end = os.pipe()
        for end in (self._wake, wake_end):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(wake_end, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop_soon)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def _stop_soon(self, number: int, frame: object) -> None:
        if self._stopping and number == signal.SIGINT:
            self._kill(self._children)  # a second Ctrl-C: at once
        self._stopping = True
        if self._preparing:
            raise StoppedWhilePreparingError

    def start(self, child: Child) -> None:
        self._children.append(child)
        child.start()

    def help(self, pid: int) -> None:
        """A forked process that ends by itself and is not missed."""
        self._helpers.add(pid)

    def watch(self) -> int:
        """Until told to stop, or until it makes no sense to go on. Returns the exit code.

        It makes none when a child dies over and over that has never worked in this run, and when
        the newsstand does. Once the others have worked, they are started again for ever: readers
        keep the stored pages meanwhile.
        """
        code = 0
        self._preparing = False
        while not self._stopping:
            self._sleep()
            self._bury()
            looping = next(filter(self._is_hopeless, self._children), None)
            if looping:
                say(
                    f"{looping.what} keeps ending as soon as it starts; restarting does not help. "
                    "The lines above say why. Nightdesk closes."
                )
                code = 1
                break
            self._start_again()
        self.stop()
        return code

    def _is_hopeless(self, child: Child) -> bool:
        return child.in_a_loop and (child is self._children[0] or not child.proven)

    def _start_again(self) -> None:
        now = time.monotonic()
        for child in self._children:
            if not child.alive and child.again_at <= now and not self._stopping:
                child.start()

    def _sleep(self) -> None:
        """Until a signal arrives or a restart is due."""
        due = [child.again_at for child in self._children if not child.alive]
        seconds = max(0.0, min(due) - time.monotonic()) if due else 60.0
        with contextlib.suppress(InterruptedError):
            select.select([self._wake], [], [], seconds)
        with contextlib.suppress(BlockingIOError):
            os.read(self._wake, 1024)

    def _bury(self) -> None:
        for child in self._children:
            status = _ended(child.pid) if child.alive else None
            if status is None:
                continue
            child.ended(time.monotonic(), status)
            if not self._stopping:
                pause = max(0.0, child.again_at - time.monotonic())
                say(f"{child.what} {how_it_ended(status)}; it starts again in {pause:.1f} s.")
        self._helpers = {pid for pid in self._helpers if _ended(pid) is None}

    def stop(self) -> None:
        """Within five seconds, whatever the children are doing."""
        self._stopping = True
        self._preparing = False
        for pid in self._helpers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        newsstand, newsroom = self._children[:1], self._children[1:]
        self._end(newsroom, _SECONDS_FOR_NEWSROOM)
        self._end(newsstand, _SECONDS_FOR_NEWSSTAND)

    def _end(self, children: Sequence[Child], seconds: float) -> None:
        for child in children:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + seconds
        while any(child.alive for child in children) and time.monotonic() < deadline:
            self._bury()
            time.sleep(0.02)
        for child in children:
            if child.alive:
                say(f"{child.what} did not finish in time and was killed.")
        self._kill(children)

    def _kill(self, children: Sequence[Child]) -> None:
        for child in children:
            if child.alive:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child.pid, signal.SIGKILL)
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(child.pid, 0)
                child.pid = 0


def _ended(pid: int) -> int | None:
    """The wait status of a child that has ended, None while it lives."""
    try:
        done, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return 0
    return status if done else None
