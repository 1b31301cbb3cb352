"""Open the port and serve until told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nightdesk.kernel.devices import Devices
from nightdesk.newsstand.answers import Answers
from nightdesk.newsstand.app import Newsstand
from nightdesk.newsstand.bodies import Intake
from nightdesk.newsstand.counter import Counter
from nightdesk.newsstand.doorstep import Doorstep
from nightdesk.newsstand.files import Files
from nightdesk.newsstand.herd import Herd
from nightdesk.newsstand.hosts import Hosts
from nightdesk.newsstand.limits import Limits
from nightdesk.newsstand.listening import Listening
from nightdesk.newsstand.log import logger
from nightdesk.newsstand.peers import Peers
from nightdesk.newsstand.port import CannotOpenError, open_port
from nightdesk.newsstand.ready import Finishing
from nightdesk.newsstand.security import SecurityHeaders
from nightdesk.newsstand.shelf import SHELF_BYTES, Shelf
from nightdesk.newsstand.site import Site
from nightdesk.newsstand.spool import Spool
from nightdesk.newsstand.streams import Streams
from nightdesk.newsstand.withdrawn import Withdrawn
from nightdesk.press.shelf.caching import Caching

#: After the signal to stop, answers under way get this long.
_SECONDS_TO_FINISH = 1.5
#: A connection that is only shaking hands has this long (the library's own limit).
_SECONDS_TO_SHAKE_HANDS = 10
#: A server that cannot open fails within this.
_SECONDS_TO_OPEN = 0.1


@dataclass(frozen=True)
class Options:
    """What the newsstand is told at its start. Two upstreams: readers' and the newsroom's.

    ``opened``: handles of ports that the door has opened, "main" and "plain"; without any, the
    newsstand opens ``host``:``port`` itself. ``ready``: the pipe on which to say that we serve.
    ``challenges``: the folder in which issuers of certificates find their proof.
    ``data``: the newsroom's folder with the shelf and the media; without it all comes from the site;
    ``cdn``: which one stands before us (setting NIGHTDESK_CDN).
    ``secret``: the site's, to know its marks; without it a session cookie is believed unseen.
    """

    host: str
    port: int
    upstream: Path
    staff_upstream: Path
    spool: Path | None = None
    trusted_proxies: tuple[str, ...] = ()
    name: str = "Nightdesk"
    languages: tuple[str, ...] = ("en",)
    limits: Limits = field(default_factory=Limits)
    opened: Mapping[str, int] = field(default_factory=dict)
    ready: int | None = None
    tls: tuple[Path, Path] | None = None
    certificate_ends: str = ""
    url: str = ""
    hosts: tuple[str, ...] = ()
    challenges: Path | None = None
    secret: str = ""
    data: Path | None = None
    cdn: str = ""
    shelf_bytes: int = SHELF_BYTES


async def serve(options: Options) -> None:
    """Run until SIGTERM or SIGINT, or, after SIGUSR1, until the last answer owed is given.

    Raises ``CannotOpenError``.
    """
    limits = options.limits
    ports = {name: socket.socket(fileno=handle) for name, handle in options.opened.items()}
    if not ports:
        ports["main"] = open_port(options.host, options.port)
    spool = Spool(options.spool or Path(tempfile.mkdtemp(prefix="nightdesk-")))
    site = Site((options.upstream, options.staff_upstream), limits, spool)
    answers = Answers(options.name, options.languages, options.certificate_ends)
    security = SecurityHeaders(tls=options.tls is not None)
    stored = _Stored(options, security, site, answers) if options.data else None
    newsstand = Newsstand(
        limits=limits,
        peers=Peers(options.trusted_proxies),
        intake=Intake(limits, spool),
        site=site,
        answers=answers,
        security=security,
        devices=Devices(options.secret) if options.secret else None,
        secret=options.secret,
        counter=stored.counter if stored else None,
        herd=stored.herd if stored else None,
        streams=stored.streams if stored else None,
    )
    doorstep = Doorstep(options.url, options.hosts, options.challenges, limits, answers)
    servers: list[Listening] = []
    if "main" in ports:
        servers.append(Listening(newsstand, ports["main"], limits, options.tls))
    if "plain" in ports:
        servers.append(Listening(doorstep, ports["plain"], limits, None))
    _only_errors()
    told = _Told()
    following = [asyncio.create_task(each.follow()) for each in stored.followers] if stored else []
    serving = [server.begin() for server in servers]
    await told.something(serving, seconds=_SECONDS_TO_OPEN)
    if options.ready is not None and not any(task.done() for task in serving):
        os.write(options.ready, b"r")
    await told.something(serving)
    if any(task.done() for task in serving):
        raise CannotOpenError(f"The server on {options.host}:{options.port} ended by itself.")
    if not told.stop.is_set():
        newsstand.leaving = True
        for server in servers:
            server.stop_hearing()
        await told.stop_within(_SECONDS_TO_SHAKE_HANDS + limits.header_seconds + 1)
    for server in servers:
        server.finish()
    if stored:
        following.append(asyncio.create_task(stored.streams.end(told.stop)))
    await _end(serving, told)
    for task in following:
        task.cancel()
    if stored:
        stored.shelf.tell_heat()
    await site.close()
    logger.info("closed")
    logging.shutdown()
    os._exit(0)  # granian's threads would wait for every open connection


class _Stored:
    """Everything that serves from the data folder, put together."""

    def __init__(
        self, options: Options, security: SecurityHeaders, site: Site, answers: Answers
    ) -> None:
        assert options.data is not None
        caching = Caching(options.cdn, options.languages[1:])
        finishing = Finishing(security, caching)
        self.withdrawn = Withdrawn(options.data, finishing, answers)
        self.shelf = Shelf(options.data, finishing, options.shelf_bytes)
        files = Files(options.data / "media", self.shelf.shows_file, security, caching)
        hosts, peers = Hosts(options.hosts), Peers(options.trusted_proxies)
        self.counter = Counter(self.shelf, files, hosts, peers, options.languages, self.withdrawn)
        self.herd = Herd(site.ask)
        self.streams = Streams(
            self.shelf,
            self.withdrawn,
            hosts,
            options.limits,
            security,
            echo=bool(options.cdn or options.trusted_proxies),
        )
        self.followers = (self.shelf, self.withdrawn, self.streams)
        self.shelf.on_change += [files.forget, self.herd.forget, self.streams.look]
        self.withdrawn.on_change.append(self.streams.look)
        # Yesterday's pages are there with the first reader.
        self.shelf.look()


class _Told:
    """What signals have told us: to stop (SIGTERM, SIGINT), or to leave to a successor (SIGUSR1)."""

    def __init__(self) -> None:
        self.stop, self.leave = asyncio.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, self.stop.set)
        loop.add_signal_handler(signal.SIGUSR1, self.leave.set)

    async def something(
        self, serving: list[asyncio.Task[None]], seconds: float | None = None
    ) -> None:
        """Wait until told something, or a server has ended, or the time is up."""
        words = [asyncio.create_task(event.wait()) for event in (self.stop, self.leave)]
        await asyncio.wait([*serving, *words], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for word in words:
            word.cancel()

    async def stop_within(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.stop.wait()


async def _end(serving: list[asyncio.Task[None]], told: _Told) -> None:
    """Until the answers under way are given; once told to stop, not much longer."""
    done = asyncio.gather(*serving)
    word = asyncio.create_task(told.stop.wait())
    await asyncio.wait((done, word), return_when=asyncio.FIRST_COMPLETED)
    try:
        async with asyncio.timeout(_SECONDS_TO_FINISH):
            await asyncio.shield(done)
    except TimeoutError:
        logger.warning("some answers were still under way; they were cut")


def _only_errors() -> None:
    """granian's own lines: errors alone, in our form (its default prints to standard output)."""
    granian = logging.getLogger("_granian")
    granian.handlers.clear()
    granian.propagate = True
    granian.setLevel(logging.ERROR)
