"""Malformed, ambiguous and oversized requests get a clear answer and never reach the site."""

from __future__ import annotations

import time

import pytest

from .conftest import status

HEAD = b"Host: a\r\nConnection: close\r\n"


@pytest.mark.parametrize(
    ("request_bytes", "expected"),
    [
        pytest.param(
            b"POST /echo HTTP/1.1\r\n" + HEAD + b"Content-Length: 5\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
            id="a length and a transfer coding",
        ),
        pytest.param(
            b"POST /echo HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n"
            b"Content-Length: 5\r\n\r\n0\r\n\r\n",
            400,
            id="a transfer coding and a length",
        ),
        pytest.param(
            b"POST /echo HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
            id="a body whose length is not stated",
        ),
        pytest.param(
            b"POST /echo HTTP/1.1\r\n"
            + HEAD
            + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
            400,
            id="two lengths",
        ),
        pytest.param(
            b"POST /echo HTTP/1.1\r\n" + HEAD + b"Content-Length: +3\r\n\r\nabc", 400, id="+3 bytes"
        ),
        pytest.param(b"GET /echo HTTP/1.1\r\nConnection: close\r\n\r\n", 400, id="no host"),
        pytest.param(b"GET /echo HTTP/1.0\r\n\r\n", 400, id="no host in HTTP/1.0"),
        pytest.param(b"GET /echo HTTP/1.1\r\nHost: b\r\n" + HEAD + b"\r\n", 400, id="two hosts"),
        pytest.param(
            b"GET /echo HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n", 400, id="no such host"
        ),
        pytest.param(
            b"GET /echo HTTP/1.1\r\nHost: \xff\r\nConnection: close\r\n\r\n",
            400,
            id="bytes as host",
        ),
        pytest.param(
            b"GET http://evil/echo HTTP/1.1\r\n" + HEAD + b"\r\n",
            400,
            id="another host in the line",
        ),
        pytest.param(b"GET /a\0b/echo HTTP/1.1\r\n" + HEAD + b"\r\n", 400, id="a NUL"),
        pytest.param(b"GET /a%00b/echo HTTP/1.1\r\n" + HEAD + b"\r\n", 400, id="a NUL in disguise"),
        pytest.param(
            b"GET /echo?q=%00 HTTP/1.1\r\n" + HEAD + b"\r\n", 400, id="a NUL in the query"
        ),
        pytest.param(
            b"GET /a%0d%0ab/echo HTTP/1.1\r\n" + HEAD + b"\r\n", 400, id="line ends in path"
        ),
        pytest.param(b"GET /%ff/echo HTTP/1.1\r\n" + HEAD + b"\r\n", 400, id="not UTF-8"),
        pytest.param(b"GET /a/%2e%2e/echo HTTP/1.1\r\n" + HEAD + b"\r\n", 400, id="dots"),
        pytest.param(
            b"GET /echo HTTP/1.1\r\n" + HEAD + b"X: a\0b\r\n\r\n", 400, id="NUL in a header"
        ),
        pytest.param(
            b"GET /echo HTTP/1.1\r\n" + HEAD + b"X: a\rb\r\n\r\n", 400, id="CR in a header"
        ),
        pytest.param(
            b"GET /echo HTTP/1.1\r\n" + HEAD + b"X: a\r\n b\r\n\r\n", 400, id="folded header"
        ),
        pytest.param(b"GET /echo HTTP/1.1\r\n" + HEAD + b"X : a\r\n\r\n", 400, id="space before :"),
        pytest.param(
            b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n" + HEAD + b"\r\n", 414, id="a 9 KB address"
        ),
        pytest.param(
            b"GET /echo HTTP/1.1\r\n" + HEAD + b"X: " + b"a" * 40_000 + b"\r\n\r\n",
            431,
            id="40 KB of headers",
        ),
        pytest.param(
            b"GET /echo HTTP/1.1\r\n" + HEAD + b"X: " + b"a" * 1_000_000 + b"\r\n\r\n",
            431,
            id="1 MB of headers",
        ),
        pytest.param(
            b"GET /echo HTTP/1.1\r\n" + HEAD + b"X: a\r\n" * 5000 + b"\r\n", 431, id="5,000 headers"
        ),
        pytest.param(b"TRACE /echo HTTP/1.1\r\n" + HEAD + b"\r\n", 405, id="TRACE"),
        pytest.param(b"CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", 405, id="CONNECT"),
        pytest.param(b"OPTIONS * HTTP/1.1\r\n" + HEAD + b"\r\n", 400, id="OPTIONS *"),
    ],
)
def test_a_broken_request_is_refused(newsstand, request_bytes, expected):
    site = newsstand.site
    assert status(newsstand.raw(request_bytes, wait=5)) == expected
    assert site.seen == []


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
