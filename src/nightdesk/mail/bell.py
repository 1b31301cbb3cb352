"""When the sender's next turn is: at once when much has happened, in a moment when little has.

A turn costs the same for one message as for a hundred. So after something has happened it waits for
a breath, in which more may happen; when a whole window has become free, waiting would only let the
courier run out of mail.
"""

from __future__ import annotations

import asyncio


class Bell:
    """For one who waits, in the loop's own thread. What rings while nobody waits is not lost."""

    def __init__(self, breath: float) -> None:
        self._breath = breath
        self._rung = self._loud = False
        self._waiting: asyncio.Future[None] | None = None
        self._breathing = False

    def ring(self, *, loud: bool = False) -> None:
        self._rung = True
        self._loud = self._loud or loud
        if self._waiting is not None and (loud or not self._breathing):
            self._over()

    async def heard(self, seconds: float) -> None:
        """A breath after this began at the earliest, unless it rings loud; ``seconds`` after it
        began at the latest."""
        if not self._loud:
            loop = asyncio.get_running_loop()
            self._waiting = loop.create_future()
            self._breathing = True
            breath = loop.call_later(self._breath, self._breathed)
            latest = loop.call_later(max(seconds, self._breath), self._over)
            try:
                await self._waiting
            finally:
                self._waiting = None
                breath.cancel()
                latest.cancel()
        self._rung = self._loud = False

    def _breathed(self) -> None:
        self._breathing = False
        if self._rung:
            self._over()

    def _over(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)
