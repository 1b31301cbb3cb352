"""Open pages that follow a live list are told when there is something new in it.

Such a page holds a stream (server-sent events) at ``/events`` + the address of its live document,
which is any entry of the shelf of the kind "live". The stream carries no news: a frame names the
version that is on the shelf now, and the page fetches the document, which is stored and cached like
any page. Whatever is lost, a later look repairs, so everything here may fail; and who finds no place
gets 204 and goes on asking by itself.

granian's streams have no back-pressure: what is handed over waits in memory until it is read. So
frames are tiny, at most two a second, and no stream lives longer than ten minutes. A reader costs no
task: a stream is its transport in a set. That the other end is gone is noticed by the next frame.
"""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Hashable
from dataclasses import dataclass, field
from typing import Any

from granian.rsgi import ProtocolClosed

from nightdesk.newsstand.hosts import Hosts
from nightdesk.newsstand.limits import Limits
from nightdesk.newsstand.log import Sparingly, logger
from nightdesk.newsstand.peers import client_of
from nightdesk.newsstand.places import Places
from nightdesk.newsstand.ready import Ready, Version
from nightdesk.newsstand.reply import Reply
from nightdesk.newsstand.security import SecurityHeaders
from nightdesk.newsstand.shelf import Lack, Shelf
from nightdesk.newsstand.vetting import EVENT_STREAM, EVENTS, Asked, RefusedError
from nightdesk.newsstand.withdrawn import Withdrawn

LONGEST_FRAME = 64
#: Frames sent (in some 5 ms) before others in the loop get their turn.
_AT_ONCE = 500
#: Where a shared cache may stand before us, a page may be given the old document there. So it is told
#: again, so many seconds later: when a purge has reached the cache, and when what the cache kept has
#: run out (caching's table: 2 s; nginx counts whole seconds, so up to 3).
ECHOES = (1.2, 3.2)
#: When all streams have ended at once, readers come back in so many seconds at least, and no more of
#: them in one second than this.
_BACK, _BACK_EACH_SECOND = 4.0, 500
#: While places are scarce: seconds between two looks for those whose reader has left.
_SWEEP = 5.0
_SECONDS_TO_END = 10.0
#: Nothing is here any more: the page fetches its document and hears it.
_GONE = Version(0, "gone")
_HEADERS = [
    ("content-type", f"{EVENT_STREAM}; charset=utf-8"),
    ("cache-control", "no-store, no-transform"),
    # nginx would keep frames until it has 4 KB of them.
    ("x-accel-buffering", "no"),
]


@dataclass(eq=False, slots=True)
class Stream:
    """A document that is followed. ``due``: when its readers are told next, ``echoes``: and told
    again; ``told``: when that was last. Times are monotonic seconds."""

    path: str
    version: Version
    readers: set[Reader] = field(default_factory=set)
    told: float = -math.inf
    due: float = math.inf
    echoes: list[float] = field(default_factory=list)

    @property
    def next(self) -> float:
        return min([self.due, *self.echoes])


@dataclass(eq=False, slots=True)
class Reader:
    """``transport``: granian's end of the stream; None when it is over. ``ends``: when at last."""

    stream: Stream
    client: Hashable
    ends: float
    transport: Any


class Streams:
    """All of it runs in the event loop, but for ``full``, which any thread may ask.

    ``echo``: whether a shared cache may stand before us.
    """

    def __init__(
        self,
        shelf: Shelf,
        withdrawn: Withdrawn,
        hosts: Hosts,
        limits: Limits,
        security: SecurityHeaders,
        *,
        echo: bool,
    ) -> None:
        self._shelf = shelf
        self._withdrawn = withdrawn
        self._hosts = hosts
        self._life = limits.stream_seconds
        self._beat = limits.beat_seconds
        self._quiet = limits.quiet_seconds
        self._most = limits.live_readers
        self._echo = echo
        self._places = Places(limits.live_readers)
        self._followed: dict[str, Stream] = {}
        #: Second → whose turn it is then to get a sign of life, or to end.
        self._turns: defaultdict[int, list[Reader]] = defaultdict(list)
        self._turned = int(time.monotonic())
        self._swept = 0.0
        self._ending = False
        self._headers = [*_HEADERS, *security.of_stored("", EVENT_STREAM)]
        self._wake = asyncio.Event()
        self._log = Sparingly(1, 3600)

    @property
    def full(self) -> bool:
        return self._places.full

    # Somebody comes.

    def reply(self, asked: Asked) -> Reply:
        """A stream, or why not. Raises ``RefusedError``."""
        if asked.method not in ("GET", "HEAD"):
            raise RefusedError(405, "A stream is only read.")
        if not self._hosts.are_ours(asked.host):
            raise RefusedError(421, "This newsroom is not found under the name you asked for.")
        told = dict(asked.headers)
        if told.get("sec-fetch-site") == "cross-site":
            return _words(403, "Only pages of this newsroom can follow it.")
        path = asked.path[len(EVENTS) - 1 :]
        version = self._version(path)
        if version is _GONE:
            return _words(404, "Nothing can be followed here.")
        client = client_of(asked.client)
        if version is None or not self._places.are_free_for(client):
            return no_room()
        if self._ending:
            return Reply(200, list(self._headers), _beat(self._retry()), whole=True)
        has = told.get("last-event-id", "")

        def begin(transport: Any) -> None:
            self._begin(path, version, client, has, transport)

        return Reply(200, list(self._headers), whole=True, begin=begin)

    def _begin(
        self, path: str, version: Version, client: Hashable, has: str, transport: Any
    ) -> None:
        stream = self._followed.get(path)
        if stream is None:
            stream = self._followed[path] = Stream(path, version)
        life = self._life * random.uniform(0.75, 1)
        reader = Reader(stream, client, time.monotonic() + life, transport)
        stream.readers.add(reader)
        self._places.take(client)
        if self.full:
            self._log.error(
                "full",
                "%d readers follow live pages, which is all there is room for (setting "
                "NIGHTDESK_LIVE_READERS); the next ask by themselves every ten seconds",
                self._most,
            )
        self._turn_later(reader)
        frame = _beat(self._retry())
        if has != stream.version.name:
            frame += _news(stream.version)
        self._send(reader, frame)

    def _version(self, path: str) -> Version | None:
        """Of the document there; ``_GONE`` when there is none, None when it cannot be told."""
        if self._withdrawn.at is not None and self._withdrawn.at(path) is not None:
            return _GONE
        found = self._shelf.find(path)
        if isinstance(found, Ready):
            return found.version or _GONE
        return _GONE if found is Lack.NOTHING else None

    def _retry(self) -> int:
        """After how many milliseconds a reader comes back whose stream has ended: each another
        time, the more of them the later, so that all together are no stampede."""
        seconds = max(_BACK, len(self._places) / _BACK_EACH_SECOND)
        return int(1000 * (1 + random.random() * seconds))

    # Something is new.

    def look(self, changed: list[str] | None = None) -> None:
        """These entries of the shelf have changed (None: maybe all)."""
        if not self._followed:
            return
        only = None if changed is None else {path for path in changed if path.startswith("/")}
        # A fragment in a document changes it too.
        shared = only is not None and len(only) != len(changed or ())
        now = time.monotonic()
        for path, stream in self._followed.items():
            if only is None or shared or path in only:
                version = self._version(path)
                if version is not None and version.name != stream.version.name:
                    stream.version = version
                    stream.due = max(now, stream.told + self._quiet)
                    self._wake.set()

    async def follow(self) -> None:
        """For ever: tell readers, give signs of life, end what has lived long enough."""
        while True:
            try:
                await self._work()
            except Exception:
                logger.exception("readers of live pages could not be told, which is a bug")
                await asyncio.sleep(1)

    async def _work(self) -> None:
        self._wake.clear()
        now = time.monotonic()
        for stream in list(self._followed.values()):
            if stream.next <= now:
                await self._tell(stream)
        self._turn()
        if self._places.scarce and time.monotonic() - self._swept > _SWEEP:
            await self._sweep()
        times = [stream.next for stream in self._followed.values()]
        wait = min([*times, time.monotonic() + 1.0]) - time.monotonic()
        try:
            async with asyncio.timeout(max(0.0, wait)):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _tell(self, stream: Stream) -> None:
        now = time.monotonic()
        if stream.due > now:
            stream.echoes.pop(0)
        elif self._echo:
            stream.echoes = [now + seconds for seconds in ECHOES]
        stream.told, stream.due = now, math.inf
        gone = stream.version is _GONE
        frame = _news(stream.version)
        async for reader in _in_turns(list(stream.readers)):
            self._send(reader, frame)
            if gone:
                self._end(reader)

    # Time passes.

    def _turn_later(self, reader: Reader) -> None:
        later = time.monotonic() + self._beat * random.uniform(0.8, 1.2)
        self._turns[int(min(later, reader.ends)) + 1].append(reader)

    def _turn(self) -> None:
        now = time.monotonic()
        for second in range(self._turned + 1, int(now) + 1):
            for reader in self._turns.pop(second, ()):
                if reader.transport is None:
                    continue
                if now >= reader.ends:
                    self._end(reader)
                elif self._send(reader, _beat(self._retry())):
                    self._turn_later(reader)
        self._turned = int(now)

    async def _sweep(self) -> None:
        """An empty frame reaches nobody, and tells who has left."""
        async for reader in _in_turns(self._everybody()):
            self._send(reader, b"")
        self._swept = time.monotonic()

    def _everybody(self) -> list[Reader]:
        return [reader for one in self._followed.values() for reader in one.readers]

    async def end(self, stop: asyncio.Event) -> None:
        """We leave to a successor: end all within ten seconds, at once when told to stop."""
        self._ending = True
        everybody = self._everybody()
        random.shuffle(everybody)
        seconds = min(_SECONDS_TO_END, len(everybody) / _BACK_EACH_SECOND)
        for number, reader in enumerate(everybody):
            if not stop.is_set() and number % _AT_ONCE == _AT_ONCE - 1:
                await asyncio.sleep(seconds * _AT_ONCE / len(everybody))
            self._end(reader)

    # One reader.

    def _send(self, reader: Reader, frame: bytes) -> bool:
        """Whether the reader was still there."""
        if reader.transport is None:
            return False
        try:
            # It never waits, so it needs no task to be awaited in.
            next(reader.transport.send_bytes(frame).__await__(), None)
        except ProtocolClosed:
            self._end(reader)
            return False
        return True

    def _end(self, reader: Reader) -> None:
        """Its transport let go, granian says goodbye."""
        if reader.transport is None:
            return
        reader.transport = None
        stream = reader.stream
        stream.readers.discard(reader)
        self._places.give_back(reader.client)
        if not stream.readers and self._followed.get(stream.path) is stream:
            del self._followed[stream.path]


async def _in_turns(readers: list[Reader]) -> AsyncIterator[Reader]:
    for number, reader in enumerate(readers):
        if number % _AT_ONCE == _AT_ONCE - 1:
            await asyncio.sleep(0)
        yield reader


def no_room() -> Reply:
    """For a browser's EventSource this is the end: the page goes on asking by itself."""
    return Reply(204, [("cache-control", "no-store")])


def _words(status: int, sentence: str) -> Reply:
    kind = ("content-type", "text/plain; charset=utf-8")
    return Reply(status, [kind, ("cache-control", "no-store")], f"{sentence}\n".encode())


def _beat(retry: int) -> bytes:
    """A sign of life that is no event; it keeps proxies from hanging up."""
    return b"retry: %d\n\n" % retry


def _news(version: Version) -> bytes:
    return f"id: {version.name}\ndata: {version.seq}\n\n".encode()
