"""Ids that come from outside."""

from __future__ import annotations

#: Digits of a number that every database takes for an id (bigint), and Python for a number at once.
_MOST = 17


def asked_id(text: str) -> int | None:
    """The id that somebody's text means; None when it means none: it may hold anything."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST else None
