"""What readers get while parts of the newsroom are gone: every stored page, again and again."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

from nightdesk.bench.serving.asking import Ask, ask
from nightdesk.bench.serving.editor import editor
from nightdesk.bench.serving.figure import Figure
from nightdesk.bench.serving.newsroom import Newsroom, newsroom
from nightdesk.bench.serving.options import Options
from nightdesk.bench.tree import tree

_GOAL = "all 200"
#: After what was broken is whole again, an editor's change must be with readers so soon.
_RECOVERY = 10.0
_TMPFS_MEGABYTES = 400


class Reading(threading.Thread):
    """Asks for every stored page in turn until stopped; remembers what was not 200."""

    def __init__(self, opened: Newsroom) -> None:
        super().__init__(daemon=True)
        self._opened = opened
        kinds = ("home", "story", "section", "brief", "author", "feed", "sitemap")
        self._paths = [path for kind in kinds for path in opened.paths(kind)]
        self._stopped = threading.Event()
        self.asked = 0
        self.failed: list[str] = []

    def run(self) -> None:
        while not self._stopped.is_set():
            for path in self._paths:
                if self._stopped.is_set():
                    return
                self._read(path)

    def _read(self, path: str) -> None:
        self.asked += 1
        try:
            status = ask(self._opened.port, Ask(quote(path)), timeout=5).status
        except OSError as error:
            self.failed.append(f"{path}: {error}")
            return
        if status != 200:
            self.failed.append(f"{path}: {status}")

    def finish(self) -> None:
        self._stopped.set()
        self.join()


def measure(options: Options) -> Iterator[Figure]:
    seconds = 2.0 if options.quick else 8.0
    with newsroom(core=None) as opened, editor(opened.data) as someone:
        page, path = someone.do("stories")["stories"][0]

        def publish(headline: str) -> float:
            someone.do("publish", page=page, headline=headline)
            return _until_seen(opened, path, headline)

        with _reading(opened) as readers:
            _kill_the_site(opened, seconds)
        yield _figure("outage.site", "site killed over and over", readers)
        with _reading(opened) as readers, _database_away(opened.data):
            time.sleep(seconds)
        yield _figure("outage.database", "main database moved away", readers)
        yield _recovery("outage.database.after", "database back → change with readers", publish)
    yield from _full_disk(seconds)


@contextlib.contextmanager
def _reading(opened: Newsroom) -> Iterator[Reading]:
    readers = Reading(opened)
    readers.start()
    try:
        yield readers
    finally:
        readers.finish()


def _kill_the_site(opened: Newsroom, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for pid, name in tree(opened.pid).items():
            if name in ("nd-site", "nd-readers", "nd-newsroom"):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        # Not so often that the parent takes it for a loop of crashes and closes.
        time.sleep(1.5)


@contextlib.contextmanager
def _database_away(data: Path) -> Iterator[None]:
    away = data / "away"
    away.mkdir()
    files = list(data.glob("site.db*"))
    for file in files:
        file.rename(away / file.name)
    try:
        yield
    finally:
        for file in data.glob("site.db*"):
            file.unlink()
        for file in away.iterdir():
            file.rename(data / file.name)
        away.rmdir()


def _full_disk(seconds: float) -> Iterator[Figure]:
    with _small_disk() as folder:
        if folder is None:
            yield Figure(
                "outage.disk",
                "disk full",
                0,
                "requests",
                note="not measured: mounting a small disk is not permitted here",
            )
            return
        with newsroom(folder / "data", core=None) as opened, editor(opened.data) as someone:
            page, path = someone.do("stories")["stories"][0]
            with _reading(opened) as readers, _filled(folder):
                time.sleep(seconds)
            yield _figure("outage.disk", "disk full", readers)

            def publish(headline: str) -> float:
                someone.do("publish", page=page, headline=headline)
                return _until_seen(opened, path, headline)

            yield _recovery("outage.disk.after", "room again → change with readers", publish)


@contextlib.contextmanager
def _small_disk() -> Iterator[Path | None]:
    with tempfile.TemporaryDirectory(prefix="nightdesk-bench-") as folder:
        size = f"size={_TMPFS_MEGABYTES}m"
        mount = shutil.which("mount")
        command = [mount or "mount", "-t", "tmpfs", "-o", size, "tmpfs", folder]
        if not mount or subprocess.run(command, capture_output=True).returncode:
            yield None
            return
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "-l", folder], capture_output=True)


@contextlib.contextmanager
def _filled(folder: Path) -> Iterator[None]:
    file = folder / "filling"
    try:
        with contextlib.suppress(OSError), file.open("wb", buffering=0) as filling:
            while True:
                filling.write(bytes(1024 * 1024))
        with contextlib.suppress(OSError), file.open("ab", buffering=0) as filling:
            while True:
                filling.write(bytes(512))
        yield
    finally:
        file.unlink()


def _figure(row: str, what: str, readers: Reading) -> Figure:
    note = f"of {readers.asked:,} requests for every stored page"
    if readers.failed:
        note += f"; first: {readers.failed[0]}"
    failed = len(readers.failed)
    return Figure(
        row, f"{what}: not 200", failed, "requests", goal=_GOAL, met=not failed, note=note
    )


def _recovery(row: str, what: str, publish: Callable[[str], float]) -> Figure:
    began = time.time()
    seconds = publish("All is well again") - began
    return Figure(row, what, seconds, "s", goal=f"≤ {_RECOVERY:.0f}", met=seconds <= _RECOVERY)


def _until_seen(opened: Newsroom, path: str, headline: str) -> float:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        answer = ask(opened.port, Ask(quote(path), {"Accept-Encoding": "identity"}))
        if headline.encode() in answer.body:
            return time.time()
        time.sleep(0.05)
    raise RuntimeError(f"{path} did not show its new headline within a minute.")
