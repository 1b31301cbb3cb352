"""Readers keep their pages while everything behind the newsstand is gone, damaged or replaced."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from nightdesk.press.shelf.format import NAME
from nightdesk.press.shelf.write import Shelf

from .test_pages_from_the_shelf import printed, soon


@pytest.fixture
def shelf(tmp_path):
    opened = Shelf.open(tmp_path)
    for number in range(20):
        opened.put(f"/news/{number}/", printed(f"<p>story {number}</p>" * 40), seen=1)
    opened.put("error:404:en", printed("<p>Nothing here</p>", "error", 404), seen=1)
    opened.note(live="[]", complete=1)
    yield opened
    opened.close()


def every_page(newsstand) -> set[int]:
    return {newsstand.get(f"/news/{number}/").status for number in range(20)}


def test_without_a_site_and_a_database_every_stored_page_is_there(tmp_path, shelf, open_newsstand):
    newsstand = open_newsstand(data=tmp_path)
    assert every_page(newsstand) == {200}
    assert newsstand.get("/nothing/").status == 404
    assert newsstand.get("/healthz").json["site"]["reachable"] is False


def test_a_newsstand_that_opens_before_the_shelf_finds_it_once_it_is_there(
    tmp_path, site, open_newsstand
):
    newsstand = open_newsstand(data=tmp_path)
    assert b"<title>page</title>" in newsstand.get("/news/0/?q=1").body
    assert site.seen == [("GET", "/news/0/?q=1")]
    shelf = Shelf.open(tmp_path)
    shelf.put("/news/0/", printed("<p>stored</p>"), seen=1)
    assert soon(lambda: newsstand.get("/news/0/").body == b"<p>stored</p>") < 1


def test_pages_stay_when_the_press_is_killed_in_the_middle_of_a_change(
    tmp_path, shelf, open_newsstand
):
    newsstand = open_newsstand(data=tmp_path)
    shelf.close()
    kill = (
        "import os, pathlib, sys\n"
        "from nightdesk.press.shelf.write import Shelf\n"
        "shelf = Shelf.open(pathlib.Path(sys.argv[1]))\n"
        "shelf.opened.execute('BEGIN IMMEDIATE')\n"
        "shelf.opened.execute('DELETE FROM entry')\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", kill, str(tmp_path)], check=False)
    assert every_page(newsstand) == {200}
    again = Shelf.open(tmp_path)
    again.put("/news/0/", printed("<p>after</p>"), seen=2)
    soon(lambda: newsstand.get("/news/0/").body == b"<p>after</p>")


def test_a_shelf_that_vanishes_goes_on_being_read(tmp_path, shelf, open_newsstand):
    newsstand = open_newsstand(data=tmp_path)
    newsstand.get("/news/0/")
    for suffix in ("", "-wal", "-shm"):
        (tmp_path / (NAME + suffix)).unlink(missing_ok=True)
    time.sleep(0.2)
    assert every_page(newsstand) == {200}


def test_a_new_shelf_takes_the_place_of_the_old_one(tmp_path, shelf, open_newsstand):
    newsstand = open_newsstand(data=tmp_path)
    assert every_page(newsstand) == {200}
    other = tmp_path / "other"
    other.mkdir()
    new = Shelf.open(other)
    new.put("/news/0/", printed("<p>of the new shelf</p>"), seen=1)
    new.put("error:404:en", printed("<p>Nothing here</p>", "error", 404), seen=1)
    new.note(live="[]")
    new.opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    new.close()
    shelf.close()
    for suffix in ("-wal", "-shm"):
        (tmp_path / (NAME + suffix)).unlink(missing_ok=True)
    (other / NAME).replace(tmp_path / NAME)
    soon(lambda: newsstand.get("/news/0/").body == b"<p>of the new shelf</p>")
    assert newsstand.get("/news/1/").status == 200, "not printed anew yet: yesterday's will do"
    complete = Shelf.open(tmp_path)
    complete.note(complete=1)
    soon(lambda: newsstand.get("/news/1/").status == 404)


def test_a_damaged_shelf_leaves_readers_what_is_in_memory(tmp_path, shelf, open_newsstand):
    newsstand = open_newsstand(data=tmp_path, patience_while_starting=0.2)
    newsstand.get("/news/0/")
    shelf.close()
    size = (tmp_path / NAME).stat().st_size
    with (tmp_path / NAME).open("r+b") as file:
        file.write(os.urandom(size))
    time.sleep(0.5)
    assert newsstand.get("/news/0/").status == 200
    assert newsstand.get("/news/1/").status in (200, 503), "from SQLite's memory, or the site"
    newsstand.stop()
    fresh = open_newsstand(data=tmp_path, patience_while_starting=0.2)
    assert fresh.get("/news/0/").status == 503
    assert "cannot be opened" in fresh.logged()
    Shelf.open(tmp_path).put("/news/0/", printed("<p>anew</p>"), seen=1)
    soon(lambda: fresh.get("/news/0/").body == b"<p>anew</p>", seconds=3)


def test_a_shelf_on_a_disk_that_takes_no_more_can_be_read(tmp_path, shelf, open_newsstand):
    """The file system refuses every write: no lock, no log, no shared memory can be made."""
    shelf.opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shelf.close()
    for suffix in ("-wal", "-shm"):  # what SQLite needs beside the file cannot be made
        (tmp_path / (NAME + suffix)).mkdir()
    newsstand = open_newsstand(data=tmp_path)
    assert every_page(newsstand) == {200}
    assert "nobody changes" in newsstand.get("/healthz").json["shelf"]["trouble"]
    for suffix in ("-wal", "-shm"):
        (tmp_path / (NAME + suffix)).rmdir()
    Shelf.open(tmp_path).put("/news/0/", printed("<p>room again</p>"), seen=2)
    soon(lambda: newsstand.get("/news/0/").body == b"<p>room again</p>", seconds=3)


def test_memory_is_bounded_however_many_pages_are_read(tmp_path, open_newsstand):
    shelf = Shelf.open(tmp_path)
    shelf.opened.execute("PRAGMA synchronous=OFF")
    for number in range(600):
        shelf.put(f"/n/{number}/", printed(os.urandom(20_000).hex()), seen=1)
    shelf.put("error:404:en", printed("<p>Nothing here</p>", "error", 404), seen=1)
    shelf.note(live="[]", complete=1)
    newsstand = open_newsstand(data=tmp_path, shelf_bytes=2_000_000)
    statm = f"/proc/{newsstand.process.pid}/statm"
    newsstand.get("/n/0/", accept_encoding="gzip")
    before = _resident(statm)
    for number in range(600):
        for _ in range(1 + (number % 3)):
            answer = newsstand.get(f"/n/{number}/", accept_encoding="gzip")
            assert answer.status == 200
    for number in range(3000):
        assert newsstand.get(f"/unknown/{number}/").status == 404
    assert _resident(statm) - before < 12_000_000


def _resident(statm: str) -> int:
    with open(statm) as file:
        return int(file.read().split()[1]) * 4096
