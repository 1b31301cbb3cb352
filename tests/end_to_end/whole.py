"""The whole newsroom, opened by its one command, as whoever installs it has it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.ports import free_port

#: Settings of this suite that the newsroom under test must not inherit.
_OURS = ("NIGHTDESK_", "DJANGO_", "DATABASE_URL", "DATA", "PORT", "HOST")


@dataclass(frozen=True)
class Whole:
    url: str
    data: Path
    name: str
    password: str
    environ: dict[str, str]

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page, following redirects."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=30) as answer:
                return answer.status, answer.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(errors="replace")

    def command(self, *words: str, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        """Run a nightdesk command on this newsroom's data while it is open."""
        return subprocess.run(
            [sys.executable, "-m", "nightdesk", *words, "--data", str(self.data)],
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def begin(self, *words: str) -> subprocess.Popen[str]:
        """Begin a nightdesk command, to talk with it."""
        return subprocess.Popen(
            [sys.executable, "-m", "nightdesk", *words, "--data", str(self.data)],
            env=self.environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )


@contextmanager
def open_whole(data: Path, *, demo: bool = False, **settings: str) -> Iterator[Whole]:
    """Start `nightdesk run` over the folder ``data``, wait for its first page, stop it after."""
    port = free_port()
    environ = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    # What is read aloud has tests of its own; here it would come in the middle of others.
    environ |= {"PORT": str(port), "NIGHTDESK_NARRATION": "off", **settings}
    log = data.with_name(f"{data.name}.log")
    words = ["run", "--data", str(data), *(["--demo"] if demo else [])]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "nightdesk", *words],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(process, log)
        said = log.read_text()
        name = re.search(r"^\s*name\s+(\S+)", said, re.M)
        password = re.search(r"^\s*password\s+(\S+)", said, re.M)
        yield Whole(
            f"http://127.0.0.1:{port}",
            data,
            name[1] if name else "",
            password[1] if password else "",
            environ,
        )
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


def _wait(process: subprocess.Popen[bytes], log: Path, limit: float = 120) -> None:
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if "Nightdesk is open" in log.read_text():
            return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise AssertionError(f"The newsroom did not open:\n{log.read_text()}")
