"""Sitemaps (sitemaps.org): an index, and parts by the month in which things were published.

A new story changes its month's part and nothing else of the past, so that a search engine with
ten years of ours fetches one small file. Lists carry no ``lastmod``: theirs would change with
every story in them.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from django.conf import settings
from django.db.models import DateTimeField, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from wagtail.models import Page

from nightdesk.briefs.lists import wait_for_the_next
from nightdesk.briefs.models import Brief
from nightdesk.briefs.topics import topics_with_a_page
from nightdesk.coverage.lists import with_something_on_it
from nightdesk.newsletters.models import Edition, Newsletter
from nightdesk.press.addresses import absolute, address
from nightdesk.press.dependencies import collection, good_until
from nightdesk.stories.calendar import Inhabited, inhabited_months
from nightdesk.stories.indexes import fronts
from nightdesk.stories.models import Kind, StoryPage
from nightdesk.stories.reader import reader_page
from nightdesk.stories.shown import shown_authors, shown_desks, shown_topics
from nightdesk.syndication.xml import Element, add, document, w3c

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
CONTENT_TYPE = "application/xml; charset=utf-8"

#: The protocol's own limit for one file.
MOST_ADDRESSES = 50_000

#: Updates of stories of earlier months that the index tells of. A bound, so that publishing costs
#: the same in an archive of a thousand stories and of a hundred thousand.
UPDATES = 500

#: Google's limits for news: stories of two days, a thousand of them.
NEWS_AGE = datetime.timedelta(hours=48)
MOST_NEWS = 1_000


class Part(NamedTuple):
    """One file of the index and when the newest change in it was made."""

    name: str
    changed: datetime.datetime | None = None


class Place(NamedTuple):
    """One address of a sitemap: its path, and its last change that matters to readers."""

    path: str
    changed: datetime.datetime | None = None


def _stories() -> QuerySet:
    """Every readable story with ``changed``, oldest first, without its text."""
    return (
        StoryPage.readable()
        .prefetch_related(None)
        .select_related(None)
        .annotate(changed=_latest("updated_at", "first_published_at"))
        .order_by("first_published_at", "pk")
    )


def _briefs() -> QuerySet:
    wait_for_the_next()
    live = Brief.objects.filter(live=True, published_at__lte=timezone.now())
    return live.annotate(changed=F("published_at")).order_by("published_at", "pk")


def _latest(*fields: str) -> Coalesce:
    return Coalesce(*fields, output_field=DateTimeField())


_KINDS = {"stories": _stories, "briefs": _briefs}
_MOMENT = {"stories": "first_published_at", "briefs": "published_at"}


def _answer(root: Element) -> HttpResponse:
    return HttpResponse(document(root), content_type=CONTENT_TYPE)


@reader_page
def index(request: HttpRequest) -> HttpResponse:
    """Every part there is."""
    root = Element("sitemapindex", {"xmlns": _NAMESPACE})
    for part in _all_parts():
        entry = add(root, "sitemap")
        add(entry, "loc", absolute(f"/sitemaps/{part.name}.xml"))
        if part.changed:
            add(entry, "lastmod", w3c(part.changed))
    return _answer(root)


def _all_parts() -> Iterator[Part]:
    return chain([Part("pages")], *(_parts(kind) for kind in _KINDS))


def part_names() -> Iterator[str]:
    """Of every file in the index."""
    return (part.name for part in _all_parts())


def _parts(kind: str) -> Iterator[Part]:
    rows, by = _KINDS[kind](), _MOMENT[kind]
    months = inhabited_months(rows, by, (kind,), newest_too=True)
    newest = _changes(rows, [month.newest for month in months])
    changed: dict[tuple[int, int], datetime.datetime] = {
        (month.year, month.month): newest[month.newest] for month in months
    }
    for at, updated in _latest_updates() if kind == "stories" else ():
        local = timezone.localtime(at)
        month = (local.year, local.month)
        changed[month] = max(updated, changed.get(month, updated))
    for found in months:
        month = (found.year, found.month)
        for number in range(1, _part_count(kind, rows, found) + 1):
            suffix = f"-{number}" if number > 1 else ""
            yield Part(f"{kind}-{found.year:04}-{found.month:02}{suffix}", changed[month])


def _changes(rows: QuerySet, ids: list[int]) -> dict[int, datetime.datetime]:
    """When each of these rows was changed last."""
    return dict(rows.filter(pk__in=ids).order_by().values_list("pk", "changed"))


def _latest_updates() -> list[tuple[datetime.datetime, datetime.datetime]]:
    """(published, updated) of the stories that were updated last, of whatever month."""
    with collection("updates"):
        updated = _stories().filter(updated_at__isnull=False).order_by("-updated_at")
        return list(updated.values_list("first_published_at", "updated_at")[:UPDATES])


def _part_count(kind: str, rows: QuerySet, month: Inhabited) -> int:
    """Files that a month needs."""
    if month.at_most <= MOST_ADDRESSES:
        return 1
    inside = {f"{_MOMENT[kind]}__gte": month.starts, f"{_MOMENT[kind]}__lt": month.ends}
    return -(-rows.filter(**inside).count() // MOST_ADDRESSES)


@reader_page
def month(
    request: HttpRequest, kind: str, year: str, month: str, number: str = "1"
) -> HttpResponse:
    """The stories or briefs of one month of every language, the oldest first."""
    start = timezone.make_aware(datetime.datetime(int(year), int(month), 1))
    end = timezone.make_aware(
        datetime.datetime(int(year) + int(month) // 12, int(month) % 12 + 1, 1)
    )
    first = (int(number) - 1) * MOST_ADDRESSES
    inside = {f"{_MOMENT[kind]}__gte": start, f"{_MOMENT[kind]}__lt": end}
    things = _KINDS[kind]().filter(**inside).select_related("locale")
    if kind == "stories":
        things = things.only("url_path", "locale__language_code", "content_type_id")
    with collection(kind) as listed:
        listed.between(start, end)
        shown = list(things[first : first + MOST_ADDRESSES])
    places = [Place(_path(thing, request), thing.changed) for thing in shown]
    if not places:
        raise Http404
    return _answer(_urlset(places))


@reader_page
def pages(request: HttpRequest) -> HttpResponse:
    """Fronts, sections, authors, desks, topics, newsletters, and other lists of each language."""
    return _answer(_urlset(Place(path) for path in _list_paths(request)))


def _list_paths(request: HttpRequest) -> Iterator[str]:
    codes = [code for code, _name in settings.LANGUAGES]
    open_editions = set()
    with collection("fronts"):
        above = fronts(Page.objects.live().public(), 2, 3)
        found = list(above.select_related("locale").order_by("path"))
    for page in found:
        path = page.get_url(request)
        if path and page.locale.language_code in codes:
            open_editions.add(page.locale.language_code)
            yield path
    for code in codes:
        if code in open_editions:
            for name in ("news_feed", "newsletters", "archive_index", "corrections"):
                yield address(name, code)
            for newsletter in Newsletter.offered_in(code):
                yield newsletter.get_absolute_url()
    yield from _live_paths([code for code in codes if code in open_editions])
    yield from _edition_paths(codes)
    for things in (shown_authors(), shown_desks(), shown_topics()):
        with collection("shown"):
            known = list(things.select_related("locale").order_by("pk"))
        for thing in known:
            if thing.locale.language_code in codes:
                yield thing.get_absolute_url()


def _live_paths(codes: list[str]) -> Iterator[str]:
    """Each coverage with something on it, and the list of all; updates are found on its pages. The
    News Feed by topic."""
    covered = with_something_on_it(codes)
    spoken = {coverage.locale.language_code for coverage in covered}
    yield from (address("coverages", code) for code in codes if code in spoken)
    yield from (coverage.get_absolute_url() for coverage in covered)
    for topic in topics_with_a_page(codes):
        yield address("news_feed_topic", topic.locale.language_code, slug=topic.slug)


def _edition_paths(codes: list[str]) -> Iterator[str]:
    """Past editions of newsletters: a few hundred a year, beside the lists that they stand in."""
    for newsletter in Newsletter.objects.select_related("locale").order_by("pk"):
        if newsletter.language not in codes:
            continue
        with collection("editions", newsletter.pk):
            rows = list(Edition.with_page().filter(newsletter=newsletter))
        if rows:
            yield address("newsletter_editions", newsletter.language, slug=newsletter.slug)
        for row in rows:
            row.newsletter = newsletter
            yield row.get_absolute_url()


def _path(thing: StoryPage | Brief, request: HttpRequest) -> str:
    if isinstance(thing, Page):
        return thing.get_url(request) or ""
    return thing.get_absolute_url()


def _urlset(places: Iterator[Place] | list[Place]) -> Element:
    root = Element("urlset", {"xmlns": _NAMESPACE})
    for place in places:
        if not place.path:
            continue
        entry = add(root, "url")
        add(entry, "loc", absolute(place.path))
        if place.changed:
            add(entry, "lastmod", w3c(place.changed))
    return root


@reader_page
def news(request: HttpRequest) -> HttpResponse:
    """Stories of the last two days, the newest first, for news search.

    This one depends on the time: what is in it goes away without any change of ours. Sponsored
    pieces are not news.
    """
    recent = (
        StoryPage.readable()
        .prefetch_related(None)
        .filter(Q(first_published_at__gt=timezone.now() - NEWS_AGE))
        .exclude(kind=Kind.SPONSORED)
    )
    root = Element("urlset", {"xmlns": _NAMESPACE})
    with collection("news") as listed:
        listed.between(timezone.now() - NEWS_AGE)
        shown = list(recent[:MOST_NEWS])
    if shown:
        good_until(shown[-1].first_published_at + NEWS_AGE)
    for story in shown:
        entry = add(root, "url")
        add(entry, "loc", absolute(story.get_url(request)))
        about = add(entry, "news:news")
        publication = add(about, "news:publication")
        add(publication, "news:name", settings.WAGTAIL_SITE_NAME)
        add(publication, "news:language", story.locale.language_code)
        add(about, "news:publication_date", w3c(story.first_published_at))
        add(about, "news:title", story.told_headline)
    return _answer(root)
