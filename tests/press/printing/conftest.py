"""A real newsroom and a press that prints it onto a shelf in a folder of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nightdesk.press.printing.loop import Press
from nightdesk.press.shelf.pieces import Own
from nightdesk.press.shelf.read import Shown


class OwnPress(Press):
    """A test writes through the press's own connection, whose commits SQLite does not count."""

    def step(self) -> bool:
        self.wake.forget()
        return super().step()


class Reader:
    """What readers get from the shelf, put together as the newsstand does it."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def get(self, path: str) -> tuple[int, str]:
        """Status and text; (0, "") where the shelf has nothing."""
        shown = Shown(self.data)
        try:
            stored = shown.get(path)
            if stored is None:
                return 0, ""
            parts = []
            for piece in stored.pieces:
                if isinstance(piece, Own):
                    parts.append(piece.raw)
                else:
                    held = shown.get(piece.path)
                    parts += [own.raw for own in held.pieces] if held else []
            return stored.status, b"".join(parts).decode()
        finally:
            shown.close()

    def status(self, path: str) -> int:
        return self.get(path)[0]

    def text(self, path: str) -> str:
        return self.get(path)[1]


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


@pytest.fixture
def press(newsroom, tmp_path: Path) -> Iterator[Press]:
    """A press that has printed everything there is."""
    press = OwnPress(tmp_path)
    press.run_dry()
    yield press
    press.close()
