"""A page stitched from pieces of different age is one page to a real browser."""

from __future__ import annotations

import pytest

from nightdesk.press.shelf.pieces import Own, Slot
from nightdesk.press.shelf.write import Shelf

from .test_pages_from_the_shelf import FEED, printed, soon

pytestmark = pytest.mark.browser


def test_chromium_reads_a_stitched_page_and_sees_a_changed_fragment(
    tmp_path, open_newsstand, chromium
):
    shelf = Shelf.open(tmp_path)
    long = "".join(f"<p>Міст, абзац {number}</p>" for number in range(2000))
    pieces = [
        Own.of(b"<!doctype html><html lang=en><title>A bridge</title><main>"),
        Slot(FEED),
        Own.of(f"</main><article>{long}</article>".encode()),
        Slot("fragment:menu:en"),
        Own.of(b"<footer>the end</footer></html>"),
    ]
    shelf.put(FEED, printed("<ul id=feed><li>first brief</li></ul>", "fragment"), seen=1)
    shelf.put("fragment:menu:en", printed("<nav>menu</nav>", "fragment"), seen=1)
    shelf.put("/news/bridge/", printed(pieces=pieces), seen=1)
    newsstand = open_newsstand(data=tmp_path)
    context = chromium.new_context()
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("requestfailed", lambda request: troubles.append(request.url))
    answer = page.goto(f"http://127.0.0.1:{newsstand.port}/news/bridge/")
    assert answer.header_value("content-encoding") == "gzip"
    assert page.title() == "A bridge"
    assert page.locator("article p").count() == 2000
    assert page.locator("#feed").inner_text() == "first brief"
    assert page.locator("footer").inner_text() == "the end"
    shelf.put(FEED, printed("<ul id=feed><li>second brief</li></ul>", "fragment"), seen=2)
    soon(lambda: b"second brief" in newsstand.get("/news/bridge/").body)
    page.reload()
    assert page.locator("#feed").inner_text() == "second brief"
    assert page.locator("nav").inner_text() == "menu"
    again = page.reload()
    assert again.status in (200, 304)
    assert [text for text in troubles if "favicon" not in text] == []
    context.close()
