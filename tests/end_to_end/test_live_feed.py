"""The News Feed left open all night: what its reader sees, hears and is spared."""

from __future__ import annotations

import datetime
import json
import time
import uuid
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from nightdesk.briefs.actions import correct_brief, send_brief, withdraw_brief
from nightdesk.briefs.models import Brief
from nightdesk.coverage.actions import (
    correct_entry,
    end_coverage,
    pin_entry,
    reopen_coverage,
    send_entry,
)
from nightdesk.newsstand.answers import Answers
from tests.coverage.making import a_coverage
from tests.making import a_brief
from tests.newsstand.following import Follower

WIDE = {"viewport": {"width": 1280, "height": 900}}
NARROW = {"viewport": {"width": 360, "height": 740}}
HOUR = datetime.timedelta(hours=1)
#: Longer than the longest wait between two looks, in milliseconds.
ONE_LOOK = 13_000

#: From when the page's letters have come: what they move as they come is measured with the page's
#: budgets. A ResizeObserver, because a test's clock keeps requestAnimationFrame from real frames.
_WATCH = """async () => {
    await document.fonts.ready;
    for (let frame = 0; frame < 2; frame++)
        await new Promise(drawn => new ResizeObserver(drawn).observe(document.body));
    window.moved = 0;
    new PerformanceObserver(list => list.getEntries().forEach(
        entry => { if (!entry.hadRecentInput) moved += entry.value; }
    )).observe({type: "layout-shift"});
}"""
_HIDE = """hidden => {
    for (const [name, value] of [["hidden", hidden], ["visibilityState", hidden ? "hidden" : "visible"]])
        Object.defineProperty(document, name, {configurable: true, get: () => value});
    document.dispatchEvent(new Event("visibilitychange"));
}"""
_FOCUSED = "document.activeElement.closest('[data-item]')?.dataset.item"
_ROWS = (
    "[...document.querySelectorAll('[data-live-list] [data-item]')].map(row => row.dataset.item)"
)


def send(text: str) -> Brief:
    return send_brief(uuid.uuid4(), "en", text)[0]


@pytest.fixture
def briefs(newsroom):
    now = timezone.now()
    return [
        a_brief(
            newsroom.home.locale,
            f"Report {number}. More of it.",
            published_at=now - (number + 1) * HOUR,
            source="The gauge",
        )
        for number in range(24)
    ]


@pytest.fixture
def feed(page_of, briefs):
    """An open News Feed whose clock stands until a test moves it: one that is only installed goes
    on by itself, and a slow machine would ask more often. This server knows no streams, so it
    asks; being told is tried with the newsstand below."""

    def _feed(device: dict = WIDE, path: str = "/news-feed/"):
        page = page_of(device)
        page.clock.install()
        page.clock.pause_at(time.time() + 60)
        page.goto(path)
        page.evaluate(_WATCH)
        return page

    return _feed


def until(page, expression: str) -> None:
    """Wait for what does not hang on the page's clock. (`wait_for_function` looks at each frame,
    and frames hang on that clock.)"""
    deadline = time.monotonic() + 30
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, expression
        page.wait_for_timeout(20)


def look(page, milliseconds: int = ONE_LOOK, step: int = 4_000) -> None:
    """Let so much time pass, and whatever is asked for meanwhile arrive."""
    for _step in range(0, milliseconds, step):
        page.clock.run_for(step)
        until(page, "![...document.querySelectorAll('nd-live')].some(each => each.asking)")


def test_what_is_new_waits_behind_a_button_and_nothing_moves(feed, briefs):
    page = feed(NARROW)
    before = page.evaluate(_ROWS)
    first, second = send("Just in."), send("And this.")
    look(page)
    button = page.get_by_role("button", name="2 new updates")
    expect(button).to_be_visible()
    expect(page).to_have_title("(2) News Feed – The Test Post")
    expect(page.locator("nd-live [role=status]")).to_have_text("2 new updates")
    assert page.evaluate(_ROWS) == before
    assert page.evaluate("moved") == 0
    page.clock.resume()  # axe waits by it
    answer = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag22aa"]}).response
    assert [found["id"] for found in answer["violations"]] == []
    button.press("Enter")
    assert page.evaluate(_ROWS) == [f"b{second.pk}", f"b{first.pk}", *before]
    assert page.evaluate(_FOCUSED) == f"b{second.pk}"
    expect(page.locator("[data-live-more]")).to_be_hidden()
    expect(page).to_have_title("News Feed – The Test Post")


def test_corrections_and_withdrawals_are_applied_at_once_to_what_is_being_read(feed, briefs):
    page = feed()
    corrected, withdrawn = briefs[2], briefs[3]
    for brief in (corrected, withdrawn):
        page.locator(f"[data-item=b{brief.pk}] summary").click()
    page.locator(f"[data-item=b{withdrawn.pk}] a").first.focus()
    place = page.locator(f"[data-item=b{briefs[4].pk}]").bounding_box()["y"]
    withdraw_brief(withdrawn.pk, key=uuid.uuid4())
    look(page)
    row = page.locator(f"[data-item=b{withdrawn.pk}]")
    expect(row).to_contain_text("This update was withdrawn at")
    assert "Report 3" not in page.content()
    assert page.evaluate(_FOCUSED) == f"b{withdrawn.pk}"
    assert page.locator(f"[data-item=b{briefs[4].pk}]").bounding_box()["y"] == place
    expect(page.locator("nd-live [role=status]")).to_contain_text("was withdrawn at")

    page.locator(f"[data-item=b{corrected.pk}] summary").focus()
    correct_brief(corrected.pk, text="Report two.", note="It said 2.", key=uuid.uuid4())
    look(page)
    row = page.locator(f"[data-item=b{corrected.pk}]")
    expect(row.locator(".brief__correction")).to_be_visible()
    expect(row.locator(".brief__correction")).to_contain_text("It said 2.")
    assert page.evaluate(_FOCUSED) == f"b{corrected.pk}"
    expect(page.locator("nd-live [role=status]")).to_contain_text("An update was corrected:")
    expect(page.locator("[data-live-more]")).to_be_hidden()


def test_a_hidden_page_counts_in_its_title_and_is_put_right_on_return(feed, briefs):
    page = feed()
    page.evaluate(_HIDE, True)
    before = page.locator("[data-live-list]").inner_html()
    send("Just in.")
    correct_brief(briefs[1].pk, text="Put right.", note="A word.", key=uuid.uuid4())
    look(page, 45_000)
    expect(page).to_have_title("News Feed – The Test Post")
    look(page, 30_000)
    expect(page).to_have_title("(1) News Feed – The Test Post")
    assert page.locator("[data-live-list]").inner_html() == before
    expect(page.locator("[data-live-more]")).to_be_hidden()
    page.evaluate(_HIDE, False)
    expect(page.get_by_role("button", name="1 new update")).to_be_visible()
    expect(page.locator(f"[data-item=b{briefs[1].pk}]")).to_contain_text("Put right")


def test_whatever_goes_wrong_it_asks_less_and_goes_on(feed, briefs):
    """500, half a document, no network: each look that fails doubles the wait."""
    page = feed()
    asked: list[str] = []
    answers = iter([(500, "no"), (200, '{"items": [')])

    def answer(route) -> None:
        if "/events/" in route.request.url:
            route.abort()
            return
        asked.append(route.request.url)
        status, body = next(answers, (0, ""))
        if status:
            route.fulfill(status=status, body=body, headers={"ETag": '"broken"'})
        else:
            route.abort()

    def its_document(url: str) -> bool:
        return url.endswith("/news-feed/live/") and "/events/" not in url

    page.route(its_document, answer)
    send("Just in.")
    # The waits are at least 8, 16, 32, 64 and 128 seconds.
    look(page, 13_000)
    look(page, 25_000)
    look(page, 50_000)
    expect(page.locator("nd-live [role=status]")).to_contain_text("No connection.")
    look(page, 200_000)
    assert 4 <= len(asked) <= 5
    page.unroute(its_document)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_role("button", name="1 new update")).to_be_visible()
    expect(page.locator("nd-live [role=status]")).not_to_contain_text("No connection.")


def test_away_for_longer_than_is_told_the_page_itself_is_asked(feed, newsroom, briefs):
    now = timezone.now()
    for brief in briefs:
        brief.published_at -= 30 * HOUR
        brief.save()
    page = feed()
    gone, read = briefs[19], briefs[1]
    page.locator(f"[data-item=b{read.pk}] summary").click()
    withdraw_brief(gone.pk, key=uuid.uuid4())
    Brief.objects.filter(pk=gone.pk).update(withdrawn_at=now - 26 * HOUR)
    send("Just in.")
    look(page)
    assert f"b{gone.pk}" not in page.evaluate(_ROWS)
    assert page.evaluate(_ROWS)[1:] == [f"b{brief.pk}" for brief in briefs if brief != gone]
    assert page.locator(f"[data-item=b{read.pk}]").get_attribute("open") is not None

    for number in range(22):
        send(f"One of many, {number}.")
    look(page)
    page.get_by_role("button", name="22 new updates").or_(
        page.get_by_role("button", name="20 new updates")
    ).click()
    expect(page.locator("[data-live-list] [data-item]").nth(21)).to_contain_text("One of many, 0")


@pytest.mark.parametrize("said", ["", "data: 1\n\n"], ids=["never told", "told each time"])
def test_a_stream_that_is_cut_again_and_again_does_not_keep_a_page_from_asking(feed, briefs, said):
    cuts: list[str] = []
    page = feed()
    page.route(
        "**/events/**",
        lambda route: (
            cuts.append(route.request.url),
            route.fulfill(content_type="text/event-stream", body=f"retry: 50\n\n{said}"),
        ),
    )
    send("Just in.")
    for second in range(16):
        before = len(cuts)
        page.clock.run_for(1_000)
        deadline = time.monotonic() + 30
        while len(cuts) == before and second > 2:
            assert time.monotonic() < deadline, "the browser does not come back"
            page.wait_for_timeout(20)
    expect(page.get_by_role("button", name="1 new update")).to_be_visible()


def test_once_told_then_cut_again_and_again_it_still_asks(feed, briefs):
    """Each time it comes back it is open, and told nothing."""
    cuts: list[str] = []
    page = feed()

    def cut(route) -> None:
        cuts.append(route.request.url)
        told = "data: 1\n\n" if len(cuts) == 1 else ""
        route.fulfill(content_type="text/event-stream", body=f"retry: 50\n\n{told}")

    page.route("**/events/**", cut)
    for second in range(30):
        if second == 4:
            send("Just in.")
        before = len(cuts)
        page.clock.run_for(1_000)
        while len(cuts) == before and second > 2:
            page.wait_for_timeout(20)
    expect(page.get_by_role("button", name="1 new update")).to_be_visible()


LOGIN = "<!doctype html><title>Hotel</title><main><h1>Room number</h1><form></form></main>"


def test_a_page_that_hangs_or_is_a_hotels_puts_nothing_right_and_is_asked_again(feed, briefs):
    """Away for longer than is told, behind a network that first hangs and then asks who is there."""
    now = timezone.now()
    for brief in briefs:
        brief.published_at -= 30 * HOUR
        brief.save()
    page = feed()
    gone = briefs[5]
    withdraw_brief(gone.pk, key=uuid.uuid4())
    Brief.objects.filter(pk=gone.pk).update(withdrawn_at=now - 26 * HOUR)
    send("Just in.")
    asked: list[str] = []

    def answer(route) -> None:
        asked.append(route.request.url)
        if len(asked) > 1:
            route.fulfill(content_type="text/html", body=LOGIN)

    page.route("**/news-feed/", answer)
    with page.expect_request("**/news-feed/"):
        page.clock.run_for(13_000)
    page.clock.run_for(21_000)  # nobody waits for longer
    look(page, 50_000)
    assert len(asked) > 1 and f"b{gone.pk}" in page.evaluate(_ROWS)
    expect(page.get_by_text("Room number")).to_have_count(0)
    page.unroute("**/news-feed/")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(f"[data-item=b{gone.pk}]")).to_have_count(0)
    expect(page.locator("[data-live-list] [data-item]").first).to_contain_text("Just in.")


def test_a_coverage_that_is_taken_down_leaves_the_pages_that_show_it(feed, newsroom):
    coverage = a_coverage("The hidden shelter")
    entry = send_entry(uuid.uuid4(), coverage.pk, "Forty people are there.")[0]
    path = coverage.get_absolute_url()
    page = feed(path=path)
    expect(page.locator(f"[data-item=e{entry.pk}]")).to_be_visible()
    said = Answers("The Test Post").withdrawn(path, "By a court's order.")
    for address in (f"**{path}", f"**{path}live/"):
        page.route(
            address,
            lambda route: route.fulfill(status=410, content_type="text/html", body=said.body),
        )
    page.clock.run_for(13_000)
    expect(page.locator("main")).to_contain_text("By a court's order.")
    text = page.content()
    assert "shelter" not in page.title() and "Forty people" not in text
    assert "hidden shelter" not in page.locator("main").inner_text()
    page.clock.resume()  # axe waits by it
    assert Axe().run(page).violations_count == 0


def test_a_coverage_that_is_withdrawn_leaves_them_when_that_is_certain(feed, newsroom):
    coverage = a_coverage("The hidden shelter")
    send_entry(uuid.uuid4(), coverage.pk, "Forty people are there.")
    page = feed(path=coverage.get_absolute_url())
    page.route("**/live/", lambda route: route.fulfill(status=404, body="for a moment"))
    look(page, 13_000)
    look(page, 25_000)
    expect(page.locator("main")).to_contain_text("Forty people")
    page.unroute("**/live/")
    coverage.unpublish()
    look(page, 120_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("This page is not here")
    assert "Forty people" not in page.content() and "shelter" not in page.title()


def test_a_page_that_comes_back_from_the_browsers_memory_asks_at_once(feed, briefs):
    page = feed()
    send("Just in.")
    with page.expect_response("**/news-feed/live/"):
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(page.get_by_role("button", name="1 new update")).to_be_visible()


def test_the_block_asks_each_half_minute_and_only_while_it_is_seen(feed, newsroom, briefs):
    page = feed(NARROW, "/")
    asked: list[str] = []
    page.on("request", lambda request: "/live/" in request.url and asked.append(request.url))
    title = page.title()
    page.evaluate("document.querySelector('main').style.paddingTop = '3000px'")
    until(page, "!document.querySelector('nd-live').inSight")
    look(page, 120_000)
    assert asked == []
    page.locator("nd-live").scroll_into_view_if_needed()
    send("Just in.")
    until(page, "document.querySelector('nd-live').inSight")
    look(page, 70_000)
    expect(page.get_by_role("button", name="1 new update")).to_be_visible()
    assert 1 <= len(asked) <= 3
    assert all("/events/" not in url for url in asked)
    assert page.title() == title
    page.evaluate(_HIDE, True)
    asked.clear()
    look(page, 120_000)
    assert asked == []


def test_the_page_of_one_brief_is_put_right_and_taken_away(feed, briefs):
    page = feed(WIDE, briefs[0].get_absolute_url())
    correct_brief(briefs[0].pk, text="Report nought.", note="It said 0.", key=uuid.uuid4())
    look(page, 40_000)
    expect(page.locator("main")).to_contain_text("It said 0.")
    withdraw_brief(briefs[0].pk, key=uuid.uuid4())
    look(page, 40_000)
    expect(page.locator("main h1")).to_have_text("Withdrawn")
    assert "Report nought" not in page.locator("main").inner_text()


def test_two_windows_each_know_what_they_have(feed, briefs):
    one, other = feed(), feed()
    brief = send("Just in.")
    look(one)
    one.get_by_role("button", name="1 new update").click()
    withdraw_brief(brief.pk, key=uuid.uuid4())
    look(one)
    look(other)
    expect(one.locator(f"[data-item=b{brief.pk}]")).to_contain_text("withdrawn at")
    assert f"b{brief.pk}" not in other.evaluate(_ROWS)
    expect(other.locator("[data-live-more]")).to_be_hidden()


def test_a_browser_whose_clock_is_wrong_is_told_the_same(feed, briefs):
    page = feed()
    page.clock.set_system_time(datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC))
    send("Just in.")
    look(page)
    expect(page.get_by_role("button", name="1 new update")).to_be_visible()


def test_without_javascript_it_is_a_list_like_any_other(chromium, newsroom, briefs):
    context = chromium.new_context(**NARROW, base_url=newsroom.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/news-feed/")
    expect(page.locator("[data-live-more]")).to_be_hidden()
    row = page.locator(f"[data-item=b{briefs[5].pk}]")
    row.locator("summary").click()
    expect(row.locator(".brief__body")).to_contain_text("Report 5")
    row.locator(".meta a").click()
    expect(page.locator("h1")).to_have_text("Report 5")
    context.close()


def an_update(coverage, text: str):
    return send_entry(uuid.uuid4(), coverage.pk, text)[0]


def asked_of(page, coverage) -> list[str]:
    """The addresses of its document and its stream, as they are asked for from now on."""
    asked: list[str] = []
    page.on(
        "request", lambda request: coverage.live_url in request.url and asked.append(request.url)
    )
    return asked


def test_a_coverage_opened_before_anything_happened_shows_what_does(feed, newsroom):
    coverage = a_coverage()
    page, other = (feed(NARROW, coverage.get_absolute_url()) for _reader in range(2))
    updates = page.locator(".coverage__updates")
    expect(updates).to_have_text("Nothing is published here yet.")
    entry = an_update(coverage, "Water is at the gates.")
    look(page)
    page.get_by_role("button", name="1 new update").click()
    expect(updates.locator("[data-day]")).to_have_count(1)
    expect(updates).to_contain_text("Water is at the gates")
    expect(updates).not_to_contain_text("Nothing is published")
    assert page.evaluate(_FOCUSED) == entry.item_id
    expect(page.locator("[events] [data-live-more]")).to_be_hidden()

    # Pinned by now, it stands above the list of the page that is fetched.
    pin_entry(entry.pk, True)
    look(other)
    other.get_by_role("button", name="1 new update").click()
    row = other.locator(f".coverage__updates [data-item={entry.item_id}]")
    for _second in range(99):
        if not row.count():
            other.clock.run_for(1_000)
            other.wait_for_timeout(50)
    expect(row).to_be_visible()
    expect(other.locator("[events] [data-live-more]")).to_be_hidden()


def test_a_coverage_that_has_ended_is_asked_ever_more_rarely_and_not_while_hidden(feed, newsroom):
    coverage = a_coverage()
    entry = an_update(coverage, "Water is at the gates.")
    page = feed(WIDE, coverage.get_absolute_url())
    end_coverage(coverage.pk)
    look(page)
    asked = asked_of(page, coverage)
    # Its waits are 2, 4, 8 and then always 10 minutes, a fifth more or less.
    look(page, 3 * 3600_000, 60_000)
    assert 14 <= len(asked) <= 24
    assert not any("/events/" in url for url in asked)
    page.evaluate(_HIDE, True)
    asked.clear()
    look(page, 3600_000, 60_000)
    assert asked == []

    correct_entry(entry.pk, text="It was not.", note="A mistake.", key=uuid.uuid4())
    page.evaluate(_HIDE, False)
    expect(page.locator(f"[data-item={entry.item_id}]")).to_contain_text("A mistake.")
    expect(page.locator("[events] [data-live-more]")).to_be_hidden()

    tried = page.evaluate("document.querySelector('nd-live').later ?? 0")
    reopen_coverage(coverage.pk)
    look(page, 180_000, 20_000)
    an_update(coverage, "It goes on.")
    asked.clear()
    look(page)
    expect(page.get_by_role("button", name="1 new update")).to_be_visible()
    # It has tried for a stream again, which this server refuses.
    until(page, f"document.querySelector('nd-live').later > {tried}")


def test_a_page_printed_after_the_end_asks_for_no_stream(feed, newsroom):
    coverage = a_coverage()
    an_update(coverage, "Water is at the gates.")
    end_coverage(coverage.pk)
    page = feed(WIDE, "/coverage/")
    asked = asked_of(page, coverage)
    page.goto(coverage.get_absolute_url())
    look(page, 80_000, 20_000)
    assert asked == []
    look(page, 80_000, 20_000)
    assert len(asked) == 1 and "/events/" not in asked[0]


def test_a_document_is_what_the_script_expects(client, briefs):
    """The words that `live.js` reads; whoever renames one renames it there."""
    withdraw_brief(briefs[3].pk, key=uuid.uuid4())
    said = json.loads(client.get("/news-feed/live/").content)
    assert {"seq", "at", "from", "since", "items", "withdrawn", "ended"} <= said.keys()
    assert said["items"][0].keys() == {"id", "v", "at", "day", "day_label", "html"}
    assert said["withdrawn"][0].keys() == {"id", "v", "at", "html"}


def can_be_followed(url: str) -> bool:
    with Follower(urlsplit(url).port, "/news-feed/live/") as follower:
        return follower.status == 200


_WRITE = """
import uuid
from nightdesk.briefs.actions import *
from nightdesk.briefs.models import Brief
brief = Brief.objects.order_by("pk").last()
"""


def test_readers_of_a_whole_newsroom_are_told_by_its_streams(chromium, tmp_path):
    """Policy, headers, ETags and streams as the newsstand has them; the press in between."""
    from tests.end_to_end.whole import open_whole

    with open_whole(tmp_path / "data", demo=True) as whole:

        def write(code: str) -> None:
            done = whole.command("django", "shell", "--no-imports", "-c", _WRITE + code)
            assert done.returncode == 0, done.stderr

        context = chromium.new_context(**NARROW, base_url=whole.url, locale="en")
        context.set_default_timeout(30_000)
        page = context.new_page()
        troubles: list[str] = []
        page.on("console", lambda said: troubles.append(said.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        statuses: list[int] = []
        page.on(
            "response",
            lambda answer: (
                answer.url.endswith("/live/")
                and "/events/" not in answer.url
                and statuses.append(answer.status)
            ),
        )
        # Opened before its document is printed it would be refused a stream, and ask for one again
        # minutes later only.
        deadline = time.monotonic() + 60
        while not can_be_followed(whole.url):
            assert time.monotonic() < deadline, "its document is not printed"
            time.sleep(0.2)
        page.goto("/news-feed/")
        # It asks by itself each minute at the earliest once it has heard something.
        page.wait_for_function("() => document.querySelector('nd-live').hears", timeout=30_000)
        page.evaluate(_WATCH)
        write('send_brief(uuid.uuid4(), "en", "Just in.")')
        button = page.get_by_role("button", name="1 new update")
        expect(button).to_be_visible(timeout=30_000)
        assert page.evaluate("moved") == 0
        button.click()
        row = page.locator("[data-live-list] [data-item]").first
        expect(row).to_contain_text("Just in")
        write('correct_brief(brief.pk, text="In.", note="A word.", key=uuid.uuid4())')
        expect(row).to_contain_text("Corrected", timeout=30_000)
        write("withdraw_brief(brief.pk, key=uuid.uuid4())")
        expect(row).to_contain_text("This update was withdrawn at", timeout=30_000)
        page.evaluate("document.querySelector('nd-live').look()")
        with page.expect_response("**/news-feed/live/"):
            page.evaluate("document.querySelector('nd-live').look()")
        assert 304 in statuses
        assert set(statuses) <= {200, 304}
        assert troubles == []
        context.close()
