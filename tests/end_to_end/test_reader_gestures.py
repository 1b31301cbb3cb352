"""What a reader's click, tap or key does on a story that has one of everything."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.making import a_picture, a_story

WIDE = {"viewport": {"width": 1280, "height": 900}}
NARROW = {"viewport": {"width": 320, "height": 640}}
TABLE = {
    "data": [["Loaf", "Price"], ["Rye", "40"]],
    "first_row_is_table_header": True,
    "first_col_is_header": True,
}


@pytest.fixture
def story(newsroom):
    """A story with one of every block, and a lead picture that is covered."""
    section = newsroom.section
    card = a_story(section, "The other bakery", lead_picture=a_picture(), standfirst="So.")
    return a_story(
        section,
        "Bakery opens",
        body=[
            ("text", "<h2>How</h2><p>With <a href='/'>care</a> and <b>flour</b>.</p>"),
            ("quote", {"text": "We bake.", "speaker": "Ada", "role": "baker", "source": "DW"}),
            ("picture", {"picture": a_picture("An oven"), "caption": "Hot.", "credit": ""}),
            ("related", {"story": card, "headline": ""}),
            ("related", {"story": None, "headline": "A story that is not here yet"}),
            ("fact_box", {"title": "In figures", "text": "<ul><li>Three loaves.</li></ul>"}),
            ("table", TABLE),
            ("embed", {"url": "https://vimeo.com/1234", "title": "The oven, filmed"}),
        ],
        signed_by=[newsroom.editor.author],
        lead_picture=a_picture("A shop", sensitive=True),
        dateline="Kyiv",
        kind="analysis",
        kicker="Food",
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", [WIDE, NARROW], ids=["wide", "narrow"])
def test_no_block_of_a_story_shuts_anybody_out(page_of, story, device, scheme):
    page = page_of(device)
    page.emulate_media(color_scheme=scheme)
    page.goto(story.url)
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    answer = Axe().run(page, options={"runOnly": rules}).response
    assert [(found["id"], found["nodes"][0]["html"]) for found in answer["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_sensitive_picture_is_uncovered_without_any_script(chromium, newsroom, story):
    context = chromium.new_context(**NARROW, base_url=newsroom.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(story.url)
    cover = page.locator("details.cover")
    expect(cover.locator("img")).to_be_hidden()
    cover.locator("summary").click()
    expect(cover.locator("img")).to_be_visible()
    expect(page.get_by_role("link", name="The oven, filmed")).to_be_visible()
    expect(page.get_by_role("button", name="Show it here")).to_be_hidden()
    context.close()


def test_a_video_is_fetched_only_when_the_reader_asks_for_it(page_of, story):
    page = page_of(WIDE)
    asked: list[str] = []
    page.route(
        re.compile("^https:"), lambda route: (asked.append(route.request.url), route.abort())
    )
    page.goto(story.url, wait_until="networkidle")
    assert asked == []
    with page.expect_request(re.compile(r"player\.vimeo\.com")) as shown:
        page.get_by_role("button", name="Show it here").click()
    assert shown.value.url.startswith("https://player.vimeo.com/video/1234")


def test_the_whole_card_is_its_link(page_of, newsroom, story):
    page = page_of(WIDE)
    page.goto(newsroom.section.url)
    card = page.locator(".river .teaser").first
    headline = card.locator("h2").inner_text()
    page.evaluate("document.fonts.ready")  # which may move it
    box = card.bounding_box()
    page.mouse.click(box["x"] + box["width"] - 8, box["y"] + box["height"] / 2)
    page.wait_for_selector(".story__headline")
    expect(page.locator("h1")).to_have_text(headline)
