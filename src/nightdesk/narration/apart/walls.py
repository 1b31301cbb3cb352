"""The walls around a child: it gives way to everybody, and reaches neither much memory nor a network.

What it does takes seconds of a core while readers and editors want theirs at once, so it is the
last in line (``NICENESS``). It reads what a newsroom wrote and models that strangers trained; none
of it has a reason to talk to anybody.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys

NICENESS = 15
#: When somebody sits there and waits for one sentence.
WAITED_FOR = 5
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000


def confine(data_bytes: int, niceness: int = NICENESS) -> None:
    """Put walls around the calling process; it cannot lift them again."""
    os.nice(niceness)
    for what, amount in (
        (resource.RLIMIT_DATA, data_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 128),
    ):
        hard = resource.getrlimit(what)[1]
        if hard != resource.RLIM_INFINITY:
            amount = min(amount, hard)
        resource.setrlimit(what, (amount, amount))
    _leave_the_network()


def _leave_the_network() -> None:
    """A network namespace of its own, empty, where the kernel lets us have one; and in any case no
    socket that Python code could open."""
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        # Rights to a new network come with a new user namespace; root needs none.
        if libc.unshare(CLONE_NEWNET) != 0:
            libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)
    except (OSError, AttributeError):
        pass
    sys.addaudithook(_no_socket)


def _no_socket(event: str, _arguments: tuple[object, ...]) -> None:
    if event in {"socket.__new__", "socket.connect", "socket.getaddrinfo"}:
        raise PermissionError("narration talks to nobody")
