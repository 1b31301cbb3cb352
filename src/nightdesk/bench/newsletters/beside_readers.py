"""Readers, while the newsroom that they read sends an edition: the whole product in one tree."""

from __future__ import annotations

import contextlib
import http.client
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from nightdesk.bench.newsletters.rows import Options
from nightdesk.bench.newsletters.sink import running
from nightdesk.bench.serving.figure import Figure
from nightdesk.bench.serving.newsroom import copy_to, environment
from nightdesk.bench.serving.processes import free_port, start, stop

_PATIENCE = 300.0
_PAUSE = 0.005


def measure(options: Options) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="nightdesk-bench-") as folder, running() as sink:
        data, port = Path(folder) / "data", free_port()
        copy_to(data)
        settings = environment(data) | {"NIGHTDESK_MAIL": f"smtp://127.0.0.1:{sink.port}"}
        command = [sys.executable, "-m", "nightdesk", "run", "--demo", f"--port={port}"]
        newsroom = start(command, None, env=settings | {"NIGHTDESK_DATA": str(data)})
        try:
            _wait(lambda: _seconds(port) >= 0)
            time.sleep(3)
            until = time.monotonic() + 5
            idle = _read(port, lambda: time.monotonic() < until)
            filling = [sys.executable, "-m", f"{__package__}.fill", "--send"]
            filled = subprocess.Popen(
                [*filling, "--recipients", str(options.recipients)],
                env=settings | {"DJANGO_SETTINGS_MODULE": "nightdesk.settings.site"},
                stderr=subprocess.DEVNULL,
            )
            _wait(lambda: _state(data) in ("sending", "finished") or filled.poll())
            busy = _read(port, lambda: _state(data) == "sending")
            filled.wait()
            if _state(data) != "finished":
                raise RuntimeError(f"The edition is {_state(data)}.")
        finally:
            stop(newsroom)
    before, during = _p95(idle), _p95(busy)
    yield Figure(
        row="readers",
        what="a stored page while an edition is sent, p95",
        value=during * 1000,
        unit="ms",
        beside=("idle", before * 1000),
        ratio=during / before,
        note=f"{options.recipients:,} readers get it; {len(busy)} pages asked for meanwhile",
    )


def _read(port: int, go_on: Callable[[], bool]) -> list[float]:
    """Seconds of each page, one after another."""
    found = []
    number = 0
    while number % 20 or number == 0 or go_on():  # asking how it stands is dearer than a page
        number += 1
        found.append(_seconds(port))
        time.sleep(_PAUSE)
    return found


def _seconds(port: int) -> float:
    """Of the home page; negative when there is none."""
    begun = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/", headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        answer.read()
        return time.perf_counter() - begun if answer.status == 200 else -1.0
    except OSError:
        return -1.0
    finally:
        connection.close()


def _state(data: Path) -> str:
    with contextlib.closing(sqlite3.connect(f"file:{data}/site.db?mode=ro", uri=True)) as site:
        row = site.execute("SELECT state FROM newsletters_edition ORDER BY id DESC").fetchone()
    return row[0] if row else ""


def _p95(seconds: list[float]) -> float:
    if any(one < 0 for one in seconds):
        raise RuntimeError("A page failed.")
    return statistics.quantiles(seconds, n=20)[-1]


def _wait(what: Callable[[], object]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not what():
        if time.monotonic() > deadline:
            raise RuntimeError("The newsroom did not open, or begins to send nothing.")
        time.sleep(0.1)
