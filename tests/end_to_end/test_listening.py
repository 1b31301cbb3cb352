"""A reader listens to a story; an editor mends a name in it. In a browser, by a real voice's child."""

from __future__ import annotations

import datetime
import re

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from nightdesk.narration import reader as narrator
from nightdesk.narration.models import Narration, VoiceChoice
from nightdesk.stories.models import StoryPage
from tests.end_to_end.conftest import DESK, PHONE
from tests.making import a_story

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TEXT = (
    "<p>Bakhmut could fall in the coming days. The loss would not be a critical juncture.</p>"
    + "".join(f"<p>Paragraph number {n} of a story that is long enough to scroll.</p>" for n in range(30))
)  # fmt: skip


@pytest.fixture
def story(newsroom, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.DATA = tmp_path
    VoiceChoice.objects.create(language="en", voice="tone:tone")
    story = a_story(newsroom.section, "Bakhmut could fall", body=TEXT)
    StoryPage.objects.get(pk=story.pk).save_revision().publish()
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=1), tick=True):
        while narrator.read_next():
            pass
    assert Narration.objects.get().shown
    return StoryPage.objects.get(pk=story.pk)


def in_parts(route):
    """Hand out the part of a file that is asked for, as the newsstand does and the bare site does
    not: a browser that cannot have parts cannot seek, and would play on until it comes by."""
    answer = route.fetch()
    asked = re.match(r"bytes=(\d+)-(\d*)", route.request.headers.get("range", ""))
    if asked is None or answer.status != 200:
        route.fulfill(response=answer)
        return
    whole = answer.body()
    first, last = int(asked[1]), min(int(asked[2] or len(whole)), len(whole) - 1)
    part = {"accept-ranges": "bytes", "content-range": f"bytes {first}-{last}/{len(whole)}"}
    kind = {"content-type": answer.headers["content-type"]}
    route.fulfill(status=206, headers=kind | part, body=whole[first : last + 1])


@pytest.fixture
def page_of(page_of):
    def _page(*who):
        page = page_of(*who)
        page.route("**/media/**", in_parts)
        return page

    return _page


def lit(page):
    return page.evaluate("[...(CSS.highlights.get('nd-heard') ?? [])].map(r => r.toString())")


def seek(page, seconds):
    page.evaluate("seconds => { document.querySelector('audio').currentTime = seconds }", seconds)


def top_of_text(page):
    page.evaluate(
        "document.fonts.ready.then(() => new Promise(done => requestAnimationFrame("
        "() => requestAnimationFrame(done))))"
    )
    return page.evaluate("document.querySelector('.story__columns').getBoundingClientRect().top")


def start_of(words):
    return next(cue[1] for cue in Narration.objects.get().cues if cue[3].startswith(words))


@pytest.mark.parametrize("device", [PHONE, DESK], ids=["phone", "desk"])
def test_the_sentence_that_is_heard_is_lit_and_a_paragraph_can_be_begun_at(page_of, story, device):
    before = page_of(device)
    before.route("**/*.js", lambda route: route.abort())
    before.goto(story.url)
    page = page_of(device)
    page.goto(story.url)
    page.get_by_text("This audio is created with AI assistance").wait_for()
    page.get_by_role("button", name="Forward 15 seconds").wait_for()
    assert top_of_text(page) == top_of_text(before), "the player's buttons moved the page"
    page.evaluate("document.querySelector('audio').play()")
    page.locator(".listen-here").first.wait_for()
    seek(page, start_of("The loss would") + 0.1)
    page.wait_for_function("CSS.highlights.get('nd-heard')?.size")
    page.wait_for_function(
        "[...(CSS.highlights.get('nd-heard') ?? [])][0]?.toString() === 'The loss would not be a critical juncture.'"
    )
    # The button of a paragraph begins there; to play as far as that would take a minute.
    page.locator(".listen-here").nth(20).click()
    page.wait_for_function(
        "[...(CSS.highlights.get('nd-heard') ?? [])][0]?.toString().startsWith('Paragraph number 19')"
    )


def test_it_goes_on_at_the_foot_of_the_window_and_where_it_was_left(page_of, story):
    page = page_of(DESK)
    page.goto(story.url)
    page.evaluate("document.querySelector('audio').play()")
    page.locator(".listen-here").first.wait_for()
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.locator(".player--away").wait_for()
    page.wait_for_function(
        """() => {
          scrollTo(0, document.body.scrollHeight);
          const [foot, bar] = ["body > footer", ".player__bar"].map(
            (one) => document.querySelector(one).getBoundingClientRect());
          return bar.height > 20 && foot.bottom <= bar.top + 1;
        }"""
    )
    seek(page, 8)
    page.wait_for_function("document.querySelector('audio').currentTime > 8.2")
    # The story's place, not the file's: an edit does not lose it.
    place = f"nightdesk-heard:/media/audio/{Narration.objects.get().token}"
    page.wait_for_function("place => localStorage.getItem(place) > 7", arg=place)
    page.reload()
    page.evaluate("document.querySelector('audio').play()")
    page.wait_for_function("document.querySelector('audio').currentTime > 5")
    # By keys, with the player in focus.
    at = page.evaluate("document.querySelector('audio').currentTime")
    page.get_by_role("button", name="Back 15 seconds").focus()
    page.keyboard.press("j")
    page.wait_for_function("at => document.querySelector('audio').currentTime < at", arg=at)


def test_without_javascript_it_is_the_browsers_own_player(chromium, newsroom, story):
    context = chromium.new_context(**PHONE, base_url=newsroom.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(story.url)
    expect(page.locator("audio[controls]")).to_be_visible()
    assert not page.locator(".player button").count()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_neither_reader_nor_editor_meets_a_barrier(page_of, newsroom, story, scheme):
    page = page_of({**PHONE, "color_scheme": scheme})
    page.goto(story.url)
    page.get_by_role("button", name="Forward 15 seconds").wait_for()
    page.evaluate("document.querySelector('audio').play()")
    page.locator(".listen-here").first.wait_for()
    found = Axe().run(page, options={"runOnly": RULES})
    assert found.response["violations"] == []
    desk = page_of({**PHONE, "color_scheme": scheme}, newsroom.editor)
    for path in (f"stories/{story.pk}/aloud/", "narration/", "voices/"):
        desk.goto(newsroom.admin(path))
        found = Axe().run(desk, context="#main", options={"runOnly": RULES})
        assert [one["id"] for one in found.response["violations"]] == [], path
        assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_an_editor_mends_a_name_without_knowing_phonetics(page_of, newsroom, story):
    page = page_of(DESK, newsroom.editor)
    page.goto(newsroom.admin(f"stories/{story.pk}/aloud/"))
    page.get_by_label("Name or word").fill("Bakhmut")
    page.get_by_label("As it sounds").fill("bakh-MOOT")
    with page.expect_response("**/hear/") as heard:
        page.get_by_role("button", name="Hear it").click()
    assert heard.value.status == 200
    page.locator(".nd-name__audio:not([hidden])").wait_for()
    page.get_by_role("button", name="Save for all stories").click()
    page.get_by_text("Kept for all stories. 1 story of the last week is read anew.").wait_for()
