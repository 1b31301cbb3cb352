"""What a page that is left open does when its stream is cut, refused, or its page is late: `live.js`
before a real newsstand, on a shelf without a site."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from .following import Follower, a_shelf, put
from .test_pages_from_the_shelf import printed, soon

pytestmark = pytest.mark.browser

PAGE, LIVE = "/coverage/flood/", "/coverage/flood/live/"
SCRIPT = Path(__file__).parents[2] / "src/nightdesk/theme/assets/js/live.js"
_PAGE = """<!doctype html><html lang="en"><title>Flood</title><script type="module" src="/live.js"></script>
<nd-live src="{live}" events="/events{live}" data-at="" data-one="1 new update" data-many="9 new updates"
data-offline="No connection."><button data-live-more hidden></button><p role="status"></p>
<div data-live-list>{rows}</div></nd-live>"""
_ELEMENT = "document.querySelector('nd-live')"


def row(number: int) -> str:
    at = f"2026-11-28T01:{number:02}:00.000000+00:00"
    return (
        f'<details data-item="e{number}" data-version="v{number}" data-at="{at}"><summary>Update'
        f" {number}</summary></details>"
    )


def page(*numbers: int):
    rows = "".join(row(number) for number in numbers)
    day = f'<section data-day="2026-11-28"><h2>Today</h2>{rows}</section>' if rows else "Nothing."
    return printed(_PAGE.format(live=LIVE, rows=day))


def document(*numbers: int) -> str:
    at = [f"2026-11-28T01:{number:02}:00.000000+00:00" for number in numbers]
    items = [
        {
            "id": f"e{number}",
            "v": f"v{number}",
            "at": when,
            "day": "2026-11-28",
            "html": row(number),
        }
        for number, when in zip(numbers, at, strict=True)
    ]
    last, first = (at[0], at[-1]) if at else ("", "")
    return json.dumps(
        {
            "seq": len(at),
            "at": last,
            "from": first,
            "since": first,
            "items": items,
            "withdrawn": [],
            "ended": False,
        }
    )


def until(page, expression: str, step: int = 0) -> None:
    """Wait for what happens outside of the page, whose clock goes on by ``step`` milliseconds
    each time. (`wait_for_function` evaluates a string, which our policy forbids.)"""
    deadline = time.monotonic() + 40
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, expression
        if step:
            page.clock.run_for(step)
        page.wait_for_timeout(30)


@pytest.fixture
def shelf(tmp_path):
    opened = a_shelf(tmp_path)
    script = [("content-type", "text/javascript; charset=utf-8")]
    opened.put("/live.js", printed(SCRIPT.read_bytes(), "page", headers=script), seen=1)
    opened.put(PAGE, page(1), seen=1)
    put(opened, document(1), LIVE)
    yield opened
    opened.close()


@pytest.fixture
def read(chromium):
    """A page whose clock goes on only as a test says, and what it has asked for so far."""
    contexts = []

    def _read(port: int):
        context = chromium.new_context()
        contexts.append(context)
        opened = context.new_page()
        opened.clock.install()
        opened.clock.pause_at(time.time() + 60)
        asked: list[str] = []
        opened.on("request", lambda request: asked.append(request.url.partition(f":{port}")[2]))
        opened.goto(f"http://127.0.0.1:{port}{PAGE}")
        # It asks for a stream after one or two seconds.
        opened.clock.run_for(2_100)
        return opened, asked

    yield _read
    for context in contexts:
        context.close()


def rest(page) -> None:
    """Until nothing is being asked for."""
    until(page, f"!{_ELEMENT}.asking")


def test_after_a_cut_with_nothing_new_it_asks_and_then_rests_as_before(
    tmp_path, open_newsstand, shelf, read
):
    newsstand = open_newsstand(data=tmp_path)
    page, asked = read(newsstand.port)
    until(page, f"{_ELEMENT}.hears")
    page.clock.run_for(1_000)
    rest(page)
    asked.clear()
    page.clock.run_for(40_000)
    assert asked == [], "told by its stream, it asks once a minute"

    newsstand.stop()
    until(page, f"!{_ELEMENT}.hears")
    page.clock.run_for(13_000)
    assert LIVE in asked, "told by nobody, it asks each ten seconds"
    rest(page)
    open_newsstand(data=tmp_path, port=newsstand.port)
    until(page, f"{_ELEMENT}.hears")
    asked.clear()
    for _second in range(60):
        if LIVE not in asked:
            page.clock.run_for(1_000)
    assert LIVE in asked
    rest(page)
    asked.clear()
    page.clock.run_for(40_000)
    assert asked == [], "it hears again, though nothing new was said"

    put(shelf, document(2, 1), LIVE)
    until(page, f"!{_ELEMENT}.button.hidden", step=100)


def test_refused_a_stream_it_asks_and_tries_for_one_again_some_minutes_later(
    tmp_path, open_newsstand, shelf, read
):
    newsstand = open_newsstand(data=tmp_path, live_readers=1, beat_seconds=0.5)
    with Follower(newsstand.port, LIVE, "127.0.0.2") as other:
        assert other.status == 200
        page, asked = read(newsstand.port)
        until(page, f"{_ELEMENT}.later && !{_ELEMENT}.stream")
        asked.clear()
        for _four_seconds in range(27):
            page.clock.run_for(4_000)
            rest(page)
        assert f"/events{LIVE}" not in asked
        assert 7 <= asked.count(LIVE) <= 14
    # Every two to four minutes once more, until there is a place.
    until(page, f"{_ELEMENT}.hears", step=5_000)
    assert f"/events{LIVE}" in asked
    put(shelf, document(2, 1), LIVE)
    until(page, f"!{_ELEMENT}.button.hidden", step=100)


def test_the_first_update_is_fetched_with_its_page_once_that_is_printed(
    tmp_path, open_newsstand, shelf, read
):
    shelf.put(PAGE, page(), seen=1)
    put(shelf, document(), LIVE)
    newsstand = open_newsstand(data=tmp_path)
    opened, asked = read(newsstand.port)
    until(opened, f"{_ELEMENT}.hears")
    put(shelf, document(1), LIVE)
    until(opened, f"!{_ELEMENT}.button.hidden", step=100)
    assert opened.locator("[data-live-more]").inner_text() == "1 new update"
    asked.clear()
    opened.locator("[data-live-more]").click()
    for _second in range(60):
        if asked.count(PAGE) < 2:
            opened.clock.run_for(1_000)
            opened.wait_for_timeout(50)
    assert asked.count(PAGE) >= 2, "it waits for the page"
    assert opened.locator("[data-live-list]").inner_text() == "Nothing."
    shelf.put(PAGE, page(1), seen=1)
    soon(lambda: b"Update 1" in newsstand.get(PAGE).body, 20)
    until(opened, f"{_ELEMENT}.querySelector('[data-live-list] [data-item=e1]')", step=1_000)
    until(opened, "document.activeElement.closest('[data-item]')?.dataset.item == 'e1'")
    assert opened.locator("[data-live-list] h2").inner_text() == "Today"
    assert opened.evaluate(f"{_ELEMENT}.button.hidden")
