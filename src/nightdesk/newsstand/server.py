"""Open the port and serve until told to stop."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from granian.constants import HTTPModes
from granian.http import HTTP1Settings
from granian.server.embed import Server

from nightdesk.newsstand.answers import Answers
from nightdesk.newsstand.app import Newsstand
from nightdesk.newsstand.bodies import Intake
from nightdesk.newsstand.limits import Limits
from nightdesk.newsstand.log import logger
from nightdesk.newsstand.peers import Peers
from nightdesk.newsstand.port import CannotOpenError, check_port
from nightdesk.newsstand.security import SecurityHeaders
from nightdesk.newsstand.site import Site
from nightdesk.newsstand.spool import Spool

#: After the signal to stop, answers under way get this long.
_SECONDS_TO_FINISH = 1.5


@dataclass(frozen=True)
class Options:
    """What the newsstand is told at its start. Two sockets: readers' and the newsroom's."""

    host: str
    port: int
    upstream: Path
    staff_upstream: Path
    spool: Path | None = None
    trusted_proxies: tuple[str, ...] = ()
    name: str = "Nightdesk"
    languages: tuple[str, ...] = ("en",)
    limits: Limits = field(default_factory=Limits)


async def serve(options: Options) -> None:
    """Run until SIGTERM or SIGINT. Raises ``CannotOpenError``."""
    check_port(options.host, options.port)
    limits = options.limits
    spool = Spool(options.spool or Path(tempfile.mkdtemp(prefix="nightdesk-")))
    site = Site((options.upstream, options.staff_upstream), limits, spool)
    newsstand = Newsstand(
        limits=limits,
        peers=Peers(options.trusted_proxies),
        intake=Intake(limits, spool),
        site=site,
        answers=Answers(options.name, options.languages),
        security=SecurityHeaders(),
    )
    server = Server(
        newsstand,
        address=options.host,
        port=options.port,
        http=HTTPModes.http1,
        websockets=False,
        backlog=1024,
        backpressure=limits.connections,
        http1_settings=HTTP1Settings(
            header_read_timeout=int(limits.header_seconds * 1000),
            max_buffer_size=limits.header_bytes + limits.address_bytes + 8 * 1024,
        ),
        log_dictconfig={"loggers": {"granian.access": {"level": logging.CRITICAL}}},
    )
    _only_errors()
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopping.set)
    serving = asyncio.create_task(server.serve())
    waiting = asyncio.create_task(stopping.wait())
    await asyncio.wait((serving, waiting), return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        serving.result()
        raise CannotOpenError(f"The server on {options.host}:{options.port} ended by itself.")
    server.signal_handler_interrupt()
    try:
        async with asyncio.timeout(_SECONDS_TO_FINISH):
            await asyncio.shield(serving)
    except TimeoutError:
        logger.warning("some answers were still under way; they were cut")
    await site.close()
    logger.info("closed")
    logging.shutdown()
    os._exit(0)  # granian's threads would wait for every open connection


def _only_errors() -> None:
    """granian's own lines: errors alone, in our form (its default prints to standard output)."""
    granian = logging.getLogger("_granian")
    granian.handlers.clear()
    granian.propagate = True
    granian.setLevel(logging.ERROR)
