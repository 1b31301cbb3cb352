"""Thousands of readers with an open live page, in one thread.

They do what a page does: follow the stream, come back when it ends (after the time it has named,
with the name of the version they have), fetch the document after a moment's jitter when they are
told, or ask for it every 8 to 12 seconds. Each comes from an address of its own (127.0.0.0/8).
"""

from __future__ import annotations

import heapq
import itertools
import random
import re
import resource
import select
import socket
import time
import zlib
from collections.abc import Callable

_NEWS = re.compile(rb"id: (\w+)\ndata: \d+\n\n")
_RETRY = re.compile(rb"retry: (\d+)\n\n")
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: (\d+)\r\n")
_ETAG = re.compile(rb'(?i)\r\netag: "([^"\r]+)"')
#: What a page waits before it fetches, at most (seconds), and between two looks.
JITTER, POLL = 0.4, (8.0, 12.0)


def allow_many_files() -> int:
    """Raise the limit of open files as far as we may; how many there may be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 100_000 if hard == resource.RLIM_INFINITY else hard
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return max(soft, wanted)


class Line:
    """One connection: says what it is given once it is open, hands over what comes back;
    ``ended`` is called when the other end, or nobody, is there any more."""

    def __init__(
        self,
        crowd: Crowd,
        address: str,
        request: bytes,
        received: Callable[[bytes], None],
        ended: Callable[[], None],
    ) -> None:
        self._crowd = crowd
        self._unsent = request
        self.received = received
        self.ended = ended
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.socket.bind((address, 0))
        self.socket.connect_ex(("127.0.0.1", crowd.port))
        crowd.watch(self, select.EPOLLOUT)

    def say(self, request: bytes) -> None:
        self._unsent += request
        self.ready(select.EPOLLOUT)

    def ready(self, event: int) -> None:
        try:
            if self._unsent and event & ~select.EPOLLIN:
                sent = self.socket.send(self._unsent)
                self._unsent = self._unsent[sent:]
                if not self._unsent:
                    self._crowd.watch(self, select.EPOLLIN)
                return
            data = self.socket.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self.received(data)
        else:
            self.close()
            self.ended()

    def close(self) -> None:
        self._crowd.forget(self)
        self.socket.close()


class Crowd:
    """``path``: of the live document; ``run`` makes everybody act until something has happened."""

    def __init__(self, port: int, path: str) -> None:
        allow_many_files()
        self.port = port
        self.path = path
        self._lines: dict[int, Line] = {}
        self._poll = select.epoll()
        self._later: list[tuple[float, int, Callable[[], None]]] = []
        self._number = itertools.count()
        self.readers: list[Reader] = []
        #: ETag → the document's words, as the first reader got them.
        self.documents: dict[str, str] = {}
        self.refused = self.failed = self.asked = 0
        #: The last document that anybody has met first.
        self.newest = ""
        #: When streams were asked for, and when they began (epoch).
        self.tried: list[float] = []
        self.begun: list[float] = []

    def address(self) -> str:
        number = len(self.readers)
        return f"127.{1 + number // 62500}.{number // 250 % 250}.{1 + number % 250}"

    def follow(self, count: int, each_second: int = 1000) -> None:
        """So many more readers with a stream, coming in one after the other."""
        for number in range(count):
            reader = Follower(self, self.address())
            self.readers.append(reader)
            self.after(number / each_second, reader.begin)

    def ask(self, count: int) -> None:
        """So many more readers who only ask, spread over the time between two looks."""
        for _ in range(count):
            reader = Reader(self, self.address())
            self.readers.append(reader)
            self.after(random.uniform(0, POLL[1]), reader.look_again_and_again)

    # How it works.

    def watch(self, line: Line, event: int) -> None:
        handle = line.socket.fileno()
        if handle in self._lines and self._lines[handle] is line:
            self._poll.modify(handle, event)
        else:
            self._lines[handle] = line
            self._poll.register(handle, event)

    def forget(self, line: Line) -> None:
        handle = line.socket.fileno()
        if self._lines.get(handle) is line:
            del self._lines[handle]
            self._poll.unregister(handle)

    def after(self, seconds: float, what: Callable[[], None]) -> None:
        heapq.heappush(self._later, (time.monotonic() + seconds, next(self._number), what))

    def run(self, until: Callable[[], bool], seconds: float) -> bool:
        """Act until ``until()``, looked at ten times a second, or for ``seconds`` at most."""
        deadline = time.monotonic() + seconds
        looked = 0.0
        while True:
            now = time.monotonic()
            if now - looked > 0.1:
                looked = now
                if until():
                    return True
                if now > deadline:
                    return False
            while self._later and self._later[0][0] <= now:
                heapq.heappop(self._later)[2]()
            wait = self._later[0][0] - time.monotonic() if self._later else 0.1
            for handle, event in self._poll.poll(max(0.0, min(wait, 0.1)), 500):
                line = self._lines.get(handle)
                if line is not None:
                    line.ready(event)

    def rest(self, seconds: float) -> None:
        self.run(lambda: False, seconds)

    def close(self) -> None:
        for line in list(self._lines.values()):
            line.close()
        self._later.clear()
        self._poll.close()

    def get(self, accept: str, more: str = "", path: str = "") -> bytes:
        lines = f"Host: 127.0.0.1:{self.port}\r\nAccept: {accept}\r\n{more}"
        return f"GET {path or self.path} HTTP/1.1\r\n{lines}\r\n".encode()


class Reader:
    """Looks at the document; remembers its ``etag`` and since when (epoch)."""

    def __init__(self, crowd: Crowd, address: str) -> None:
        self.crowd = crowd
        self.address = address
        self.etag = ""
        self.since = 0.0
        self._line: Line | None = None
        self._got = b""
        self._asks = False

    def look_again_and_again(self) -> None:
        self.look()
        self.crowd.after(random.uniform(*POLL), self.look_again_and_again)

    def look(self) -> None:
        if self._asks:
            return
        self._asks = True
        self._got = b""
        has = f'If-None-Match: "{self.etag}"\r\n' if self.etag else ""
        request = self.crowd.get("application/json", f"Accept-Encoding: gzip\r\n{has}")
        if self._line is None:
            self._line = Line(self.crowd, self.address, request, self._received, self._ended)
        else:
            self._line.say(request)

    def _received(self, data: bytes) -> None:
        self._got += data
        end = self._got.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._got[: end + 2]
        status = head[9:12]
        if status == b"200":
            length = _LENGTH.search(head)
            etag = _ETAG.search(head)
            body = self._got[end + 4 :]
            if length is None or etag is None or len(body) < int(length[1]):
                return
            self._has(etag[1].decode(), body, b"gzip" in head)
        elif status != b"304":
            self.crowd.failed += 1
        self._asks = False
        self.crowd.asked += 1

    def _has(self, etag: str, body: bytes, packed: bool) -> None:
        if etag != self.etag:
            self.etag, self.since = etag, time.time()
        if etag not in self.crowd.documents:
            raw = zlib.decompress(body, 31) if packed else body
            self.crowd.documents[etag] = raw.decode()
            self.crowd.newest = etag

    def _ended(self) -> None:
        self._line = None
        if self._asks:
            # A page that cannot reach us asks again at its next look; we at once, to be told.
            self._asks = False
            self.crowd.failed += 1
            self.crowd.after(1.0, self.look)


class Follower(Reader):
    """Holds a stream. ``told``: when it was last told something (epoch), ``name``: what."""

    def __init__(self, crowd: Crowd, address: str) -> None:
        super().__init__(crowd, address)
        self.name = ""
        self.told = 0.0
        self.open = False
        self._retry = 3.0
        self._stream = b""
        self._following: Line | None = None

    def begin(self) -> None:
        self.crowd.tried.append(time.time())
        self._stream = b""
        has = f"Last-Event-ID: {self.name}\r\n" if self.name else ""
        more = f"Sec-Fetch-Site: same-origin\r\nCache-Control: no-store\r\n{has}"
        request = self.crowd.get("text/event-stream", more, f"/events{self.crowd.path}")
        self._following = Line(self.crowd, self.address, request, self._heard, self._over)

    def _heard(self, data: bytes) -> None:
        self._stream += data
        if not self.open:
            end = self._stream.find(b"\r\n\r\n")
            if end < 0:
                return
            if self._stream[9:12] != b"200":
                self.crowd.refused += 1
                self._let_go()
                return
            self.open = True
            self.crowd.begun.append(time.time())
            self._stream = self._stream[end + 4 :]
        if (retry := _RETRY.search(self._stream)) is not None:
            self._retry = int(retry[1]) / 1000
        found = _NEWS.findall(self._stream)
        if found:
            self.name, self.told = found[-1].decode(), time.time()
            self.crowd.after(random.uniform(0, JITTER), self.look)
        if data.endswith(b"0\r\n\r\n"):
            self._let_go()
            self._over()
        elif found or retry:
            self._stream = b""

    def _let_go(self) -> None:
        if self._following is not None:
            self._following.close()
            self._following = None

    def _over(self) -> None:
        self.open = False
        self.crowd.after(self._retry, self.begin)
