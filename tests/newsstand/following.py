"""A reader whose page follows a live list, byte by byte: what a browser's EventSource reads."""

from __future__ import annotations

import re
import socket
import subprocess
import time
from pathlib import Path

from nightdesk.press.shelf.pieces import Own
from nightdesk.press.shelf.write import Printed, Shelf

LIST = "/news-feed/live/"
_JSON = [("content-type", "application/json")]


def a_list(words: str, **more) -> Printed:
    """A live document as the press prints it."""
    return Printed("live", 200, _JSON, more.pop("pieces", [Own.of(words.encode())]), **more)


def put(shelf: Shelf, words: str, path: str = LIST) -> None:
    shelf.put(path, a_list(words), seen=1)


class Follower:
    """One open stream of the document at ``path``. ``address``: ours among 127.0.0.0/8; ``headers``: more of them."""

    def __init__(
        self, port: int, path: str = LIST, address: str = "127.0.0.1", **headers: str
    ) -> None:
        self._line = socket.create_connection(("127.0.0.1", port), 10, (address, 0))
        named = {"Host": "127.0.0.1", "Accept": "text/event-stream"}
        named |= {name.replace("_", "-").title(): value for name, value in headers.items()}
        head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
        self._line.sendall(f"GET /events{path} HTTP/1.1\r\n{head}\r\n".encode())
        self._got = b""
        self.over = False
        self._read_until(lambda: b"\r\n\r\n" in self._got, 10)
        self.head, _, self._got = self._got.partition(b"\r\n\r\n")
        self.status = int(self.head.split(b" ", 2)[1])
        self.frames: list[str] = []

    def header(self, name: str) -> str | None:
        found = re.search(rb"(?im)^" + name.encode() + rb": (.*?)\r?$", self.head)
        return found and found[1].decode()

    def _read_until(self, enough, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not enough():
            self._line.settimeout(max(0.001, deadline - time.monotonic()))
            try:
                data = self._line.recv(65536)
            except (TimeoutError, BlockingIOError):
                return
            if not data:
                self.over = True
                return
            self._got += data

    def _take_chunks(self) -> bool:
        """Every whole chunk is a frame or more; True while nothing new has come."""
        before = len(self.frames), self.over
        while found := re.match(rb"([0-9A-Fa-f]+)\r\n", self._got):
            size = int(found[1], 16)
            end = found.end() + size
            if len(self._got) < end + 2:
                break
            chunk = self._got[found.end() : end].decode()
            self._got = self._got[end + 2 :]
            self.frames += [frame for frame in chunk.split("\n\n") if frame]
            self.over = self.over or size == 0
        return (len(self.frames), self.over) == before

    def next(self, seconds: float = 5.0) -> list[str]:
        """The frames that have come, waiting for one at most ``seconds``; [] when none came."""
        seen = len(self.frames)
        self._read_until(lambda: not self._take_chunks(), seconds)
        return self.frames[seen:]

    def news(self, seconds: float = 5.0) -> tuple[str, int] | None:
        """(name, number) of the next version that is told; None when none is in time."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0 and not self.over:
            for frame in self.next(left):
                if found := re.fullmatch(r"id: (\w+)\ndata: (\d+)", frame):
                    return found[1], int(found[2])
        return None

    def wait_for_end(self, seconds: float) -> float | None:
        """Seconds until the stream was ended as it should be; None when it was not."""
        began = time.monotonic()
        while not self.over and time.monotonic() - began < seconds:
            self.next(seconds - (time.monotonic() - began))
        return time.monotonic() - began if self.over else None

    def close(self) -> None:
        self._line.close()

    def __enter__(self) -> Follower:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Curl:
    """curl holding streams by HTTP/2 over TLS, several of them on one connection."""

    def __init__(self, port: int, streams: int = 1, host: str = "localhost", *more: str) -> None:
        address = f"https://{host}:{port}/events{LIST}"
        command = ["curl", "-skNi", "--http2", "--parallel", "--parallel-max", "9", "-m", "60"]
        command += ["-H", "Accept: text/event-stream", "--resolve", f"{host}:{port}:127.0.0.1"]
        self.process = subprocess.Popen(
            [*command, *more, *[address] * streams],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.text = ""

    def wait_for(self, words: str, times: int = 1, seconds: float = 5) -> None:
        deadline = time.monotonic() + seconds
        assert self.process.stdout
        while self.text.count(words) < times:
            assert time.monotonic() < deadline, self.text
            line = self.process.stdout.readline()
            assert line, f"the stream ended: {self.text}"
            self.text += line.decode()

    def stop(self) -> None:
        self.process.kill()
        self.process.communicate()


def a_shelf(folder: Path) -> Shelf:
    """With one live document and what else a newsroom has."""
    opened = Shelf.open(folder)
    put(opened, "first")
    opened.put("/uk/місто/live/", a_list("перше"), seen=1)
    opened.put("error:404:en", Printed("error", 404, [], [Own.of(b"Nothing here")]), seen=1)
    opened.note(live="[]", complete=1)
    return opened
