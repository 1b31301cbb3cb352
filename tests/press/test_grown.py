"""What is published costs as much in a large archive as in a small one."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from nightdesk.press.printing.printer import Printer
from nightdesk.stories.models import StoryPage, Topic
from tests.making import a_brief, a_story
from tests.press.changes import publish
from tests.press.test_changes import Told
from tests.press.whole import Shop

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_new_brief_prints_its_page_the_feed_and_its_topic_and_the_sitemap_for_a_new_topic_alone(
    newsroom, monkeypatch
):
    """Three pages for readers at most, whatever else it is on."""
    topic = Topic.objects.create(name="Rivers", slug="rivers", locale=newsroom.locale)
    sitemap = "/sitemaps/pages.xml"
    others = ["/", "/corrections/", "/uk/corrections/", "/coverage/", "/search/", "/archive/"]

    def sent(text: str) -> tuple[set[str], set[str]]:
        shop, told = Shop(monkeypatch), Told()
        feeds = ["/news-feed/", "/news-feed/topic/rivers/", sitemap, *others]
        before = {path: shop.see(path) for path in feeds}
        brief = a_brief(newsroom.locale, text, live=False)
        brief.topics.set([topic])
        brief.save_revision().publish()
        told.look()
        found = {path for path, seen in before.items() if seen.keys & told.keys}
        return found, told.urgent | found - {sitemap}

    found, pages = sent("The first.")
    assert sitemap in found
    found, pages = sent("The second.")
    assert sitemap not in found
    assert len(pages) == 3 and {"/news-feed/", "/news-feed/topic/rivers/"} < pages


def test_publishing_asks_the_database_as_often_in_an_archive_ten_times_as_large(newsroom):
    section = newsroom.get_children().first().specific
    printer = Printer()

    def grow(count: int, days: int) -> None:
        for number in range(count):
            at = timezone.now() - datetime.timedelta(days=40 + days * number, minutes=number)
            a_story(section, at=at)
            a_brief(newsroom.locale, published_at=at)

    def cost() -> dict[str, int]:
        found = {}
        story = section.add_child(instance=StoryPage(title="Fresh", live=False))
        with CaptureQueriesContext(connection) as asked:
            publish(story)
        found["publish"] = len(asked)
        month = timezone.localtime()
        for path in (
            "/",
            section.url,
            story.get_url(),
            "/feeds/rss.xml",
            "/sitemap.xml",
            f"/sitemaps/stories-{month:%Y-%m}.xml",
            f"/archive/{month:%Y/%m}/",
            "/archive/",
            "/news-sitemap.xml",
        ):
            with CaptureQueriesContext(connection) as asked:
                printer.print(path)
            found[path.replace(story.slug, "fresh")] = len(asked)
        StoryPage.objects.get(pk=story.pk).delete()
        return found

    grow(8, 9)
    cost()
    few = cost()
    grow(72, 9)
    assert cost() == few
