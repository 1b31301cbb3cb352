"""The shelf keeps what the press printed, and tells readers of it from the moment it is stored."""

from __future__ import annotations

import gzip
import sqlite3
import subprocess
import sys

import brotli
import pytest

from nightdesk.press.shelf.format import NAME
from nightdesk.press.shelf.pieces import Own, Slot, pack, stitch, unpack
from nightdesk.press.shelf.read import Shown
from nightdesk.press.shelf.write import LISTED, URGENT, Change, Printed, Shelf


def page(text: str = "<p>Hello</p>", *, keys: tuple[str, ...] = (), **more) -> Printed:
    headers = [("content-type", "text/html; charset=utf-8")]
    pieces = more.pop("pieces", [Own.of(text.encode())])
    return Printed("story", 200, headers, pieces, frozenset(keys), **more)


@pytest.fixture
def shelf(tmp_path):
    opened = Shelf.open(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def shown(shelf, tmp_path):
    opened = Shown(tmp_path)
    yield opened
    opened.close()


def test_what_is_put_on_the_shelf_is_what_readers_find(shelf, shown):
    assert shown.get("/a/") is None
    assert shelf.put("/a/", page("<p>Київ</p>"), seen=3)
    found = shown.get("/a/")
    assert (found.status, found.kind) == (200, "story")
    assert b"".join(piece.raw for piece in found.pieces) == "<p>Київ</p>".encode()
    assert brotli.decompress(found.br) == "<p>Київ</p>".encode()
    assert found.headers == [("content-type", "text/html; charset=utf-8")]


def test_the_same_page_printed_again_changes_nothing_for_readers(shelf, shown):
    shelf.put("/a/", page(keys=("page:1",)), seen=1)
    newest, _ = shown.changed_since(0)
    assert not shelf.put("/a/", page(keys=("page:1", "page:2")), seen=2)
    assert shown.changed_since(newest) == (newest, [])
    assert shelf.take([Change(3, keys=["page:2"])]) == 1


def test_readers_of_the_shelf_notice_every_change(shelf, shown):
    before = shown.version()
    shelf.put("/a/", page("one"), seen=1)
    assert shown.version() != before
    newest, paths = shown.changed_since(0)
    assert paths == ["/a/"]
    shelf.drop("/a/")
    assert shown.changed_since(newest)[1] == ["/a/"]
    assert shown.get("/a/") is None


def test_a_change_makes_stale_what_depends_on_it_and_nothing_else(shelf):
    shelf.put("/a/", page("a", keys=("page:1", "list:latest:en")), seen=1)
    shelf.put("/b/", page("b", keys=("page:2",)), seen=1)
    assert shelf.take([Change(2, keys=["page:1"])]) == 1
    assert shelf.next().path == "/a/"
    shelf.put("/a/", page("a2"), seen=2)
    assert shelf.next() is None
    assert shelf.take([Change(3, keys=["list:latest:en"])]) == 0, "it depends on that no more"


def test_what_is_gone_is_handed_out_no_more_and_printed_once_more(shelf, shown):
    shelf.put("/a/", page("a"), seen=1)
    newest, _ = shown.changed_since(0)
    shelf.take([Change(2, gone=["/a/"])])
    assert shown.get("/a/").status == 0
    assert shown.get("/a/").pieces == []
    assert "/a/" in shown.changed_since(newest)[1]
    assert shelf.next().path == "/a/"


def test_what_an_editor_waits_for_is_printed_first(shelf):
    shelf.put("/old/", page("a", keys=("k",)), seen=1)
    shelf.want(["/list/"], LISTED)
    shelf.take([Change(2, keys=["k"], urgent=["/new/"])])
    assert shelf.next().path == "/new/"
    assert shelf.next().rank == URGENT


def test_what_is_read_most_is_printed_before_the_rest(shelf):
    for name in "abc":
        shelf.put(f"/{name}/", page(name, keys=("k",)), seen=1)
    shelf.warm({"/b/": 12.5})
    shelf.take([Change(2, keys=["k"])])
    assert shelf.next().path == "/b/"


def test_links_to_pages_the_shelf_never_heard_of_are_followed(shelf):
    shelf.put("/a/", page(links=frozenset(["/a/", "/a/before/20/"])), seen=1)
    assert shelf.next().path == "/a/before/20/"


def test_a_page_that_cannot_be_printed_keeps_its_old_answer_and_says_why(shelf, shown):
    shelf.put("/a/", page("good", keys=("k",)), seen=1)
    shelf.take([Change(2, keys=["k"])])
    shelf.fail("/a/", "TemplateSyntaxError: …")
    assert shelf.next() is None
    assert shown.get("/a/").status == 200
    assert shelf.state()["trouble"] == {"/a/": "TemplateSyntaxError: …"}


def test_what_says_something_else_later_is_printed_then(shelf):
    shelf.put("/a/", page(due=100.0), seen=1)
    assert shelf.doubt_due(99.0) == 0
    assert shelf.doubt_due(100.0) == 1
    assert shelf.next().path == "/a/"


def test_a_file_is_public_exactly_while_something_on_the_shelf_shows_it(shelf, shown):
    name = "pictures/abcdefgh-640.avif"
    shelf.put("/a/", page(f'<img src="/media/{name}">'), seen=1)
    shelf.put("/b/", page(f'<img srcset="/media/{name} 640w, /media/x-2.webp 1x">'), seen=1)
    assert shown.shows_file(name)
    assert shown.shows_file("x-2.webp")
    shelf.drop("/b/")
    assert shown.shows_file(name)
    shelf.take([Change(2, gone=["/a/"])])
    assert not shown.shows_file(name)


def test_a_killed_press_goes_on_where_it_was(tmp_path):
    kill = (
        "import os, pathlib, sys\n"
        "from nightdesk.press.shelf.write import Shelf, Change\n"
        "shelf = Shelf.open(pathlib.Path(sys.argv[1]))\n"
        "shelf.take([Change(7, keys=['k'])])\n"
        "shelf.opened.execute('BEGIN IMMEDIATE')\n"
        "shelf.opened.execute(\"REPLACE INTO meta VALUES ('cursor', '9')\")\n"
        "os.kill(os.getpid(), 9)\n"
    )
    shelf = Shelf.open(tmp_path)
    shelf.put("/a/", page(keys=("k",)), seen=1)
    shelf.close()
    assert subprocess.run([sys.executable, "-c", kill, str(tmp_path)], check=False).returncode == -9
    again = Shelf.open(tmp_path)
    assert again.cursor == 7
    assert again.next().path == "/a/"


@pytest.mark.parametrize("damage", [b"this is no database at all" * 100, b""])
def test_a_damaged_shelf_is_made_anew(tmp_path, damage):
    (tmp_path / NAME).write_bytes(damage)
    shelf = Shelf.open(tmp_path)
    assert shelf.put("/a/", page(), seen=1)


def test_a_shelf_of_another_format_is_made_anew(tmp_path):
    Shelf.open(tmp_path).close()
    other = sqlite3.connect(tmp_path / NAME)
    other.execute("PRAGMA user_version=99")
    other.close()
    with pytest.raises(ValueError, match="99"):
        Shown(tmp_path)
    Shelf.open(tmp_path)
    assert Shown(tmp_path).get("/a/") is None


def test_pieces_of_different_age_are_one_gzip_stream():
    raw = [b"<html>", "Новини ".encode() * 500, b"", b"</html>"]
    packed = pack([Own.of(part) for part in raw])
    stream, whole = stitch([piece for piece in unpack(packed) if isinstance(piece, Own)])
    assert gzip.decompress(stream) == whole == b"".join(raw)
    checked = subprocess.run(["gzip", "-t"], input=stream, capture_output=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, b"")


def test_a_slot_keeps_its_place_between_the_pieces():
    pieces = [Own.of(b"<p>"), Slot("fragment:news-feed:uk"), Own.of(b"</p>")]
    assert list(unpack(pack(pieces))) == pieces
    with pytest.raises(ValueError, match="cut"):
        list(unpack(pack(pieces)[:-3]))
