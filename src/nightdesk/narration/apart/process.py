"""The parent's side of the pipe: start the child when it is needed, believe nothing it says
unchecked, kill it when it is late."""

from __future__ import annotations

import atexit
import json
import os
import select
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from pathlib import Path
from typing import IO, Any

#: Where ``nightdesk`` is imported from: all that a child needs to know of this process. Of the
#: environment, which may hold secrets, it gets nothing.
SOURCE_ROOT = Path(__file__).resolve().parents[3]
LINE_BYTES = 1 << 20
PAYLOAD_BYTES = 64 << 20
#: Loading a model takes a second or two, on a busy machine some more.
START_SECONDS = 40.0


class Gone(Exception):
    """There was no answer. ``how`` is ``crashed``, ``late``, ``garbled`` or ``left`` (it closed the
    pipe in order, as it does when idle); the text is for the log and for the admin's small print."""

    def __init__(self, how: str, detail: str) -> None:
        super().__init__(detail)
        self.how = how


class Apart:
    """One kind of child: ``python -m MODULE ARGUMENTS``. At most one lives at a time; it leaves by
    itself when idle, and the next question starts another."""

    def __init__(self, module: str, *arguments: str, start_seconds: float = START_SECONDS) -> None:
        self._command = [sys.executable, "-P", "-s", "-m", module, *arguments]
        self._start_seconds = start_seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._complaints: IO[bytes] | None = None
        self._of = 0
        self._is_starting = False
        self._lock = threading.Lock()
        _all.add(self)

    @property
    def pid(self) -> int | None:
        """Of the living child, if there is one."""
        child = self._child
        return child.pid if child and self._of == os.getpid() and child.poll() is None else None

    def ask(
        self, question: dict[str, Any], payload: bytes = b"", *, seconds: float
    ) -> tuple[dict[str, Any], bytes]:
        """The child's answer, within ``seconds`` after it has been started. Raises Gone; after that,
        and after any other exception, the child is dead and the next question starts a new one."""
        with self._lock:
            fresh = self._open()
            try:
                return self._exchange(question, payload, seconds)
            except Gone as gone:
                self._close()
                # It may have left for want of work while we were asking; that is nobody's fault.
                if fresh or gone.how != "left":
                    raise
            except BaseException:
                self._close()
                raise
            self._open()
            try:
                return self._exchange(question, payload, seconds)
            except BaseException:
                self._close()
                raise

    def begin(self) -> None:
        """Start the child, if none lives, and do not wait for it: whoever will ask in a moment finds
        it ready. Raises OSError if no process can be started."""
        with self._lock:
            if not self._lives():
                self._start()

    def close(self) -> None:
        with self._lock:
            self._close()

    def _open(self) -> bool:
        """Whether the child had to be waited for."""
        if not self._lives():
            self._start()
        if not self._is_starting:
            return False
        try:
            ready, _payload = self._receive(time.monotonic() + self._start_seconds)
            if not ready.get("ready"):
                raise Gone("garbled", "it did not say that it was ready")
        except BaseException:
            self._close()
            raise
        self._is_starting = False
        return True

    def _lives(self) -> bool:
        if self._child is None:
            return False
        if self._of != os.getpid():  # a fork inherited it: the pipe is the other process's
            self._child.returncode = 0
            self._child = None
            return False
        if self._child.poll() is None:
            return True
        self._close()
        return False

    def _start(self) -> None:
        # Not PIPE for what it complains of: nobody would read it while the child speaks.
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115
        self._of = os.getpid()
        self._child = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            bufsize=0,
            cwd="/",
            env={
                "PYTHONPATH": str(SOURCE_ROOT),
                "LC_ALL": "C.UTF-8",
                "OMP_NUM_THREADS": "1",
                "OPENBLAS_NUM_THREADS": "1",
            },
        )
        self._is_starting = True

    def _close(self) -> None:
        child, complaints = self._child, self._complaints
        self._child = self._complaints = None
        if child is not None and self._of == os.getpid():
            child.kill()
            child.wait()
            assert child.stdin is not None and child.stdout is not None
            child.stdin.close()
            child.stdout.close()
        if complaints is not None:
            complaints.close()

    def _exchange(
        self, question: dict[str, Any], payload: bytes, seconds: float
    ) -> tuple[dict[str, Any], bytes]:
        deadline = time.monotonic() + seconds
        line = json.dumps({**question, "payload": len(payload), "seconds": seconds}).encode()
        self._write(line + b"\n" + payload, deadline)
        return self._receive(deadline)

    def _write(self, data: bytes, deadline: float) -> None:
        assert self._child is not None and self._child.stdin is not None
        pipe = self._child.stdin.fileno()
        os.set_blocking(pipe, False)
        rest = memoryview(data)
        while rest:
            if not _ready(pipe, select.POLLOUT, deadline):
                raise Gone("late", "it did not read the question in time")
            try:
                rest = rest[os.write(pipe, rest) :]
            except BlockingIOError:
                continue
            except BrokenPipeError as error:
                raise self._crash() from error

    def _receive(self, deadline: float) -> tuple[dict[str, Any], bytes]:
        said = bytearray()
        while (end := said.find(b"\n")) < 0:
            if len(said) > LINE_BYTES:
                raise Gone("garbled", "it answered without end")
            said += self._read(1 << 16, deadline)
        try:
            answer = json.loads(said[:end])
            count = answer.pop("payload")
            if not isinstance(count, int) or not 0 <= count <= PAYLOAD_BYTES:
                raise ValueError(count)
        except (ValueError, AttributeError, KeyError, TypeError) as error:
            raise Gone("garbled", "its answer is not what was agreed") from error
        data = bytearray(said[end + 1 :])
        while len(data) < count:
            data += self._read(1 << 20, deadline)
        if len(data) != count:
            raise Gone("garbled", "it answered more than was asked")
        return answer, bytes(data)

    def _read(self, most: int, deadline: float) -> bytes:
        assert self._child is not None and self._child.stdout is not None
        pipe = self._child.stdout.fileno()
        if not _ready(pipe, select.POLLIN, deadline):
            raise Gone("late", "it took too long")
        part = os.read(pipe, most)
        if not part:
            raise self._crash()
        return part

    def _crash(self) -> Gone:
        """How the child ended, in its own last words."""
        assert self._child is not None and self._complaints is not None
        try:
            code = self._child.wait(1.0)
        except subprocess.TimeoutExpired:
            return Gone("crashed", "it closed the pipe")
        if code == 0:
            return Gone("left", "it left")
        end = self._complaints.seek(0, os.SEEK_END)
        self._complaints.seek(max(0, end - 2000))
        lines = self._complaints.read().decode(errors="replace").strip().splitlines()
        how = f"killed by signal {-code}" if code < 0 else f"exit code {code}"
        return Gone("crashed", f"{how}: {lines[-1]}" if lines else how)


def _ready(pipe: int, event: int, deadline: float) -> bool:
    """``poll`` and not ``select``: a busy worker may hold more than 1,024 files."""
    poll = select.poll()
    poll.register(pipe, event)
    return bool(poll.poll(max(0.0, deadline - time.monotonic()) * 1000))


_all: weakref.WeakSet[Apart] = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    for each in list(_all):
        each.close()
