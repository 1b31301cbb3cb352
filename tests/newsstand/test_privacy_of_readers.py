"""Nothing the newsstand writes can find a reader: no address, no query, no token in a path."""

from __future__ import annotations


def test_the_log_holds_no_address_query_or_token(site, open_newsstand):
    newsstand = open_newsstand(
        trusted=["127.0.0.1"], patience_while_starting=0.1, answer_seconds=0.3
    )
    private = {"x_forwarded_for": "203.0.113.77", "referer": "http://a/secret-referer"}
    newsstand.get("/search/?q=how+to+leak", **private)
    newsstand.get("/newsletters/confirm/secret-token/?mail=olena%40example.org", **private)
    newsstand.get("/a%00b?q=secret-query", **private)
    newsstand.get("/news/cut", **private)
    site.stop()
    newsstand.get("/search/?q=how+to+leak", **private)
    newsstand.get("/newsletters/confirm/secret-token/", **private)
    newsstand.get("/newsletters/confirm/secret-token/", "POST", b"secret-body", **private)
    newsstand.get("/nothing-but-a-name", **private)
    newsstand.stop()
    log = newsstand.logged()
    assert "/newsletters/…" in log
    for secret in ("203.0.113", "127.0.0.1", "secret", "leak", "olena", "example.org", "?"):
        assert secret not in log, log


def test_a_long_trouble_does_not_fill_the_log(open_newsstand):
    newsstand = open_newsstand(patience_while_starting=0, patience=0)
    for _ in range(40):
        newsstand.get("/news/")
    assert len(newsstand.logged().splitlines()) == 10


def test_a_request_that_breaks_the_newsstand_leaves_no_trace_of_the_reader(site, open_newsstand):
    newsstand = open_newsstand()
    newsstand.raw(b"\x16\x03\x01 secret-bytes\r\n\r\n", wait=1)
    newsstand.raw(b"GET /secret HTTP/9.9\r\n\r\n", wait=1)
    newsstand.stop()
    assert "secret" not in newsstand.logged()
    assert "127.0.0.1" not in newsstand.logged()
