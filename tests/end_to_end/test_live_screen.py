"""The fast screen in a real browser: by keyboard alone, without a network, beside a colleague."""

from __future__ import annotations

import datetime
import re
import time
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from playwright.sync_api import APIResponse, Page, Route, expect

from nightdesk.briefs import taking_back
from nightdesk.briefs.models import Brief, BriefCorrection
from nightdesk.coverage.actions import end_coverage, pin_entry
from nightdesk.people.models import User
from nightdesk.people.roles import give_role
from tests.coverage.making import a_coverage, an_entry
from tests.end_to_end import test_admin_pages_of_ours as pages
from tests.end_to_end.conftest import DESK, PASSWORD, PHONE, _session
from tests.making import a_brief

FEED = "live/news-feed.en/"


@pytest.fixture
def olha(newsroom) -> User:
    user = User.objects.create_user("olha", password=PASSWORD, first_name="Olha")
    give_role(user, "desk-chief")
    return user


def open_screen(page: Page, newsroom, path: str = FEED) -> Page:
    page.set_default_timeout(30_000)
    page.goto(newsroom.admin(path))
    page.locator("[data-live][data-ready]").wait_for()
    return page


def text_of(page: Page):
    return page.locator("[data-live-form] [name=text]")


def publish(page: Page, words: str) -> None:
    text_of(page).fill(words)
    page.get_by_role("button", name="Publish", exact=False).first.click()


def said(page: Page, words: str) -> None:
    expect(page.locator("[data-live-said]")).to_contain_text(words, timeout=30_000)


def entry(page: Page, words: str):
    return page.locator("[data-live-list] > li").filter(has_text=words)


def waiting(page: Page):
    return page.locator("[data-live-waiting] > li")


def kept(page: Page) -> list[str]:
    return page.evaluate(
        """() => Object.keys(localStorage).filter((key) => key.startsWith("nightdesk-kept:"))
                 .map((key) => localStorage.getItem(key))"""
    )


def soon(page: Page, so: Callable[[], bool]) -> None:
    """What the newsroom has, and what the browser keeps, a moment after it is shown."""
    deadline = time.monotonic() + 30
    while not so():
        assert time.monotonic() < deadline, "it did not happen"
        page.wait_for_timeout(50)


def briefs() -> list[str]:
    return sorted(Brief.objects.values_list("text", flat=True))


def test_an_evening_by_keyboard_alone(desk: Page, newsroom):
    open_screen(desk, newsroom)
    keys = desk.keyboard
    for number in range(3):
        expect(text_of(desk)).to_be_focused()
        keys.type(f"Tram {number} runs again.")
        keys.press("Control+Enter")
        expect(text_of(desk)).to_have_value("")
    expect(entry(desk, "runs again")).to_have_count(3)
    said(desk, "Published at")
    assert briefs() == [f"Tram {number} runs again." for number in range(3)]

    # To the newest but one, and correct it.
    keys.press("Escape")
    keys.press("ArrowDown")
    keys.press("c")
    keys.press("Control+a")
    keys.type("Tram 1 runs until nine.")
    for _press in range(3):
        keys.press("Tab")
    keys.type("It stops at nine.")
    keys.press("Control+Enter")
    expect(entry(desk, "It stops at nine.")).to_be_visible()
    assert BriefCorrection.objects.get().brief.text == "Tram 1 runs until nine."

    # Withdraw the one above it, with a reason.
    keys.press("ArrowUp")
    keys.press("w")
    keys.type("Not confirmed.")
    keys.press("Control+Enter")
    withdrawn = desk.locator(".live-entry--withdrawn")
    expect(withdrawn).to_contain_text("Tram 2 runs again.")
    assert Brief.objects.get(text="Tram 2 runs again.").live is False

    # Back to the form; undo what is sent next, put it right where it stands.
    keys.press("n")
    expect(text_of(desk)).to_be_focused()
    keys.type("Trams ruin again.")
    keys.press("Control+Enter")
    undo = entry(desk, "Trams ruin").get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    keys.press("Escape")
    keys.press("u")
    again = entry(desk, "Trams ruin").locator("form[data-verb=change] textarea")
    expect(again).to_be_focused()
    keys.press("Control+a")
    keys.type("Trams run again.")
    keys.press("Control+Enter")
    soon(desk, lambda: Brief.objects.filter(text="Trams run again.", live=True).count() == 1)
    said(desk, "Published at")
    soon(desk, lambda: kept(desk) == [])


def test_what_is_written_without_a_network_is_sent_once_on_return(phone: Page, newsroom):
    open_screen(phone, newsroom)
    phone.context.set_offline(True)
    publish(phone, "The first from the tunnel.")
    publish(phone, "The second from the tunnel.")
    expect(waiting(phone)).to_have_count(2)
    expect(phone.locator("[data-live-trouble]")).to_contain_text("No connection to the newsroom.")
    text_of(phone).fill("Still being written")
    phone.wait_for_function(
        "() => Object.values(localStorage).some((it) => it.includes('Still being written'))"
    )
    # The browser gives the page up meanwhile, as telephones do.
    phone.close()
    assert briefs() == []
    phone.context.set_offline(False)
    again = phone.context.new_page()
    open_screen(again, newsroom)
    expect(entry(again, "from the tunnel")).to_have_count(2)
    assert briefs() == ["The first from the tunnel.", "The second from the tunnel."]
    newest = again.locator("[data-live-list] > li").first
    expect(newest).to_contain_text("The second")
    unfinished = waiting(again).filter(has_text="You were writing this")
    unfinished.get_by_role("button", name="Put it back into the form").click()
    expect(text_of(again)).to_have_value("Still being written")
    expect(waiting(again)).to_have_count(0)
    again.reload()
    expect(text_of(again)).to_have_value("Still being written")


def test_an_answer_that_is_lost_makes_no_second_entry(desk: Page, newsroom):
    open_screen(desk, newsroom)
    lost = []

    def lose_the_answer(route: Route) -> None:
        if not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    desk.route("**/send/", lose_the_answer)
    publish(desk, "It arrived, and nobody said so.")
    said(desk, "Published at")
    assert lost == [200]
    expect(entry(desk, "It arrived")).to_have_count(1)
    assert briefs() == ["It arrived, and nobody said so."]


def lost_on_the_way(desk: Page, words: str) -> None:
    """It arrives, nobody hears of it, and then there is no network: it still waits here."""
    arrived = []

    def lose(route: Route) -> None:
        if not arrived:
            arrived.append(route.fetch().status)
        route.abort()

    desk.route("**/send/", lose)
    desk.route("**/entries/", lambda route: route.abort())
    publish(desk, words)
    expect(waiting(desk)).to_contain_text(words)
    expect(desk.locator("[data-live-trouble]")).to_contain_text("No connection")
    assert arrived == [200]


def the_network_is_back(desk: Page) -> None:
    desk.unroute("**/send/")
    desk.unroute("**/entries/")


def test_what_may_have_arrived_is_put_back_into_the_form_and_goes_out_once(desk: Page, newsroom):
    open_screen(desk, newsroom)
    lost_on_the_way(desk, "Once, whatever happens.")
    put_back = waiting(desk).get_by_role("button", name="Put it back into the form")
    put_back.click()
    expect(text_of(desk)).to_have_value("Once, whatever happens.")
    # Also in a page that was opened again meanwhile.
    desk.reload()
    expect(text_of(desk)).to_have_value("Once, whatever happens.")
    the_network_is_back(desk)
    desk.get_by_role("button", name="Publish", exact=False).first.click()
    said(desk, "Published at")
    expect(entry(desk, "Once, whatever happens.")).to_have_count(1)
    assert briefs() == ["Once, whatever happens."] and kept(desk) == []


def test_what_arrived_and_was_changed_since_is_not_lost_and_not_published_beside_it(
    desk: Page, newsroom
):
    open_screen(desk, newsroom)
    lost_on_the_way(desk, "Five people.")
    waiting(desk).get_by_role("button", name="Put it back into the form").click()
    the_network_is_back(desk)
    publish(desk, "Fifty people.")
    expect(waiting(desk)).to_contain_text("It had arrived the first time")
    expect(waiting(desk)).to_contain_text("Fifty people.")
    expect(entry(desk, "Five people.")).to_have_count(1)
    assert briefs() == ["Five people."]


def test_nobody_takes_into_the_form_what_is_being_sent(desk: Page, newsroom):
    open_screen(desk, newsroom)
    held: list[Route] = []
    desk.route("**/send/", lambda route: held.append(route))
    publish(desk, "On its way.")
    expect(waiting(desk)).to_contain_text("On its way.")
    for button in waiting(desk).get_by_role("button").all():
        expect(button).to_be_disabled()
    other = desk.context.new_page()
    other.route("**/send/", lambda route: route.abort())
    open_screen(other, newsroom)
    expect(waiting(other)).to_contain_text("On its way.")
    held[0].continue_()
    said(desk, "Published at")
    # The other window learns that there is nothing left to be sent.
    expect(waiting(other)).to_have_count(0)
    assert briefs() == ["On its way."]


def test_a_telephone_whose_clock_is_wrong_loses_nothing_and_keeps_nobody_out(desk: Page, newsroom):
    """Its battery was empty: it begins in 1970. Before, somebody signed out of it in 2040."""
    desk.add_init_script("Date.now = () => 86400000;")
    open_screen(desk, newsroom)
    account = desk.locator("[data-live]").get_attribute("data-account")
    desk.evaluate(
        "name => localStorage.setItem(name, 2208988800000)", f"nightdesk-signed-out:{account}"
    )
    desk.reload()
    desk.locator("[data-live][data-ready]").wait_for()
    desk.route("**/send/", lambda route: route.abort())
    publish(desk, "Written in 1970.")
    expect(waiting(desk)).to_contain_text("Written in 1970.")
    desk.close()
    again = open_screen(desk.context.new_page(), newsroom)
    expect(entry(again, "Written in 1970.")).to_have_count(1)
    assert briefs() == ["Written in 1970."] and kept(again) == []


def test_signing_out_in_another_window_stops_this_one_whatever_the_clock_says(desk: Page, newsroom):
    desk.add_init_script("Date.now = () => 4102444800000;")
    open_screen(desk, newsroom)
    desk.context.route("**/send/", lambda route: route.abort())
    publish(desk, "Not for whoever comes next.")
    expect(waiting(desk)).to_have_count(1)
    other = open_screen(desk.context.new_page(), newsroom)
    other.on("dialog", lambda dialog: dialog.accept())
    other.get_by_role("button", name="editor", exact=False).last.click()
    other.get_by_role("button", name="Log out").click()
    other.wait_for_url("**/admin/login/**")
    expect(waiting(desk)).to_have_count(0)
    text_of(desk).fill("Nor is this.")
    desk.get_by_role("button", name="Publish", exact=False).first.click()
    expect(desk.locator("[data-live-signed-out]")).to_contain_text("You are no longer signed in.")
    assert kept(desk) == [] and briefs() == []


def test_what_was_written_for_a_coverage_that_ended_meanwhile_stays_with_its_reason(
    desk: Page, newsroom
):
    coverage = a_coverage("The flood")
    open_screen(desk, newsroom, f"live/coverage.{coverage.pk}/")
    desk.context.set_offline(True)
    publish(desk, "The gates are shut.")
    expect(waiting(desk)).to_contain_text("The gates are shut.")
    end_coverage(coverage.pk)
    desk.context.set_offline(False)
    expect(waiting(desk)).to_contain_text("This coverage has ended.")
    expect(waiting(desk)).to_contain_text("The gates are shut.")
    assert not coverage.entries.exists() and len(kept(desk)) == 1


_NOTE_WHAT_GOES = """() => {
    window.gone = [];
    new MutationObserver(seen => seen.forEach(
        ({ removedNodes }) => gone.push(...[...removedNodes].map(it => it.textContent))
    )).observe(document.querySelector("[data-live-list]"), { childList: true });
}"""


@pytest.mark.parametrize("newest_first", [False, True])
def test_an_answer_that_crosses_an_entry_on_its_way_does_not_take_it_away(
    desk: Page, newsroom, newest_first
):
    held: list[tuple[Route, APIResponse]] = []
    asked: list[int] = []
    troubles: list[str] = []

    def hold(route: Route) -> None:
        answer = route.fetch()
        if answer.status == 200 and len(held) < 2:
            held.append((route, answer))
        else:
            asked.append(answer.status)
            route.fulfill(response=answer)

    desk.on("pageerror", lambda error: troubles.append(str(error)))
    desk.route(lambda url: "/entries" in url, hold)
    open_screen(desk, newsroom)
    a_brief(newsroom.home.locale, "From somebody else.")
    soon(desk, lambda: held)
    publish(desk, "The bridge is open.")
    expect(entry(desk, "The bridge is open.")).to_have_count(1)
    desk.evaluate(_NOTE_WHAT_GOES)
    # Asked for before it was published, and after; both come when it stands there.
    soon(desk, lambda: len(held) == 2)
    asked.clear()
    for route, answer in reversed(held) if newest_first else held:
        route.fulfill(response=answer)
    soon(desk, lambda: asked)
    expect(entry(desk, "From somebody else.")).to_have_count(1)
    expect(entry(desk, "The bridge is open.")).to_have_count(1)
    assert desk.evaluate("gone") == troubles == []


def test_one_entry_that_the_newsroom_cannot_take_holds_up_no_other(desk: Page, newsroom):
    open_screen(desk, newsroom)

    def fail_on_one(route: Route) -> None:
        if "Poison" in (route.request.post_data or ""):
            route.fulfill(status=500, body="trouble")
        else:
            route.continue_()

    desk.route("**/send/", fail_on_one)
    publish(desk, "Poison.")
    publish(desk, "Breaking.")
    expect(entry(desk, "Breaking.")).to_have_count(1, timeout=30_000)
    expect(waiting(desk)).to_contain_text("Poison.")
    assert briefs() == ["Breaking."]


def test_a_double_click_and_a_key_held_down_make_one_entry(desk: Page, newsroom):
    open_screen(desk, newsroom)
    text_of(desk).fill("Once.")
    desk.get_by_role("button", name="Publish").first.dblclick()
    said(desk, "Published at")
    text_of(desk).fill("Also once.")
    desk.keyboard.down("Control")
    for _repeat in range(5):
        desk.keyboard.down("Enter")
    desk.keyboard.up("Enter")
    desk.keyboard.up("Control")
    expect(entry(desk, "Also once.")).to_have_count(1)
    assert briefs() == ["Also once.", "Once."]


def test_two_editors_see_each_others_entries_and_neither_loses_a_correction(
    desk: Page, page_of, newsroom, olha
):
    open_screen(desk, newsroom)
    hers = open_screen(page_of(DESK, olha), newsroom)
    publish(hers, "The bridge is open.")
    expect(entry(desk, "The bridge is open.")).to_contain_text("Olha")
    said(desk, "New from others: 1")
    mine = entry(desk, "The bridge is")
    mine.get_by_role("button", name="Correct").click()
    mine.locator("form[data-verb=correct] textarea").fill("The bridge is closed to lorries.")
    its = entry(hers, "The bridge is")
    its.get_by_role("button", name="Correct").click()
    its.locator("form[data-verb=correct] textarea").fill("The bridge is open to cars.")
    its.get_by_label("What was wrong, for readers").fill("Cars only.")
    its.get_by_role("button", name="Publish the correction").click()
    said(hers, "The correction is published.")
    # What is typed stays, and is told of.
    expect(mine.get_by_text("Somebody changed this entry while you write.")).to_be_visible()
    expect(mine.locator("form[data-verb=correct] textarea")).to_have_value(
        "The bridge is closed to lorries."
    )
    mine.get_by_role("button", name="Publish the correction").click()
    both = waiting(desk).filter(has_text="Olha changed it meanwhile.")
    expect(both.locator("mark", has_text="cars")).to_be_visible()
    expect(both.locator("mark", has_text="lorries")).to_be_visible()
    assert briefs() == ["The bridge is open to cars."]
    both.get_by_role("button", name="Keep mine and publish it").click()
    said(desk, "The correction is published.")
    expect(waiting(desk)).to_have_count(0)
    assert briefs() == ["The bridge is closed to lorries."]
    expect(entry(hers, "closed to lorries")).to_be_visible()


def test_on_a_phone_every_list_is_found_without_pushing_anything_sideways(phone: Page, newsroom):
    a_coverage("The flood in Kestrow, hour by hour, and what became of the bridge")
    a_coverage("An evening of voices")
    open_screen(phone, newsroom)
    lists = phone.get_by_role("navigation", name="Lists")
    assert lists.evaluate(
        "it => [it, ...it.querySelectorAll('*')].every((one) => one.scrollWidth <= one.clientWidth"
        " || getComputedStyle(one).overflowX === 'visible' || one.matches('a'))"
    )
    expect(lists.get_by_role("link")).to_have_count(0)
    assert lists.bounding_box()["height"] < 60
    lists.locator("summary").click()
    assert phone.evaluate("document.scrollingElement.scrollWidth") == 360
    lists.get_by_role("link", name="An evening of voices").click()
    expect(phone.locator(".desk-live__chosen summary")).to_contain_text("An evening of voices")


def _told(page: Page) -> list[str]:
    """What the newsroom answers from now on, none left out: what has changed it tells once."""
    answers: list[str] = []

    def note(route: Route) -> None:
        answer = route.fetch()
        answers.append(answer.text() if answer.status == 200 else "")
        route.fulfill(response=answer)

    page.route(lambda url: "/entries" in url, note)
    return answers


def test_nobody_is_blamed_when_only_the_time_to_undo_is_over(desk: Page, newsroom, monkeypatch):
    monkeypatch.setattr(taking_back, "UNDO", datetime.timedelta(seconds=3))
    told = _told(desk)
    open_screen(desk, newsroom)
    publish(desk, "The bridge is opne.")
    mine = entry(desk, "The bridge is opne.")
    mine.get_by_role("button", name="Correct").click()
    mine.locator("form[data-verb=correct] textarea").fill("The bridge is open.")

    # The newsroom says it without "Undo"; when it is asked once more, that has been looked at.
    soon(desk, lambda: any("opne" in one and "take-back" not in one for one in told))
    so_far = len(told)
    soon(desk, lambda: len(told) > so_far)
    expect(mine.get_by_text("Somebody changed this entry")).to_have_count(0)
    mine.get_by_role("button", name="Publish the correction").click()
    said(desk, "The correction is published.")
    assert briefs() == ["The bridge is open."]


def test_in_an_ended_session_nothing_is_lost_and_signing_in_again_sends_it(desk: Page, newsroom):
    open_screen(desk, newsroom)
    Session.objects.all().delete()
    publish(desk, "Written in an ended session.")
    box = desk.locator("[data-live-signed-out]")
    expect(box).to_contain_text("You are no longer signed in.")
    expect(waiting(desk)).to_contain_text("Written in an ended session.")
    with desk.expect_popup() as opened:
        box.get_by_role("link", name="Sign in").click()
    door = opened.value
    door.set_default_timeout(30_000)
    door.fill("#id_username", "editor")
    door.fill("#id_password", PASSWORD)
    door.click("form button[type=submit]")
    expect(door.locator("[data-live]")).to_be_visible(timeout=30_000)
    expect(entry(door, "Written in an ended session.")).to_have_count(1, timeout=30_000)
    expect(box).to_be_hidden(timeout=30_000)
    expect(waiting(desk)).to_have_count(0)
    assert briefs() == ["Written in an ended session."]


def test_on_a_shared_telephone_it_is_its_accounts_alone_and_signing_out_asks_first(
    desk: Page, newsroom, olha
):
    open_screen(desk, newsroom)
    own = desk.context.cookies()
    desk.route("**/send/", lambda route: route.abort())
    publish(desk, "A name that nobody else may read.")
    expect(waiting(desk)).to_have_count(1)
    desk.context.add_cookies([_session(olha, newsroom.url)])
    hers = open_screen(desk.context.new_page(), newsroom)
    expect(waiting(hers)).to_have_count(0)
    assert "nobody else" not in hers.content()
    expect(desk.locator("[data-live-signed-out]")).to_contain_text("Somebody else is signed in")
    assert briefs() == []
    hers.close()
    desk.context.add_cookies(own)
    desk.reload()
    expect(waiting(desk)).to_have_count(1)
    asked = []
    desk.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    desk.get_by_role("button", name="editor", exact=False).last.click()
    desk.get_by_role("button", name="Log out").click()
    assert "Not sent yet: 1." in asked[0]
    assert len(kept(desk)) == 1
    desk.once("dialog", lambda dialog: dialog.accept())
    desk.get_by_role("button", name="Log out").click()
    desk.wait_for_url("**/admin/login/**")
    assert kept(desk) == []


def test_a_reporter_writes_drafts_and_sees_no_button_of_a_chiefs(page_of, newsroom):
    reporter = User.objects.create_user("reporter", password=PASSWORD)
    give_role(reporter, "reporter")
    a_brief(newsroom.home.locale, "Out already.")
    page = open_screen(page_of(PHONE, reporter), newsroom)
    text_of(page).fill("For an editor.")
    page.get_by_role("button", name="Save for an editor").click()
    said(page, "Kept as a draft.")
    expect(entry(page, "For an editor.").get_by_role("button", name="Edit")).to_be_visible()
    expect(entry(page, "Out already.").get_by_role("button")).to_have_count(0)
    assert Brief.objects.get(text="For an editor.").live is False


def test_a_browser_that_keeps_nothing_says_so_and_sends_all_the_same(desk: Page, newsroom):
    desk.add_init_script(
        """for (const name of ["localStorage", "sessionStorage"])
             Object.defineProperty(window, name, { get() { throw new DOMException("no"); } });"""
    )
    open_screen(desk, newsroom)
    publish(desk, "Trams run again.")
    said(desk, "Published at")
    expect(desk.get_by_text("This browser is set to keep nothing")).to_be_visible()
    assert briefs() == ["Trams run again."]


def wrong_with(page: Page) -> list[str]:
    """At both widths, once the page has settled into the new one."""
    found = []
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 740})
        found += [f"{width}: {one}" for one in pages.wrong_with(page)]
        axe = Axe().run(page).response["violations"]
        found += [f"{one['id']} {[n['target'] for n in one['nodes']][:3]}" for one in axe]
        found += page.evaluate(_TOO_SMALL)
    return found


#: What a thumb does not hit.
_TOO_SMALL = """() => [...document.querySelectorAll(
    ".desk-live :is(button, textarea, input:not([type=checkbox]), summary)")]
  .filter((it) => it.checkVisibility() && it.getBoundingClientRect().height < 44)
  .map((it) => `too small: ${it.outerHTML.slice(0, 80)}`)"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_by_day_and_by_night_on_a_phone_and_a_desk(page_of, newsroom, olha, scheme):
    for number in range(3):
        brief = a_brief(newsroom.home.locale, f"Word {number} " * 12, source="River service")
    brief.save_revision(user=olha)
    draft = a_brief(newsroom.home.locale, "A draft.", live=False)
    draft.save_revision(user=olha)
    coverage = a_coverage()
    for number in range(2):
        update = an_entry(coverage, f"Update {number}", headline="The gates", by=olha)
    pin_entry(update.pk, True)
    page = page_of(DESK | {"color_scheme": scheme}, newsroom.editor)
    open_screen(page, newsroom)
    page.context.set_offline(True)
    publish(page, "Waits for the network, " * 8)
    expect(waiting(page)).to_have_count(1)
    entry(page, "Word 1").get_by_role("button", name="Correct").click()
    entry(page, "Word 0").get_by_role("button", name="Withdraw").click()
    wrong = wrong_with(page)
    page.context.set_offline(False)
    open_screen(page, newsroom, f"live/coverage.{coverage.pk}/")
    wrong += wrong_with(page)
    assert not wrong, "\n".join(wrong)


def test_an_update_of_a_coverage_is_signed_pinned_and_marked_by_keys(desk: Page, newsroom):
    coverage = a_coverage()
    open_screen(desk, newsroom)
    desk.get_by_role("link", name="The river rises").click()
    desk.locator("[data-live][data-ready]").wait_for()
    expect(desk.get_by_label("Signed: Anna Koval")).to_be_checked()
    desk.keyboard.type("Water is at the gates.")
    desk.keyboard.press("Control+Enter")
    said(desk, "Published at")
    expect(entry(desk, "Water is at the gates.")).to_have_count(1)
    desk.keyboard.press("Escape")
    desk.keyboard.press("p")
    its = desk.locator(".live-entry--pinned")
    expect(its).to_be_visible()
    desk.keyboard.press("k")
    expect(its.get_by_role("button", name="Key entry")).to_have_attribute("aria-pressed", "true")
    expect(its).to_be_focused()
    update = coverage.entries.get()
    assert (update.live, update.pinned, update.is_key) == (True, True, True)
    assert [str(who) for who in update.signed_by] == ["Anna Koval"]
    end_coverage(coverage.pk)
    publish(desk, "After the end.")
    stuck = waiting(desk).filter(has_text="This coverage has ended.")
    stuck.get_by_role("button", name="Put it back into the form").click()
    expect(text_of(desk)).to_have_value("After the end.")


def test_the_first_page_says_what_was_not_sent(desk: Page, newsroom):
    open_screen(desk, newsroom)
    desk.route("**/send/", lambda route: route.abort())
    publish(desk, "Never left the telephone.")
    expect(waiting(desk)).to_have_count(1)
    desk.unroute("**/send/")
    desk.goto(newsroom.admin())
    line = desk.locator(".desk-kept").filter(has_text="Never left the telephone.")
    line.get_by_role("link", name="Open").click()
    expect(entry(desk, "Never left the telephone.")).to_have_count(1)
    desk.goto(newsroom.admin())
    expect(desk.get_by_text(re.compile("that was not saved"))).to_be_hidden()
