"""From a published story to a line above every page in a few taps, and off again with one."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.end_to_end.conftest import DESK
from tests.making import a_brief, a_picture, a_story


def test_an_editor_says_what_breaks_and_readers_find_it_above_every_page(newsroom, desk, page_of):
    story = a_story(newsroom.section, "The dam above the city has broken", slug="dam")
    brief = a_brief(newsroom.home.locale, "Water rises.", picture=a_picture())
    desk.goto(newsroom.admin(f"pages/{story.pk}/edit/"))
    desk.locator("header").get_by_role("button", name="Actions").click()
    desk.get_by_role("link", name="Breaking banner…").click()
    expect(desk.get_by_label("What readers see")).to_have_value(story.title)
    desk.get_by_role("button", name="Switch it on").click()
    expect(desk.get_by_text("is on every page until").first).to_be_visible()

    for scheme in ("light", "dark"):
        reader = page_of({"viewport": {"width": 320, "height": 640}, "color_scheme": scheme})
        for path in ("/news/dam/", "/news-feed/", f"/news-feed/{brief.pk}/", "/no-such-page/"):
            reader.goto(path)
            line = reader.get_by_role("region", name="Breaking news")
            expect(line.get_by_role("link", name=story.title)).to_be_visible()
            assert Axe().run(line.page).response["violations"] == [], path
            assert reader.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        tops = reader.evaluate(
            "['.breaking', '.masthead'].map(name => document.querySelector(name)"
            ".getBoundingClientRect()).map(box => [box.top, box.bottom])"
        )
        assert tops[0][0] == 0 and tops[1][0] == tops[0][1]
    reader.get_by_role("link", name=story.title).first.click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(story.title)

    desk.goto(newsroom.admin())
    desk.get_by_role("button", name="Take it off").click()
    expect(desk.get_by_text("is off").first).to_be_visible()
    without = page_of(DESK)
    without.goto("/news/dam/")
    expect(without.get_by_role("region", name="Breaking news")).to_have_count(0)
