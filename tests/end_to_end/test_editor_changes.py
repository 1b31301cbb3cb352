"""A published story's later life: changes in private, preview, a time to come, taking it down."""

from __future__ import annotations

import datetime
import re

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from nightdesk.press import clock
from nightdesk.stories.models import StoryPage


@pytest.fixture
def story(newsroom):
    page = StoryPage(title="Gates stay shut", live=False, body=[("text", "<p>Until Friday.</p>")])
    newsroom.section.add_child(instance=page)
    page.save_revision().publish()
    return StoryPage.objects.get()


def edit(page: Page, newsroom, story) -> None:
    page.goto(newsroom.admin(f"pages/{story.pk}/edit/"))


def more(page: Page, label: str) -> None:
    """A verb of the menu beside "Publish"."""
    page.locator("footer [data-w-dropdown-target=toggle]").click()
    page.get_by_role("button", name=label).or_(page.get_by_role("link", name=label)).last.click()


def headline(page: Page):
    return page.get_by_role("heading", level=1)


def test_readers_see_a_change_once_it_is_published_and_not_before(
    desk: Page, reader: Page, newsroom, story
):
    edit(desk, newsroom, story)
    desk.get_by_placeholder("Headline").fill("Gates open")
    more(desk, "Save draft")
    expect(desk.get_by_text("has been updated")).to_be_visible()
    reader.goto(story.url)
    expect(headline(reader)).to_have_text("Gates stay shut")
    desk.get_by_role("button", name="Publish", exact=True).click()
    expect(desk.get_by_text("“Gates open” is published.")).to_be_visible()
    reader.reload()
    expect(headline(reader)).to_have_text("Gates open")


def test_the_preview_shows_the_readers_page_with_what_is_in_the_form(desk: Page, newsroom, story):
    edit(desk, newsroom, story)
    desk.get_by_placeholder("Headline").fill("Only in the preview")
    desk.get_by_role("button", name="Toggle preview").click()
    shown = desk.frame_locator("iframe[title='Preview']").first
    expect(shown.get_by_role("heading", level=1)).to_have_text("Only in the preview")


def test_a_story_for_the_morning_goes_out_in_the_morning(desk: Page, reader: Page, newsroom, story):
    morning = timezone.localtime() + datetime.timedelta(minutes=90)
    edit(desk, newsroom, story)
    desk.get_by_placeholder("Headline").fill("Gates open in the morning")
    desk.get_by_role("button", name="Toggle status").click()
    desk.get_by_role("button", name="Set schedule").click()
    field = desk.get_by_label("Go live date/time")
    field.click()
    # It comes a moment after the click, and lies over the button until the field is left.
    calendar = desk.locator(".xdsoft_datetimepicker:visible")
    expect(calendar).to_have_count(1)
    field.fill(f"{morning:%Y-%m-%d %H:%M}")
    field.blur()
    expect(calendar).to_have_count(0)
    desk.get_by_role("button", name="Save schedule").click()
    expect(desk.get_by_text("has been updated")).to_be_visible()
    desk.get_by_role("button", name=re.compile("Schedule to publish|Publish")).first.click()
    expect(desk.get_by_text("will be published on")).to_be_visible()
    reader.goto(story.url)
    expect(headline(reader)).to_have_text("Gates stay shut")
    with time_machine.travel(morning + datetime.timedelta(minutes=1)):
        clock.tick()
    reader.reload()
    expect(headline(reader)).to_have_text("Gates open in the morning")


def test_a_story_that_is_unpublished_is_gone_for_readers(desk: Page, reader: Page, newsroom, story):
    edit(desk, newsroom, story)
    more(desk, "Unpublish")
    desk.get_by_role("button", name=re.compile("unpublish", re.I)).click()
    expect(desk.get_by_text("unpublished")).to_be_visible()
    assert reader.goto(story.url).status == 404
    desk.goto(newsroom.admin("stories/?state=draft"))
    expect(desk.get_by_role("link", name="Gates stay shut").first).to_be_visible()


def save_picks(phone: Page) -> None:
    with phone.expect_navigation():
        phone.get_by_role("button", name="Save", exact=True).tap()
    expect(phone.get_by_text("Readers see these picks now.")).to_be_visible()


def test_picks_are_ordered_with_buttons_by_touch_and_by_keyboard(phone: Page, newsroom, story):
    from nightdesk.fronts.models import EditorsPicks

    second = StoryPage(title="Trams run again", live=False)
    newsroom.section.add_child(instance=second)
    second.save_revision().publish()
    phone.goto(newsroom.admin("picks/"))
    for title in ("Gates stay shut", "Trams run again"):
        phone.get_by_role("button", name="Add pick").tap()
        phone.get_by_role("button", name="Choose a story").last.tap()
        phone.get_by_role("link", name=title).tap()
        expect(phone.locator(".modal-dialog")).to_have_count(0)
    phone.get_by_role("button", name="Move up").last.tap()
    save_picks(phone)
    assert [shown.title for shown in EditorsPicks.shown("en", slots=2)] == [
        "Trams run again",
        "Gates stay shut",
    ]
    phone.get_by_role("button", name="Move down").first.focus()
    phone.keyboard.press("Enter")
    save_picks(phone)
    assert EditorsPicks.shown("en", slots=1)[0].title == "Gates stay shut"
