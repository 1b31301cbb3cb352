"""Readers of live pages who never read cost little; when the newsstand is killed all come back."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections import Counter
from pathlib import Path

import pytest

from nightdesk.bench.live.crowd import Crowd
from nightdesk.bench.tree import pss_megabytes
from tests.newsstand.conftest import open_newsstand, site
from tests.newsstand.door import Door
from tests.newsstand.following import LIST, a_shelf, put
from tests.newsstand.test_pages_from_the_shelf import soon

__all__ = ["open_newsstand", "site"]

pytestmark = pytest.mark.fault

FULL = os.environ.get("NIGHTDESK_FAULTS") == "full"
SILENT = 40
#: Frames that nobody reads: in full as many as the longest life of a stream can have.
FRAMES = 1200 if FULL else 100
FOLLOWING = 2000 if FULL else 150


def _never_reads(port: int, number: int) -> socket.socket:
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    line.bind((f"127.0.1.{number + 1}", 0))
    line.connect(("127.0.0.1", port))
    head = "Host: 127.0.0.1\r\nAccept: text/event-stream\r\n"
    line.sendall(f"GET /events{LIST} HTTP/1.1\r\n{head}\r\n".encode())
    return line


def test_readers_who_never_read_cost_the_newsstand_a_few_kilobytes_each(
    site, open_newsstand, tmp_path
):
    shelf = a_shelf(tmp_path)
    newsstand = open_newsstand(data=tmp_path, quiet_seconds=0.01)
    for number in range(20):  # what any newsstand needs that has told somebody something
        put(shelf, f"before {number}")
        newsstand.get(LIST)
    silent = [_never_reads(newsstand.port, number) for number in range(SILENT)]
    time.sleep(1)
    before = pss_megabytes(newsstand.process.pid)
    for number in range(FRAMES):
        put(shelf, f"version {number}")
        time.sleep(0.055)  # the newsstand looks each 50 ms, so each is a frame
    grown = pss_megabytes(newsstand.process.pid) - before
    print(f"{SILENT} silent readers, {FRAMES} frames: {grown:.2f} MB more")
    assert grown * 1024 / SILENT < 100
    soon(lambda: newsstand.get(LIST).body == f"version {FRAMES - 1}".encode())
    # They had them all along: nobody was let go, nothing was left out.
    silent[0].setblocking(False)
    assert b"id: " in silent[0].recv(65536)
    for line in silent:
        line.close()
    shelf.close()


def test_when_the_newsstand_is_killed_all_who_follow_come_back_and_have_what_was_new(
    tmp_path: Path,
):
    shelf = a_shelf(tmp_path)
    door = Door(tmp_path).wait_until_open()
    crowd = Crowd(door.port, LIST)
    try:
        crowd.follow(FOLLOWING, each_second=500)
        assert crowd.run(lambda: all(one.open and one.etag for one in crowd.readers), 60)
        first = crowd.newest
        crowd.begun.clear()
        crowd.tried.clear()
        os.kill(door.servers()[0], signal.SIGKILL)
        put(shelf, "what happened meanwhile")

        def are_back() -> bool:
            return len(crowd.begun) >= FOLLOWING and all(
                one.open and crowd.documents.get(one.etag) == "what happened meanwhile"
                for one in crowd.readers
            )

        assert crowd.run(are_back, 90), f"{len(crowd.begun)} of {FOLLOWING} came back"
        assert crowd.newest != first
        seconds = Counter(int(moment * 2) for moment in crowd.tried[:FOLLOWING])
        most = max(seconds.values())
        print(f"{FOLLOWING} came back, at most {most} in half a second")
        assert most <= FOLLOWING * 0.5
    finally:
        crowd.close()
        door.stop()
        shelf.close()
