"""A real newsstand process before a stand-in site, and a socket to be rude through."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ports import free_port

from .stand_in import StandIn

_LAUNCH = """
import asyncio, json, sys
from pathlib import Path
from nightdesk.newsstand import log
from nightdesk.newsstand.limits import Limits
from nightdesk.newsstand.server import Options, serve
given = json.loads(sys.argv[1])
log.write_to_stderr()
asyncio.run(serve(Options(
    host="127.0.0.1", port=given["port"], upstream=Path(given["upstream"]),
    staff_upstream=Path(given["staff"]), spool=Path(given["spool"]),
    trusted_proxies=tuple(given["trusted"]), name="The Lantern", languages=("en", "uk"),
    limits=Limits(**given["limits"]), secret=given["secret"], hosts=tuple(given["hosts"]),
    data=Path(given["data"]) if given["data"] else None, shelf_bytes=given["shelf_bytes"])))
"""


class Answer:
    def __init__(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    def __getitem__(self, name: str) -> str | None:
        return next((value for held, value in self.headers if held == name.lower()), None)

    def all(self, name: str) -> list[str]:
        return [value for held, value in self.headers if held == name]

    @property
    def json(self) -> dict:
        return json.loads(self.body)


class RunningNewsstand:
    """One newsstand process; its log in ``log`` (a file); ``first``: Python it runs before."""

    site: StandIn

    def __init__(
        self,
        folder: Path,
        trusted: tuple[str, ...] = (),
        secret: str = "",
        data: Path | None = None,
        hosts: tuple[str, ...] = (),
        shelf_bytes: int = 96_000_000,
        first: str = "",
        port: int = 0,
        **limits: float,
    ) -> None:
        self.port = port or free_port()
        self.log = folder / "newsstand.log"
        given = {
            "port": self.port,
            "upstream": str(folder / "site.sock"),
            "staff": str(folder / "staff.sock"),
            "spool": str(folder / "spool"),
            "trusted": trusted,
            "secret": secret,
            "data": data and str(data),
            "hosts": hosts,
            "shelf_bytes": shelf_bytes,
            "limits": limits,
        }
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", first + _LAUNCH, json.dumps(given)], stdout=log, stderr=log
            )
        deadline = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                assert self.process.poll() is None, self.log.read_text()
                assert time.monotonic() < deadline, "the newsstand did not open its port"
                time.sleep(0.02)

    def get(self, target: str, method: str = "GET", body: object = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, target, body=body, headers=named)
        answer = connection.getresponse()
        got = [(name.lower(), value) for name, value in answer.getheaders()]
        body = answer.read()
        connection.close()
        return Answer(answer.status, got, body)

    def connect(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), 30)
        connection.settimeout(30)
        return connection

    def raw(self, *parts: bytes, pause: float = 0.0, wait: float = 10) -> bytes:
        """Send bytes as they are; what comes back until the other end closes or ``wait`` ends."""
        with self.connect() as connection:
            connection.settimeout(wait)
            with contextlib.suppress(BrokenPipeError):  # the other end has had enough
                for part in parts:
                    connection.sendall(part)
                    time.sleep(pause)
            return read_all(connection)

    def logged(self) -> str:
        return self.log.read_text()

    def stop(self) -> float:
        """SIGTERM; seconds until it was gone."""
        began = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                os.kill(self.process.pid, signal.SIGKILL)
                self.process.wait()
        return time.monotonic() - began


def read_all(connection: socket.socket) -> bytes:
    got = b""
    try:
        while data := connection.recv(65536):
            got += data
    except (TimeoutError, ConnectionResetError):
        pass
    return got


def status(answer: bytes) -> int:
    """The status of a raw answer; 0 when the connection was closed without one."""
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/") else 0


@pytest.fixture
def site(tmp_path: Path) -> Iterator[StandIn]:
    stand_in = StandIn(tmp_path / "site.sock")
    (tmp_path / "staff.sock").symlink_to(tmp_path / "site.sock")
    yield stand_in
    if not stand_in.closing:
        stand_in.stop()


@pytest.fixture
def open_newsstand(tmp_path: Path) -> Iterator[Callable[..., RunningNewsstand]]:
    opened = []

    def open_one(**options: object) -> RunningNewsstand:
        opened.append(RunningNewsstand(tmp_path, **options))
        return opened[-1]

    yield open_one
    for one in opened:
        one.stop()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNewsstand]:
    folder = tmp_path_factory.mktemp("newsstand")
    stand_in = StandIn(folder / "site.sock")
    (folder / "staff.sock").symlink_to(folder / "site.sock")
    one = RunningNewsstand(folder)
    one.site = stand_in
    yield one
    one.stop()
    stand_in.stop()


@pytest.fixture
def newsstand(running: RunningNewsstand) -> RunningNewsstand:
    """One newsstand for all tests of a file that neither stop it nor set its limits.

    ``newsstand.site`` is its stand-in; the fixture ``site`` belongs to ``open_newsstand``.
    """
    running.site.forget()
    return running
