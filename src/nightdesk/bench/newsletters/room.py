"""A newsroom's folder with readers in it, from which editions are sent to sinks, over and over."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nightdesk.bench.newsletters.behaviour import Behaviour
from nightdesk.bench.newsletters.sink import running

SIZE = 47_000
CONNECTIONS = 10
_OURS = ("NIGHTDESK_", "DATA", "HOST", "PORT", "DJANGO_", "TRUSTED_PROXIES", "TLS_")


class Failed(RuntimeError):
    """A program that was to be measured did not work."""


class Room:
    """``settings``: of the newsroom, beside those that every one here has."""

    def __init__(self, data: Path, **settings: str) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
        self._environment = clean | {
            "DJANGO_SETTINGS_MODULE": "nightdesk.settings.site",
            "NIGHTDESK_DATA": str(data),
            "NIGHTDESK_URL": "https://news.example",
            "NIGHTDESK_MAIL_FROM": "noreply@news.example",
            "NIGHTDESK_MAIL_CONNECTIONS": str(CONNECTIONS),
            **settings,
        }

    def fill(self, recipients: int) -> None:
        self._run("fill", "--recipients", str(recipients))

    def send(
        self, *, synchronous: str = "FULL", behaviour: Behaviour | None = None, **settings: str
    ) -> dict[str, Any]:
        """One edition to everybody, into a sink of its own."""
        with running(behaviour) as sink:
            relay = {"NIGHTDESK_MAIL": f"smtp://127.0.0.1:{sink.port}"}
            words = ("sender", "--synchronous", synchronous)
            said = self._run(*words, **relay, **settings)
            took = sink.stop()
        if (
            not said["adds_up"]
            or said["sent"] != said["recipients"]
            or took["taken"] != said["sent"]
        ):
            raise Failed(f"Not everybody got it: {said}, {took}")
        return said

    def rival(self, name: str, count: int) -> dict[str, Any]:
        with running() as sink:
            return self._run("rivals", name, "--port", str(sink.port), "--count", str(count))

    @contextlib.contextmanager
    def writing(self) -> Iterator[dict[str, Any]]:
        """Somebody else writes meanwhile; how that went is in what is given, afterwards."""
        said: dict[str, Any] = {}
        process = subprocess.Popen(
            [sys.executable, "-m", f"{__package__}.writer"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=self._environment,
        )
        assert process.stdout is not None
        try:
            if process.stdout.readline() != "writing\n":
                raise Failed("Nobody could write beside the sender.")
            yield said
        finally:
            lines, _ = process.communicate(timeout=60)
        said |= json.loads(lines)

    def _run(self, module: str, *words: str, **settings: str) -> dict[str, Any]:
        command = [sys.executable, "-m", f"{__package__}.{module}", *words]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            env=self._environment | settings,
        )
        if done.returncode:
            raise Failed(f"{' '.join(command)}: {done.stderr[-2000:]}")
        return json.loads(done.stdout.splitlines()[-1]) if done.stdout.strip() else {}


def smtp_source(count: int) -> dict[str, Any]:
    """Postfix's load generator, which builds nothing and keeps no books: what is possible."""
    with running() as sink:
        command = ["smtp-source", "-d", "-s", str(CONNECTIONS), "-l", str(SIZE), "-m", str(count)]
        command += ["-f", "a@news.example", "-t", "reader@readers.example"]
        path = os.environ.get("PATH", "") + ":/usr/sbin"
        begun = time.perf_counter()
        done = subprocess.run(
            [*command, f"127.0.0.1:{sink.port}"],
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": path},
        )
        seconds = time.perf_counter() - begun
        took = sink.stop()
    if done.returncode or took["taken"] != count:
        raise Failed(f"smtp-source: {done.stderr[-500:]} {took}")
    return {"sent": count, "seconds": seconds}


@contextlib.contextmanager
def room(recipients: int, **settings: str) -> Iterator[Room]:
    with tempfile.TemporaryDirectory(prefix="nightdesk-bench-") as folder:
        made = Room(Path(folder) / "data", **settings)
        made.fill(recipients)
        yield made


def rate(said: dict[str, Any]) -> float:
    """Messages a second."""
    return said["sent"] / said["seconds"]


def cpu(said: dict[str, Any]) -> float:
    """Processor time of a message in µs."""
    return said["cpu_seconds"] / said["sent"] * 1e6
