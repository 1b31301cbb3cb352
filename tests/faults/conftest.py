"""Faults are injected into the newsroom that `nightdesk run` opens; see tests/run."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.editor import employ
from tests.run.conftest import Newsroom, first_run, newsroom, open_newsroom

__all__ = ["data", "first_run", "newsroom", "open_newsroom", "running", "staffed"]


@pytest.fixture(scope="session")
def staffed(first_run: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first newsroom's folder, closed, with editors who have signed in."""
    folder = Path(shutil.copytree(first_run.data, tmp_path_factory.mktemp("staffed") / "data"))
    employ(folder)
    return folder


@pytest.fixture
def data(staffed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(staffed, tmp_path / "data"))


@pytest.fixture(scope="module")
def running(staffed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """One newsroom for all tests of a file that leave it running."""
    data = shutil.copytree(staffed, tmp_path_factory.mktemp("running") / "data")
    newsroom = Newsroom(Path(data)).wait_until_open()
    yield newsroom
    newsroom.stop(signal.SIGKILL)
