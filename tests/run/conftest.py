"""A real newsroom under a real parent, opened by the command that everybody uses."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ports import free_port

SETTINGS = {
    "NIGHTDESK_NAME": "The Lantern",
    "NIGHTDESK_LANGUAGES": "en,uk",
    "NIGHTDESK_TIME_ZONE": "Europe/Kyiv",
    "NIGHTDESK_SECTION": "News",
    "NIGHTDESK_OWNER": "olena",
}
PROGRAM = (sys.executable, "-m", "nightdesk")
#: Settings of the test suite that a newsroom of its own must not inherit.
_NOT_OURS = ("NIGHTDESK_", "DATA", "HOST", "PORT", "DJANGO_SETTINGS_MODULE", "TRUSTED_PROXIES")


def environment(**settings: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_OURS)}
    # A voice at work would only slow down whatever else a test is about.
    ours = {"NIGHTDESK_SECOND_FACTOR": "offered", "NIGHTDESK_NARRATION": "off"}
    return clean | ours | settings


def nightdesk(*arguments: str, timeout: float = 120, **settings: str):
    """Run one command to its end, with nobody at the terminal."""
    return subprocess.run(
        [*PROGRAM, *arguments],
        capture_output=True,
        text=True,
        timeout=timeout,
        stdin=subprocess.DEVNULL,
        env=environment(**settings),
    )


class Newsroom:
    """`nightdesk run` on a data folder."""

    def __init__(self, data: Path, *arguments: str, **settings: str) -> None:
        self.data = data
        self.port = free_port()
        self.out = data.parent / f"{data.name}.out"
        with self.out.open("wb") as out:
            self.process = subprocess.Popen(
                [*PROGRAM, "run", "--data", str(data), f"--port={self.port}", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=environment(**settings),
            )

    def said(self) -> str:
        return self.out.read_text()

    def wait_until_open(self, seconds: float = 180) -> Newsroom:
        self.wait_for(lambda: "Nightdesk is open:" in self.said(), seconds)
        return self

    def wait_for(self, what: Callable[[], object], seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not what():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.03)

    def status(self, path: str = "/") -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        finally:
            connection.close()

    def processes(self) -> dict[str, int]:
        """Name → id of every process of the tree below the parent."""
        parents, names = {}, {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    stat = (entry / "stat").read_text()
                except OSError:
                    continue
                pid = int(entry.name)
                names[pid] = stat[stat.index("(") + 1 : stat.rindex(")")]
                parents[pid] = int(stat[stat.rindex(")") + 2 :].split()[1])
        tree, found = {}, {self.process.pid}
        while found:  # a child's number may be the lower one, once numbers begin again
            found = {pid for pid, parent in parents.items() if parent in found}
            tree |= {names[pid]: pid for pid in found}
        return tree

    def stop(self, number: int = signal.SIGTERM) -> float:
        """Signal the parent; seconds until it was gone."""
        began = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(number)
        self.process.wait(60)
        return time.monotonic() - began

    def password(self) -> str:
        return re.search(r"password +(\S+)", self.said())[1]


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


#: Kept here and not by the fixture alone, which is another one for each folder that imports it.
_first: list[Newsroom] = []


@pytest.fixture(scope="session")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """A newsroom opened once from nothing, and closed again; its folder is the others' start."""
    if not _first:
        newsroom = Newsroom(tmp_path_factory.mktemp("first") / "data", **SETTINGS)
        newsroom.wait_until_open(180)
        newsroom.stop()
        _first.append(newsroom)
    return _first[0]


@pytest.fixture
def data(first_run: Newsroom, tmp_path: Path) -> Path:
    """The data folder of a newsroom that has been open before."""
    return Path(shutil.copytree(first_run.data, tmp_path / "data"))


@pytest.fixture
def open_newsroom(data: Path) -> Iterator[Callable[..., Newsroom]]:
    opened: list[Newsroom] = []

    def open_one(*arguments: str, **settings: str) -> Newsroom:
        opened.append(Newsroom(data, *arguments, **settings))
        return opened[-1]

    yield open_one
    for newsroom in opened:
        if newsroom.process.poll() is None:
            newsroom.stop(signal.SIGKILL)


@pytest.fixture(scope="module")
def running(first_run: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """One newsroom for all tests of a file that leave it running."""
    data = shutil.copytree(first_run.data, tmp_path_factory.mktemp("running") / "data")
    newsroom = Newsroom(Path(data)).wait_until_open()
    yield newsroom
    newsroom.stop(signal.SIGKILL)


@pytest.fixture
def newsroom(open_newsroom: Callable[..., Newsroom]) -> Newsroom:
    """A newsroom of the test's own, to stop or to break."""
    return open_newsroom().wait_until_open()
