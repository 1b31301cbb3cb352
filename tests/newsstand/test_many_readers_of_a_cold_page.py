"""A page that is not printed yet is asked for once, however many readers come for it."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from nightdesk.press.shelf.write import Shelf

from .test_pages_from_the_shelf import printed, soon


@pytest.fixture
def shelf(tmp_path):
    opened = Shelf.open(tmp_path)
    opened.want(["/cold/slow", "/other/slow", "/cookies", "/for-some/"])
    opened.note(live="[]")
    yield opened
    opened.close()


def test_four_hundred_readers_make_one_question(tmp_path, shelf, site, open_newsstand):
    newsstand = open_newsstand(data=tmp_path)
    with ThreadPoolExecutor(100) as readers:
        got = list(
            readers.map(
                lambda number: newsstand.get(f"/cold/slow?utm={number}", cookie=f"a={number}"),
                range(400),
            )
        )
    assert {(answer.status, answer.body) for answer in got} == {(200, b"slow")}
    assert len(site.seen) <= 3, "one a second at most, while the press is at work"
    assert site.seen[0] == ("GET", "/cold/slow")


def test_those_who_come_later_wait_two_seconds_and_are_told_to_come_again(
    tmp_path, shelf, site, open_newsstand
):
    newsstand = open_newsstand(data=tmp_path)
    over = site.hold()
    first = []
    reader = threading.Thread(target=lambda: first.append(newsstand.get("/cold/slow")))
    reader.start()
    soon(lambda: site.seen, 20)
    began = time.monotonic()
    second = newsstand.get("/cold/slow")
    assert 1.5 < time.monotonic() - began < 3
    assert (second.status, int(second["retry-after"]) > 0) == (503, True)
    over.set()
    reader.join()
    assert first[0].status == 200


def test_a_herd_at_one_page_does_not_close_another(tmp_path, shelf, site, open_newsstand):
    newsstand = open_newsstand(data=tmp_path)
    over = site.hold()
    with ThreadPoolExecutor(60) as readers:
        herd = [readers.submit(newsstand.get, "/cold/slow") for _ in range(59)]
        soon(lambda: site.at_once == 1, 20)
        other = readers.submit(newsstand.get, "/other/slow")
        soon(lambda: site.at_once == 2, 20)
        over.set()
        assert other.result().status == 200
        assert {one.result().status for one in herd} == {200}
    assert site.most_at_once == 2


def test_an_answer_from_before_a_change_is_not_handed_on(tmp_path, shelf, site, open_newsstand):
    newsstand = open_newsstand(data=tmp_path)
    site.slow_seconds = 0.1
    assert newsstand.get("/cold/slow").body == b"slow"
    shelf.put("/cold/slow", printed("<p>printed</p>"), seen=1)
    soon(lambda: newsstand.get("/cold/slow").body == b"<p>printed</p>")
    asked = len(site.seen)
    shelf.drop("/cold/slow")
    soon(lambda: newsstand.get("/cold/slow").body == b"slow")
    assert len(site.seen) == asked + 1


def test_what_the_site_made_for_one_reader_is_not_given_to_another(
    tmp_path, shelf, site, open_newsstand
):
    newsstand = open_newsstand(data=tmp_path)
    newsstand.get("/cookies")
    newsstand.get("/cookies")
    assert site.seen == [("GET", "/cookies")] * 2


def test_a_reader_who_has_said_the_password_is_asked_for_by_name(
    tmp_path, shelf, site, open_newsstand
):
    """The first question, for everybody, carries no cookie: alone it would bring the form again."""
    newsstand = open_newsstand(data=tmp_path)
    answer = newsstand.get("/for-some/", cookie="nightdesk_session=knows-the-word")
    assert answer.body == b"what only some may read"
    assert newsstand.get("/for-some/").body == b"say the password"
    assert newsstand.get("/for-some/", cookie="_ga=1").body == b"say the password"


def test_readers_who_leave_give_up_their_place(tmp_path, shelf, site, open_newsstand):
    newsstand = open_newsstand(data=tmp_path, reader_places=1)
    over = site.hold()
    for path in (b"/other/slow", b"/cold/slow"):
        with newsstand.connect() as connection:
            connection.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: a\r\n\r\n")
            soon(lambda: site.seen, 20)
            time.sleep(0.2)
    time.sleep(0.5)
    over.set()
    time.sleep(0.5)
    assert site.seen == [("GET", "/other/slow")]
