"""Processes on a core of their own, and the processor time they have used (Linux)."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from nightdesk.bench.tree import tree

_TICKS = os.sysconf("SC_CLK_TCK")
_CORES = sorted(os.sched_getaffinity(0))
#: Servers on the one, readers on the other; on a machine with one core they share it.
SERVERS, READERS = _CORES[0], _CORES[-1]


def start(
    command: Sequence[str],
    core: int | None,
    *,
    env: Mapping[str, str] | None = None,
    log: IO[bytes] | int = subprocess.DEVNULL,
    **more: object,
) -> subprocess.Popen[bytes]:
    """Start a program, all its children included, on one core (None: on any)."""
    return subprocess.Popen(
        list(command),
        stdin=more.pop("stdin", subprocess.DEVNULL),
        stdout=more.pop("stdout", log),
        stderr=log,
        env=None if env is None else dict(env),
        preexec_fn=None if core is None else lambda: os.sched_setaffinity(0, {core}),
        **more,
    )


def stop(process: subprocess.Popen[bytes], patience: float = 10.0) -> None:
    """SIGTERM, and after a while SIGKILL to all that it started."""
    below = list(tree(process.pid))
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(patience)
            return
        except subprocess.TimeoutExpired:
            pass
    for pid in below:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    process.wait()


def cpu_seconds(root: int) -> float:
    """Processor time, user and system, of a process and all below it so far."""
    total = 0
    for pid in tree(root):
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            continue
        fields = stat[stat.rindex(")") + 2 :].split()
        total += int(fields[11]) + int(fields[12])
    return total / _TICKS


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
