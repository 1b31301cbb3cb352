"""One clear line for each thing that goes wrong, and nothing that could find a reader
(see ``kernel.private_log``)."""

from __future__ import annotations

import logging
import sys
import time

logger = logging.getLogger("nightdesk.newsstand")


def write_to_stderr() -> None:
    """Our lines, and of the server below us only what it calls an error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s newsstand: %(message)s", "%H:%M:%S"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logger.setLevel(logging.INFO)
    for name in ("asyncio", "aiohttp"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


class Sparingly:
    """At most ``lines`` of a kind in ``seconds``; then how many more there were, in one line.

    A site that is gone while thousands read must not fill the disk with saying so.
    """

    def __init__(self, lines: int = 10, seconds: float = 10) -> None:
        self._lines = lines
        self._seconds = seconds
        self._kinds: dict[str, tuple[float, int]] = {}

    def error(self, kind: str, message: str, *parts: object) -> None:
        now = time.monotonic()
        began, count = self._kinds.get(kind, (now, 0))
        if now - began > self._seconds:
            if count > self._lines:
                logger.error("%s: %d more in the last seconds", kind, count - self._lines)
            began, count = now, 0
        self._kinds[kind] = (began, count + 1)
        if count < self._lines:
            logger.error(message, *parts)
