"""What readers really get: pages that a press prints onto a shelf, from a newsstand process.

The site stands behind it on a socket and is answered in the test's own thread, since no other sees
what an open transaction has written. One shelf and one newsstand serve newsroom after newsroom, as
though the database of another day were put back each time: nothing of one may be left to the next.
"""

from __future__ import annotations

import gzip
import http.client
import socket
import socketserver
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import brotli
from django.conf import settings
from django.core.servers.basehttp import get_internal_wsgi_application
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from nightdesk.press.printing.loop import Press
from nightdesk.press.shelf.pieces import Own
from nightdesk.press.shelf.write import REST, Printed
from tests.newsstand.conftest import RunningNewsstand

Result = TypeVar("Result")

#: The ways in which each answer is asked for, and how it is unpacked.
CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "identity": bytes,
}
#: On every answer of the site, so that it can be told from what is stored.
_SITES_OWN = "x-from-the-site"
#: Holds a number: the newsstand has noticed all that was printed before it.
_MARK = "/printed-up-to-here/"
_LONGEST = 30.0


@dataclass(frozen=True)
class Answer:
    """``text``: headers and content, unpacked, in every coding that was asked for; ``stored``: the
    site was not asked."""

    status: int
    text: str
    stored: bool


class ToldPress(Press):
    """Prints what it has been told of and never looks again, so that nothing it was not told of is
    put right by itself before the test sees it."""

    def step(self) -> bool:
        self.wake.forget()
        return super().step()

    def _look_again(self) -> bool:
        return False


class Stand:
    """The press, the shelf and the newsstand in ``folder``."""

    def __init__(self, folder: Path) -> None:
        media = Path(settings.MEDIA_ROOT)
        media.mkdir(parents=True, exist_ok=True)
        (folder / "media").symlink_to(media)
        (folder / "staff.sock").symlink_to(folder / "site.sock")
        self._site = _Site(folder / "site.sock")
        self.press = ToldPress(folder)
        self._newsstand = RunningNewsstand(
            folder,
            data=folder,
            secret=settings.SECRET_KEY,
            # One stranger asks everything here, as fast as the site answers.
            door_burst=10**9,
            searches_by_client=10**9,
        )
        self._host = urlsplit(settings.PUBLIC_URL).netloc
        self._connection: http.client.HTTPConnection | None = None
        self._number = self._seen = 0
        self.answers = 0

    def close(self) -> None:
        if self._connection:
            self._connection.close()
        self._newsstand.stop()
        self.press.close()
        self._site.server_close()

    def print(self) -> None:
        """The press does all it has been told; the newsstand has noticed when this ends. Readers
        then ask for whatever is new, so that the newsstand has it in memory."""
        self.press.run_dry()
        self._number += 1
        words = [Own.of(str(self._number).encode())]
        mark = Printed("other", 200, [("content-type", "text/plain")], words)
        self.press.shelf.put(_MARK, mark, seen=self.press.shelf.cursor, rank=REST)
        self._site.answer_while(self._notice)
        self.ask_all(self._new(), codings=("br",))

    def _notice(self) -> None:
        end = time.monotonic() + _LONGEST
        while self._get(_MARK, "identity")[2] != str(self._number).encode():
            assert time.monotonic() < end, self._newsstand.logged()
            time.sleep(0.005)
        # Answered by the thread that follows the shelf, so what it had begun there is at its end.
        assert self._get("/healthz", "identity")[0] == 200

    def _new(self) -> list[str]:
        """Stored pages that have changed since the last time, and every file that may be had."""
        db = self.press.shelf.opened
        changed = db.execute(
            "SELECT path, seq FROM entry WHERE seq > ? AND status != 0 AND path LIKE '/%'",
            (self._seen,),
        ).fetchall()
        self._seen = max([self._seen, *(seq for _path, seq in changed)])
        files = [f"/media/{name}" for (name,) in db.execute("SELECT DISTINCT name FROM media")]
        return [path for path, _seq in changed if path != _MARK] + files

    def ask_all(
        self, addresses: Iterable[str], codings: Iterable[str] = tuple(CODINGS)
    ) -> dict[str, Answer]:
        wanted, codings = list(dict.fromkeys(addresses)), tuple(codings)
        return self._site.answer_while(
            lambda: {address: self._ask(address, codings) for address in wanted}
        )

    def _ask(self, address: str, codings: tuple[str, ...]) -> Answer:
        """In every coding; an answer of the site, which packs nothing, in the first alone."""
        target, statuses, told = quote(address, safe="/?&=%+"), set(), []
        stored = True
        for coding in codings:
            status, headers, body = self._get(target, coding)
            statuses.add(status)
            self.answers += 1
            packed = dict(headers).get("content-encoding", "identity")
            lines = [f"{name}: {value}" for name, value in headers]
            told += [*lines, CODINGS[packed](body).decode("utf-8", "replace")]
            stored = _SITES_OWN not in dict(headers)
            if not stored:
                break
        assert len(statuses) == 1, f"{address} has a status for each coding: {statuses}"
        return Answer(statuses.pop(), "\n".join(told), stored)

    def _get(self, target: str, coding: str) -> tuple[int, list[tuple[str, str]], bytes]:
        for last_try in (False, True):
            if self._connection is None:
                port = self._newsstand.port
                self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_LONGEST)
            try:
                self._connection.request(
                    "GET", target, headers={"Host": self._host, "Accept-Encoding": coding}
                )
                answer = self._connection.getresponse()
                headers = [(name.lower(), value) for name, value in answer.getheaders()]
                return answer.status, headers, answer.read()
            except (http.client.HTTPException, ConnectionError):
                # A kept connection may end at any time; a new one may not.
                self._connection.close()
                self._connection = None
                if last_try:
                    raise
        raise AssertionError("unreachable")


class _Site(WSGIServer):
    """Django on a socket, answering only within `answer_while`, in the thread that calls it."""

    address_family = socket.AF_UNIX
    allow_reuse_address = allow_reuse_port = False
    request_queue_size = 128
    timeout = 0.01

    def __init__(self, place: Path) -> None:
        super().__init__(str(place), _Quietly)
        self.set_app(_marked(get_internal_wsgi_application()))

    def server_bind(self) -> None:
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "site", 80
        self.setup_environ()

    def get_request(self) -> tuple[socket.socket, Any]:
        return self.socket.accept()[0], ("127.0.0.1", 0)

    def answer_while(self, work: Callable[[], Result]) -> Result:
        """Do ``work`` in another thread."""
        with _connections_stay_open(), ThreadPoolExecutor(1) as other:
            done = other.submit(work)
            while not done.done():
                self.handle_request()
        return done.result()


@contextmanager
def _connections_stay_open() -> Iterator[None]:
    """At the end of a request Django would close the connection that a test's transaction is on."""
    ends = (request_started, request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    try:
        yield
    finally:
        for end in ends:
            end.connect(close_old_connections)


class _Quietly(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """The newsstand knocks without asking anything, and nothing here is worth a line."""


def _marked(application: Callable) -> Callable:
    def marked(environ: dict, start_response: Callable) -> Iterable[bytes]:
        def start(status: str, headers: list, *more: object) -> Any:
            return start_response(status, [*headers, (_SITES_OWN, "1")], *more)

        return application(environ, start)

    return marked
