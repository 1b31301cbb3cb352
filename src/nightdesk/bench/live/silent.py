"""Readers who hold a stream and never read: what waits for them stays small."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from nightdesk.bench.live.newsroom import LIST, Open, live_newsroom
from nightdesk.bench.live.options import Options
from nightdesk.bench.serving.figure import Figure

READERS = 40
#: What memory moves by of itself, in MB.
_UNREST = 2.0


def measure(options: Options) -> Iterator[Figure]:
    with live_newsroom() as live:
        lines = [_never_reads(live, number) for number in range(READERS)]
        time.sleep(2)
        before, kernel = live.memory, _kernel_megabytes()
        deadline = time.monotonic() + options.silent
        briefs = 0
        while time.monotonic() < deadline:
            live.someone.do("brief", text=f"Brief {briefs} that some never read.")
            briefs += 1
            time.sleep(0.2)
        after, kernel_after = live.memory, _kernel_megabytes()
        for line in lines:
            line.close()
    grown = after - before
    yield Figure(
        "silent.memory",
        f"{READERS} readers who never read, {briefs} briefs in {options.silent:.0f} s: "
        "the newsstand's memory grows by",
        grown,
        "MB",
        goal=f"≤ {_UNREST:.0f}",
        met=grown <= _UNREST,
        note=f"{before:.1f} → {after:.1f} MB; of the kernel for all connections of the machine "
        f"{kernel:.1f} → {kernel_after:.1f} MB",
    )


def _never_reads(live: Open, number: int) -> socket.socket:
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    line.bind((f"127.0.1.{number + 1}", 0))
    line.connect(("127.0.0.1", live.opened.port))
    line.sendall(live.crowd.get("text/event-stream", path=f"/events{LIST}"))
    return line


def _kernel_megabytes() -> float:
    """Memory of all TCP connections, which the kernel counts in pages of 4 KB."""
    found = re.search(r"TCP:.* mem (\d+)", Path("/proc/net/sockstat").read_text())
    return int(found[1]) * 4 / 1024 if found else 0.0
