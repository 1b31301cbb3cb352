"""A real Varnish with our recipe before a real newsstand, told by the real purger: readers get
what the shelf holds, and what it no longer holds is gone."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from nightdesk.press.purging import follow, recalled
from nightdesk.press.shelf import takedowns
from nightdesk.press.shelf.pieces import Own, Slot
from nightdesk.press.shelf.write import Change, Printed, Shelf
from nightdesk.settings.table import Settings
from tests.newsstand.conftest import Answer
from tests.newsstand.test_pages_from_the_shelf import soon as _soon
from tests.ports import free_port
from tests.run.conftest import environment

from .varnish import RunningVarnish

HOST = "news.example"
FEED = "fragment:news-feed:en"
PICTURE = os.urandom(200_000)
BRIDGE = "/news/міст/"


class Newsroom:
    """A shelf, a newsstand, a Varnish before it and the purger between; no site at all."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        (self.data / "media/pictures").mkdir(parents=True)
        (self.data / "media/pictures/bridge-640.avif").write_bytes(PICTURE)
        self.port = free_port()
        self.folder = folder
        self.shelf = Shelf.open(self.data)
        self.shelf.put("error:404:en", _printed("Nothing here", "error", 404), seen=1)
        self.shelf.note(live="[]", complete=1)
        self.varnish = RunningVarnish(folder, self.port)
        self.settings = {
            "NIGHTDESK_DATA": str(self.data),
            "NIGHTDESK_URL": f"http://{HOST}",
            "NIGHTDESK_CDN": "varnish",
            "NIGHTDESK_CDN_ADDRESSES": self.varnish.address,
            "TRUSTED_PROXIES": "127.0.0.1",
            "PORT": str(self.port),
        }
        self.purging = follow.start(Settings(self.settings))
        self.open()

    def open(self) -> None:
        with (self.folder / "newsstand.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "nightdesk.newsstand"],
                env=environment(**self.settings),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        _soon(lambda: self.direct("/healthz").status == 200, 15)
        # Varnish's probe has to see it, too.
        _soon(lambda: self.get("/no/such/page/").status == 404, 10)

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def print(self, path: str, text: str) -> None:
        kind = "fragment" if path == FEED else "story"
        pieces = [Own.of(text.encode())]
        if kind == "story":
            pieces = [Own.of(f"<p>{text}</p>".encode()), Slot(FEED), Own.of(b"<hr>" * 30)]
        self.shelf.put(path, Printed(kind, 200, _HTML, pieces), seen=1)

    def remove(self, path: str) -> None:
        self.shelf.take([Change(self.shelf.cursor + 1, gone=[path])])
        self.shelf.drop(path)  # the press looks what is there now: nothing

    def direct(self, path: str, **headers: str) -> Answer:
        return _ask(self.port, path, HOST, **headers)

    def get(self, path: str, method: str = "GET", host: str = HOST, **headers: str) -> Answer:
        return _ask(self.varnish.port, path, host, method, **headers)

    def settle(self) -> None:
        """Until every purge was taken, the second rounds included."""
        from nightdesk.press.purging.queue import Queue

        time.sleep(0.5)
        queue = Queue(self.data)
        try:
            _soon(lambda: len(queue) == 0, 10)
        finally:
            queue.close()

    def stop(self) -> None:
        self.purging.stop()
        self.varnish.stop()
        if self.process.poll() is None:
            self.kill()
        self.shelf.close()


_GZIP = {"Accept_Encoding": "gzip"}
_HTML = [("content-type", "text/html; charset=utf-8")]


def _printed(text: str, kind: str, status: int) -> Printed:
    return Printed(kind, status, _HTML, [Own.of(f"<p>{text}</p>".encode())])


def _ask(port: int, path: str, host: str, method: str = "GET", **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request(method, quote(path, safe="/?=&"), headers={"Host": host, **named})
        answer = connection.getresponse()
        got = [(name.lower(), value) for name, value in answer.getheaders()]
        return Answer(answer.status, got, answer.read())
    except (OSError, http.client.HTTPException):
        return Answer(0, [], b"")
    finally:
        connection.close()


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    opened = Newsroom(tmp_path_factory.mktemp("cdn"))
    yield opened
    opened.stop()


@pytest.fixture
def another(tmp_path: Path) -> Iterator[Newsroom]:
    """In which nothing has been removed, so that purges are soft."""
    opened = Newsroom(tmp_path)
    yield opened
    opened.stop()


@pytest.fixture
def newsroom(one: Newsroom) -> Newsroom:
    one.print(FEED, "<ul><li>a quiet day</li></ul>")
    one.print(BRIDGE, '<img src="/media/pictures/bridge-640.avif"> the old words')
    one.print("/", "front")
    _soon(lambda: b"old words" in one.direct(BRIDGE).body, 5)
    one.settle()
    # What was purged softly is handed out once more, and fetched meanwhile.
    for path in (BRIDGE, "/"):
        _soon(
            lambda path=path: one.get(path, **_GZIP)["etag"] == one.direct(path, **_GZIP)["etag"], 5
        )
    return one


def test_a_page_is_kept_by_varnish_and_readers_are_not_told_how(newsroom):
    newsroom.get(BRIDGE)
    time.sleep(1.1)
    answer = newsroom.get(BRIDGE)
    assert answer.status == 200
    assert int(answer["age"]) >= 1
    assert answer["cache-control"] == "public, max-age=0"
    assert answer["vary"].lower() == "accept-encoding"
    for name in ("xkey", "surrogate-control", "x-varnish", "via"):
        assert answer[name] is None


def test_a_change_is_with_varnishs_readers_within_a_second(newsroom):
    newsroom.get(BRIDGE)
    newsroom.print(BRIDGE, "the new words")
    assert _soon(lambda: b"new words" in newsroom.get(BRIDGE).body, 5) < 1


def test_a_new_brief_is_on_every_page_that_varnish_keeps_within_a_second(newsroom):
    newsroom.get("/")
    newsroom.get(BRIDGE)
    newsroom.print(FEED, "<ul><li>the ferry runs</li></ul>")
    began = time.monotonic()
    for path in ("/", BRIDGE):
        _soon(lambda path=path: b"ferry" in newsroom.get(path).body, 5)
    assert time.monotonic() - began < 1


def test_a_removed_story_reads_back_404_and_nobody_gets_it_again(newsroom):
    assert newsroom.get(BRIDGE).status == 200
    newsroom.remove(BRIDGE)
    assert _soon(lambda: newsroom.get(BRIDGE).status == 404, 5) < 1
    newsroom.settle()
    assert {newsroom.get(f"{BRIDGE}?again={n}").status for n in range(20)} == {404}


def test_a_withdrawn_brief_is_purged_hard_from_the_pages_it_stood_on(newsroom):
    newsroom.print(FEED, "<ul><li>a name that endangers</li></ul>")
    newsroom.settle()
    _soon(lambda: b"endangers" in newsroom.get(BRIDGE).body, 5)
    newsroom.remove("/news-feed/7/")
    newsroom.print(FEED, "<ul><li>a quiet day</li></ul>")
    time.sleep(0.25 + 0.5)  # what docs/operate/cdn.md promises is longer than this
    assert b"endangers" not in newsroom.get(BRIDGE).body
    assert b"endangers" not in newsroom.get("/").body


def test_what_is_taken_down_is_gone_at_varnish_and_read_back_there(newsroom):
    """No press prints here: the list alone takes it down, the purger tells Varnish and asks it."""
    path, picture = "/news/names/", "/media/pictures/bridge-640.avif"
    newsroom.print(path, '<img src="/media/pictures/bridge-640.avif"> a name that endangers')
    newsroom.settle()
    for each in (path, picture):
        _soon(lambda each=each: newsroom.get(each).status == 200, 5)
    one = takedowns.take_down(
        newsroom.data,
        takedowns.Withdrawn(
            id=takedowns.new_id(),
            path=path,
            stems=("pictures/bridge",),
            files=("pictures/bridge-640.avif",),
            say="She asked us.",
        ),
    )
    assert _soon(lambda: newsroom.direct(path).status == 410, 5) < 1
    _soon(lambda: recalled.state(newsroom.data, one.id) and _gone(newsroom, one.id), 10)
    for each in (path, picture):
        assert newsroom.get(each).status == 410
    assert b"This page has been taken down." in newsroom.get(path).body
    assert b"She asked us." in newsroom.get(path).body
    takedowns.lift(newsroom.data, one.id)
    _soon(lambda: newsroom.get(picture).status == 200, 10)
    newsroom.remove(path)


def _gone(newsroom: Newsroom, id_: str) -> float | None:
    return recalled.state(newsroom.data, id_).gone


def test_a_story_published_where_there_was_none_is_not_hidden_by_a_kept_404(newsroom):
    assert newsroom.get("/news/soon/").status == 404
    newsroom.print("/news/soon/", "here it is")
    assert _soon(lambda: newsroom.get("/news/soon/").status == 200, 7) < 6
    newsroom.remove("/news/soon/")


def test_cookies_and_unknown_questions_do_not_split_the_cache(newsroom):
    newsroom.get(BRIDGE)
    time.sleep(1.1)
    for number in range(5):
        answer = newsroom.get(f"{BRIDGE}?fbclid=x{number}&utm_source=y", Cookie=f"_ga={number}")
        assert answer.status == 200
        assert int(answer["age"]) >= 1


def test_a_reader_who_has_the_page_gets_304(newsroom):
    tag = newsroom.get(BRIDGE, Accept_Encoding="gzip")["etag"]
    again = newsroom.get(BRIDGE, Accept_Encoding="gzip", If_None_Match=tag)
    assert (again.status, again.body) == (304, b"")


def test_other_peoples_names_are_not_served(newsroom):
    assert newsroom.get(BRIDGE, host="evil.example").status == 421
    assert newsroom.get(BRIDGE, host="news.example.evil.example").status == 421


def test_parts_of_a_picture_are_handed_out_of_the_cache(newsroom):
    path = "/media/pictures/bridge-640.avif"
    assert newsroom.get(path).body == PICTURE
    part = newsroom.get(path, Range="bytes=1000-1999")
    assert part.status == 206
    assert part["content-range"] == f"bytes 1000-1999/{len(PICTURE)}"
    assert part.body == PICTURE[1000:2000]


def test_staff_and_forms_pass_varnish_without_being_kept(newsroom):
    # There is no site behind this newsstand; it says so itself.
    for path, method in (("/admin/", "GET"), ("/newsletters/", "POST")):
        answer = newsroom.get(path, method)
        assert answer.status == 503
        assert answer["cache-control"] == "no-store"
        assert answer["age"] in (None, "0")


def test_a_stranger_who_claims_https_is_not_believed(newsroom):
    answer = newsroom.get(BRIDGE, X_Forwarded_Proto="https", X_Forwarded_Host="evil.example")
    assert answer.status == 200
    assert b"evil" not in answer.body


def test_while_the_newsstand_is_dead_varnish_goes_on_with_what_it_has(another):
    newsroom = another
    newsroom.print(FEED, "feed")
    newsroom.print(BRIDGE, "the old words")
    newsroom.print("/", "front")
    newsroom.settle()
    _soon(lambda: b"old words" in newsroom.get(BRIDGE).body, 5)
    before = newsroom.get(BRIDGE).body
    newsroom.get("/")
    failed: list[tuple[str, int]] = []
    stopped = threading.Event()

    def read() -> None:
        while not stopped.is_set():
            for path in (BRIDGE, "/"):
                status = newsroom.get(path).status
                if status != 200:
                    failed.append((path, status))
            time.sleep(0.01)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        newsroom.kill()
        time.sleep(1)
        # Even what has just been purged softly is better than nothing.
        newsroom.print(BRIDGE, "printed while the newsstand is dead")
        time.sleep(7)
        assert newsroom.get(BRIDGE).body == before
    finally:
        newsroom.open()
        stopped.set()
        reader.join()
    assert failed == []
    _soon(lambda: b"while the newsstand is dead" in newsroom.get(BRIDGE).body, 5)
