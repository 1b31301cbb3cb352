"""Feeds: readers who come through a feed reader get the whole story, and nothing broken."""

from __future__ import annotations

import datetime
import json
import shutil
import subprocess
import uuid
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import feedparser
import pytest
from django.utils import timezone

from nightdesk.briefs.actions import correct_brief
from nightdesk.fronts.models import HomePage
from nightdesk.people.models import Author, Desk
from nightdesk.stories.corrections import Correction
from nightdesk.stories.models import SectionPage, Topic
from tests.making import a_brief, a_picture, a_story

pytestmark = pytest.mark.django_db

FEEDS = ["/feeds/rss.xml", "/feeds/atom.xml"]
HOST = "http://127.0.0.1:8000"


@pytest.fixture
def ada(newsroom):
    return Author.objects.create(name="Ada Brook", slug="ada-brook", locale=newsroom.locale)


@pytest.fixture
def desk(newsroom):
    return Desk.objects.create(name="The news desk", slug="news-desk", locale=newsroom.locale)


def parsed(client, url):
    response = client.get(url)
    assert response.status_code == 200
    feed = feedparser.parse(
        response.content, response_headers={"content-type": response["Content-Type"]}
    )
    assert feed.bozo == 0, feed.get("bozo_exception")
    return feed


@pytest.mark.parametrize("url", FEEDS)
def test_an_entry_says_who_wrote_what_when_and_all_of_it(client, section, ada, desk, url):
    topic = Topic.objects.create(name="Rivers", slug="rivers", locale=section.locale)
    at = datetime.datetime(2026, 3, 8, 14, 16, tzinfo=datetime.UTC)
    story = a_story(
        section,
        "Gates & <locks> “close”",
        standfirst="What it means.",
        at=at,
        signed_by=[ada, desk],
        topics=[topic],
        body='<p>One.</p><p>Two, <b>bold</b>, <a href="/archive/">linked</a>.</p>',
    )
    entry = parsed(client, url).entries[0]
    assert entry.title == story.title or "&lt;locks&gt;" in entry.title
    assert entry.link == HOST + story.url
    assert [author.get("name") for author in entry.authors] == ["Ada Brook", "The news desk"]
    assert [tag.term for tag in entry.tags] == ["News", "Rivers"]
    assert entry.summary == "What it means."
    assert entry.published_parsed[:5] == (2026, 3, 8, 14, 16)
    text = entry.content[0].value
    assert "<b>bold</b>" in text
    assert f'<a href="{HOST}/archive/">linked</a>' in text


@pytest.mark.parametrize("url", FEEDS)
def test_an_entry_stays_the_same_entry_when_its_address_changes(client, section, url):
    story = a_story(section)
    before = parsed(client, url).entries[0]
    story.slug = "another-address"
    story.title = "Another headline"
    story.save_revision().publish()
    after = parsed(client, url).entries[0]
    assert before.id == after.id
    assert before.link != after.link


def test_the_guid_does_not_claim_to_be_an_address(client, section):
    a_story(section)
    assert parsed(client, "/feeds/rss.xml").entries[0].guidislink is False


@pytest.mark.parametrize("url", FEEDS)
def test_the_picture_comes_with_its_true_size_and_kind(client, section, url):
    picture = a_picture("Water under a bridge")
    a_story(section, lead_picture=picture)
    entry = parsed(client, url).entries[0]
    enclosure = next(link for link in entry.links if link.rel == "enclosure")
    assert enclosure.type == "image/jpeg"
    file = client.get(enclosure.href.removeprefix(HOST))
    assert file.status_code == 200
    assert int(enclosure.length) == len(b"".join(file.streaming_content))


@pytest.mark.parametrize("url", [*FEEDS, "/feeds/feed.json"])
def test_a_covered_picture_is_not_shown_uncovered_elsewhere(client, section, url):
    picture = a_picture("What the blast left", sensitive=True)
    a_story(section, lead_picture=picture, body=[("picture", {"picture": picture})])
    content = client.get(url).content.decode()
    assert picture.token not in content
    assert "What the blast left" in content


@pytest.mark.parametrize("url", FEEDS)
def test_updated_moves_only_when_readers_are_told(client, section, url):
    story = a_story(section, at=timezone.now() - datetime.timedelta(days=2))
    before = parsed(client, url)
    story.body = [("text", "<p>A comma, moved.</p>")]
    story.save_revision().publish()
    quiet = parsed(client, url)
    assert quiet.entries[0].get("updated") == before.entries[0].get("updated")
    story.refresh_from_db()
    story.update_matters = True
    story.save_revision().publish()
    told = parsed(client, url)
    assert told.entries[0].updated != before.entries[0].get("updated")
    assert told.feed.updated != before.feed.updated


@pytest.mark.parametrize("url", [*FEEDS, "/feeds/feed.json"])
def test_the_same_stories_make_the_same_bytes(client, section, url):
    a_story(section, lead_picture=a_picture())
    assert client.get(url).content == client.get(url).content


@pytest.mark.parametrize("url", FEEDS)
def test_nothing_that_a_reporter_pastes_breaks_the_feed(client, section, url):
    a_story(
        section,
        "Bell \x07 and ]]> and \ufffe and 🌊",
        standfirst="a\x0bb",
        body=[
            ("text", "<p>One\x0c ]]&gt; <script>alert(1)</script> <em onclick='x()'>two</em></p>"),
            (
                "quote",
                {"text": "<script>x</script>", "speaker": "A \x01 B", "role": "", "source": ""},
            ),
            ("fact_box", {"title": "<b>", "text": "<p>fact</p>"}),
            ("embed", {"url": "https://video.example/?a=1&b=2", "title": "A <video>"}),
        ],
    )
    content = client.get(url).content
    assert "script" not in feedparser.parse(content).entries[0].content[0].value.replace(
        "&lt;script&gt;", ""
    ).replace("&lt;/script&gt;", "")
    assert b"onclick" not in content
    ElementTree.fromstring(content)
    assert feedparser.parse(content).bozo == 0
    if shutil.which("xmllint"):
        subprocess.run(["xmllint", "--noout", "-"], input=content, check=True)


def test_json_feed_has_what_its_specification_asks_for(client, section, ada):
    picture = a_picture()
    story = a_story(section, "A headline", standfirst="Why.", signed_by=[ada], lead_picture=picture)
    response = client.get("/feeds/feed.json")
    assert response["Content-Type"] == "application/feed+json; charset=utf-8"
    feed = json.loads(response.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"] == "The Test Post"
    assert feed["home_page_url"] == f"{HOST}/"
    assert feed["feed_url"] == f"{HOST}/feeds/feed.json"
    assert feed["language"] == "en"
    (item,) = feed["items"]
    assert item["id"].startswith("urn:uuid:")
    assert item["url"] == HOST + story.url
    assert item["title"] == "A headline"
    assert item["summary"] == "Why."
    assert item["content_html"].startswith("<figure>")
    assert datetime.datetime.fromisoformat(item["date_published"]).tzinfo
    assert item["authors"] == [{"name": "Ada Brook", "url": f"{HOST}/authors/ada-brook/"}]
    assert item["tags"] == ["News"]
    assert item["attachments"][0]["mime_type"] == "image/jpeg"


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("/feeds/rss.xml", "application/rss+xml; charset=utf-8"),
        ("/feeds/atom.xml", "application/atom+xml; charset=utf-8"),
        ("/news-feed/rss.xml", "application/rss+xml; charset=utf-8"),
    ],
)
def test_feeds_say_what_they_are(client, newsroom, url, kind):
    response = client.get(url)
    assert response["Content-Type"] == kind
    assert parsed(client, url).entries == []


def test_each_section_and_each_language_has_its_own_feed(client, newsroom, section):
    world = newsroom.add_child(
        instance=SectionPage(title="World", slug="world", locale=newsroom.locale)
    )
    home = HomePage.objects.get(locale__language_code="uk")
    novyny = home.add_child(instance=SectionPage(title="Новини", slug="novyny", locale=home.locale))
    a_story(section, "Here")
    a_story(world, "There")
    a_story(novyny, "Тут")
    titles = {
        url: [entry.title for entry in parsed(client, url).entries]
        for url in (
            "/feeds/rss.xml",
            "/feeds/world/rss.xml",
            "/feeds/news/atom.xml",
            "/uk/feeds/rss.xml",
            "/uk/feeds/novyny/rss.xml",
        )
    }
    assert titles == {
        "/feeds/rss.xml": ["There", "Here"],
        "/feeds/world/rss.xml": ["There"],
        "/feeds/news/atom.xml": ["Here"],
        "/uk/feeds/rss.xml": ["Тут"],
        "/uk/feeds/novyny/rss.xml": ["Тут"],
    }
    for missing in ("/feeds/nothing/rss.xml", "/feeds/novyny/rss.xml", "/feeds/news/feed.xml"):
        assert client.get(missing).status_code == 404


def test_the_news_feed_is_a_feed_of_briefs(client, newsroom):
    brief = a_brief(newsroom.locale, "Water <rises>. More to come.", source="The gauge")
    (entry,) = parsed(client, "/news-feed/rss.xml").entries
    assert entry.link == HOST + brief.get_absolute_url()
    assert "&lt;rises&gt;" in entry.content[0].value


def test_a_corrected_brief_says_so_in_its_feed(client, newsroom):
    before = timezone.now() - datetime.timedelta(hours=2)
    brief = a_brief(newsroom.locale, "Ten are hurt.", published_at=before)
    correct_brief(brief.pk, text="Two are hurt.", note="It said <ten>.", key=uuid.uuid4())
    (entry,) = parsed(client, "/news-feed/atom.xml").entries
    assert "It said &lt;ten&gt;." in entry.content[0].value
    assert entry.published_parsed < entry.updated_parsed


def test_a_feed_holds_the_newest_thirty_newest_first(client, section):
    for n in range(35):
        a_story(section, f"Story {n}", at=timezone.now() - datetime.timedelta(hours=n))
    entries = parsed(client, "/feeds/rss.xml").entries
    assert [entry.title for entry in entries] == [f"Story {n}" for n in range(30)]
    assert parsedate_to_datetime(entries[0].published).tzinfo


@pytest.mark.parametrize("url", FEEDS)
def test_a_correction_stands_in_the_full_text_and_a_retraction_in_the_title(client, section, url):
    story = a_story(section, "Gates close", body="<p>The text.</p>")
    for kind, words in (("correction", "It was Friday."), ("retraction", "It was invented.")):
        story.corrections.add(Correction(words=words, kind=kind))
    story.save_revision().publish()
    entry = parsed(client, url).entries[0]
    assert entry.title == "Retracted: Gates close"
    text = entry.content[0].value
    places = [text.index(words) for words in ("It was invented.", "The text.", "It was Friday.")]
    assert places == sorted(places)
    assert "<strong>Retraction</strong>" in text
