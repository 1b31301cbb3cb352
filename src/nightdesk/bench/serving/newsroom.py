"""A whole newsroom on one core, with everything printed.

The demo newsroom is opened and printed once for each measurement as a whole; every row gets a copy
of its folder, so that no row begins with what another has changed.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nightdesk.bench.serving.asking import Answer, Ask, ask
from nightdesk.bench.serving.processes import SERVERS, cpu_seconds, free_port, start, stop
from nightdesk.bench.tree import pss_megabytes, tree
from nightdesk.press.shelf.read import Shown

_PATIENCE = 300.0
#: One address for every run, because pages are printed anew when it changes.
URL = "http://127.0.0.1"
_OURS = ("NIGHTDESK_", "DATA", "HOST", "PORT", "DJANGO_", "TRUSTED_PROXIES", "TLS_")


def environment(data: Path) -> dict[str, str]:
    """Without the settings of whoever measures."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    ours = {"NIGHTDESK_DATA": str(data), "NIGHTDESK_URL": URL, "NIGHTDESK_SECOND_FACTOR": "offered"}
    return clean | ours


@dataclass
class Newsroom:
    """An open one. ``pid``: of the parent of its processes."""

    data: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def cpu(self) -> float:
        """Processor seconds of all its processes so far."""
        return cpu_seconds(self.pid)

    def get(self, path: str, **headers: str) -> Answer:
        return ask(self.port, Ask(path, headers or {"Accept-Encoding": "gzip"}))

    def child(self, name: str) -> int:
        """The process called ``name``: nd-newsstand, nd-site, nd-press, nd-worker."""
        found = [pid for pid, called in tree(self.pid).items() if called == name]
        if not found:
            raise RuntimeError(f"No process of the newsroom is called {name}.")
        return found[0]

    @property
    def megabytes(self) -> dict[str, float]:
        """Memory by process."""
        return {f"{name} {pid}": pss_megabytes(pid) for pid, name in tree(self.pid).items()}

    def paths(self, kind: str) -> list[str]:
        """Printed paths of one kind."""
        with contextlib.closing(_look_at(self.data)) as shelf:
            rows = shelf.execute(
                "SELECT path FROM entry WHERE kind = ? AND status = 200 ORDER BY id", (kind,)
            )
            return [path for (path,) in rows]

    def wait_until_printed(self) -> None:
        """Until the shelf is complete and nothing on it is stale."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            with contextlib.suppress(sqlite3.Error, FileNotFoundError, ValueError):
                shown = Shown(self.data)
                try:
                    state = shown.state()
                finally:
                    shown.close()
                if state["complete"] and not state["stale"]:
                    return
            if time.monotonic() > deadline:
                raise RuntimeError(f"Not everything was printed within {_PATIENCE:.0f} s.")
            time.sleep(0.1)


def _look_at(data: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{(data / 'shelf.db').absolute().as_uri()}?mode=ro", uri=True)


@contextlib.contextmanager
def newsroom(
    data: Path | None = None, *, core: int | None = SERVERS, aloud: bool = False
) -> Iterator[Newsroom]:
    """Open the demo's, in a folder that vanishes or in ``data``. ``aloud``: its stories are read
    aloud, too; that costs seconds of a core, which are not those of what is measured here.

    Raises ``RuntimeError`` when it does not open.
    """
    with contextlib.ExitStack() as until:
        if data is None:
            folder = until.enter_context(tempfile.TemporaryDirectory(prefix="nightdesk-bench-"))
            data = Path(folder) / "data"
        copy_to(data)
        yield until.enter_context(_opened(data, core, aloud=aloud))


def copy_to(data: Path) -> None:
    """A printed demo newsroom, closed, in a folder that is not there yet."""
    shutil.copytree(_prepared(), data)


@functools.cache
def _prepared() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="nightdesk-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with _opened(folder / "data", None):
        pass
    return folder / "data"


@contextlib.contextmanager
def _opened(data: Path, core: int | None, *, aloud: bool = False) -> Iterator[Newsroom]:
    port = free_port()
    command = [sys.executable, "-m", "nightdesk", "run", "--demo"]
    command += ["--data", str(data), "--port", str(port)]
    with tempfile.TemporaryFile() as log:
        settings = environment(data) | ({} if aloud else {"NIGHTDESK_NARRATION": "off"})
        process = start(command, core, env=settings, log=log)
        opened = Newsroom(data, port, process)
        try:
            _wait_until_open(opened)
            opened.wait_until_printed()
        except RuntimeError as error:
            stop(process)
            log.seek(0)
            said = log.read().decode("utf-8", "replace")[-2000:]
            raise RuntimeError(f"{error}\n{said}") from error
        try:
            yield opened
        finally:
            stop(process)


def _wait_until_open(opened: Newsroom) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        with contextlib.suppress(OSError):
            if opened.get("/").status == 200:
                return
        if opened.process.poll() is not None:
            raise RuntimeError("The newsroom did not open.")
        if time.monotonic() > deadline:
            raise RuntimeError(f"No page within {_PATIENCE:.0f} s.")
        time.sleep(0.05)
