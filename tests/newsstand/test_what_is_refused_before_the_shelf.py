"""A stored page is no softer target than the site: the same requests are refused before it."""

from __future__ import annotations

import pytest

from .attacks import ATTACKS, ONE_WAY
from .conftest import status
from .test_pages_from_the_shelf import folder, newsstand, serving, shelf

__all__ = ["folder", "newsstand", "serving", "shelf"]

PAGE, HOST = b"/news/bridge/", b"news.example"
#: The server below shows us only those hosts that are ASCII; the other is one of ours.
_UNSEEN = {"bytes, then a host"}
#: Up to what the server below takes in (48 KB), a long head can be read in one way only; measuring
#: it would cost every reader of a stored page a tenth of the page.
_LONG = {"40 KB of headers"}


@pytest.mark.parametrize(
    "attack", [one for one in ATTACKS if one.name not in _UNSEEN | _LONG], ids=str
)
def test_a_stored_page_is_not_given_for_a_request_that_can_be_read_two_ways(newsstand, attack):
    answer = newsstand.raw(attack.at(PAGE, HOST), wait=5)
    assert status(answer) in attack.statuses or (
        status(answer) in (404, 405, 431) and b"bridge" not in answer
    )
    assert answer.count(b"HTTP/1.") <= 1
    assert newsstand.site.seen == []


@pytest.mark.parametrize("odd", ONE_WAY, ids=str)
def test_an_odd_but_honest_request_gets_the_page_once(newsstand, odd):
    sent = odd.at(PAGE, HOST).replace(b"http://a/", b"http://news.example/")
    answer = newsstand.raw(sent.replace(b"Host: a\n", b"Host: news.example\n"), wait=5)
    assert status(answer) == 200
    assert answer.count(b"HTTP/1.") == 1
    assert newsstand.site.seen == []


def test_what_follows_a_refused_body_is_not_taken_for_a_request(newsstand):
    smuggled = b"GET /free/smuggled HTTP/1.1\r\nHost: news.example\r\n\r\n"
    answer = newsstand.raw(
        b"GET /news/bridge/ HTTP/1.1\r\nHost: news.example\r\nContent-Length: %d\r\n\r\n"
        % len(smuggled)
        + smuggled,
        wait=3,
    )
    assert status(answer) == 400
    assert answer.count(b"HTTP/1.") == 1
    assert newsstand.site.seen == []


def test_requests_in_a_row_are_answered_in_their_order(newsstand):
    one = b"GET %s HTTP/1.1\r\nHost: news.example\r\n%s\r\n"
    answer = newsstand.raw(
        one % (PAGE, b"")
        + one % (b"/free/echo", b"")
        + one % (PAGE, b"")
        + one % (b"/nowhere/", b"Connection: close\r\n"),
        wait=5,
    )
    lines = [part[:3] for part in answer.split(b"HTTP/1.1 ")[1:]]
    assert lines == [b"200", b"200", b"200", b"404"]
    assert newsstand.site.seen == [("GET", "/free/echo")]
