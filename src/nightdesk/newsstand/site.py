"""Ask the site, over its unix sockets.

Every request gets a connection of its own: on a local socket that costs a twentieth of a
millisecond, and no request can ever disturb the next one's framing. An answer is taken in whole
before the reader gets its first byte, so a site that dies half way makes an error page or a second
try, never half a story; and a reader on a slow line never holds one of the site's threads.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from yarl import URL

from nightdesk.newsstand import forwarding
from nightdesk.newsstand.bodies import Body, pieces
from nightdesk.newsstand.lanes import Lane
from nightdesk.newsstand.limits import Limits
from nightdesk.newsstand.reply import Reply
from nightdesk.newsstand.spool import Spool
from nightdesk.newsstand.vetting import Asked


class SiteGoneError(Exception):
    """The site cannot be reached, or died before its answer was complete."""


class SiteSlowError(Exception):
    """The site did not begin to answer in time."""


@dataclass(slots=True)
class Errand:
    """One request to the site. ``in_site``: it has begun there and cannot be called back;
    ``abandoned``: nobody waits for the answer any more."""

    asked: Asked
    body: Body
    in_site: bool = False
    abandoned: bool = False


class Site:
    """The newsroom's site: one socket for readers, one for the newsroom (they may be the same)."""

    def __init__(self, sockets: tuple[Path, Path], limits: Limits, spool: Spool) -> None:
        self._limits = limits
        self._spool = spool
        self._started = time.monotonic()
        self.reach = Reach(sockets[0])
        readers, newsroom = (
            aiohttp.ClientSession(
                connector=aiohttp.UnixConnector(str(socket), force_close=True, limit=0),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
                max_line_size=limits.header_bytes,
                max_field_size=limits.header_bytes,
            )
            for socket in sockets
        )
        self._sessions = {
            "readers": readers,
            "search": readers,
            "sign-ups": readers,
            "staff": newsroom,
            "doors": newsroom,
            # Half a second of a processor each: not where an editor is at work.
            "tries": readers,
        }
        self._lanes = {
            "readers": Lane(limits.reader_places, limits.line, limits.answer_seconds),
            "tries": Lane(limits.try_places, limits.line, limits.answer_seconds),
            "search": Lane(limits.search_places, limits.search_line, limits.answer_seconds),
            "sign-ups": Lane(limits.sign_up_places, limits.line, limits.answer_seconds),
            "staff": Lane(limits.staff_places, limits.line, limits.staff_answer_seconds),
            "doors": Lane(limits.door_places, limits.line, limits.answer_seconds),
        }

    def is_crowded(self, lane: str) -> bool:
        """Whether whoever came to this lane now would be sent away. Any thread may ask."""
        return self._lanes[lane].is_full

    async def close(self) -> None:
        for session in set(self._sessions.values()):
            await session.close()

    async def ask(self, errand: Errand) -> Reply:
        """The site's answer. Raises ``SiteGoneError``, ``SiteSlowError``, ``LaneFullError``.

        Something that only reads is asked a second time when the site dies over it, once.
        """
        asked = errand.asked
        give_up = time.monotonic() + self._patience()
        async with self._lanes[asked.lane].place():
            second_try = asked.can_be_repeated and not asked.length
            while True:
                try:
                    errand.in_site = True
                    reply = await self._ask_once(errand)
                except aiohttp.ClientConnectorError as error:
                    errand.in_site = False
                    self.reach.note(False)
                    if time.monotonic() >= give_up:
                        raise SiteGoneError("does not answer") from error
                    await asyncio.sleep(0.05)
                except TimeoutError as error:
                    raise SiteSlowError from error
                except (aiohttp.ClientError, OSError, ValueError) as error:
                    if not second_try:
                        raise SiteGoneError("broke off") from error
                    second_try = False
                else:
                    self.reach.note(True)
                    return reply

    def _patience(self) -> float:
        limits = self._limits
        starting = time.monotonic() - self._started < limits.starting_seconds
        return limits.patience_while_starting if starting else limits.patience

    async def _ask_once(self, errand: Errand) -> Reply:
        limits, asked, body = self._limits, errand.asked, errand.body
        seconds = limits.staff_answer_seconds if asked.lane == "staff" else limits.answer_seconds
        async with self._sessions[asked.lane].request(
            asked.method,
            URL("http://site" + asked.target, encoded=True),
            headers=forwarding.to_site(asked),
            data=body if isinstance(body, bytes) else pieces(body),
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=2, sock_read=seconds),
        ) as answer:
            reply = Reply(answer.status, forwarding.to_reader(answer.headers.items()))
            if asked.method == "HEAD" or answer.status in (204, 304):
                length = answer.headers.get("content-length", "")
                reply.length = int(length) if length.isdigit() else 0
            else:
                await self._take_in(answer, reply, errand)
            return reply

    async def _take_in(self, answer: aiohttp.ClientResponse, reply: Reply, errand: Errand) -> None:
        parts: list[bytes] = []
        size = 0
        spooled = None
        try:
            async for chunk in answer.content.iter_any():
                if errand.abandoned:
                    break
                size += len(chunk)
                if size > self._limits.answer_bytes:
                    raise SiteGoneError("answered without end")
                if spooled is None and size > self._limits.memory_bytes:
                    spooled = self._spool.for_answer()
                    for part in parts:
                        spooled.write(part)
                if spooled is None:
                    parts.append(chunk)
                else:
                    spooled.write(chunk)
        except BaseException:
            if spooled is not None:
                spooled.discard()
            raise
        if spooled is None:
            reply.body = b"".join(parts)
        else:
            spooled.finish()
            reply.file, reply.length = spooled.path, spooled.size


class Reach:
    """Whether the site can be reached, and since when, for ``/healthz``."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self.reachable = False
        self.since = time.time()
        self._looked = 0.0

    def note(self, reachable: bool) -> None:
        if reachable != self.reachable:
            self.reachable, self.since = reachable, time.time()

    async def look(self) -> None:
        """Knock at the socket, at most once a second, without asking for a page."""
        if time.monotonic() - self._looked < 1:
            return
        self._looked = time.monotonic()
        try:
            async with asyncio.timeout(1):
                _, writer = await asyncio.open_unix_connection(str(self._socket))
        except (OSError, TimeoutError):
            self.note(False)
        else:
            writer.close()
            self.note(True)
