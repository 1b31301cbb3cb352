"""The News Feed read by topic, followed as a feed, and with its pictures."""

from __future__ import annotations

import datetime
import json

import feedparser
import pytest
from bs4 import BeautifulSoup
from django.utils import timezone
from wagtail.models import Locale

from nightdesk.briefs.models import Brief
from nightdesk.press import fragments, pages
from nightdesk.press.dependencies import collecting
from nightdesk.stories.models import Topic
from tests.making import a_brief, a_picture, a_story
from tests.takedown.conftest import data, press, reader  # noqa: F401

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)
FORMATS = ("rss.xml", "atom.xml", "feed.json")


@pytest.fixture
def rivers(newsroom):
    return Topic.objects.create(name="Rivers", slug="rivers", locale=newsroom.locale)


def about(topic, text="Water rises.", **fields):
    brief = a_brief(topic.locale, text, **fields)
    brief.topics.add(topic)
    return brief


def soup(client, url):
    answer = client.get(url)
    assert answer.status_code == 200, url
    return BeautifulSoup(answer.content, "html.parser")


# --- by topic -----------------------------------------------------------------------------------


def test_a_topic_shows_its_own_briefs_back_to_the_first(client, rivers):
    now = timezone.now()
    mine = [about(rivers, f"Report {n}.", published_at=now - n * HOUR) for n in range(45)]
    a_brief(rivers.locale, "Something else.")
    url, seen = "/news-feed/topic/rivers/", []
    while url:
        answer = client.get(url)
        seen += [brief.pk for brief in answer.context["briefs"]]
        url = answer.context["older_url"]
        assert url is None or url.startswith("/news-feed/topic/rivers/before/")
    assert seen == [brief.pk for brief in mine]


def test_a_topic_of_which_readers_may_not_know_has_no_page_and_no_feed(client, rivers):
    urls = [f"/news-feed/topic/rivers/{end}" for end in ("", *FORMATS)]
    about(rivers, live=False)
    about(rivers, published_at=timezone.now() + HOUR)
    assert [client.get(url).status_code for url in urls] == [404] * 4
    assert not set(urls) & {path for _kind, path in pages.all_paths()}
    assert "Rivers" not in fragments.render("feed-topics", "en")
    about(rivers)
    assert [client.get(url).status_code for url in urls] == [200] * 4
    assert set(urls) <= {path for _kind, path in pages.all_paths()}
    assert client.get("/uk/news-feed/topic/rivers/").status_code == 404


def test_the_feeds_page_leads_to_what_the_newest_briefs_are_about(client, newsroom, rivers):
    rails = Topic.objects.create(name="Rails", slug="rails", locale=newsroom.locale)
    about(rails)
    for _ in range(2):
        about(rivers)
    links = soup(client, "/news-feed/").select(".feed-topics a")
    assert [(link.text, link["href"]) for link in links] == [
        ("Rivers", "/news-feed/topic/rivers/"),
        ("Rails", "/news-feed/topic/rails/"),
    ]


def test_a_brief_leads_to_the_rest_on_its_topics(client, rivers):
    brief = about(rivers)
    (link,) = soup(client, brief.get_absolute_url()).select(".topics a")
    assert link["href"] == "/news-feed/topic/rivers/"


def test_a_topic_leads_to_its_stories_once_it_has_any(client, section, rivers):
    about(rivers)
    address = "/topics/rivers/"
    assert not soup(client, "/news-feed/topic/rivers/").select(f'a[href="{address}"]')
    a_story(section, topics=[rivers])
    assert soup(client, "/news-feed/topic/rivers/").select(f'a[href="{address}"]')
    assert client.get(address).status_code == 200


def test_a_topic_in_ukrainian_says_so_in_ukrainian(client, newsroom):
    locale = Locale.objects.get(language_code="uk")
    topic = Topic.objects.create(name="Річки", slug="річки", locale=locale)
    about(topic, "Вода прибуває.")
    page = soup(client, "/uk/news-feed/topic/річки/")
    assert "Стрічка новин: Річки" in page.title.text
    assert page.select_one('link[type="application/rss+xml"][title^="Стрічка"]')["href"].startswith(
        "/uk/news-feed/topic/"
    )


def test_a_brief_on_something_else_leaves_a_topic_as_it_is(press, reader, rivers):  # noqa: F811
    about(rivers)
    press.run_dry()
    assert reader.status("/news-feed/topic/rivers/") == 200
    printed = []
    real = press._printer.print
    press._printer.print = lambda path: printed.append(path) or real(path)
    a_brief(rivers.locale, "Something else.").save_revision().publish()
    press.run_dry()
    assert "/news-feed/" in printed
    assert not [path for path in printed if "topic/" in path], printed
    del printed[:]
    about(rivers, "More water.")
    press.run_dry()
    assert {"/news-feed/topic/rivers/", "/news-feed/topic/rivers/rss.xml"} <= set(printed)
    assert "More water." in reader.text("/news-feed/topic/rivers/")


def test_the_first_brief_opens_a_topics_page_and_the_last_one_closes_it(press, reader, rivers):  # noqa: F811
    assert reader.status("/news-feed/topic/rivers/") == 0
    brief = about(rivers)
    press.run_dry()
    for end in ("", *FORMATS):
        assert reader.status(f"/news-feed/topic/rivers/{end}") == 200, end
    brief.unpublish()
    press.run_dry()
    for end in ("", *FORMATS):
        assert reader.status(f"/news-feed/topic/rivers/{end}") == 0, end
    assert "Rivers" not in reader.text("/news-feed/")


def test_a_topic_waits_for_the_brief_that_is_announced(rivers, client):
    about(rivers)
    moment = timezone.now() + HOUR
    about(rivers, "Later.", published_at=moment)
    with collecting() as read:
        client.get("/news-feed/topic/rivers/")
    assert read.until == moment


# --- as a feed ----------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["/news-feed/", "/news-feed/topic/rivers/"])
def test_its_feeds_are_named_on_the_page_and_to_feed_readers(client, rivers, place):
    about(rivers)
    page = soup(client, place)
    wanted = {f"{place}{end}" for end in FORMATS}
    assert {link["href"] for link in page.select(".feed-addresses a")} == wanted
    assert wanted <= {link["href"] for link in page.select('link[rel="alternate"]')}


def test_a_topics_feeds_hold_its_briefs_alone(client, rivers):
    brief = about(rivers, picture=a_picture("A bridge"))
    a_brief(rivers.locale, "Something else.")
    for end in FORMATS[:2]:
        found = feedparser.parse(client.get(f"/news-feed/topic/rivers/{end}").content)
        assert not found.bozo and found.feed.title == "News Feed: Rivers – The Test Post"
        (entry,) = found.entries
        assert entry.link.endswith(brief.get_absolute_url())
        assert [tag.term for tag in entry.tags] == ["Rivers"]
        assert entry.enclosures[0].type == "image/jpeg"
    told = json.loads(client.get("/news-feed/topic/rivers/feed.json").content)
    assert [item["tags"] for item in told["items"]] == [["Rivers"]]
    assert told["home_page_url"].endswith("/news-feed/topic/rivers/")
    whole = json.loads(client.get("/news-feed/feed.json").content)
    assert len(whole["items"]) == 2


# --- pictures -----------------------------------------------------------------------------------


def test_a_briefs_picture_stands_in_the_list_and_is_fetched_late(client, newsroom):
    a_brief(newsroom.locale, picture=a_picture("A bridge", caption="At dawn"))
    image = soup(client, "/news-feed/").select_one(".brief .brief__picture img")
    assert (image["alt"], image["loading"]) == ("A bridge", "lazy")
    assert image["width"] and image["height"] and image["srcset"] and image["sizes"]
    assert {source["type"] for source in image.parent.select("source")} == {
        "image/avif",
        "image/webp",
    }
    assert "At dawn" in image.find_parent("figure").figcaption.text


def test_a_picture_that_may_disturb_is_covered_in_the_list_too(client, newsroom):
    a_brief(newsroom.locale, picture=a_picture("A door", sensitive=True))
    assert soup(client, "/news-feed/").select_one(".brief__picture details.cover img")


def test_pictures_cost_no_query_each(client, newsroom, django_assert_max_num_queries):
    for number in range(12):
        a_brief(newsroom.locale, picture=a_picture(f"Bridge {number}"))
    client.get("/news-feed/")
    with django_assert_max_num_queries(24):
        client.get("/news-feed/")
    assert Brief.objects.count() == 12
