"""Everything that the newsroom set right, in one list."""

from __future__ import annotations

import datetime

import feedparser
import pytest
from django.utils import timezone
from wagtail.models import PageViewRestriction

from nightdesk.fronts.models import HomePage
from nightdesk.stories.corrections import Correction
from nightdesk.stories.models import SectionPage, StoryPage
from tests.making import a_story

pytestmark = pytest.mark.django_db


def corrected(story, words, ago=1, **fields):
    at = timezone.now() - datetime.timedelta(hours=ago)
    return Correction.objects.create(page=story, words=words, at=at, published_at=at, **fields)


def listed(client, url="/corrections/"):
    response = client.get(url)
    assert response.status_code == 200
    return [row.words for _day, rows in response.context["days"] for row in rows]


def test_they_stand_by_day_newest_first_and_lead_to_their_place(client, section):
    story = a_story(section, "A bridge is closed")
    old = corrected(story, "Old.", ago=50)
    corrected(a_story(section, "Gates stay shut"), "New.", kind="clarification")
    assert listed(client) == ["New.", "Old."]
    page = client.get("/corrections/").content.decode()
    assert f'href="{story.url}#{old.anchor}"' in page
    assert f'id="{old.anchor}"' in client.get(story.url).content.decode()
    assert "Clarification" in page
    assert page.count("<section aria-labelledby=") == 2


def test_only_those_of_stories_that_anyone_may_read_are_listed(client, section, newsroom):
    secret = a_story(section, "Secret")
    corrected(secret, "About a secret.")
    corrected(a_story(section, "A draft", live=False), "About a draft.")
    Correction.objects.create(page=a_story(section, "Out"), words="Not yet out.")
    inside = newsroom.add_child(instance=SectionPage(title="Members", slug="members"))
    corrected(a_story(inside, "For members"), "About members.")
    for page in (secret, inside):
        PageViewRestriction.objects.create(page_id=page.pk, restriction_type="login")
    assert listed(client) == []
    assert "Nothing has been corrected yet." in client.get("/corrections/").content.decode()


def test_the_correction_of_a_story_with_an_alias_is_listed_once(client, section):
    story = a_story(section, "A bridge is closed")
    corrected(story, "Once.")
    story.create_alias(update_slug="elsewhere")
    assert Correction.objects.count() == 2
    assert listed(client) == ["Once."]


def test_each_edition_lists_its_own(client, section):
    ukrainian = HomePage.objects.get(locale__language_code="uk")
    news = ukrainian.add_child(instance=SectionPage(title="Новини", slug="novyny"))
    corrected(a_story(section, "English"), "In English.")
    corrected(a_story(news, "Українською", slug="ukr"), "Українською.", kind="retraction")
    assert listed(client) == ["In English."]
    assert listed(client, "/uk/corrections/") == ["Українською."]
    page = client.get("/uk/corrections/").content.decode()
    assert '<h1 class="title">Виправлення</h1>' in page
    assert "Відкликання" in page


def test_older_pages_stay_as_they_are_when_a_new_one_comes(client, section):
    story = a_story(section)
    for number in range(95):
        corrected(story, f"Number {number}.", ago=200 - number)
    older = client.get("/corrections/").context["older_url"]
    assert older.startswith("/corrections/before/")
    before = listed(client, older)
    corrected(story, "Fresh.", ago=0)
    assert listed(client)[0] == "Fresh."
    assert client.get("/corrections/").context["older_url"] == older
    assert listed(client, older) == before
    every, url = [], "/corrections/"
    while url:
        every += listed(client, url)
        url = client.get(url).context["older_url"]
    assert every == ["Fresh.", *(f"Number {number}." for number in reversed(range(95)))]
    assert client.get("/corrections/before/999999999/").status_code == 404


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_corrections_have_a_feed_of_their_own(client, section, name):
    story = a_story(section, "A bridge is closed")
    row = corrected(story, "It was <b>Friday</b>.")
    answer = client.get(f"/corrections/{name}")
    feed = feedparser.parse(
        answer.content, response_headers={"content-type": answer["Content-Type"]}
    )
    assert feed.bozo == 0
    (entry,) = feed.entries
    assert entry.title == "Correction: A bridge is closed"
    assert entry.link.endswith(f"{story.url}#{row.anchor}")
    assert "It was &lt;b&gt;Friday" in entry.content[0].value


def test_the_feed_has_json_and_the_page_leads_to_the_feed(client, section):
    corrected(a_story(section), "It was Friday.")
    assert client.get("/corrections/feed.json").json()["items"][0]["tags"] == ["Correction"]
    assert 'href="/corrections/rss.xml"' in client.get("/corrections/").content.decode()
    assert "/corrections/" in client.get("/").content.decode()


def test_publishing_lists_it_and_taking_the_story_down_takes_it_from_the_list(client, section):
    page = section.add_child(instance=StoryPage(title="Gates stay shut", live=False))
    page.corrections.add(Correction(words="It was Friday."))
    page.save_revision().publish()
    assert listed(client) == ["It was Friday."]
    StoryPage.objects.get(pk=page.pk).unpublish()
    assert listed(client) == []
