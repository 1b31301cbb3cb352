"""The desk in a newsroom as it is installed: clock, press and newsstand at work, its own policies."""

from __future__ import annotations

import datetime
import http.client
import json
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from .whole import Whole, open_whole

pytestmark = pytest.mark.fault

#: Seconds to the end of the embargo, and after how many it is put off once more.
SOON, AGAIN = 10, 2

#: Says what was made, and puts the end of the embargo off until it is given a line: an embargo may
#: only be made longer, and nobody knows how long looking everywhere takes.
_MAKE = """
import datetime, json, select, sys
from django.utils import timezone
from nightdesk.checking.actions import share
from nightdesk.people.models import User
from nightdesk.stories.embargo import UnderEmbargo
from nightdesk.stories.models import SectionPage, StoryPage
from tests.making import a_picture
section = SectionPage.objects.order_by("pk").first()
user = User.objects.order_by("pk").first()
picture = a_picture("kanaraltq")
until = timezone.now() + datetime.timedelta(seconds={soon})
story = StoryPage(title="The kanarheadlineq resigns", slug="kanarslugq", live=False,
    locale=section.locale, body=[("text", "<p>Said kanartextq.</p>")], lead_picture=picture,
    embargo_until=until)
section.add_child(instance=story)
refused = ""
try:
    story.save_revision(user=user).publish(user=user)
except UnderEmbargo as error:
    refused = str(error)
story = StoryPage.objects.get(pk=story.pk)
story.go_live_at = until
story.save_revision(user=user).publish(user=user)
_link, token = share(story, user, datetime.timedelta(hours=1))
print(json.dumps([refused, picture.files()[0], token, section.slug]), flush=True)
while not select.select([sys.stdin], [], [], {again})[0]:
    assert timezone.now() < until, "This machine is too slow to put it off in time."
    until = timezone.now() + datetime.timedelta(seconds={soon})
    story = StoryPage.objects.get(pk=story.pk).get_latest_revision_as_object()
    story.embargo_until = story.go_live_at = until
    story.save_revision(user=user).publish(user=user)
print(until.timestamp(), flush=True)
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    with open_whole(
        tmp_path_factory.mktemp("desk") / "data", NIGHTDESK_SECOND_FACTOR="offered"
    ) as newsroom:
        yield newsroom


def headers_of(whole: Whole, path: str) -> tuple[int, dict[str, str]]:
    connection = http.client.HTTPConnection(urlsplit(whole.url).netloc, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}


def test_an_embargoed_story_is_nowhere_before_its_minute_and_everywhere_after(whole):
    words = ("django", "shell", "--no-imports", "-c", _MAKE.format(soon=SOON, again=AGAIN))
    with whole.begin(*words) as desk:
        refused, picture, token, section = json.loads(desk.stdout.readline())
        assert refused.startswith("This story is under embargo until")
        month = datetime.datetime.now(datetime.UTC)
        lists = ["/", f"/{section}/", "/feeds/rss.xml", "/feeds/atom.xml", "/feeds/feed.json"]
        lists += [f"/archive/{month:%Y/%m}/", f"/sitemaps/stories-{month:%Y-%m}.xml"]
        lists += ["/news-sitemap.xml", "/search/?q=kanarheadlineq"]
        hidden = [f"/{section}/kanarslugq/", f"/media/{picture}"]

        for path in [*lists, *hidden, "/nothing/"]:
            text = whole.get(path)[1]
            words = ("kanarheadline", "kanartext", "kanaralt", "kanarslug")
            met = [word for word in words if word in text]
            assert not [word for word in met if word not in path], (path, met)
        assert {whole.get(path)[0] for path in hidden} == {404}

        # Only whoever has the link reads it, and nobody in between keeps it.
        for path in (f"/check/{token}/", f"/check/{token}/{picture}"):
            assert whole.get(path)[0] == 200
            status, headers = headers_of(whole, path)
            assert status == 200
            assert headers["cache-control"] == "no-store"
            assert headers["referrer-policy"] == "no-referrer"
            assert headers["x-robots-tag"] == "noindex, nofollow"
        assert "kanarheadlineq" in whole.get(f"/check/{token}/")[1]
        assert whole.get("/check/aaaaaaaaaaaaaaaaaaaaaaaaaa/")[0] == 410
        said, _errors = desk.communicate("\n", timeout=60)
    assert desk.returncode == 0
    until = float(said)

    end = until + 60
    while whole.get(hidden[0])[0] != 200 and time.time() < end:
        time.sleep(0.1)
    assert time.time() >= until
    waiting = set(lists)
    while waiting and time.time() < end:
        waiting -= {path for path in waiting if _word_at(path) in whole.get(path)[1]}
        time.sleep(0.1)
    assert waiting == set()
    assert whole.get(f"/media/{picture}")[0] == 200


def _word_at(path: str) -> str:
    """A sitemap of a month holds addresses and no headlines."""
    return "kanarslugq" if path.startswith("/sitemaps/") else "kanarheadlineq"


@pytest.mark.browser
def test_a_note_on_a_passage_is_written_and_kept_under_the_newsrooms_own_policy(whole, chromium):
    """Through the newsstand, whose policy lets no script run that is not ours."""
    with chromium.new_context(viewport={"width": 1440, "height": 900}) as browser:
        page = browser.new_page()
        troubles = []
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else 0)
        page.goto(f"{whole.url}/admin/")
        page.fill("#id_username", whole.name)
        page.fill("#id_password", whole.password)
        page.click("button[type=submit]")
        page.get_by_role("link", name="New story").click()
        page.get_by_placeholder("Headline").fill("A story with a note")
        page.get_by_role("button", name="Toggle comments").click()
        page.locator("#id_title").hover()
        page.locator("[data-comment-add][aria-describedby=id_title-label]").click()
        notes = page.locator("#comments")
        notes.locator("textarea").fill("Who says so?")
        notes.get_by_role("button", name="Comment").click()
        page.wait_for_url("**/edit/")
        page.get_by_role("button", name="Actions").last.click()
        page.get_by_role("button", name="Save draft").click()
        expect(page.get_by_text("has been")).to_be_visible()
        expect(notes.get_by_text("Who says so?")).to_be_visible()
        assert troubles == []
