"""A flood of requests from many loopback addresses, and a port at which nothing is done with one.

``python flood.py send PORT KIND ADDRESSES PER_SECOND SECONDS`` prints how many of which status it
got, as JSON. Each request is a connection of its own, begun on time whether or not the last has
ended. ``python flood.py drain`` opens a port, prints its number, and answers whatever is asked
there with the same few bytes: what a flood costs that nobody has to think about.

The flood comes from the machine that it is sent to, so it takes processor time from whom it is
sent to. Bare sockets make that as little as Python can, and a session of its own makes it an equal
among the processes there (Linux shares processors between sessions first).
"""

from __future__ import annotations

import collections
import json
import random
import resource
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

#: Whoever sends the cookie himself passes the check against forged forms, up to the password.
_TOKEN = "a" * 32
_REQUESTS = {
    "sign-in": (
        "POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        "Cookie: nightdesk_session=made-up-{number}; nightdesk_staff=1; nightdesk_csrf={token}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
    ),
    "search": (
        "GET /search/?q=bridge+{number} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    ),
}
#: As long as a short page of refusal, and refusing, so that both floods count the same.
_DRAINED = b"HTTP/1.1 429 No\r\nContent-Length: 1500\r\nConnection: close\r\n\r\n" + b"." * 1500
#: Requests under way at most; an answer is waited for so long, in seconds.
_MOST, _PATIENCE = 2000, 20.0
_LOOK = 0.005
#: The kernel looks for a free port only when it knows the other end (Linux: ip(7)).
_BIND_ADDRESS_NO_PORT = 24


def _request(kind: str, number: int) -> bytes:
    name = "olena" if number % 2 else f"name-{number}"
    body = f"username={name}&password=guess-{number}&csrfmiddlewaretoken={_TOKEN}"
    text = _REQUESTS[kind].format(number=number, length=len(body), body=body, token=_TOKEN)
    return text.encode()


class _Sender:
    def __init__(self, port: int, kind: str, addresses: int) -> None:
        self.got: collections.Counter[str] = collections.Counter()
        self.under_way: dict[int, tuple[socket.socket, bytes, float]] = {}
        self._port, self._kind, self._addresses = port, kind, addresses
        self._poll = select.epoll()

    def send(self, number: int) -> None:
        place = random.randrange(self._addresses)
        connection = socket.socket()
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_IP, _BIND_ADDRESS_NO_PORT, 1)
        connection.bind((f"127.0.{1 + place // 250}.{1 + place % 250}", 0))
        connection.connect_ex(("127.0.0.1", self._port))
        request = _request(self._kind, number)
        handle = connection.fileno()
        self.under_way[handle] = connection, request, time.monotonic() + _PATIENCE
        self._poll.register(handle, select.EPOLLOUT)

    def look(self, seconds: float) -> None:
        for handle, _event in self._poll.poll(seconds):
            connection, request, until = self.under_way[handle]
            try:
                if request:
                    connection.send(request)
                    self._poll.modify(handle, select.EPOLLIN)
                    self.under_way[handle] = connection, b"", until
                    continue
                answer = connection.recv(65536)
                self._ended(handle, answer[9:12].decode() if answer else "closed")
            except OSError as error:
                self._ended(handle, type(error).__name__)

    def give_up(self) -> None:
        now = time.monotonic()
        late = [handle for handle, (_, _, until) in self.under_way.items() if until < now]
        for handle in late:
            self._ended(handle, "late")

    def _ended(self, handle: int, how: str) -> None:
        self.got[how] += 1
        self.under_way.pop(handle)[0].close()


def _send(port: int, kind: str, addresses: int, per_second: float, seconds: float) -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 2 * _MOST), hard))
    sender = _Sender(port, kind, addresses)
    began = time.monotonic()
    number = 0
    while (now := time.monotonic() - began) < seconds:
        while number < now * per_second and len(sender.under_way) < _MOST:
            sender.send(number)
            number += 1
        sender.look(_LOOK)
        sender.give_up()
    while sender.under_way:
        sender.look(_LOOK)
        sender.give_up()
    print(json.dumps(sender.got))


def _drain() -> None:
    port = socket.create_server(("127.0.0.1", 0), backlog=1024)
    port.setblocking(False)
    print(port.getsockname()[1], flush=True)
    poll = select.epoll()
    poll.register(port, select.EPOLLIN)
    held: dict[int, socket.socket] = {}
    while True:
        for handle, _event in poll.poll():
            try:
                if handle == port.fileno():
                    connection, _address = port.accept()
                    held[connection.fileno()] = connection
                    poll.register(connection, select.EPOLLIN)
                    continue
                connection = held.pop(handle)
                with connection:
                    if connection.recv(65536):
                        connection.send(_DRAINED)
            except OSError:
                continue


@contextmanager
def drain() -> Iterator[int]:
    """A port at which a flood costs nothing but itself."""
    process = subprocess.Popen(
        [sys.executable, __file__, "drain"], stdout=subprocess.PIPE, start_new_session=True
    )
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


class Flood:
    """``with Flood(port, kind, …) as flood:`` begins it; ``flood.answers`` afterwards."""

    def __init__(
        self, port: int, kind: str, addresses: int, per_second: int, seconds: float
    ) -> None:
        self._words = [str(word) for word in (port, kind, addresses, per_second, seconds)]
        self.answers: dict[str, int] = {}

    def __enter__(self) -> Flood:
        self._process = subprocess.Popen(
            [sys.executable, __file__, "send", *self._words],
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        time.sleep(1)  # it has begun, and whatever it can use up at once is used up
        return self

    def __exit__(self, *_: object) -> None:
        try:
            said, _errors = self._process.communicate(timeout=90)
            self.answers = json.loads(said or "{}")
        finally:
            self._process.kill()


if __name__ == "__main__":
    if sys.argv[1] == "drain":
        _drain()
    else:
        port, kind, addresses, per_second, seconds = sys.argv[2:]
        _send(int(port), kind, int(addresses), float(per_second), float(seconds))
