"""The readers of `nightdesk bench live` do what a browser with an open live page does."""

from __future__ import annotations

import subprocess
import sys

import pytest

from nightdesk.bench.live.command import ROWS, bench
from nightdesk.bench.live.crowd import Crowd
from tests.newsstand.conftest import open_newsstand, site
from tests.newsstand.following import LIST, a_shelf, put

__all__ = ["open_newsstand", "site"]


@pytest.fixture
def shelf(tmp_path):
    opened = a_shelf(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def crowd_of(site, shelf, tmp_path, open_newsstand):
    opened = []

    def before(**limits: float) -> Crowd:
        opened.append(Crowd(open_newsstand(data=tmp_path, **limits).port, LIST))
        return opened[-1]

    yield before
    for one in opened:
        one.close()


def test_who_follows_fetches_the_document_when_told_and_knows_since_when(crowd_of, shelf):
    crowd = crowd_of()
    crowd.follow(30)
    assert crowd.run(lambda: all(one.etag for one in crowd.readers), 20)
    assert list(crowd.documents.values()) == ["first"]
    put(shelf, "second")
    assert crowd.run(lambda: crowd.documents[crowd.newest] == "second", 20)
    assert crowd.run(lambda: all(one.etag == crowd.newest for one in crowd.readers), 20)
    assert all(0 < one.told <= one.since for one in crowd.readers)
    assert (crowd.refused, crowd.failed, len(crowd.begun)) == (0, 0, 30)


def test_who_follows_comes_back_when_the_stream_ends_and_is_not_told_again(crowd_of):
    crowd = crowd_of(stream_seconds=2, beat_seconds=1)
    crowd.follow(5)
    assert crowd.run(lambda: len(crowd.begun) >= 10, 30)
    assert crowd.asked == 5


def test_who_finds_no_place_is_counted_and_does_not_come_back(crowd_of):
    crowd = crowd_of(live_readers=2)
    crowd.follow(5, each_second=20)
    crowd.run(lambda: crowd.refused == 3, 20)
    crowd.rest(0.5)
    assert (crowd.refused, len(crowd.begun)) == (3, 2)


def test_who_asks_is_answered_with_what_is_new_and_else_with_nothing(crowd_of, shelf):
    crowd = crowd_of()
    crowd.ask(3)
    for one in crowd.readers:
        one.look()
    assert crowd.run(lambda: all(one.etag for one in crowd.readers), 20)
    first = crowd.newest
    asked = crowd.asked
    for one in crowd.readers:
        one.look()
    assert crowd.run(lambda: crowd.asked >= asked + 3, 20)
    assert crowd.newest == first
    put(shelf, "second")
    crowd.rest(0.3)
    for one in crowd.readers:
        one.look()
    assert crowd.run(lambda: all(one.etag != first for one in crowd.readers), 20)
    assert crowd.failed == 0


def test_an_unknown_row_is_named(capsys):
    with pytest.raises(SystemExit):
        bench(["--rows", "streams,nothing"])
    assert (
        "there is no row 'nothing'; there are streams, polling, silent" in capsys.readouterr().err
    )


def test_every_row_has_a_file_that_measures_it():
    names = ", ".join(f"nightdesk.bench.live.{row}" for row in ROWS)
    wanted = [f"{row}.measure" for row in ROWS]
    code = f"import {names}\nfrom nightdesk.bench.live import {', '.join(ROWS)}\n"
    code += f"print(all(callable(one) for one in [{', '.join(wanted)}]))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "True"
