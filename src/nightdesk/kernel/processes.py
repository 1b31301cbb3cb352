"""What a process says about itself to the system it runs on (Linux; elsewhere these do nothing)."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import signal
import struct
import sys
import time
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15
_ASKED_AGAIN = 5
#: The number of ``sched_setattr`` (sched_setattr(2)); the C library of today's systems has no name
#: for it.
_SCHED_SETATTR = {"x86_64": 314, "aarch64": 274}
_ATTRIBUTES = struct.Struct("=IIQiIQQQ")
#: Nanoseconds; the least that Linux takes.
_SHORTEST_TURN = 100_000


def die_with(parent: int) -> None:
    """Be killed when process ``parent``, which started this one, is gone, however it went.

    Without it, a parent killed with SIGKILL leaves children that nobody stops or restarts.
    """
    if sys.platform != "linux":
        return
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it went before we asked
        os.kill(os.getpid(), signal.SIGKILL)


def name_process(name: str) -> None:
    """The name that ``ps`` and ``top`` show; the system keeps its first 15 bytes."""
    if sys.platform == "linux":
        _prctl(_PR_SET_NAME, ctypes.c_char_p(name.encode()))


def stand_back(niceness: int) -> None:
    """Let others go first wherever processors are short.

    Linux shares processors between sessions first and compares niceness only inside one, on most
    systems (sched(7), "autogroup"). So the process begins a session and says it for that as well.
    """
    with contextlib.suppress(PermissionError):  # it leads one already
        os.setsid()
    os.nice(niceness)
    for _ in range(_ASKED_AGAIN):
        try:
            Path("/proc/self/autogroup").write_text(str(niceness))
        except BlockingIOError:  # one change in a tenth of a second, on the whole machine
            time.sleep(0.11)
        except OSError:
            return
        else:
            return


def ask_for_short_turns() -> None:
    """Be let in at once, in exchange for short turns: for whoever has little to do and is waited for.

    Linux lets whoever is at work finish a turn of some milliseconds before it looks who else came,
    unless that one asked for shorter turns (from 6.12; sched_setattr(2), ``sched_runtime``). Older
    ones take no notice. What is started or begun in threads later has it from here.
    """
    call = _SCHED_SETATTR.get(platform.machine())
    if sys.platform != "linux" or call is None:
        return
    wish = _ATTRIBUTES.pack(
        _ATTRIBUTES.size, os.sched_getscheduler(0), 0, os.nice(0), 0, _SHORTEST_TURN, 0, 0
    )
    ctypes.CDLL(None, use_errno=True).syscall(call, 0, wish, 0)


def keep_to_one_core() -> None:
    """Stay on the first processor that is allowed, with all that is started from here, so that the
    memory close to the others stays that of whoever works there."""
    if sys.platform == "linux":
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def _prctl(option: int, value: object) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def who_am_i() -> str:
    """This process, so that no other one was or will be called the same: machine, start of the
    machine, container, number, and when it began (numbers are given again)."""
    return f"{_where()} {os.getpid()} {_began(os.getpid())}"


def is_gone(name: str) -> bool:
    """Whether a process that called itself so (``who_am_i``) is known to have ended: only one on
    this machine can be."""
    where, pid, began = [*name.rsplit(" ", 2), "", ""][:3]
    if where != _where() or not pid.isdecimal() or not began:
        return False
    return _began(int(pid)) != began


def _where() -> str:
    parts = [platform.node()]
    with contextlib.suppress(OSError):
        parts.append(Path("/proc/sys/kernel/random/boot_id").read_text().strip())
        parts.append(str(Path("/proc/self/ns/pid").readlink()))
    return "/".join(parts)


def _began(pid: int) -> str:
    """In ticks since the machine's start; empty when there is no such process, or no /proc."""
    try:
        said = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    fields = said.rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else fields[19]
