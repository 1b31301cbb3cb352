"""The reader gets a page with plain words, or the page itself a moment later; never half a story."""

from __future__ import annotations

import re
import threading
import time

from .stand_in import StandIn
from .test_pages_from_the_shelf import soon


def test_a_closed_site_is_explained_in_a_page_that_needs_nothing_else(open_newsstand):
    newsstand = open_newsstand(patience_while_starting=0.2)
    answer = newsstand.get("/news/a-story/", accept="text/html")
    page = answer.body.decode()
    assert answer.status == 503
    assert int(answer["retry-after"]) > 0
    assert "This page cannot be shown right now" in page
    assert "The Lantern" in page
    assert answer["cache-control"] == "no-store"
    assert not re.search(r'style="|<script|src=|href="[^"]', page)
    assert "style-src 'sha256-" in answer["content-security-policy"]


def test_the_ukrainian_edition_explains_itself_in_ukrainian(open_newsstand):
    newsstand = open_newsstand(patience_while_starting=0.2)
    page = newsstand.get("/uk/novyny/").body.decode()
    assert '<html lang="uk">' in page
    assert "Спробуйте ще раз" in page


def test_a_program_gets_json(open_newsstand):
    newsstand = open_newsstand(patience_while_starting=0.2)
    answer = newsstand.get("/api/", accept="application/json")
    assert (answer.status, answer["content-type"]) == (503, "application/json; charset=utf-8")
    assert set(answer.json) == {"error", "what_to_do"}


def test_while_the_site_is_starting_the_reader_waits_and_gets_her_page(tmp_path, open_newsstand):
    newsstand = open_newsstand()
    got = []
    reader = threading.Thread(target=lambda: got.append(newsstand.get("/news/")))
    reader.start()
    time.sleep(1)
    site = StandIn(tmp_path / "site.sock")
    reader.join(10)
    site.stop()
    assert got[0].status == 200


def test_a_page_whose_site_died_over_it_is_asked_for_again_once(newsstand):
    site = newsstand.site
    answer = newsstand.get("/cut-once")
    assert (answer.status, answer.body, site.cuts) == (200, b"whole", 2)


def test_a_form_is_never_sent_twice(newsstand):
    site = newsstand.site
    assert newsstand.get("/cut-once", "POST", b"text").status == 503
    assert site.cuts == 1


def test_half_a_story_is_never_shown(newsstand):
    answer = newsstand.get("/cut")
    assert answer.status == 503
    assert b"half a story" not in answer.body


def test_a_site_that_does_not_answer_in_time_is_explained(site, open_newsstand):
    site.hold()
    newsstand = open_newsstand(answer_seconds=0.4)
    began = time.monotonic()
    assert newsstand.get("/slow").status == 503
    assert time.monotonic() - began < 1.5


def test_a_site_that_comes_back_is_shown_again_at_once(tmp_path, site, open_newsstand):
    newsstand = open_newsstand(patience_while_starting=0.2)
    assert newsstand.get("/news/").status == 200
    site.stop()
    assert newsstand.get("/news/").status == 503
    again = StandIn(tmp_path / "site.sock")
    assert newsstand.get("/news/").status == 200
    again.stop()


def test_health_tells_whether_the_site_can_be_reached_and_never_needs_it(tmp_path, open_newsstand):
    newsstand = open_newsstand()
    closed = newsstand.get("/healthz")
    assert closed.status == 200
    assert closed.json["newsstand"]["up"] is True
    assert closed.json["site"]["reachable"] is False
    site = StandIn(tmp_path / "site.sock")
    soon(lambda: newsstand.get("/healthz").json["site"]["reachable"] is True, 10)
    opened = newsstand.get("/healthz").json
    assert opened["site"]["since"] >= closed.json["site"]["since"]
    assert site.seen == []
    site.stop()


def test_when_the_reader_leaves_the_site_is_let_go(newsstand):
    site = newsstand.site
    with newsstand.connect() as connection:
        connection.sendall(b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
        soon(lambda: site.seen, 20)
        time.sleep(0.2)
    assert site.hung_up.wait(5)


def test_each_trouble_is_one_line_in_the_log(site, open_newsstand):
    site.hold()
    newsstand = open_newsstand(patience_while_starting=0.1, answer_seconds=2)
    newsstand.get("/slow")
    newsstand.get("/cut")
    site.stop()
    newsstand.get("/news/a-story/")
    lines = [line.split(" ", 1)[1] for line in newsstand.logged().splitlines()]
    assert lines == [
        "newsstand: GET /slow: the site was too slow; 503",
        "newsstand: GET /cut: the site broke off; 503",
        "newsstand: GET /news/…: the site does not answer; 503",
    ]
