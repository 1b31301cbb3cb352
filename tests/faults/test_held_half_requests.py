"""P4: a thousand requests that never end hold up neither readers nor an editor.

Against the whole newsroom, on real pages: half a head, half a form, half a sign-in, one byte now
and then. Readers go on reading, and a signed-in editor publishes a brief and a correction.
"""

from __future__ import annotations

import http.client
import resource
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from .editor import Editor, sign_in
from .test_editors_under_load import live_stories

pytestmark = pytest.mark.fault

HELD = 1000
#: What a reader may wait, in the slowest of twenty page views; what publishing may take.
P95, PUBLISHED = 0.25, 5.0

_HALVES = (
    b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ",
    b"GET /news-feed/ HTTP/1.1\r\nHos",
    b"POST /search/ HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\nq=half",
    b"POST /admin/login/ HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\nusername=half",
    b"POST /admin/brief/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal",
    b"",
)


@contextmanager
def held(port: int, count: int) -> Iterator[list[socket.socket]]:
    """``count`` connections, each with half a request; one more byte on each every second, and
    those that are closed are opened again."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 2 * count)), hard))

    def one(number: int) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", port), 10)
        connection.sendall(_HALVES[number % len(_HALVES)])
        return connection

    connections = [one(number) for number in range(count)]
    over = threading.Event()

    def keep_up() -> None:
        while not over.wait(1):
            for number, connection in enumerate(connections):
                try:
                    connection.sendall(b"x" if number % len(_HALVES) != 5 else b"")
                except OSError:
                    connection.close()
                    connections[number] = one(number)

    keeper = threading.Thread(target=keep_up)
    keeper.start()
    try:
        yield connections
    finally:
        over.set()
        keeper.join()
        for connection in connections:
            connection.close()


def page(port: int, path: str) -> tuple[int, str, float]:
    """Status, text, and the seconds it took."""
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace"), time.monotonic() - began
    finally:
        connection.close()


def wait_for(port: int, path: str, words: str, seconds: float) -> bool:
    """Until readers meet these words there."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if words in page(port, path)[1]:
            return True
        time.sleep(0.05)
    return False


def test_readers_read_and_an_editor_publishes_beside_a_thousand_held_half_requests(newsroom):
    section, (session,) = sign_in(newsroom.data, 1)
    port, database = newsroom.port, newsroom.data / "site.db"
    editor = Editor(port, session)
    editor.publish(f"/admin/pages/add/stories/storypage/{section}/", "The dam holds")
    story = live_stories(database)["The dam holds"]
    paths = ["/", "/news/", "/news/the-dam-holds/", "/news-feed/", "/no/such/page/"]
    for path in paths:
        page(port, path)
    waited: list[float] = []
    statuses: set[tuple[str, int]] = set()
    with held(port, HELD):
        for number in range(60):
            path = paths[number % len(paths)]
            status, _text, seconds = page(port, path)
            statuses.add((path, status))
            waited.append(seconds)
        began = time.monotonic()
        assert editor.brief("The gauge at the dam reads four metres.")
        assert wait_for(port, "/news-feed/", "four metres", PUBLISHED)
        brief_took = time.monotonic() - began
        began = time.monotonic()
        assert editor.publish(f"/admin/pages/{story}/edit/", "The dam holds, engineers say")
        assert wait_for(port, "/news/the-dam-holds/", "engineers say", PUBLISHED)
        correction_took = time.monotonic() - began
    p95 = sorted(waited)[int(len(waited) * 0.95) - 1]
    print(
        f"{HELD} held: readers p50 {sorted(waited)[30] * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms; "
        f"brief {brief_took:.1f} s, correction {correction_took:.1f} s"
    )
    assert statuses == {(path, 404 if "no/such" in path else 200) for path in paths}
    assert p95 < P95
    assert brief_took <= PUBLISHED
    assert correction_took <= PUBLISHED
    assert 0 not in editor.statuses and max(editor.statuses) < 400
