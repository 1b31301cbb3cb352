"""The child's side of the pipe: answer one question after another, leave when nobody asks."""

from __future__ import annotations

import faulthandler
import json
import os
import select
from collections.abc import Callable
from typing import Any

Answer = tuple[dict[str, Any], bytes]
#: A question is answered within the parent's deadline or this process is killed. Should the parent
#: be dead, this clock, which no native code can stop, ends it that much later.
GRACE_SECONDS = 5.0


def serve(prepare: Callable[[], Callable[[dict[str, Any], bytes], Answer]], idle: float) -> None:
    """Read questions until the pipe closes or nobody has asked for ``idle`` seconds.

    ``prepare`` loads what takes long and returns what answers; the parent is told when it is done.
    Whatever else writes to standard output (native libraries like to) lands in standard error, so
    that it is never taken for an answer.
    """
    pipe_in, pipe_out = os.dup(0), os.dup(1)
    os.dup2(2, 1)
    answer = prepare()
    _send(pipe_out, {"ready": True}, b"")
    with os.fdopen(pipe_in, "rb", buffering=0) as questions:
        while select.select([questions], [], [], idle)[0]:
            line = _line(questions.read)
            if not line:
                return
            question = json.loads(line)
            payload = _exactly(questions.read, int(question.pop("payload", 0)))
            faulthandler.dump_traceback_later(
                float(question.pop("seconds")) + GRACE_SECONDS, exit=True
            )
            said, data = answer(question, payload)
            faulthandler.cancel_dump_traceback_later()
            _send(pipe_out, said, data)


def _send(pipe: int, said: dict[str, Any], data: bytes) -> None:
    message = memoryview(json.dumps({**said, "payload": len(data)}).encode() + b"\n" + data)
    while message:
        message = message[os.write(pipe, message) :]


def _line(read: Callable[[int], bytes | None]) -> bytes:
    """One line, byte by byte from the unbuffered pipe: what follows it is the payload's."""
    line = bytearray()
    while not line.endswith(b"\n"):
        byte = read(1)
        if not byte:
            return b""
        line += byte
    return bytes(line)


def _exactly(read: Callable[[int], bytes | None], count: int) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        part = read(min(count - len(parts), 1 << 20))
        if not part:
            raise EOFError("the question ended in the middle")
        parts += part
    return bytes(parts)
