"""A newsroom whose press, list of takedowns and settings share one data folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nightdesk.press.shelf.read import Shown
from nightdesk.takedown import kinds
from tests.press.printing.conftest import OwnPress, Reader


@pytest.fixture
def data(settings, tmp_path: Path) -> Path:
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def reader(data: Path) -> Reader:
    return Reader(data)


@pytest.fixture
def press(newsroom, data: Path) -> Iterator[OwnPress]:
    press = OwnPress(data)
    press.run_dry()
    yield press
    press.close()


@pytest.fixture
def saying(data: Path, reader: Reader):
    """``saying("a name")`` → every stored entry with these words in it."""

    def _saying(words: str) -> list[str]:
        shown = Shown(data)
        try:
            paths = [
                path
                for (path,) in shown._opened.execute("SELECT path FROM entry WHERE kind != 'asset'")
            ]
        finally:
            shown.close()
        return [path for path in paths if words in reader.text(path)]

    return _saying


@pytest.fixture
def stories(newsroom) -> kinds.Kind:
    return kinds.named("story")
