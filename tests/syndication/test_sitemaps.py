"""Sitemaps: search engines learn every address that readers may open, and fetch little for it."""

from __future__ import annotations

import datetime
import uuid
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from wagtail.models import Locale

from nightdesk.coverage import actions
from nightdesk.people.models import Author
from nightdesk.settings.table import Settings
from nightdesk.stories.models import Kind, Topic
from nightdesk.syndication import sitemaps
from tests.coverage.making import a_coverage, an_entry
from tests.making import a_brief, a_story

pytestmark = [pytest.mark.django_db, pytest.mark.database]

HOST = "http://127.0.0.1:8000"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


def read(client, url: str) -> ElementTree.Element:
    response = client.get(url.removeprefix(HOST))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def parts(client) -> dict[str, str | None]:
    """Address of each part → its lastmod."""
    root = read(client, "/sitemap.xml")
    assert root.tag == f"{SITEMAP}sitemapindex"
    return {
        entry.findtext(f"{SITEMAP}loc"): entry.findtext(f"{SITEMAP}lastmod")
        for entry in root.iter(f"{SITEMAP}sitemap")
    }


def addresses(client, url: str) -> dict[str, str | None]:
    root = read(client, url)
    assert root.tag == f"{SITEMAP}urlset"
    return {
        entry.findtext(f"{SITEMAP}loc"): entry.findtext(f"{SITEMAP}lastmod")
        for entry in root.iter(f"{SITEMAP}url")
    }


def at(*when: int) -> datetime.datetime:
    return datetime.datetime(*when, 12, tzinfo=datetime.UTC)


def test_every_address_in_every_part_opens(client, section):
    ada = Author.objects.create(name="Ada", slug="ada", locale=section.locale)
    a_story(section, at=at(2026, 3, 8), signed_by=[ada])
    a_brief(section.locale, published_at=at(2026, 3, 9))
    found = [address for part in parts(client) for address in addresses(client, part)]
    assert f"{HOST}/authors/ada/" in found
    assert f"{HOST}/uk/" in found
    assert len(found) == len(set(found)) > 8
    for address in found:
        assert client.get(address.removeprefix(HOST)).status_code == 200


def test_a_new_story_changes_the_part_of_its_month_alone(client, section):
    a_story(section, at=at(2025, 1, 5))
    a_story(section, at=at(2026, 3, 5))
    before = {part: client.get(part.removeprefix(HOST)).content for part in parts(client)}
    a_story(section, "Fresh", at=at(2026, 3, 8))
    changed = [
        part for part, old in before.items() if client.get(part.removeprefix(HOST)).content != old
    ]
    assert changed == [f"{HOST}/sitemaps/stories-2026-03.xml"]


def test_lastmod_tells_of_changes_that_matter_to_readers(client, section):
    story = a_story(section, at=at(2026, 3, 5))
    part = f"{HOST}/sitemaps/stories-2026-03.xml"
    assert parts(client)[part] == "2026-03-05T14:00:00+02:00"
    story.save_revision().publish()
    assert addresses(client, part) == {HOST + story.url: "2026-03-05T14:00:00+02:00"}
    story.refresh_from_db()
    story.updated_at = at(2026, 6, 1)
    story.save()
    assert addresses(client, part) == {HOST + story.url: "2026-06-01T15:00:00+03:00"}
    assert parts(client)[part] == "2026-06-01T15:00:00+03:00"


def test_a_month_with_more_than_one_file_holds_is_split(client, section, monkeypatch):
    monkeypatch.setattr(sitemaps, "MOST_ADDRESSES", 2)
    stories = [a_story(section, at=at(2026, 3, day)) for day in range(1, 6)]
    listed = [part for part in parts(client) if "stories" in part]
    assert [part.rpartition("/")[2] for part in listed] == [
        "stories-2026-03.xml",
        "stories-2026-03-2.xml",
        "stories-2026-03-3.xml",
    ]
    found = [address for part in listed for address in addresses(client, part)]
    assert found == [HOST + story.url for story in stories]


@pytest.mark.parametrize(
    "address",
    [
        "/sitemaps/stories-2020-01.xml",
        "/sitemaps/stories-2026-13.xml",
        "/sitemaps/stories-2026-03-9999.xml",
        "/sitemaps/topics-2026-03.xml",
        "/sitemaps/stories-2999-12.xml",
    ],
)
def test_parts_that_are_not_there_are_not_found(client, section, address):
    a_story(section, at=at(2026, 3, 5))
    assert client.get(address).status_code == 404


def test_news_search_gets_two_days_of_news_and_no_advertising(client, section):
    now = timezone.now()
    fresh = a_story(section, "Fresh & <new>", at=now - datetime.timedelta(hours=1))
    a_story(section, "Old", at=now - datetime.timedelta(hours=49))
    a_story(section, "Bought", kind=Kind.SPONSORED, at=now - datetime.timedelta(hours=2))
    (entry,) = read(client, "/news-sitemap.xml").iter(f"{SITEMAP}url")
    assert entry.findtext(f"{SITEMAP}loc") == HOST + fresh.url
    about = entry.find(f"{NEWS}news")
    assert [child.tag for child in about] == [
        f"{NEWS}publication",
        f"{NEWS}publication_date",
        f"{NEWS}title",
    ]
    assert about.findtext(f"{NEWS}publication/{NEWS}name") == "The Test Post"
    assert about.findtext(f"{NEWS}publication/{NEWS}language") == "en"
    assert about.findtext(f"{NEWS}title") == "Fresh & <new>"
    assert datetime.datetime.fromisoformat(about.findtext(f"{NEWS}publication_date")).tzinfo


def test_news_search_gets_no_more_than_it_takes(client, section, monkeypatch):
    monkeypatch.setattr(sitemaps, "MOST_NEWS", 3)
    for _ in range(5):
        a_story(section)
    assert len(list(read(client, "/news-sitemap.xml").iter(f"{SITEMAP}url"))) == 3


def test_robots_are_told_where_the_sitemaps_are_and_what_is_not_theirs(client, newsroom):
    response = client.get("/robots.txt")
    lines = response.content.decode().splitlines()
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert f"Sitemap: {HOST}/sitemap.xml" in lines
    assert f"Sitemap: {HOST}/news-sitemap.xml" in lines
    assert "Disallow: /admin/" in lines
    assert "Disallow: /uk/search/" in lines
    assert "X-Robots-Tag" not in client.get("/")


def test_a_newsroom_that_asks_not_to_be_found_says_so_everywhere(client, section, settings):
    settings.NIGHTDESK = Settings({"NIGHTDESK_NOINDEX": "yes"})
    story = a_story(section)
    assert client.get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"
    for address in ("/", story.url, "/feeds/rss.xml", "/nothing-here/"):
        assert "noindex" in client.get(address)["X-Robots-Tag"]
    assert b'content="noindex' in client.get(story.url).content


def test_topics_of_the_news_feed_and_coverage_are_in_it_once_something_is_on_them(client, section):
    pages = f"{HOST}/sitemaps/pages.xml"
    rivers, empty, ukrainian = (
        Topic.objects.create(name=name, slug=name.lower(), locale=locale)
        for name, locale in (
            ("Rivers", section.locale),
            ("Empty", section.locale),
            ("Richky", Locale.objects.get(language_code="uk")),
        )
    )
    draft = a_brief(section.locale, "Draft.", live=False)
    later = a_brief(
        section.locale, "Later.", published_at=timezone.now() + datetime.timedelta(days=1)
    )
    for brief in (draft, later):
        brief.topics.set([empty])
    brief = a_brief(section.locale, "Out.")
    brief.topics.set([rivers, ukrainian])
    coverage, bare = a_coverage("The river rises"), a_coverage("Nothing yet")
    known = a_coverage("What is known", summary="<p>The dam broke.</p>")
    entry = an_entry(coverage)
    an_entry(bare, publish=False)

    def listed() -> set[str]:
        found = {url.removeprefix(HOST) for url in addresses(client, pages)}
        return {path for path in found if "/topic/" in path or "/coverage/" in path}

    topic_page = "/news-feed/topic/rivers/"
    shown = {topic_page, "/coverage/"} | {c.get_absolute_url() for c in (coverage, known)}
    assert listed() == shown
    assert all(client.get(path).status_code == 200 for path in shown)
    actions.withdraw_entry(entry.pk, key=uuid.uuid4())
    brief.unpublish()
    assert listed() == {"/coverage/", known.get_absolute_url()}
