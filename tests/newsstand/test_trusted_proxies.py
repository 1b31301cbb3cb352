"""Whose word about the reader counts: the connection's, and a trusted proxy's about it; no more."""

from __future__ import annotations

import pytest

from nightdesk.newsstand.peers import Peers, Seen

PROXY, OTHER = "10.0.0.1", "10.0.0.2"
READER, LIAR = "198.51.100.7", "203.0.113.66"
PEERS = Peers(["10.0.0.0/8", "fd00::/8"])


def forwarded(*values: str) -> list[tuple[str, str]]:
    return [("x-forwarded-for", value) for value in values]


@pytest.mark.parametrize(
    ("connection", "headers", "client"),
    [
        pytest.param(f"{READER}:5", forwarded(LIAR), READER, id="a stranger's word is not heard"),
        pytest.param(f"{PROXY}:5", forwarded(READER), READER, id="a proxy's word is"),
        pytest.param(f"{PROXY}:5", forwarded(f"{LIAR}, {READER}"), READER, id="what a reader adds"),
        pytest.param(f"{PROXY}:5", forwarded(LIAR, READER), READER, id="in a header of its own"),
        pytest.param(f"{PROXY}:5", forwarded(f"{READER}, {OTHER}"), READER, id="two proxies"),
        pytest.param(
            f"{PROXY}:5", forwarded(f"10.9.9.9, {READER}, {OTHER}"), READER, id="a false proxy"
        ),
        pytest.param(f"{PROXY}:5", forwarded("nonsense"), PROXY, id="nonsense names nobody"),
        pytest.param(f"{PROXY}:5", forwarded(f"{LIAR}, nonsense"), PROXY, id="nor what precedes"),
        pytest.param(f"{PROXY}:5", forwarded(f"{LIAR}, unknown"), PROXY, id="unknown"),
        pytest.param(f"{PROXY}:5", [], PROXY, id="a proxy that says nothing"),
        pytest.param(f"{PROXY}:5", forwarded(f"{READER}:4711"), READER, id="with a port"),
        pytest.param(f"{PROXY}:5", forwarded("[2001:db8::7]:4711"), "2001:db8::7", id="IPv6, port"),
        pytest.param(f"{PROXY}:5", forwarded("2001:db8::7"), "2001:db8::7", id="IPv6"),
        pytest.param(f"{PROXY}:5", forwarded(f"::ffff:{READER}"), READER, id="IPv4 as IPv6"),
        pytest.param(f"[::ffff:{PROXY}]:5", forwarded(READER), READER, id="a proxy as IPv6"),
        pytest.param(f"[::ffff:{LIAR}]:5", forwarded(READER), LIAR, id="a stranger as IPv6"),
        pytest.param("[fd00::1]:5", forwarded(READER), READER, id="a proxy over IPv6"),
        pytest.param("[fd00::1%eth0]:5", forwarded(READER), READER, id="with a zone"),
        pytest.param("127.0.0.1:5", forwarded(LIAR), "127.0.0.1", id="loopback is not trusted"),
        pytest.param("", forwarded(LIAR), "", id="a unix socket is not trusted"),
    ],
)
def test_the_reader_is_the_last_whom_a_trusted_proxy_has_seen(connection, headers, client):
    assert PEERS.seen(connection, "http", "a", headers).client == client


def test_scheme_and_host_of_a_stranger_are_those_of_the_connection():
    told = [("x-forwarded-proto", "https"), ("x-forwarded-host", "evil.example")]
    assert PEERS.seen(f"{READER}:5", "http", "a", told) == Seen(READER, "http", "a")
    assert PEERS.seen(f"{PROXY}:5", "http", "a", told) == Seen(PROXY, "https", "evil.example")


def test_a_scheme_that_is_none_is_not_believed_of_anybody():
    told = [("x-forwarded-proto", "javascript")]
    assert PEERS.seen(f"{PROXY}:5", "http", "a", told).scheme == "http"


def test_the_site_hears_of_one_reader_whatever_she_says_she_is(newsstand):
    claims = (
        b"X-Forwarded-For: 198.51.100.1\r\nX_Forwarded_For: 198.51.100.2\r\n"
        b"X-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https\r\nX-Real-IP: 198.51.100.3\r\n"
        b"Forwarded: for=198.51.100.4;host=evil.example\r\nConnection: close, X-Forwarded-For\r\n"
    )
    answer = newsstand.raw(b"GET /echo HTTP/1.1\r\nHost: a\r\n" + claims + b"\r\n")
    assert b"198.51.100." not in answer
    assert b"evil.example" not in answer
    assert b'["x-forwarded-for", "127.0.0.1"]' in answer.lower()
