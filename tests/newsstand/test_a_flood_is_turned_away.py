"""Who comes too often is refused at the turnstile, and never troubles whoever does the work."""

from __future__ import annotations

import pytest

from nightdesk.kernel.devices import Devices

from .conftest import read_all, status
from .test_pages_from_the_shelf import soon
from .test_who_may_try_how_often import FORM, SECRET
from .test_who_waits_behind_whom import ask_all

#: Whoever takes the long way leaves a line in the log.
TOLD = """
from nightdesk.newsstand.app import Newsstand
_reply = Newsstand._reply
async def _told(self, scope, protocol):
    print("the long way", scope.path, flush=True)
    return await _reply(self, scope, protocol)
Newsstand._reply = _told
"""
WITHOUT = """
from nightdesk.newsstand.turnstile import Turnstile
Turnstile.turns_away = lambda *_: False
"""


def long_ways(newsstand) -> int:
    return newsstand.logged().count("the long way")


def try_to_sign_in(newsstand, method: str = "POST", **headers: str):
    return newsstand.get(
        "/admin/login/", method, b"username=olena&password=guess", **FORM, **headers
    )


def test_of_a_flood_of_sign_ins_only_what_is_counted_takes_the_long_way(site, open_newsstand):
    newsstand = open_newsstand(first=TOLD, secret=SECRET, door_burst=5)
    got = [try_to_sign_in(newsstand).status for _ in range(60)]
    assert got.count(429) >= 30
    assert long_ways(newsstand) <= 30  # five at once, and one every half second


def test_of_a_flood_of_searches_only_what_is_counted_takes_the_long_way(site, open_newsstand):
    newsstand = open_newsstand(first=TOLD, searches_by_client=4)
    got = [newsstand.get(f"/search/?q={number}").status for number in range(40)]
    assert got.count(200) == long_ways(newsstand) < 20  # four, and one a second
    assert got.count(429) == 40 - got.count(200)


@pytest.mark.parametrize("path", ["/search/?q=a", "/uk/search/?q=a"])
def test_when_too_many_wait_the_next_is_told_so_without_joining(site, open_newsstand, path):
    site.hold()
    newsstand = open_newsstand(first=TOLD, search_places=1, search_line=1)
    ask_all(newsstand, 2, "/search/slow")
    soon(lambda: site.at_once == 1 and long_ways(newsstand) == 2, 20)
    answer = newsstand.get(path)
    assert (answer.status, answer["retry-after"]) == (503, "10")
    assert long_ways(newsstand) == 2
    assert "too many wait (search)" in newsstand.logged()


def test_a_form_for_which_there_is_no_room_is_not_even_taken_in(site, open_newsstand):
    site.hold()
    newsstand = open_newsstand(first=TOLD, reader_places=1, line=1)
    ask_all(newsstand, 2, "/slow")
    soon(lambda: site.at_once == 1 and long_ways(newsstand) == 2, 20)
    head = b"POST /newsletters/ HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\nhalf"
    with newsstand.connect() as connection:
        connection.sendall(head)
        assert status(read_all(connection)) == 503


def test_whoever_may_pass_passes_in_the_middle_of_a_flood(site, open_newsstand):
    newsstand = open_newsstand(secret=SECRET, door_burst=1, trusted=["127.0.0.1"])
    flooded = [try_to_sign_in(newsstand, x_forwarded_for="203.0.113.1").status for _ in range(9)]
    assert flooded[1:] == [429] * 8
    mark = {"cookie": f"nightdesk_device={Devices(SECRET).mark('olena')}"}
    assert try_to_sign_in(newsstand, x_forwarded_for="203.0.113.1", **mark).status == 200
    assert newsstand.get("/news/", x_forwarded_for="203.0.113.1").status == 200
    assert newsstand.get("/search/?q=a", x_forwarded_for="203.0.113.1").status == 200
    forged = {"cookie": "nightdesk_device=1.b2xlbmE.forged"}
    assert try_to_sign_in(newsstand, x_forwarded_for="203.0.113.1", **forged).status == 429


def test_who_is_turned_away_hears_what_the_long_way_would_have_said(site, open_newsstand, tmp_path):
    got = []
    for first in ("", WITHOUT):
        newsstand = open_newsstand(
            first=first, door_burst=1, searches_by_client=0, search_line=0, trusted=["127.0.0.1"]
        )
        try_to_sign_in(newsstand)
        answers = [
            try_to_sign_in(newsstand),
            try_to_sign_in(newsstand, accept="application/json"),
            newsstand.get("/admin/login/", "HEAD"),
            newsstand.get("/search/?q=a"),
            newsstand.get("/uk/search/?q=a", accept="application/activity+json"),
        ]
        newsstand.stop()
        newsstand = open_newsstand(first=first, search_line=0, line=0)
        answers += [
            newsstand.get("/search/?q=a"),
            newsstand.get("/uk/search/?q=a"),
            newsstand.get("/uk/search/?q=a", accept="application/json"),
            newsstand.get("/uk/newsletters/", "POST", b"email=a@b.example", **FORM),
        ]
        newsstand.stop()
        got.append([(one.status, sorted(one.headers), one.body) for one in answers])
    assert [status for status, *_ in got[0]] == [429] * 5 + [503] * 4
    for short, long in zip(*got, strict=True):
        assert without_date(short) == without_date(long)


def without_date(answer: tuple) -> tuple:
    status, headers, body = answer
    return status, [pair for pair in headers if pair[0] != "date"], body
