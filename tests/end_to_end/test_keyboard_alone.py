"""Write, picture, preview, publish: without a mouse and without a finger on the screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from nightdesk.stories.models import StoryPage
from tests.end_to_end.test_editor_publishes import picture  # noqa: F401 - a fixture

#: So many presses of Tab are the way through a whole form. More is a trap.
PATIENCE = 160


def reach(page: Page, what: Locator, back: bool = False) -> Locator:
    """Press Tab until ``what`` has the focus, as somebody does who cannot use a mouse."""
    what.wait_for()
    for _press in range(PATIENCE):
        if what.evaluate("it => it === document.activeElement"):
            return what
        page.keyboard.press("Shift+Tab" if back else "Tab")
    focused = page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
    pytest.fail(f"Tab never reaches {what}; it is at {focused}")


def press(page: Page, what: Locator, back: bool = False) -> None:
    reach(page, what, back)
    page.keyboard.press("Enter")


def test_a_story_with_a_picture_is_written_looked_at_and_published_by_keyboard_alone(
    desk: Page,
    newsroom,
    picture,  # noqa: F811
):
    desk.goto(newsroom.admin())
    press(desk, desk.get_by_role("link", name="New story"))
    expect(desk.get_by_placeholder("Headline")).to_be_focused()
    desk.keyboard.type("Nothing but keys")

    reach(desk, desk.locator("[contenteditable=true]").first)
    desk.keyboard.type("The whole of it was typed.")

    press(desk, desk.get_by_role("button", name="Choose an image").first)
    press(desk, desk.locator(".image-choice").first)
    expect(desk.locator("#id_lead_picture")).to_have_value(str(picture.pk))

    press(desk, desk.get_by_role("button", name="Toggle preview"), back=True)
    seen = desk.frame_locator("iframe[title=Preview]").first
    expect(seen.get_by_role("heading", level=1)).to_have_text("Nothing but keys")

    press(desk, desk.get_by_role("button", name="Publish", exact=True), back=True)
    expect(desk.get_by_text("“Nothing but keys” is published.")).to_be_visible()
    story = StoryPage.objects.get()
    assert story.live and story.lead_picture_id == picture.pk
    assert "The whole of it was typed." in str(story.body)
