"""A desk chief protects a name: reads what will happen, then lets it happen."""

from __future__ import annotations

import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.end_to_end.conftest import DESK, PASSWORD, PHONE
from tests.people.protecting.newsroom import FORMER, NAME, filled


def test_a_desk_chief_reads_what_will_be_changed_before_it_is(
    newsroom, page_of, settings, tmp_path: Path
):
    settings.DATA = tmp_path
    full = filled(newsroom.home, newsroom.section)
    page = page_of(DESK, newsroom.editor)
    page.goto(f"{newsroom.url}/admin/protect-a-name/{full.author.pk}/")
    assert Axe().run(page).response["violations"] == []
    page.get_by_label("Other spellings").fill(FORMER)
    page.get_by_role("button", name="Show what will be changed").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("stories that they sign: 5")).to_be_visible()
    expect(page.get_by_text(f"I am {NAME}.").first).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    page.set_viewport_size(PHONE["viewport"])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Change the spellings").click()
    expect(page.get_by_label("Other spellings")).to_have_value(re.compile(FORMER))
    page.get_by_role("button", name="Show what will be changed").click()
    page.get_by_role("button", name="Protect the name now").click()
    expect(page.get_by_text("The name is protected.")).to_be_visible()
    page.goto(f"{newsroom.url}/news/interview-with-news-desk/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Interview with News desk")
