"""Stories that are read aloud, as a podcast: an edition's or one section's.

RSS 2.0 with the namespaces that podcast programs read (itunes, and podcastindex.org's for the
transcript). An episode's id never changes, whatever becomes of its file.
"""

from __future__ import annotations

from email.utils import format_datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from wagtail.models import Page

from nightdesk.narration import heard
from nightdesk.narration.models import Narration
from nightdesk.press.addresses import absolute
from nightdesk.press.dependencies import depends_on
from nightdesk.press.keys import row_key
from nightdesk.stories.lists import newest, with_sections
from nightdesk.stories.models import StoryPage
from nightdesk.stories.reader import reader_page
from nightdesk.syndication.entries import lasting_id
from nightdesk.syndication.feeds import front_of, section_at
from nightdesk.syndication.xml import Element, add, document

#: Episodes in a feed. Podcast programs show what is in it, so it goes back further than the others.
LENGTH = 100
CONTENT_TYPE = "application/rss+xml; charset=utf-8"


@reader_page
def edition(request: HttpRequest) -> HttpResponse:
    """Every story of a language that is read aloud."""
    language = get_language()
    home = front_of(language)
    stories = narrated(StoryPage.readable_in(language), "narrated", language)
    about = gettext("Stories of %(name)s, read aloud.") % {"name": home.title}
    return _answer(request, home.title, about, home, stories, home.title)


@reader_page
def section(request: HttpRequest, slug: str) -> HttpResponse:
    """Those of one section."""
    language = get_language()
    found = section_at(slug, language)
    stories = narrated(StoryPage.readable_in(language, found), "narrated", language, found.pk)
    paper = front_of(language).title
    title = f"{found.title} – {paper}"
    about = found.intro or gettext("Stories of %(name)s, read aloud.") % {"name": found.title}
    return _answer(request, title, about, found, stories, paper)


def narrated(stories, *name: object) -> list[StoryPage]:
    """The newest of them that have a sound, each with its ``narration``."""
    found = stories.filter(alias_of=None, narration__shown=True).exclude(narration__podcast="")
    rows = newest(found.select_related("narration", "locale"), LENGTH, *name)
    # Read anew a story stays where it is in the list and its card as it was; its file is another.
    depends_on(*(row_key(Narration, story.narration.pk) for story in rows))
    return with_sections(rows)


def _answer(
    request: HttpRequest,
    title: str,
    about: str,
    place: Page,
    stories: list[StoryPage],
    paper: str,
) -> HttpResponse:
    language = get_language()
    root = Element("rss", {"version": "2.0"})
    channel = add(root, "channel")
    add(channel, "title", title)
    add(channel, "link", absolute(place.url))
    add(channel, "description", about)
    add(channel, "language", language)
    add(channel, "itunes:author", paper)
    add(channel, "itunes:type", "episodic")
    add(channel, "itunes:explicit", "false")
    add(channel, "itunes:category", text="News")
    add(channel, "atom:link", href=absolute(request.path), rel="self", type="application/rss+xml")
    for story in stories:
        _episode(channel, story, story.narration, language)
    response = HttpResponse(document(root), content_type=CONTENT_TYPE)
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _episode(channel: Element, story: StoryPage, row: Narration, language: str) -> None:
    sound = heard.of(row, language)
    if sound is None:
        return
    item = add(channel, "item")
    add(item, "title", story.told_headline)
    add(item, "link", absolute(story.url))
    add(item, "guid", lasting_id(story.translation_key, f"{language} sound"), isPermaLink="false")
    add(item, "pubDate", format_datetime(timezone.localtime(story.first_published_at)))
    for who in story.signed_by:
        add(item, "dc:creator", who.name)
    add(item, "description", " ".join(filter(None, (story.standfirst, sound.line))))
    if sound.read_by:
        add(item, "podcast:person", sound.read_by, role="narrator", group="cast")
    add(
        item,
        "enclosure",
        url=absolute(sound.podcast),
        length=str(sound.podcast_size),
        type="audio/mpeg",
    )
    add(item, "itunes:duration", str(round(row.seconds)))
    add(item, "itunes:explicit", "false")
    if sound.transcript:
        add(
            item,
            "podcast:transcript",
            url=absolute(sound.transcript),
            type="text/vtt",
            language=language,
        )
    # The machine-readable half of the line above the player.
    add(item, "iptc:digitalSourceType", sound.source_type)
