"""What the press has printed is handed out as it is, to every kind of reader."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path

import brotli
import pytest

from nightdesk.press.shelf.pieces import Own, Slot
from nightdesk.press.shelf.write import Printed, Shelf

from .conftest import RunningNewsstand, status
from .stand_in import StandIn

TEXT = "<!doctype html><title>A bridge</title><p>The bridge was opened today.</p>" + (
    "<p>Міст відкрили сьогодні, і ним уже ходять.</p>" * 40
)
HTML = [("content-type", "text/html; charset=utf-8")]
FEED = "fragment:news-feed:en"


def printed(text: str | bytes = TEXT, kind: str = "story", status: int = 200, **more) -> Printed:
    raw = text.encode() if isinstance(text, str) else text
    return Printed(kind, status, more.pop("headers", HTML), more.pop("pieces", [Own.of(raw)]))


def with_feed(before: str = "<p>before</p>", after: str = "<p>after</p>") -> Printed:
    pieces = [Own.of(before.encode()), Slot(FEED), Own.of(after.encode())]
    return printed(pieces=pieces)


def soon(check, seconds: float = 1.0) -> float:
    """Seconds until ``check()`` was true; fails when that takes longer than ``seconds``."""
    began = time.monotonic()
    while not check():
        assert time.monotonic() - began < seconds, "it did not happen in time"
        time.sleep(0.005)
    return time.monotonic() - began


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("stored")


@pytest.fixture(scope="module")
def shelf(folder: Path) -> Iterator[Shelf]:
    opened = Shelf.open(folder)
    opened.put("/news/bridge/", printed(), seen=1)
    opened.put("/uk/новини/міст/", printed("<p>Міст</p>" * 50), seen=1)
    opened.put(FEED, printed("<ul><li>first brief</li></ul>", "fragment"), seen=1)
    opened.put("/news/with-feed/", with_feed(), seen=1)
    opened.put(
        "/news/missing-feed/", printed(pieces=[Own.of(b"x"), Slot("fragment:no:en")]), seen=1
    )
    opened.put("/old/", printed("", "moved", 301, headers=[("location", "/news/bridge/")]), seen=1)
    opened.put("/gone/", printed("<p>gone</p>", "story", 410), seen=1)
    opened.put("error:404:en", printed("<p>Nothing here</p>" * 20, "error", 404), seen=1)
    opened.put("error:404:uk", printed("<p>Нічого тут</p>" * 20, "error", 404), seen=1)
    opened.want(["/news/wanted/", "/news/wanted-too/"])
    opened.note(live=json.dumps([["/search/", ["q", "before"]], ["/free/", None]]), complete=1)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def serving(folder: Path, shelf: Shelf) -> Iterator[RunningNewsstand]:
    site = StandIn(folder / "site.sock")
    (folder / "staff.sock").symlink_to(folder / "site.sock")
    one = RunningNewsstand(folder, data=folder, hosts=("news.example", "127.0.0.1"))
    one.site = site
    yield one
    one.stop()
    site.stop()


@pytest.fixture
def newsstand(serving: RunningNewsstand) -> RunningNewsstand:
    serving.site.forget()
    return serving


# Which bytes


def test_a_stored_page_reaches_the_reader_without_the_site(newsstand):
    answer = newsstand.get("/news/bridge/", accept_encoding="gzip")
    assert (answer.status, gzip.decompress(answer.body).decode()) == (200, TEXT)
    assert answer["content-type"] == "text/html; charset=utf-8"
    assert answer["content-encoding"] == "gzip"
    assert answer["vary"] == "accept-encoding"
    assert newsstand.site.seen == []


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        (None, None),
        ("", None),
        ("identity", None),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("gzip;q=0", None),
        ("*", "br"),
        ("*;q=0", None),
        ("br;q=0, *", "gzip"),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("identity, gzip;q=0.2", None),
        ("x-gzip", "gzip"),
        ("gzip;q=nonsense", None),
        ("GZIP;Q=1.0", "gzip"),
    ],
)
def test_the_reader_gets_the_coding_she_likes_best(newsstand, accepted, sent):
    given = {} if accepted is None else {"accept_encoding": accepted}
    named = b"" if accepted is None else b"Accept-Encoding: " + accepted.encode() + b"\r\n"
    raw = newsstand.raw(
        b"GET /news/bridge/ HTTP/1.1\r\nHost: 127.0.0.1\r\n" + named + b"Connection: close\r\n\r\n"
    )
    head, _, body = raw.partition(b"\r\n\r\n")
    coding = next(
        (
            line[18:].decode()
            for line in head.split(b"\r\n")
            if line.startswith(b"content-encoding")
        ),
        None,
    )
    assert coding == sent, given
    unpack = {None: bytes, "gzip": gzip.decompress, "br": brotli.decompress}[sent]
    assert unpack(body).decode() == TEXT


def test_curl_unpacks_a_stitched_page(newsstand):
    told = subprocess.run(
        ["curl", "-s", "--compressed", f"http://127.0.0.1:{newsstand.port}/news/with-feed/"],
        capture_output=True,
        check=True,
    )
    # Which brief it is by now, another test of this newsstand may have decided.
    assert re.fullmatch(
        rb"<p>before</p><ul><li>(first|second) brief</li></ul><p>after</p>", told.stdout
    )


def test_a_reader_of_another_alphabet_finds_her_page(newsstand):
    target = "/uk/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8/%D0%BC%D1%96%D1%81%D1%82/"
    assert newsstand.get(target).body.decode() == "<p>Міст</p>" * 50


def test_head_tells_what_get_would_send_and_sends_nothing(newsstand):
    got = newsstand.get("/news/bridge/", accept_encoding="br")
    asked = newsstand.get("/news/bridge/", "HEAD", accept_encoding="br")
    assert asked.body == b""
    same = [pair for pair in asked.headers if pair[0] != "date"]
    assert same == [pair for pair in got.headers if pair[0] != "date"]
    assert int(asked["content-length"]) == len(got.body)


# Which headers


def test_every_stored_page_carries_the_security_headers_and_its_own_policy(newsstand):
    story = newsstand.get("/news/bridge/")
    assert "frame-src https://" in story["content-security-policy"]
    missing = newsstand.get("/nothing/")
    assert "frame-src 'none'" in missing["content-security-policy"]
    for answer in (story, missing):
        assert answer["x-content-type-options"] == "nosniff"
        assert answer["server"] == "Nightdesk"
        assert answer["cache-control"].startswith("public, max-age=0")
        assert parsedate_to_datetime(answer["date"])
        assert answer["content-security-policy"].startswith("default-src 'none'")


def test_each_coding_has_an_etag_of_its_own(newsstand):
    tags = {
        newsstand.get("/news/bridge/", accept_encoding=coding)["etag"]
        for coding in ("gzip", "br", "identity")
    }
    assert len(tags) == 3


@pytest.mark.parametrize("shape", ["{}", "W/{}", '"other", {}', '"a,b" , W/{}', "*"])
def test_what_the_reader_has_already_is_not_sent_again(newsstand, shape):
    whole = newsstand.get("/news/bridge/", accept_encoding="gzip")
    answer = newsstand.get(
        "/news/bridge/", accept_encoding="gzip", if_none_match=shape.format(whole["etag"])
    )
    assert (answer.status, answer.body) == (304, b"")
    for name in ("etag", "cache-control", "vary"):
        assert answer[name] == whole[name]
    assert answer["content-type"] is answer["content-length"] is None


def test_an_etag_of_another_version_gets_the_whole_page(newsstand):
    assert newsstand.get("/news/bridge/", if_none_match='"other"').status == 200
    assert newsstand.get("/nothing/", if_none_match="*").status == 404


# What else stands on the shelf


def test_a_page_that_moved_and_one_that_is_gone_say_so_without_the_site(newsstand):
    moved = newsstand.get("/old/")
    assert (moved.status, moved["location"], moved.body) == (301, "/news/bridge/", b"")
    assert newsstand.get("/gone/").status == 410
    assert newsstand.site.seen == []


def test_an_unknown_address_gets_the_page_for_it_in_its_language(newsstand):
    answer = newsstand.get("/nothing/here/")
    assert (answer.status, answer.body.decode()) == (404, "<p>Nothing here</p>" * 20)
    assert "Нічого тут" in newsstand.get("/uk/nothing/").body.decode()
    assert newsstand.site.seen == []


def test_a_missing_slash_is_added_and_the_query_kept(newsstand):
    answer = newsstand.get("/news/bridge?utm_source=x")
    assert (answer.status, answer["location"]) == (301, "/news/bridge/?utm_source=x")
    assert newsstand.site.seen == []


def test_a_missing_slash_is_added_where_only_the_site_can_answer(newsstand):
    assert newsstand.get("/news/wanted").status == 301
    assert newsstand.get("/news/never-heard-of").status == 404
    assert newsstand.site.seen == []


def test_whatever_stands_after_the_question_mark_a_stored_page_is_the_same(newsstand):
    for query in ("?fbclid=1", "?x=%00", "?" + "a" * 3000):
        assert newsstand.get(f"/news/bridge/{query}").body.decode() == TEXT
    assert newsstand.site.seen == []


def test_the_site_gets_only_the_parameters_that_mean_something(newsstand):
    newsstand.get("/search/?q=bridge&utm_source=x&before=3")
    newsstand.get("/free/?any=1")
    newsstand.get("/news/wanted-too/?fbclid=1")
    newsstand.get("/admin/pages/?p=2")
    assert [target for _, target in newsstand.site.seen] == [
        "/search/?q=bridge&before=3",
        "/free/?any=1",
        "/news/wanted-too/",
        "/admin/pages/?p=2",
    ]


def test_a_page_not_printed_or_lacking_a_fragment_comes_from_the_site(newsstand):
    assert b"<title>page</title>" in newsstand.get("/news/wanted/").body
    assert b"<title>page</title>" in newsstand.get("/news/missing-feed/").body
    assert len(newsstand.site.seen) == 2


def test_a_form_sent_to_a_stored_page_reaches_the_site(newsstand):
    newsstand.get("/news/bridge/", "POST", b"a=1")
    assert newsstand.site.seen == [("POST", "/news/bridge/")]


# What is refused all the same

CLOSE = b"Connection: close\r\n"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param(b"", 400, id="no host"),
        pytest.param(b"Host: 127.0.0.1\r\nHost: 127.0.0.1\r\n", 400, id="two hosts"),
        pytest.param(b"Host: a/b\r\n", 400, id="no host name"),
        pytest.param(b"Host: evil.example\r\n", 421, id="another's host"),
        pytest.param(b"Host: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n", 400, id="a coding"),
        pytest.param(b"Host: 127.0.0.1\r\nContent-Length: 1\r\n", 400, id="a body"),
        pytest.param(b"Host: 127.0.0.1\r\nContent-Length: 0\r\n", 200, id="an empty body"),
        pytest.param(b"Host: NEWS.example:8000\r\n", 200, id="our name in capitals"),
        pytest.param(b"Host: news.example.\r\n", 200, id="our name with a dot"),
    ],
)
@pytest.mark.parametrize("path", [b"/news/bridge/", b"/nothing/"])
def test_a_stored_page_is_no_excuse_for_a_broken_request(newsstand, path, headers, expected):
    body = b"0\r\n\r\n" if b"chunked" in headers else b"x" if b"h: 1" in headers else b""
    answer = newsstand.raw(b"GET " + path + b" HTTP/1.1\r\n" + headers + CLOSE + b"\r\n" + body)
    if expected == 200 and path == b"/nothing/":
        expected = 404
    assert status(answer) == expected
    assert newsstand.site.seen == []


@pytest.mark.parametrize(
    "path", [b"/a%00b/", b"/%ff/", b"/a/../news/bridge/", b"/a/%2e%2e/b/", b"/a%0d%0ab/"]
)
def test_an_unknown_address_that_is_none_is_refused(newsstand, path):
    request = b"GET " + path + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n" + CLOSE + b"\r\n"
    assert status(newsstand.raw(request)) == 400


def test_a_proxy_may_ask_under_another_name_than_the_reader_did(tmp_path, open_newsstand):
    shelf = Shelf.open(tmp_path)
    shelf.put("/news/bridge/", printed(), seen=1)
    newsstand = open_newsstand(data=tmp_path, hosts=("news.example",), trusted=("127.0.0.1",))
    ours = {"host": "backend:8000", "x_forwarded_host": "news.example"}
    assert newsstand.get("/news/bridge/", **ours).body.decode() == TEXT
    assert newsstand.get("/news/bridge/", host="backend:8000").status == 421
    theirs = {"host": "backend:8000", "x_forwarded_host": "evil.example"}
    assert newsstand.get("/news/bridge/", **theirs).status == 421


# Changes


def test_a_new_version_is_with_readers_within_200_milliseconds(newsstand, shelf):
    shelf.put("/news/changing/", printed("<p>old</p>"), seen=1)
    soon(lambda: newsstand.get("/news/changing/").body == b"<p>old</p>")
    shelf.put("/news/changing/", printed("<p>new</p>"), seen=2)
    assert soon(lambda: newsstand.get("/news/changing/").body == b"<p>new</p>") < 0.2
    shelf.drop("/news/changing/")
    assert soon(lambda: newsstand.get("/news/changing/").status == 404) < 0.2


def test_a_new_address_stops_being_unknown_as_soon_as_it_is_wanted(newsstand, shelf):
    assert newsstand.get("/news/fresh/").status == 404
    shelf.want(["/news/fresh/"])
    assert soon(lambda: newsstand.get("/news/fresh/").status == 200) < 0.2
    assert ("GET", "/news/fresh/") in newsstand.site.seen


def test_a_changed_fragment_shows_on_every_page_without_printing_one(newsstand, shelf):
    paths = [f"/news/many-{number}/" for number in range(50)]
    for path in paths:
        shelf.put(path, with_feed(f"<p>{path}</p>" * 50), seen=1)
    soon(lambda: newsstand.get(paths[-1]).status == 200)
    tags = {path: newsstand.get(path)["etag"] for path in paths}
    shelf.put(FEED, printed("<ul><li>second brief</li></ul>", "fragment"), seen=2)
    assert soon(lambda: b"second brief" in newsstand.get(paths[0]).body) < 0.2
    for path in paths:
        answer = newsstand.get(path, accept_encoding="gzip", if_none_match=tags[path])
        assert answer.status == 200
        assert b"second brief" in gzip.decompress(answer.body)
    shelf.put(FEED, printed("<ul><li>first brief</li></ul>", "fragment"), seen=3)


def test_what_is_taken_back_is_shown_no_more(newsstand, shelf):
    from nightdesk.press.shelf.write import Change

    shelf.put("/news/secret/", printed("<p>secret</p>"), seen=1)
    soon(lambda: newsstand.get("/news/secret/").body == b"<p>secret</p>")
    shelf.take([Change(9, gone=["/news/secret/"])])
    assert soon(lambda: b"secret" not in newsstand.get("/news/secret/").body) < 0.2


def test_how_late_readers_pages_are_is_told(newsstand):
    told = newsstand.get("/healthz").json["shelf"]
    assert told["complete"] is True
    assert told["stale"] >= 1
    assert told["missed"] == 0
    assert "clock_silent_seconds" in told


def test_readings_are_told_to_the_press(tmp_path, open_newsstand):
    shelf = Shelf.open(tmp_path)
    shelf.put("/news/read/", printed(), seen=1)
    newsstand = open_newsstand(data=tmp_path)
    for _ in range(5):
        newsstand.get("/news/read/")
    newsstand.stop()
    assert json.loads((tmp_path / "heat.json").read_text()) == {"/news/read/": 5}
    assert shutil.which("curl")
