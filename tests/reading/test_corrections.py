"""Everything that the newsroom set right, in one list."""

from __future__ import annotations

import datetime
import json
import re
import uuid

import feedparser
import pytest
from django.utils import timezone
from wagtail.models import PageViewRestriction

from nightdesk.briefs.actions import correct_brief, send_brief, withdraw_brief
from nightdesk.briefs.models import BriefCorrection
from nightdesk.coverage import actions
from nightdesk.coverage.models import EntryCorrection
from nightdesk.fronts.models import HomePage
from nightdesk.stories.corrections import Correction
from nightdesk.stories.models import SectionPage, StoryPage
from tests.coverage.making import a_coverage, an_entry
from tests.making import a_brief, a_story

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


def a_corrected_brief(words: str, language: str = "en"):
    brief = send_brief(uuid.uuid4(), language, "Six are hurt.")[0]
    return correct_brief(brief.pk, text="Five are hurt.", note=words, key=uuid.uuid4())


def a_corrected_update(coverage, words: str):
    entry = an_entry(coverage, "Water is at the gates.")
    return actions.correct_entry(entry.pk, text="It is not.", note=words, key=uuid.uuid4())


def test_those_of_briefs_and_of_coverage_stand_beside_them_newest_first(client, section):
    corrected(a_story(section, "A bridge is closed"), "Of a story.")
    brief = a_corrected_brief("Of a brief.")
    coverage = a_coverage("The river rises")
    entry = a_corrected_update(coverage, "Of an update.")
    assert listed(client) == ["Of an update.", "Of a brief.", "Of a story."]
    page = client.get("/corrections/").content.decode()
    for url, title in ((brief.get_absolute_url(), "Five are hurt"), (entry.own_url, "It is not")):
        assert f'<h3><a href="{url}">{title}</a></h3>' in page
        assert client.get(url).status_code == 200
    assert "· The river rises</p>" in page and "· News Feed</p>" in page
    assert listed(client, "/uk/corrections/") == []


def test_those_of_a_brief_that_a_coverage_took_in_are_listed_once_and_in_their_language(
    client, newsroom
):
    brief = send_brief(uuid.uuid4(), "uk", "Шість.")[0]
    actions.take_in(a_coverage("Ріка", "uk").pk, brief.pk)
    correct_brief(brief.pk, text="П’ять.", note="Помилка.", key=uuid.uuid4())
    assert listed(client, "/uk/corrections/") == ["Помилка."] and listed(client) == []
    assert "Стрічка новин</p>" in client.get("/uk/corrections/").content.decode()


def test_what_is_withdrawn_takes_its_corrections_with_it(client, newsroom):
    brief = a_corrected_brief("Of a brief.")
    coverage, other = a_coverage("One"), a_coverage("Two")
    entry = a_corrected_update(coverage, "Of an update.")
    a_corrected_update(other, "Of what goes as a whole.")
    assert len(listed(client)) == 3
    withdraw_brief(brief.pk, key=uuid.uuid4())
    actions.withdraw_entry(entry.pk, key=uuid.uuid4())
    other.unpublish()
    assert listed(client) == []
    other.save_revision().publish()
    assert listed(client) == ["Of what goes as a whole."]


def test_all_kinds_together_lead_back_to_the_first_without_gap_or_double(client, section):
    now, story = timezone.now(), a_story(section)
    briefs = [a_brief(section.locale, published_at=now - datetime.timedelta(days=9))]
    entry = an_entry(a_coverage(at=now - datetime.timedelta(days=9)))
    for number in range(120):
        at, words = now - datetime.timedelta(hours=number // 4), f"Number {number}."
        if number % 3 == 0:
            Correction.objects.create(page=story, words=words, at=at, published_at=at)
        elif number % 3 == 1:
            BriefCorrection.objects.create(brief=briefs[0], words=words, at=at)
        else:
            EntryCorrection.objects.create(entry=entry, words=words, at=at)

    def pages() -> dict[str, list[str]]:
        found, url = {}, "/corrections/"
        while url:
            found[url] = listed(client, url)
            url = client.get(url).context["older_url"]
        return found

    before = pages()
    seen = [words for page in before.values() for words in page]
    assert len(seen) == 120 == len(set(seen)) and len(before) in (3, 4)
    a_corrected_brief("The newest.")
    after = pages()
    assert after["/corrections/"][0] == "The newest."
    assert after.keys() == before.keys()
    assert all(after[url] == before[url] for url in before if url != "/corrections/")


@pytest.mark.parametrize("before", ["b0", "e999999", "b" + "9" * 18, "999999", "x1", "e"])
def test_no_older_page_follows_what_never_was(client, newsroom, before):
    assert client.get(f"/corrections/before/{before}/").status_code == 404


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


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml", "feed.json"])
def test_their_feed_has_what_the_page_has_in_the_same_order(client, section, newsroom, name):
    now = timezone.now()
    coverage = a_coverage("The flood")
    for number in range(4):
        story = a_story(section, f"Story {number}")
        corrected(story, f"Story {number}.", ago=3 * number + 1)
        brief = a_brief(newsroom.locale, f"Brief {number}.")
        at = now - datetime.timedelta(hours=3 * number + 2)
        BriefCorrection.objects.create(brief=brief, words=f"Brief {number}.", at=at)
        entry = an_entry(coverage, f"Update {number}.")
        at = now - datetime.timedelta(hours=3 * number + 3)
        EntryCorrection.objects.create(entry=entry, words=f"Update {number}.", at=at)
    same = now - datetime.timedelta(days=2)
    Correction.objects.create(page=story, words="Same story.", at=same, published_at=same)
    BriefCorrection.objects.create(brief=brief, words="Same brief.", at=same)
    EntryCorrection.objects.create(entry=entry, words="Same update.", at=same)
    hidden = a_brief(newsroom.locale, "Hidden.")
    BriefCorrection.objects.create(brief=hidden, words="Hidden.", at=now)
    withdraw_brief(hidden.pk, key=uuid.uuid4())

    text = client.get(f"/corrections/{name}").content
    if name == "feed.json":
        items = json.loads(text)["items"]
        bodies, ids = [item["content_html"] for item in items], [item["id"] for item in items]
        links = [item["url"] for item in items]
    else:
        items = feedparser.parse(text).entries
        bodies, ids = [item.content[0].value for item in items], [item.id for item in items]
        links = [item.link for item in items]
    words = [re.match(r"\s*<p>(.*?)</p>", body)[1] for body in bodies]
    assert words == listed(client) and len(words) == 15
    assert len(set(ids)) == 15
    page = client.get("/corrections/").content.decode()
    assert all(f'href="{link.removeprefix("http://127.0.0.1:8000")}"' in page for link in links)
