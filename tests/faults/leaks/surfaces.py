"""Every address that a stranger may try, and what comes back.

``SURFACES`` is the list: a name, and the addresses of that kind in a newsroom. A way of asking
takes an address and returns everything that a stranger gets from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from unittest.mock import patch
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from nightdesk.checking.models import CheckLink
from nightdesk.coverage.models import Entry
from nightdesk.people.models import Author, Desk
from nightdesk.press import fragments
from nightdesk.press.addresses import absolute
from nightdesk.stories.models import StoryPage, Topic

from .lives import BriefLife, EntryLife, StoryLife
from .newsroom import Newsroom

Ask = Callable[[str], tuple[int, str]]
Surface = Callable[[Newsroom], Iterable[str]]

EDITIONS = ("", "/uk")
#: Words in which a search index would find most: parts of canaries, wildcards, its own language.
QUERIES = (
    "kanar",
    "kanar*",
    '"kanar',
    "kanar OR story",
    "headline:kanar*",
    "NEAR(kanar)",
    "*",
    "%",
)


def fronts(newsroom: Newsroom) -> Iterator[str]:
    for edition in EDITIONS:
        yield from (f"{edition}/", f"{edition}/news/", f"{edition}/newsletters/")
        yield from (f"{edition}/nothing/", f"{edition}/news/nothing-here/")
    yield from ("/world/", "/kanarsectionq/", newsroom.other.url, "/corrections/")


def stories(newsroom: Newsroom) -> Iterator[str]:
    """Each under every slug that it had or will have, in every section."""
    slugs = {version["slug"] for version in newsroom.versions if "slug" in version.words}
    slugs |= {page.slug for page in StoryPage.objects.all()}
    yield from (f"/{section}/{slug}/" for slug in slugs for section in ("news", "world"))
    yield from newsroom.addresses
    for page in StoryPage.objects.all():
        yield page.url
        yield f"{page.url}?preview=1&draft=1&in_preview_panel=true"
        yield page.url.rstrip("/")


def changes(newsroom: Newsroom) -> Iterator[str]:
    """What each said before."""
    yield from (f"{address}changes/" for address in stories(newsroom) if address.endswith("/"))


def briefs(newsroom: Newsroom) -> Iterator[str]:
    for edition in EDITIONS:
        yield f"{edition}/news-feed/"
        for life in newsroom.lives:
            if isinstance(life, BriefLife) and not isinstance(life, EntryLife):
                yield f"{edition}{life.address()}"
                yield f"{edition}/news-feed/before/{life.pk}/"
        yield f"{edition}/news-feed/before/{newsroom.brief.pk}/"
        yield f"{edition}/news-feed/{newsroom.brief.pk}/"


def coverage(newsroom: Newsroom) -> Iterator[str]:
    yield from (f"{edition}/coverage/" for edition in EDITIONS)
    events = [life.coverage for life in newsroom.lives if isinstance(life, EntryLife)]
    for event in (*events, newsroom.secret):
        page = event.get_absolute_url()
        yield from (page, event.live_url, f"/uk{page}", *(f"{page}{name}" for name in FORMATS))
        for pk in Entry.objects.values_list("pk", flat=True):
            yield from (f"{page}{pk}/", f"{page}before/{pk}/")


def lists(newsroom: Newsroom) -> Iterator[str]:
    for things in (Author, Desk, Topic):
        yield from (thing.get_absolute_url() for thing in things.objects.all())
    words = [version.words for version in newsroom.versions]
    yield from (f"/authors/{word['author']}/" for word in words if "author" in word)
    anchors = list(StoryPage.objects.order_by("-pk").values_list("pk", flat=True))
    newest = anchors[0]
    yield from (f"/{section}/before/{pk}/" for section in ("news", "world") for pk in anchors[:2])
    yield f"/uk/news/before/{newest}/"
    yield from (f"{edition}/archive/" for edition in EDITIONS)
    now = timezone.localtime()
    for year, month in {(now.year, now.month), (now.year + now.month // 12, now.month % 12 + 1)}:
        for edition in EDITIONS:
            yield f"{edition}/archive/{year}/{month:02}/"
            yield f"{edition}/archive/{year}/{month:02}/before/{newest}/"


def feeds(newsroom: Newsroom) -> Iterator[str]:
    for place in ("feeds", "feeds/news", "feeds/world", "news-feed", "uk/feeds", "corrections"):
        yield from (f"/{place}/{name}" for name in FORMATS)
    yield from ("/uk/feeds/news/rss.xml", "/uk/news-feed/rss.xml", "/feeds/kanarsectionq/rss.xml")
    yield "/feeds/podcast.xml"


FORMATS = ("rss.xml", "atom.xml", "feed.json")


def searches(newsroom: Newsroom) -> Iterator[str]:
    """For the words of everything that is not out, and in the index's own language."""
    hidden = newsroom.secrets()
    wanted = [*QUERIES, "\0", "a" * 3000]
    for version in newsroom.versions:
        wanted += [
            word
            for part, word in version.words.items()
            if part in ("headline", "text", "source", "alt") and word in hidden
        ]
    for words in wanted:
        yield f"/search/?{urlencode({'q': words})}"
    yield f"/search/?{urlencode({'q': 'kanar', 'in': 'briefs'})}"
    yield f"/search/?{urlencode({'q': 'story', 'before': newsroom.lives[0].pk})}"
    yield f"/uk/search/?{urlencode({'q': 'kanar'})}"


def for_machines(newsroom: Newsroom) -> Iterator[str]:
    yield from ("/robots.txt", "/news-sitemap.xml", "/healthz", "/favicon.ico")
    yield "/manifest.webmanifest"


def sitemaps(newsroom: Newsroom) -> Iterator[str]:
    """The index and every part that it names; the months around now whether it does or not."""
    yield "/sitemap.xml"
    answer = Client().get("/sitemap.xml")
    root = ElementTree.fromstring(answer.content)
    places = [element.text or "" for element in root.iter() if element.tag.endswith("}loc")]
    home = absolute("/").rstrip("/")
    assert all(place.startswith(home) for place in places), places
    yield from (place.removeprefix(home) for place in places)
    month = timezone.localtime()
    yield from (f"/sitemaps/{kind}-{month:%Y-%m}.xml" for kind in ("stories", "briefs"))


def staff_rooms(newsroom: Newsroom) -> Iterator[str]:
    """Without a session."""
    yield from ("/admin/", "/admin/pages/", "/admin/images/", "/admin/reports/site-history/")
    yield f"/admin/search/?{urlencode({'q': 'kanar'})}"
    yield from ("/staff/", "/staff/edit-link/", "/admin/login/?next=/admin/users/")
    for life in newsroom.lives:
        pk = life.pk
        yield f"/staff/edit-link/?page={pk}"
        if isinstance(life, StoryLife):
            yield from (f"/admin/pages/{pk}/{view}/" for view in ("edit", "history", "delete"))
            yield from (f"/admin/pages/{pk}/edit/preview/", f"/admin/pages/{pk}/view_draft/")
            yield from (f"/admin/pages/{pk}/revisions/1/view/", f"/admin/pages/view/{pk}/")
            yield f"/admin/stories/{pk}/versions/"
        elif isinstance(life, EntryLife):
            yield f"/admin/snippets/coverage/entry/edit/{pk}/"
            yield f"/admin/snippets/coverage/coverage/edit/{life.coverage.pk}/"
        else:
            yield f"/admin/snippets/briefs/brief/edit/{pk}/"
            yield f"/admin/snippets/briefs/brief/preview/{pk}/"


def side_doors(newsroom: Newsroom) -> Iterator[str]:
    """Addresses that Wagtail has in other sites, and those it asks for passwords with."""
    first = newsroom.lives[0].pk
    for version in ("v2", "v3"):
        api = f"/api/{version}"
        yield from (f"{api}/pages/", f"{api}/pages/{first}/", f"{api}/images/")
    document = newsroom.document
    yield from (f"/documents/{document.pk}/{document.file.name}", f"/media/{document.file.name}")
    yield "/check/"
    for link in CheckLink.objects.all():
        yield from (f"/check/{link.pk}/", f"/check/{link.token_hash}/")
    yield from ("/django-admin/", "/_util/login/", "/media/")
    for restriction in PageViewRestriction.objects.all():
        yield f"/_util/authenticate_with_password/{restriction.pk}/{restriction.page_id}/"


SURFACES: dict[str, Surface] = {
    "fronts and what is not there": fronts,
    "stories at every address": stories,
    "what changed": changes,
    "News Feed and briefs": briefs,
    "coverage and its updates": coverage,
    "lists and their older pages": lists,
    "feeds": feeds,
    "search": searches,
    "robots, news sitemap, health": for_machines,
    "sitemaps": sitemaps,
    "the newsroom's own pages": staff_rooms,
    "side doors": side_doors,
}


def everywhere(newsroom: Newsroom) -> dict[str, list[str]]:
    """Every address that a stranger may try, by its kind."""
    return {name: list(dict.fromkeys(found(newsroom))) for name, found in SURFACES.items()}


@contextmanager
def nothing_changes() -> Iterator[None]:
    """Each shared piece of the pages is made once, as the press does."""
    with patch.object(fragments, "render", cache(fragments.render)):
        yield


@contextmanager
def through_the_site() -> Iterator[Ask]:
    """Ask Django. Gives the status, and headers and content as text. Nothing may change
    meanwhile."""
    client = Client()

    def ask(address: str) -> tuple[int, str]:
        answer = client.get(quote(address, safe="/?&=%+"))
        headers = "\n".join(f"{name}: {value}" for name, value in answer.items())
        headers += "\n" + "\n".join(str(cookie) for cookie in answer.cookies.values())
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return answer.status_code, f"{headers}\n{content.decode('utf-8', 'replace')}"

    with nothing_changes():
        yield ask
