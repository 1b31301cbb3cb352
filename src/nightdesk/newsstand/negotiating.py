"""What the reader's browser takes, and what it has already (RFC 9110, 12.5.3 and 13.1.2)."""

from __future__ import annotations

import re

#: The codings we can hand out, dearest to us first.
CODINGS = ("br", "gzip", "identity")
Codings = tuple[str, ...]
_TAG = re.compile(r'(?:W/)?("[^"]*")')


def codings(accept_encoding: str) -> Codings:
    """Which of ``CODINGS`` may be sent, the reader's favourite first.

    Without the header anything may be sent, but programs that do not send it are those that cannot
    unpack: they get the plain bytes. Whoever refuses everything gets them too, because every
    program can read them.
    """
    qualities = _qualities(accept_encoding)
    other = qualities.get("*")
    found = []
    for place, coding in enumerate(CODINGS):
        quality = qualities.get(coding, other)
        if quality is None:
            # Plain bytes need not be named, but whatever is named is liked better.
            quality = 0.0005 if coding == "identity" else 0.0
        if quality > 0:
            found.append((-quality, place, coding))
    return tuple(coding for *_, coding in sorted(found)) or ("identity",)


def _qualities(header: str) -> dict[str, float]:
    """Coding → quality; what cannot be read counts as not named."""
    found: dict[str, float] = {}
    for part in header.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                try:
                    quality = float(value)
                except ValueError:
                    quality = 0.0
        if name:
            name = {"x-gzip": "gzip"}.get(name, name)
            found[name] = quality if 0 <= quality <= 1 else 0.0
    return found


def has_already(if_none_match: str, etag: str) -> bool:
    """Whether the tag is in the list, compared weakly, or the list is ``*``."""
    if if_none_match == etag or if_none_match.strip() == "*":
        return True
    own = etag.removeprefix("W/")
    return any(found == own for found in _TAG.findall(if_none_match))
