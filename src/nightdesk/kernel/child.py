"""One child of the parent: how it starts, how it ended, when it may start again."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from nightdesk.kernel.processes import die_with, name_process

#: A child that dies younger than this, in seconds, has not worked at all.
TOO_YOUNG = 5.0
#: That many such deaths in a row are a loop that restarting does not end.
LOOP = 6
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 10.0


@dataclass
class Child:
    """``what`` it is in words; ``work`` runs in the forked process and never comes back to ours."""

    name: str
    what: str
    work: Callable[[], object]
    pid: int = 0
    started: float = 0.0
    again_at: float = 0.0
    young_deaths: int = 0
    #: It has lived longer than that in this run, so it can work: something outside makes it die.
    proven: bool = False
    #: Its last death was somebody else's doing: no process ends itself by SIGKILL.
    killed: bool = False

    @property
    def alive(self) -> bool:
        return self.pid != 0

    def start(self) -> None:
        self.started = time.monotonic()
        self.pid = fork(self.name, self.work)

    def ended(self, now: float, status: int) -> None:
        """Note the death and when to start again: at once, then ever later while it dies young."""
        self.pid = 0
        self.killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        young = now - self.started < TOO_YOUNG
        self.proven = self.proven or not young
        self.young_deaths = self.young_deaths + 1 if young else 0
        pause = min(_FIRST_PAUSE * 2 ** max(0, self.young_deaths - 1), _LONGEST_PAUSE)
        self.again_at = now + pause

    @property
    def in_a_loop(self) -> bool:
        """Whether it ends by itself, over and over. What is killed (by a person, or for want of
        memory) may live the next time, and readers have the stored pages until then."""
        return self.young_deaths >= LOOP and not self.killed

    def signal(self, number: int) -> None:
        if self.alive:
            os.kill(self.pid, number)


def fork(name: str, work: Callable[[], object]) -> int:
    """Do ``work`` in a process of its own; returns its id.

    It has its own session, so that Ctrl-C at the terminal reaches the parent alone, which then
    stops its children in order; and it dies with the parent, however that dies.
    """
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):  # a full disk
            stream.flush()
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        os.setsid()
        die_with(parent)
        name_process(f"nd-{name}")
        gc.enable()
        work()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(code)


def how_it_ended(status: int) -> str:
    """A wait status in words: "was killed by signal 9 (SIGKILL)", "ended with code 1"."""
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        return f"was killed by signal {-code} ({signal.Signals(-code).name})"
    return f"ended with code {code}"
