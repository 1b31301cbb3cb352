"""Ports for servers that tests start: nobody else's by the time that they are bound."""

from __future__ import annotations

import contextlib
import random
import socket
from pathlib import Path

_LOWEST = 10_000
#: Linux gives the near end of every connection a port from here on. One that was free a moment ago is
#: some connection's by the time that a newsroom has started, once in a thousand starts or so.
_KERNELS_OWN = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
#: Not the numbers that every process of tests draws from the same seed.
_chance = random.SystemRandom()


def free_port() -> int:
    for _try in range(1000):
        port = _chance.randrange(_LOWEST, max(_KERNELS_OWN, _LOWEST + 10_000))
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("a thousand ports are all in use")
