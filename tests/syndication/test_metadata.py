"""What machines are told about a page: search engines, and whoever shows a shared link."""

from __future__ import annotations

import datetime
import json
import uuid
from html.parser import HTMLParser

import pytest
from django.utils import timezone
from django.utils.html import escape

from nightdesk.briefs.actions import correct_brief
from nightdesk.fronts.models import HomePage
from nightdesk.people.models import Author, Desk
from nightdesk.stories.corrections import Correction
from nightdesk.stories.models import SectionPage, Topic
from tests.making import a_brief, a_picture, a_story

pytestmark = pytest.mark.django_db

HOST = "http://127.0.0.1:8000"


class Head(HTMLParser):
    """Collects ``<meta>``, ``<link>`` and JSON-LD of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.meta: dict[str, list[str]] = {}
        self.links: list[dict[str, str]] = []
        self.data: list[dict] = []
        self._in_data = False
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "meta" and (name := found.get("property") or found.get("name")):
            self.meta.setdefault(name, []).append(found["content"])
        if tag == "link":
            self.links.append(found)
        self._in_data = tag == "script" and found.get("type") == "application/ld+json"

    def handle_data(self, data):
        if self._in_data:
            self.data += json.loads(data)["@graph"]

    def handle_endtag(self, tag):
        self._in_data = False

    def of_type(self, *types: str) -> dict:
        (found,) = (item for item in self.data if item["@type"] in types)
        return found

    def rel(self, rel: str) -> list[dict[str, str]]:
        return [link for link in self.links if link["rel"] == rel]


def head(client, url: str) -> Head:
    response = client.get(url)
    assert response.status_code == 200
    return Head(response.content.decode())


@pytest.fixture
def ada(newsroom):
    desk = Desk.objects.create(name="The news desk", slug="news-desk", locale=newsroom.locale)
    return Author.objects.create(
        name="Ada Brook",
        slug="ada-brook",
        role="Reporter",
        bio="<p>Writes about <b>rivers</b>.</p>",
        desk=desk,
        portrait=a_picture("Ada at a lock"),
        locale=newsroom.locale,
    )


@pytest.fixture
def story(section, ada):
    return a_story(
        section,
        "Gates close",
        standfirst="What it means.",
        dateline="HOLLIN",
        lead_picture=a_picture("A closed gate"),
        signed_by=[ada, ada.desk],
        topics=[Topic.objects.create(name="Rivers", slug="rivers", locale=section.locale)],
        at=datetime.datetime(2026, 3, 8, 14, 16, tzinfo=datetime.UTC),
        updated_at=datetime.datetime(2026, 3, 8, 18, tzinfo=datetime.UTC),
    )


def test_corrections_are_told_as_what_they_are(client, story):
    at = datetime.datetime(2026, 3, 8, 18, tzinfo=datetime.UTC)
    row = Correction.objects.create(page=story, words="It was Friday.", kind="clarification", at=at)
    article = head(client, story.url).of_type("NewsArticle")
    place = f"{HOST}{story.url}#{row.anchor}"
    assert article["correction"] == [
        {
            "@type": "CorrectionComment",
            "@id": place,
            "url": place,
            "name": "Clarification",
            "text": "It was Friday.",
            "datePublished": "2026-03-08T20:00:00+02:00",
        }
    ]
    assert "creativeWorkStatus" not in article
    assert article["publisher"]["correctionsPolicy"] == f"{HOST}/corrections/"


def test_whoever_shares_a_retracted_story_shares_that_it_was_retracted(client, story):
    story.corrections.add(Correction(words="It was invented.", kind="retraction"))
    story.save_revision().publish()
    told = head(client, story.url)
    article = told.of_type("NewsArticle")
    assert article["headline"] == "Retracted: Gates close"
    assert article["creativeWorkStatus"] == "Retracted"
    assert told.meta["og:title"] == told.meta["twitter:title"] == ["Retracted: Gates close"]


def test_search_engines_learn_of_a_story_what_readers_see(client, story):
    article = head(client, story.url).of_type("NewsArticle")
    assert article["headline"] == "Gates close"
    assert article["datePublished"] == "2026-03-08T16:16:00+02:00"
    assert article["dateModified"] == "2026-03-08T20:00:00+02:00"
    assert article["author"] == [
        {"@type": "Person", "name": "Ada Brook", "url": f"{HOST}/authors/ada-brook/"},
        {"@type": "Organization", "name": "The news desk", "url": f"{HOST}/desks/news-desk/"},
    ]
    assert article["publisher"]["name"] == "The Test Post"
    assert article["mainEntityOfPage"] == {"@type": "WebPage", "@id": HOST + story.url}
    assert article["articleSection"] == "News"
    assert article["inLanguage"] == "en"
    assert article["wordCount"] == story.words > 0
    assert article["isAccessibleForFree"] is True
    assert article["dateline"] == "HOLLIN"
    assert article["keywords"] == ["Rivers"]
    assert len(article["image"]) == 2
    for image in article["image"]:
        assert client.get(image.removeprefix(HOST)).status_code == 200


def test_the_way_to_a_story_leads_over_its_section(client, story):
    trail = head(client, story.url).of_type("BreadcrumbList")["itemListElement"]
    assert [(step["position"], step["item"]) for step in trail] == [
        (1, f"{HOST}/"),
        (2, f"{HOST}/news/"),
        (3, HOST + story.url),
    ]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("analysis", "AnalysisNewsArticle"),
        ("opinion", "OpinionNewsArticle"),
        ("explainer", "BackgroundNewsArticle"),
        ("investigation", "ReportageNewsArticle"),
        ("review", "ReviewNewsArticle"),
        ("sponsored", "AdvertiserContentArticle"),
        ("interview", "NewsArticle"),
    ],
)
def test_opinion_and_advertising_are_never_passed_off_as_news(client, section, kind, expected):
    story = a_story(section, kind=kind)
    assert head(client, story.url).of_type(expected)


def test_a_shared_story_shows_its_headline_picture_and_times(client, story):
    meta = head(client, story.url).meta
    assert meta["og:type"] == ["article"]
    assert meta["og:title"] == meta["twitter:title"] == ["Gates close"]
    assert meta["og:description"] == meta["twitter:description"] == ["What it means."]
    assert meta["og:url"] == [HOST + story.url]
    assert meta["og:site_name"] == ["The Test Post"]
    assert meta["og:image"] == meta["twitter:image"]
    assert meta["og:image:alt"] == meta["twitter:image:alt"] == ["A closed gate"]
    assert (meta["og:image:width"], meta["og:image:height"]) == (["1200"], ["630"])
    assert meta["twitter:card"] == ["summary_large_image"]
    assert meta["article:published_time"] == ["2026-03-08T16:16:00+02:00"]
    assert meta["article:modified_time"] == ["2026-03-08T20:00:00+02:00"]
    assert meta["article:section"] == ["News"]
    assert meta["article:tag"] == ["Rivers"]
    assert len(meta["article:author"]) == 2


def test_a_covered_picture_is_not_in_the_preview_of_a_shared_link(client, section):
    picture = a_picture("What the blast left", sensitive=True)
    story = a_story(section, lead_picture=picture)
    found = head(client, story.url)
    assert "og:image" not in found.meta
    assert found.meta["twitter:card"] == ["summary"]
    assert "image" not in found.of_type("NewsArticle")


NASTY = "</script><script>alert(1)</script><!-- & \" ' \u2028 <b>"


def test_nothing_in_any_field_ends_the_data(client, newsroom, section):
    author = Author.objects.create(
        name=NASTY, slug="nasty", role=NASTY, bio=f"<p>{escape(NASTY)}</p>", locale=newsroom.locale
    )
    topic = Topic.objects.create(name=NASTY, slug="nasty", locale=newsroom.locale)
    story = a_story(
        section,
        f"Headline {NASTY}",
        standfirst=NASTY,
        dateline=NASTY,
        signed_by=[author],
        topics=[topic],
        lead_picture=a_picture(NASTY, caption=NASTY),
    )
    brief = a_brief(newsroom.locale, NASTY, headline=NASTY, source=NASTY)
    for url in (story.url, author.get_absolute_url(), brief.get_absolute_url(), "/", "/news/"):
        page = client.get(url).content.decode()
        assert "<script>alert" not in page
        assert Head(page).data
    assert head(client, story.url).of_type("NewsArticle")["headline"] == f"Headline {NASTY}"


def test_the_home_page_says_how_the_site_is_searched(client, story):
    site = head(client, "/").of_type("WebSite")
    assert site["potentialAction"]["target"]["urlTemplate"] == (
        f"{HOST}/search/?q={{search_term_string}}"
    )
    assert head(client, "/uk/").of_type("WebSite")["inLanguage"] == "uk"


def test_an_author_page_is_the_profile_of_a_person(client, story, ada):
    person = head(client, "/authors/ada-brook/").of_type("ProfilePage")["mainEntity"]
    assert person["@type"] == "Person"
    assert person["jobTitle"] == "Reporter"
    assert person["description"] == "Writes about rivers."
    assert person["image"]


def test_sections_and_briefs_have_their_data(client, newsroom, story):
    assert head(client, "/news/").of_type("CollectionPage")["name"] == "News"
    earlier = timezone.now() - datetime.timedelta(minutes=5)
    brief = a_brief(newsroom.locale, "Water rises. More soon.", published_at=earlier)
    found = head(client, brief.get_absolute_url())
    assert found.of_type("NewsArticle")["headline"] == "Water rises"
    assert "correction" not in found.of_type("NewsArticle")
    assert found.meta["og:type"] == ["article"]
    correct_brief(brief.pk, text="Water falls.", note="It said rises.", key=uuid.uuid4())
    article = head(client, brief.get_absolute_url()).of_type("NewsArticle")
    assert article["correction"][0]["text"] == "It said rises."
    assert article["dateModified"] > article["datePublished"]


def test_every_page_names_its_one_address_and_its_feeds(client, newsroom, story):
    for url in ("/", "/uk/", "/news/", story.url, "/authors/ada-brook/", "/topics/rivers/"):
        found = head(client, url)
        assert [link["href"] for link in found.rel("canonical")] == [HOST + url]
        feeds = {link["type"]: link["href"] for link in found.rel("alternate") if "type" in link}
        assert "application/feed+json" in feeds
        for feed in feeds.values():
            assert client.get(feed).status_code == 200
        for name, values in found.meta.items():
            if name.startswith(("og:", "twitter:", "description", "robots")):
                assert len(values) == 1, name


def test_feeds_are_called_as_their_edition_is(client, newsroom):
    HomePage.objects.filter(locale__language_code="uk").update(title="Вечірній вісник")
    names = {link["title"] for link in head(client, "/uk/").rel("alternate") if "title" in link}
    assert names == {"Вечірній вісник"}
    podcast = client.get("/uk/feeds/podcast.xml").content.decode()
    assert "<itunes:author>Вечірній вісник</itunes:author>" in podcast


def test_language_versions_name_each_other(client, newsroom, section):
    home = HomePage.objects.get(locale__language_code="uk")
    novyny = home.add_child(
        instance=SectionPage(
            title="Новини",
            slug="novyny",
            locale=home.locale,
            translation_key=section.translation_key,
        )
    )
    story = a_story(section, "Gates close")
    version = a_story(novyny, "Шлюзи закрили", translation_key=story.translation_key)
    draft = a_story(section, "Only here")
    a_story(novyny, "Канарка", translation_key=draft.translation_key, live=False)

    def versions(url):
        links = head(client, url).rel("alternate")
        return {link["hreflang"]: link["href"] for link in links if "hreflang" in link}

    both = {"en": HOST + story.url, "uk": HOST + version.url, "x-default": HOST + story.url}
    assert versions(story.url) == versions(version.url) == both
    assert versions("/")["uk"] == f"{HOST}/uk/"
    assert versions("/news/")["uk"] == f"{HOST}/uk/novyny/"
    assert versions(draft.url) == {}
