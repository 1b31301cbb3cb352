"""Ways in which a voice can fail, for the tone voice to show in tests: the real thing is killed, hangs
and babbles here, so that nobody has to pretend."""

from __future__ import annotations

import os
import signal
import socket
import time
from typing import Any


def spoil(fault: str, text: str, sound: Any) -> Any:
    """``fault`` is ``KIND`` for every sentence, or ``KIND:WORD`` for those with that word, or
    ``KIND:WORD:FILE`` for the first of them, remembered by making the file."""
    kind, _, rest = fault.partition(":")
    word, _, once = rest.partition(":")
    if word not in text or (once and os.path.exists(once)):  # noqa: PTH110
        return sound
    if once:
        with open(once, "w"):  # noqa: PTH123
            pass
    if kind == "crash":
        os.kill(os.getpid(), signal.SIGKILL)
    elif kind == "hang":
        time.sleep(3600)
    elif kind == "garbage":
        os.write(4, b"this is no answer\n")  # 4 is the pipe, see apart.serving
    elif kind == "endless":
        os.write(4, b"blah " * 400_000)
    elif kind == "network":
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    elif kind == "memory":
        return bytearray(64 << 30)
    elif kind == "error":
        raise RuntimeError("a bug in the engine")
    elif kind == "silence":
        return sound * 0
    elif kind == "short":
        return sound[:1000]
    elif kind == "nan":
        sound[100] = float("nan")
    elif kind == "clipping":
        return (sound * 20).clip(-1, 1)
    return sound
