"""A browser's own EventSource reads our streams, and comes back by itself."""

from __future__ import annotations

import time

import pytest

from .following import LIST, a_shelf, put
from .test_pages_from_the_shelf import printed

pytestmark = pytest.mark.browser

_FOLLOW = """path => {
    window.told = [];
    window.opened = 0;
    window.source = new EventSource(path);
    source.onopen = () => { opened += 1; };
    source.onmessage = event => told.push([event.lastEventId, event.data]);
}"""


def _until(page, expression: str) -> None:
    """As ``wait_for_function``, which our policy does not let evaluate a string."""
    deadline = time.monotonic() + 30
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, expression
        page.wait_for_timeout(30)


def test_chromium_is_told_comes_back_when_its_stream_ends_and_hears_only_what_is_newer(
    tmp_path, open_newsstand, chromium
):
    shelf = a_shelf(tmp_path)
    shelf.put("/news/bridge/", printed(), seen=1)
    newsstand = open_newsstand(data=tmp_path, stream_seconds=4, beat_seconds=1)
    context = chromium.new_context()
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text))
    page.goto(f"http://127.0.0.1:{newsstand.port}/news/bridge/")
    page.evaluate(_FOLLOW, f"/events{LIST}")
    _until(page, "told.length == 1")
    put(shelf, "second")
    _until(page, "told.length == 2")
    _until(page, "opened >= 2")
    put(shelf, "third")
    _until(page, "told.length >= 3")
    told = page.evaluate("told")
    assert len(told) == 3  # coming back told nothing
    assert len({name for name, _ in told}) == 3
    body = page.evaluate("path => fetch(path).then(answer => answer.text())", LIST)
    assert body == "third"
    assert not any("Content Security" in text for text in troubles)
    context.close()
    shelf.close()


def test_chromium_without_a_place_stops_asking_for_one(tmp_path, open_newsstand, chromium):
    shelf = a_shelf(tmp_path)
    shelf.put("/news/bridge/", printed(), seen=1)
    newsstand = open_newsstand(data=tmp_path, live_readers=0)
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{newsstand.port}/news/bridge/")
    page.evaluate(_FOLLOW, f"/events{LIST}")
    _until(page, "source.readyState == EventSource.CLOSED")
    assert page.evaluate("[opened, told.length]") == [0, 0]
    context.close()
    shelf.close()
