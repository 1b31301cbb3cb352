"""Log lines that cannot find a reader.

No line of ours holds an address (IP), a query, or what stands behind the first name of a path:
the rest may be a sign-in link, a token, or a story somebody should not be known to have read.
"""

from __future__ import annotations

import logging


def place(path: str) -> str:
    """The first name of a path: ``/news/a-story/?q=x`` → ``/news/…``."""
    first, slash, rest = path.partition("?")[0].lstrip("/").partition("/")
    return f"/{first[:40]}/…" if rest else f"/{first[:40]}{slash}"


class ShortPaths(logging.Filter):
    """For Django's own lines about requests, which name the whole path: name its place."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                place(part) if isinstance(part, str) and part.startswith("/") else part
                for part in record.args
            )
        return True
