"""Take the whole body in before asking the site.

A body that arrives slowly must not hold one of the site's few threads, so it is collected here:
small ones in memory, uploads in a nameless file. The site then gets it at once, with its length.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any, BinaryIO

from nightdesk.newsstand.limits import Limits
from nightdesk.newsstand.spool import Spool
from nightdesk.newsstand.vetting import Asked, RefusedError, takes_uploads

Body = bytes | BinaryIO
_CHUNK = 256 * 1024


class ClientGoneError(Exception):
    """Whoever asked has hung up; nobody waits for an answer."""


class Intake:
    """Collects bodies, at most ``limits.uploads`` large ones at once."""

    def __init__(self, limits: Limits, spool: Spool) -> None:
        self._limits = limits
        self._spool = spool
        self._uploads = asyncio.Semaphore(limits.uploads)

    @contextlib.asynccontextmanager
    async def body(self, asked: Asked, protocol: Any) -> AsyncIterator[Body]:
        """The body, complete. Raises ``RefusedError`` (slow, disk full), ``ClientGoneError``."""
        if not asked.length:
            yield b""
        elif asked.length <= self._limits.body_bytes:
            parts: list[bytes] = []
            async for chunk in self._chunks(asked, protocol):
                parts.append(chunk)
            yield b"".join(parts)
        else:
            async with self._uploads:
                with contextlib.ExitStack() as closing:
                    try:
                        upload = closing.enter_context(self._spool.for_upload())
                        async for chunk in self._chunks(asked, protocol):
                            upload.write(chunk)
                        file = upload.from_the_start()
                    except OSError as error:
                        raise RefusedError(
                            503, "The server cannot store what was sent; its disk may be full."
                        ) from error
                    yield file

    async def _chunks(self, asked: Asked, protocol: Any) -> AsyncIterator[bytes]:
        limits = self._limits
        total = limits.staff_body_seconds if takes_uploads(asked.lane) else limits.body_seconds
        received = 0
        chunks = aiter(protocol)
        try:
            async with asyncio.timeout(total):
                while received < asked.length:
                    async with asyncio.timeout(limits.body_idle_seconds):
                        chunk = await chunks.__anext__()
                    if not chunk:  # granian's only sign of a connection that broke
                        raise ClientGoneError
                    received += len(chunk)
                    yield chunk
        except StopAsyncIteration:
            raise ClientGoneError from None
        except TimeoutError:
            raise RefusedError(408, "What was sent arrived too slowly.") from None


async def pieces(file: BinaryIO) -> AsyncIterator[bytes]:
    """A collected upload on its way to the site."""
    while piece := file.read(_CHUNK):
        yield piece
