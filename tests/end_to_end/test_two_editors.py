"""Two editors in one story, and text that could not be saved, in a real browser."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from nightdesk.people.models import User
from nightdesk.people.roles import give_role
from nightdesk.stories.models import StoryPage
from tests.end_to_end.conftest import DESK, PASSWORD, _session, until_watched

OFFER = "You have text from"


@pytest.fixture
def story(newsroom) -> StoryPage:
    page = StoryPage(title="The river", live=False, body=[("text", "<p>It rises.</p>")])
    newsroom.section.add_child(instance=page)
    page.save_revision()
    return StoryPage.objects.get()


@pytest.fixture
def olha(newsroom) -> User:
    user = User.objects.create_user("olha", password=PASSWORD, first_name="Olha")
    give_role(user, "desk-chief")
    return user


def edit(page: Page, newsroom, story) -> None:
    page.goto(newsroom.admin(f"pages/{story.pk}/edit/"))


def headline(page: Page):
    return page.get_by_placeholder("Headline")


def type_headline(page: Page, words: str) -> None:
    until_watched(page)
    headline(page).fill(words)


def save_draft(page: Page) -> None:
    page.locator("footer [data-w-dropdown-target=toggle]").click()
    page.get_by_role("button", name="Save draft").last.click()


def kept(page: Page) -> int:
    return page.evaluate("Object.keys(localStorage).filter(k => k.includes('-kept:')).length")


def until_kept(page: Page, count: int) -> None:
    page.wait_for_function(
        "n => Object.keys(localStorage).filter(k => k.includes('-kept:')).length === n", arg=count
    )


def nothing_is_offered(page: Page) -> None:
    page.locator("form[data-kept-text-looked]").wait_for(state="attached")
    expect(page.get_by_text(OFFER)).to_be_hidden()


def latest() -> StoryPage:
    return StoryPage.objects.get().get_latest_revision_as_object()


def test_two_editors_in_one_story_see_each_other_and_both_texts_are_kept(
    desk: Page, page_of, newsroom, story, olha
):
    hers = page_of(DESK, olha)
    edit(desk, newsroom, story)
    edit(hers, newsroom, story)
    expect(hers.get_by_text("editor has it open")).to_be_visible()
    type_headline(hers, "The river stays")
    expect(hers.get_by_text("Saved", exact=True).first).to_be_visible()
    headline(desk).fill("The river turns")
    expect(desk.get_by_text("Olha saved a newer version").first).to_be_visible()
    save_draft(desk)
    asked = desk.locator("#w-save-confirmation-dialog")
    expect(asked).to_contain_text("Nothing is overwritten")
    with desk.expect_navigation() as answer:
        asked.locator("[data-w-dialog-target=confirm]").click()
    assert answer.value.status == 409
    expect(desk.get_by_text("Olha saved this story at")).to_be_visible()
    expect(desk.locator("mark", has_text="stays").first).to_be_visible()
    expect(desk.locator("mark", has_text="turns").first).to_be_visible()
    assert latest().title == "The river stays"
    desk.get_by_role("button", name="Keep mine").click()
    expect(headline(desk)).to_have_value("The river turns")
    assert latest().title == "The river turns"
    assert story.revisions.filter(content__title="The river stays").exists()
    until_kept(desk, 0)


def test_text_of_an_ended_session_comes_back_after_signing_in(desk: Page, newsroom, story):
    edit(desk, newsroom, story)
    desk.locator(".public-DraftEditor-content").first.wait_for()
    Session.objects.all().delete()
    headline(desk).fill("Typed in an ended session")
    desk.locator(".public-DraftEditor-content").first.click()
    desk.keyboard.press("Control+End")
    desk.keyboard.type(" And falls.")
    until_kept(desk, 1)
    desk.wait_for_timeout(1500)
    save_draft(desk)
    proceed = desk.locator("#w-save-confirmation-dialog [data-w-dialog-target=confirm]")
    expect(proceed.or_(desk.locator("#id_username"))).to_be_visible()
    if proceed.is_visible():
        proceed.click()
    desk.fill("#id_username", "editor")
    desk.fill("#id_password", PASSWORD)
    desk.click("form button[type=submit]")
    expect(desk.get_by_text(OFFER)).to_be_visible()
    expect(headline(desk)).to_have_value("The river")
    desk.get_by_role("button", name="Put it back").click()
    expect(headline(desk)).to_have_value("Typed in an ended session")
    expect(desk.locator(".public-DraftEditor-content").first).to_contain_text(
        "It rises. And falls."
    )
    nothing_is_offered(desk)
    save_draft(desk)
    expect(desk.get_by_text("has been updated")).to_be_visible()
    assert latest().title == "Typed in an ended session"
    assert "And falls." in str(latest().body)
    until_kept(desk, 0)


def test_text_of_a_new_story_outlives_the_network_and_the_window(desk: Page, newsroom):
    add = newsroom.admin(f"pages/add/stories/storypage/{newsroom.section.pk}/")
    desk.goto(add)
    desk.context.set_offline(True)
    headline(desk).fill("Typed in a tunnel")
    until_kept(desk, 1)
    desk.close()
    assert not StoryPage.objects.exists()
    window = page_again(desk)
    window.goto(newsroom.admin())
    expect(window.get_by_text("Typed in a tunnel")).to_be_visible()
    window.get_by_role("link", name="Open", exact=True).click()
    expect(headline(window)).to_have_value("")
    window.get_by_role("button", name="Put it back").click()
    expect(headline(window)).to_have_value("Typed in a tunnel")
    save_draft(window)
    expect(window.get_by_text(re.compile("has been updated|created")).first).to_be_visible()
    assert StoryPage.objects.get().title == "Typed in a tunnel"
    window.goto(newsroom.admin())
    expect(window.get_by_text("that was not saved")).to_be_hidden()


def page_again(closed: Page) -> Page:
    closed.context.set_offline(False)
    return closed.context.new_page()


def test_on_a_shared_computer_text_is_its_accounts_alone_and_gone_when_that_signs_out(
    desk: Page, newsroom, story, olha
):
    edit(desk, newsroom, story)
    desk.context.set_offline(True)
    headline(desk).fill("A name that nobody else may read")
    until_kept(desk, 1)
    desk.close()
    window = page_again(desk)
    own = [c for c in window.context.cookies() if c["name"] == settings.SESSION_COOKIE_NAME]
    window.context.add_cookies([_session(olha, newsroom.url)])
    edit(window, newsroom, story)
    nothing_is_offered(window)
    window.context.add_cookies(own)
    edit(window, newsroom, story)
    edit(window, newsroom, story)
    expect(window.get_by_text(OFFER)).to_be_visible()
    window.get_by_role("button", name="editor", exact=False).last.click()
    window.get_by_role("button", name="Log out").click()
    window.wait_for_url("**/admin/login/**")
    until_kept(window, 0)
    window.context.add_cookies([_session(newsroom.editor, newsroom.url)])
    edit(window, newsroom, story)
    expect(headline(window)).to_have_value("The river")
    nothing_is_offered(window)


def test_a_browser_without_room_says_so_and_throws_nothing_away(desk: Page, newsroom, story):
    add = newsroom.admin(f"pages/add/stories/storypage/{newsroom.section.pk}/")
    desk.goto(add)
    desk.context.set_offline(True)
    headline(desk).fill("Kept before")
    until_kept(desk, 1)
    desk.close()
    window = page_again(desk)
    edit(window, newsroom, story)
    nothing_is_offered(window)
    window.context.set_offline(True)
    type_headline(window, "Kept while there was room")
    until_kept(window, 2)
    window.evaluate(
        """() => {
          for (let size = 1 << 22; size; size >>= 1) {
            try {
              while (true) localStorage.setItem(`film-${Math.random()}`, "x".repeat(size));
            } catch {}
          }
        }"""
    )
    headline(window).fill("Typed when there was none, and longer than what was there before")
    alarm = window.get_by_role("alert").filter(has_text="This browser has no room left")
    expect(alarm).to_be_visible()
    assert kept(window) == 2, "neither the other text nor the last whole state of this one is gone"
    expect(window.locator(".footer__save-warning")).to_contain_text(
        "This browser cannot keep your text either: copy it elsewhere"
    )
    window.mouse.wheel(0, 5000)
    window.wait_for_timeout(300)
    expect(alarm).to_be_in_viewport()
    window.evaluate(
        "for (const k of Object.keys(localStorage)) if (/^film/.test(k)) localStorage.removeItem(k)"
    )
    expect(alarm).to_be_hidden()
    assert "Typed when there was none" in window.evaluate("JSON.stringify(localStorage)")
    # Room is made on the first page, too.
    window.context.set_offline(False)
    window.goto(newsroom.admin())
    line = window.locator(".desk-kept").filter(has_text="Kept before")
    line.get_by_role("button", name="Throw it away").click()
    expect(line).to_be_hidden()
    assert kept(window) <= 1


def test_a_browser_that_keeps_nothing_says_so(desk: Page, newsroom, story):
    desk.add_init_script(
        """for (const name of ["localStorage", "sessionStorage"])
             Object.defineProperty(window, name, { get() { throw new DOMException("no"); } });"""
    )
    edit(desk, newsroom, story)
    desk.locator("form[data-kept-text-looked]").wait_for(state="attached")
    said = desk.get_by_text("This browser is set to keep nothing")
    expect(said).to_be_hidden()
    headline(desk).press_sequentially("The sea")
    expect(said).to_be_visible()
