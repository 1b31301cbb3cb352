"""Who waits behind whom for a place in the site.

The site has few threads. Readers share theirs; the newsroom has its own, in processes of its own,
so that a flood of readers never queues before an editor; and strangers at the admin's door have two
places beside them, so that a flood of log-ins does not either. Searches, the dearest thing a reader
can ask for, strangers' passwords and sign-ups for newsletters have places of their own and never
hold up a page.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class LaneFullError(Exception):
    """No place, and the line is full or did not move in time."""


class Lane:
    """At most ``places`` requests at once, at most ``line`` waiting, each at most ``seconds``."""

    def __init__(self, places: int, line: int, seconds: float) -> None:
        self._places = asyncio.Semaphore(places)
        self._line = line
        self._seconds = seconds
        self._waiting = 0

    @property
    def is_full(self) -> bool:
        """Whether whoever came now would be sent away. Any thread may ask."""
        return self._waiting >= self._line

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for a place and hold it. Raises ``LaneFullError``."""
        if self.is_full:
            raise LaneFullError
        self._waiting += 1
        try:
            async with asyncio.timeout(self._seconds):
                await self._places.acquire()
        except TimeoutError:
            raise LaneFullError from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._places.release()
