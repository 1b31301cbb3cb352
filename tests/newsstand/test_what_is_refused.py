"""Malformed, ambiguous and oversized requests get a clear answer and never reach the site."""

from __future__ import annotations

import time

import pytest

from .attacks import ADDRESSES, ATTACKS, CROSSINGS, ONE_WAY
from .conftest import status


@pytest.mark.parametrize("attack", [*ATTACKS, *ADDRESSES], ids=str)
def test_a_request_that_can_be_read_two_ways_is_refused(newsstand, attack):
    answer = newsstand.raw(attack.at(), wait=5)
    assert status(answer) in attack.statuses
    assert answer.count(b"HTTP/1.") <= 1
    assert newsstand.site.seen == []


@pytest.mark.parametrize("odd", ONE_WAY, ids=str)
def test_an_odd_but_honest_request_is_answered_once(newsstand, odd):
    answer = newsstand.raw(odd.at(), wait=5)
    assert status(answer) in odd.statuses
    assert answer.count(b"HTTP/1.") == 1
    assert newsstand.site.seen == [("GET", "/echo")]


@pytest.mark.parametrize(("asked", "crosses"), CROSSINGS)
def test_the_site_is_asked_for_the_address_that_was_checked(newsstand, asked, crosses):
    newsstand.raw(b"GET " + asked + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", wait=5)
    assert newsstand.site.seen == [("GET", crosses)]


def test_one_refusal_says_what_is_wrong_in_words(newsstand):
    answer = newsstand.get("/a%00b")
    assert "The address contains characters that no address has." in answer.body.decode()
    as_json = newsstand.get("/a%00b", accept="application/json")
    assert as_json.json == {"error": "The address contains characters that no address has."}


def test_a_smuggled_second_request_is_not_obeyed(newsstand):
    site = newsstand.site
    answer = newsstand.raw(
        b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n",
        wait=2,
    )
    assert status(answer) == 400
    assert answer.count(b"HTTP/1.1 ") == 1
    assert site.seen == []


def test_a_reader_sends_64_kilobytes_at_most_and_an_editor_65_megabytes(newsstand):
    site = newsstand.site
    claim = b"POST %s HTTP/1.1\r\nHost: a\r\nCookie: %s\r\nContent-Length: %d\r\n\r\n"
    too_much = [
        (b"/echo", b"a=1", 64 * 1024 + 1),
        (b"/echo", b"nightdesk_session=1", 64 * 1024 + 1),
        (b"/admin/login/", b"a=1", 64 * 1024 + 1),
        (b"/admin/echo", b"nightdesk_session=1", 65 * 1024 * 1024 + 1),
    ]
    for request in too_much:
        assert status(newsstand.raw(claim % request, wait=3)) == 413
    assert site.seen == []
    assert newsstand.get("/echo", "POST", b"a" * 64 * 1024).json["body_length"] == 64 * 1024


def test_a_mail_service_reports_in_a_megabyte_at_most(newsstand):
    place = "/newsletters/reports/postmark/"
    claim = b"POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n"
    for path, length in ((place, 1024 * 1024 + 1), ("/newsletters/reports/", 64 * 1024 + 1)):
        assert status(newsstand.raw(claim % (path.encode(), length), wait=3)) == 413
    assert newsstand.site.seen == []
    newsstand.get(place, "POST", b"a" * 1024 * 1024)
    assert newsstand.site.seen == [("POST", place)]


def test_half_a_body_never_reaches_the_site(newsstand):
    site = newsstand.site
    with newsstand.connect() as connection:
        connection.sendall(b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf")
    time.sleep(0.3)
    assert newsstand.get("/news/").status == 200
    assert site.seen == [("GET", "/news/")]


def test_a_body_that_stops_coming_is_given_up(site, open_newsstand):
    newsstand = open_newsstand(body_idle_seconds=0.3)
    head = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf"
    assert status(newsstand.raw(head, wait=3)) == 408
    assert site.seen == []


def test_a_body_that_drips_is_given_up(site, open_newsstand):
    newsstand = open_newsstand(body_seconds=0.5)
    head = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n"
    assert status(newsstand.raw(head, *[b"a"] * 8, pause=0.1, wait=3)) == 408


def test_headers_that_drip_are_given_up(site, open_newsstand):
    newsstand = open_newsstand(header_seconds=0.5)
    began = time.monotonic()
    assert newsstand.raw(b"GET /echo HTTP/1.1\r\nHost:", wait=5) == b""
    assert time.monotonic() - began < 3
