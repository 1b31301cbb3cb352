"""The places of shared pieces, while a page is being printed.

The press prints each fragment once and leaves its place open on every page. A place is marked by
a comment that holds a number nobody can guess, new for each page, so that nothing an editor or a
source writes is ever taken for one.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from nightdesk.press.shelf.pieces import Own, Slot
from nightdesk.press.shelf.write import FRAGMENT


def fragment_path(name: str, language: str) -> str:
    """Where a fragment stands on the shelf: ``fragment:news-feed:en``."""
    return f"{FRAGMENT}{name}:{language}"


def parse_fragment_path(path: str) -> tuple[str, str]:
    """(name, language) of such a path. Raises ``ValueError`` for any other."""
    found = re.fullmatch(rf"{FRAGMENT}([\w-]+):([\w-]+)", path)
    if found is None:
        raise ValueError(f"{path!r} is not the path of a fragment.")
    return found[1], found[2]


class Slots:
    """The open places of one page."""

    def __init__(self) -> None:
        self._secret = secrets.token_hex(16)

    def mark(self, name: str, language: str) -> str:
        """What stands on the page instead of the fragment, until `cut`."""
        return f"<!--{self._secret} {fragment_path(name, language)}-->"

    def cut(self, page: bytes) -> list[Own | Slot]:
        """The page as pieces: its own bytes, and slots where marks were."""
        marks = re.compile(rf"<!--{self._secret} ({FRAGMENT}[\w:-]+)-->".encode())
        pieces: list[Own | Slot] = []
        for number, part in enumerate(marks.split(page)):
            if number % 2:
                pieces.append(Slot(part.decode()))
            elif part:
                pieces.append(Own.of(part))
        return pieces


_open: ContextVar[Slots | None] = ContextVar("slots", default=None)


@contextmanager
def open_slots() -> Iterator[Slots]:
    """Within it, ``{% fragment %}`` leaves a mark; everywhere else it puts in the piece itself."""
    slots = Slots()
    token = _open.set(slots)
    try:
        yield slots
    finally:
        _open.reset(token)


def slots_here() -> Slots | None:
    return _open.get()
