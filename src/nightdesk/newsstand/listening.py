"""granian on a port that somebody else has opened."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes
from granian.http import HTTP1Settings, HTTP2Settings
from granian.net import SocketHolder
from granian.server.embed import Server

from nightdesk.newsstand.at_once import spawn
from nightdesk.newsstand.limits import Limits

#: Who waits at the port beyond this number tries again only after a second. Thousands whose live page
#: was told of news come at once (without HTTP/2 by a new connection); Linux allows 4,096 by default.
_BACKLOG = 4096


class Listening(Server):
    """Serves ``target`` on an opened port until told to leave or to stop.

    The port is shared with our predecessor and our successor: none of them closes it, so whoever
    is waiting at it is taken by the next. ``tls``: the files of certificate and key.
    """

    def __init__(
        self, target: Any, opened: socket.socket, limits: Limits, tls: tuple[Path, Path] | None
    ) -> None:
        self._tls = tls
        super().__init__(
            target,
            http=HTTPModes.auto if tls else HTTPModes.http1,
            websockets=False,
            backlog=_BACKLOG,
            backpressure=limits.connections,
            http1_settings=HTTP1Settings(
                header_read_timeout=int(limits.header_seconds * 1000),
                max_buffer_size=limits.header_bytes + limits.address_bytes + 8 * 1024,
            ),
            http2_settings=HTTP2Settings(
                keep_alive_interval=int(limits.header_seconds * 1000),
                max_concurrent_streams=100,
                max_headers_size=limits.header_bytes + limits.address_bytes,
            ),
            log_dictconfig={"loggers": {"granian.access": {"level": logging.CRITICAL}}},
        )
        self._handle = os.dup(opened.fileno())
        self.serving: asyncio.Task[None] | None = None

    def _init_shared_socket(self) -> None:
        self._ssp = None
        self._shd = SocketHolder(self._handle, False, _BACKLOG)

    def build_ssl_context(self, *_: Any) -> None:
        """As the library does it, with TLS 1.2 as the oldest, whoever reads on an old telephone."""
        files = (str(self._tls[0]), str(self._tls[1])) if self._tls else (None, None)
        self.ssl_ctx = (bool(self._tls), *files, None, "tls1.2", None, [], False)

    def begin(self) -> asyncio.Task[None]:
        at_once = spawn if hasattr(self.target, "serve_now") else None
        self.serving = asyncio.create_task(self.serve(at_once))
        return self.serving

    def stop_hearing(self) -> None:
        """Take no further connection, and keep those that are only shaking hands.

        granian would drop half-made TLS connections together with its port. So the port is taken
        away under it: the same number becomes a port at which nobody ever knocks.
        """
        deaf = socket.socket()
        deaf.setblocking(False)
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(1)
        os.dup2(deaf.fileno(), self._handle)
        deaf.close()

    def finish(self) -> None:
        """Close idle connections and end when the answers under way have been given."""
        self.signal_handler_interrupt()
