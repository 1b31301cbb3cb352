"""Where feeds and sitemaps are public. What is in them is recorded while they are written."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from nightdesk.briefs.topics import topics_of_briefs
from nightdesk.coverage.models import Coverage
from nightdesk.newsletters.editions.lists import with_public_lists
from nightdesk.press import pages
from nightdesk.press.addresses import address
from nightdesk.stories.indexes import fronts
from nightdesk.stories.models import SectionPage
from nightdesk.syndication.feeds import WRITERS
from nightdesk.syndication.sitemaps import part_names


def feed_paths() -> Iterator[str]:
    for code, _name in settings.LANGUAGES:
        for name in ("feed_rss", "feed_atom", "feed_json"):
            yield address(name, code)
        yield address("podcast", code)
        for name in ("news_feed_rss", "corrections_rss"):
            place = address(name, code).removesuffix("rss.xml")
            yield from (f"{place}{format_name}" for format_name in WRITERS)
    sections = fronts(SectionPage.objects.live().public(), 3)
    for section in sections.select_related("locale").order_by("path"):
        code = section.locale.language_code
        own = address("section_feed_rss", code, slug=section.slug).removesuffix("rss.xml")
        yield from (f"{own}{format_name}" for format_name in WRITERS)
        yield f"{own}podcast.xml"
    for coverage in Coverage.objects.filter(live=True).select_related("locale").order_by("pk"):
        own = coverage.feed_url.removesuffix("rss.xml")
        yield from (f"{own}{format_name}" for format_name in WRITERS)
    for topic in topics_of_briefs().select_related("locale").order_by("pk"):
        code = topic.locale.language_code
        own = address("news_feed_topic_rss", code, slug=topic.slug).removesuffix("rss.xml")
        yield from (f"{own}{format_name}" for format_name in WRITERS)
    for newsletter in with_public_lists():
        place = address("newsletter_feed", newsletter.language, slug=newsletter.slug)
        own = place.removesuffix("rss.xml")
        yield from (f"{own}{format_name}" for format_name in WRITERS)


def sitemap_paths() -> Iterator[str]:
    yield from ("/sitemap.xml", "/news-sitemap.xml", "/robots.txt")
    yield from (f"/sitemaps/{name}.xml" for name in part_names())


def learn_of_changes() -> None:
    pages.register("feed", feed_paths)
    pages.register("sitemap", sitemap_paths)
