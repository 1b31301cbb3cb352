"""Feeds: everything, one section, the News Feed, one coverage or corrections, as RSS, Atom and JSON Feed.

The full text, not a teaser: a reader who cannot reach the site, or does not want to be seen
reaching it, still reads the news.
"""

from __future__ import annotations

import uuid
from types import ModuleType
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext
from wagtail.models import Page

from nightdesk.briefs.lists import newest_briefs, readable_brief_corrections
from nightdesk.briefs.topics import SAID, newest_on, topic_at
from nightdesk.coverage.lists import newest_entries, readable_entry_corrections
from nightdesk.coverage.views import coverage_at
from nightdesk.newsletters.editions.archive import newsletter_at
from nightdesk.newsletters.editions.lists import past
from nightdesk.press.addresses import absolute, address
from nightdesk.press.dependencies import collection
from nightdesk.stories.corrections import Correction
from nightdesk.stories.indexes import fronts
from nightdesk.stories.lists import (
    newest,
    readable_corrections,
    with_sections,
    with_stories,
)
from nightdesk.stories.models import SectionPage, StoryPage
from nightdesk.stories.reader import reader_page
from nightdesk.syndication import atom, json_feed, rss
from nightdesk.syndication.entries import (
    LENGTH,
    Feed,
    lasting_id,
    of_briefs,
    of_corrections,
    of_editions,
    of_stories,
    of_updates,
)

WRITERS: dict[str, ModuleType] = {"rss.xml": rss, "atom.xml": atom, "feed.json": json_feed}


def front_of(language: str) -> Page:
    """The edition's home page: it names the newsroom. 404 while there is none."""
    with collection("homes"):
        home = fronts(Page.objects.live(), 2).filter(locale__language_code=language).first()
    if home is None:
        raise Http404
    return home


def section_at(slug: str, language: str) -> SectionPage:
    """The section with this address that anyone may read; 404."""
    with collection("fronts"):
        sections = fronts(SectionPage.objects.live().public(), 3).select_related("locale")
        found = sections.filter(slug=slug, locale__language_code=language).first()
    if found is None or not found.url:
        raise Http404
    return found


def _answer(format_name: str, feed: Feed) -> HttpResponse:
    writer = WRITERS[format_name]
    response = HttpResponse(writer.write(feed), content_type=writer.CONTENT_TYPE)
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Access-Control-Allow-Origin"] = "*"
    return response


@reader_page
def everything(request: HttpRequest, format_name: str) -> HttpResponse:
    """The newest stories of an edition."""
    language = get_language()
    home = front_of(language)
    stories = StoryPage.readable_in(language).defer(None).prefetch_related("topics", "corrections")
    feed = Feed(
        title=home.title,
        description=gettext("The latest stories from %(name)s.") % {"name": home.title},
        language=language,
        home=absolute(home.url),
        url=absolute(request.path),
        id=lasting_id(home.translation_key, language),
        entries=of_stories(with_sections(newest(stories, LENGTH, "stories", language))),
    )
    return _answer(format_name, feed)


@reader_page
def section(request: HttpRequest, slug: str, format_name: str) -> HttpResponse:
    """The newest stories of one section."""
    language = get_language()
    found = section_at(slug, language)
    stories = found.stories().defer(None).prefetch_related("topics", "corrections")
    feed = Feed(
        title=f"{found.title} – {front_of(language).title}",
        description=found.intro
        or gettext("The latest stories from %(name)s.") % {"name": found.title},
        language=language,
        home=absolute(found.url),
        url=absolute(request.path),
        id=lasting_id(found.translation_key, language),
        entries=of_stories(with_sections(newest(stories, LENGTH, "section", found.pk))),
    )
    return _answer(format_name, feed)


@reader_page
def briefs(request: HttpRequest, format_name: str) -> HttpResponse:
    """The newest briefs of an edition's News Feed."""
    language = get_language()
    home = front_of(language)
    feed = Feed(
        title=f"{gettext('News Feed')} – {home.title}",
        description=gettext("The latest in brief from %(name)s.") % {"name": home.title},
        language=language,
        home=absolute(address("news_feed", language)),
        url=absolute(request.path),
        id=lasting_id(uuid.uuid5(home.translation_key, "news-feed"), language),
        entries=of_briefs(newest_briefs(language, LENGTH, alone=True, also=SAID)),
    )
    return _answer(format_name, feed)


@reader_page
def briefs_on_topic(request: HttpRequest, slug: str, format_name: str) -> HttpResponse:
    """The newest briefs on one topic; nothing while there are none."""
    language = get_language()
    topic = topic_at(slug, language)
    latest = newest_on(topic, language, LENGTH)
    if not latest:
        raise Http404
    name = front_of(language).title
    feed = Feed(
        title=f"{gettext('News Feed: %(topic)s') % {'topic': topic.name}} – {name}",
        description=gettext("The latest in brief from %(name)s.") % {"name": name},
        language=language,
        home=absolute(address("news_feed_topic", language, slug=topic.slug)),
        url=absolute(request.path),
        id=lasting_id(uuid.uuid5(topic.translation_key, "news-feed"), language),
        entries=of_briefs(latest),
    )
    return _answer(format_name, feed)


@reader_page
def corrections(request: HttpRequest, format_name: str) -> HttpResponse:
    """What an edition set right last, in the order of the page that lists it."""
    language = get_language()
    home = front_of(language)
    latest: list[Any] = []
    for readable, name in (
        (readable_entry_corrections, "entry-corrections"),
        (readable_brief_corrections, "brief-corrections"),
        (readable_corrections, "corrections"),
    ):
        found = newest(readable(language), LENGTH, name, language, by="at")
        # Python's sort leaves those of the same moment as they come: the later kind first.
        latest = [*found, *latest]
    latest = sorted(latest, key=lambda row: row.at, reverse=True)[:LENGTH]
    with_stories(row for row in latest if isinstance(row, Correction))
    feed = Feed(
        title=f"{gettext('Corrections')} – {home.title}",
        description=gettext("What %(name)s corrected, clarified, updated or retracted.")
        % {"name": home.title},
        language=language,
        home=absolute(address("corrections", language)),
        url=absolute(request.path),
        id=lasting_id(uuid.uuid5(home.translation_key, "corrections"), language),
        entries=of_corrections(latest),
    )
    return _answer(format_name, feed)


@reader_page
def coverage(request: HttpRequest, slug: str, format_name: str) -> HttpResponse:
    """The newest updates of one coverage."""
    found = coverage_at(slug)
    language = found.locale.language_code
    feed = Feed(
        title=f"{found.headline} – {front_of(language).title}",
        description=found.standfirst
        or gettext("The latest updates on %(name)s.") % {"name": found.headline},
        language=language,
        home=absolute(found.get_absolute_url()),
        url=absolute(request.path),
        id=lasting_id(found.translation_key, language),
        entries=of_updates(newest_entries(found, LENGTH)),
    )
    return _answer(format_name, feed)


@reader_page
def editions(request: HttpRequest, slug: str, format_name: str) -> HttpResponse:
    """The newest editions of a newsletter."""
    newsletter = newsletter_at(slug)
    language = newsletter.language
    place = address("newsletter_editions", language, slug=newsletter.slug)
    latest = past(newsletter, LENGTH)
    if not (latest or newsletter.offered):
        raise Http404
    feed = Feed(
        title=f"{newsletter.name} – {front_of(language).title}",
        description=newsletter.description,
        language=language,
        home=absolute(place),
        url=absolute(request.path),
        id=lasting_id(newsletter.translation_key, language),
        entries=of_editions(newsletter, latest),
    )
    return _answer(format_name, feed)
