"""What goes into a page's ``<head>`` for machines: ``{% story_metadata story %}`` and its like.

Each tag gives Open Graph and card tags, JSON-LD, and the feed that holds the same. Description,
robots and the page's own title are the base template's.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from django import template
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from wagtail.models import Page

from nightdesk.briefs.models import Brief
from nightdesk.coverage.models import Coverage, Entry
from nightdesk.kernel.text import plain
from nightdesk.media.models import Picture
from nightdesk.people.models import Author
from nightdesk.press.addresses import absolute, address
from nightdesk.stories.editions import editions_of
from nightdesk.stories.models import SectionPage, StoryPage, Topic
from nightdesk.syndication import structured
from nightdesk.syndication.social import Card, full
from nightdesk.syndication.xml import w3c

register = template.Library()

#: Letters that could end a script element or be taken for markup, as JSON spells them.
_ESCAPES = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}

#: What a page can be about, by the name its template knows it under.
_SUBJECTS = ("story", "page", "author", "desk", "topic", "brief", "translated")


@register.simple_tag
def story_metadata(story: StoryPage) -> SafeString:
    article = []
    if story.first_published_at:
        modified = story.updated_at or story.first_published_at
        article = [
            ("article:published_time", w3c(story.first_published_at)),
            ("article:modified_time", w3c(modified)),
        ]
    article += [("article:author", absolute(who.get_absolute_url())) for who in story.signed_by]
    if story.section:
        article.append(("article:section", story.section.title))
    article += [("article:tag", topic.name) for topic in story.topics.all()]
    card = Card(
        kind="article",
        title=story.told_headline,
        description=story.search_description or story.standfirst,
        url=full(story.url),
        language=story.locale.language_code,
        picture=story.lead_picture,
        article=tuple(article),
    )
    return _head(card, structured.story_data(story))


@register.simple_tag
def brief_metadata(brief: Brief) -> SafeString:
    card = Card(
        kind="article",
        title=brief.shown_headline,
        description=_shortened(brief.text),
        url=full(brief.get_absolute_url()),
        language=brief.locale.language_code,
        picture=brief.picture,
        article=(("article:published_time", w3c(brief.published_at)),),
    )
    return _head(card, structured.brief_data(brief))


@register.simple_tag
def coverage_metadata(
    coverage: Coverage, entries: list[Entry], before: int | None = None
) -> SafeString:
    """``entries`` are the updates on the page; older pages are known to search engines as parts of
    the first, and are no cards of their own."""
    data = structured.coverage_data(coverage, entries)
    if before is not None:
        return _script(data)
    card = Card(
        kind="article",
        title=coverage.headline,
        description=coverage.standfirst,
        url=full(coverage.get_absolute_url()),
        language=coverage.locale.language_code,
        picture=coverage.picture,
        article=(("article:published_time", w3c(coverage.started_at)),),
    )
    return format_html("{}\n{}", _head(card, data), _feed(coverage.feed_url, coverage.headline))


@register.simple_tag
def entry_metadata(entry: Entry) -> SafeString:
    """An update at its own address."""
    card = Card(
        kind="article",
        title=entry.title,
        description=_shortened(entry.shown_text),
        url=full(entry.get_absolute_url()),
        language=entry.coverage.locale.language_code,
        picture=entry.said.picture or entry.coverage.picture,
        article=(
            ("article:published_time", w3c(entry.published_at)),
            ("article:modified_time", w3c(entry.changed_at)),
        ),
    )
    return _head(card, structured.entry_data(entry))


@register.simple_tag
def section_metadata(section: SectionPage) -> SafeString:
    card = _list_card(section.title, section.search_description or section.intro, section.url)
    feed = address("section_feed_rss", section.locale.language_code, slug=section.slug)
    return format_html(
        "{}\n{}", _head(card, structured.section_data(section)), _feed(feed, section.title)
    )


@register.simple_tag
def home_metadata(home: Page, about: str = "", picture: Picture | None = None) -> SafeString:
    """``picture`` is the one that leads the page."""
    card = _list_card(home.title, about or home.search_description, home.url, picture)
    return _head(card, structured.home_data(home))


@register.simple_tag
def author_metadata(author: Author) -> SafeString:
    card = Card(
        kind="profile",
        title=author.name,
        description=_shortened(plain(author.bio)) or author.role,
        url=full(author.get_absolute_url()),
        language=author.locale.language_code,
        picture=author.portrait,
    )
    return _head(card, structured.author_data(author))


@register.simple_tag
def list_metadata(title: str, path: str, description: str = "") -> SafeString:
    """For every other list: a desk, a topic, the News Feed, the archive, newsletters."""
    card = _list_card(title, description, path)
    return _head(card, [structured.breadcrumbs(get_language(), (title, path))])


@register.simple_tag
def corrections_feed() -> SafeString:
    return _feed(address("corrections_rss", get_language()), gettext("Corrections"))


@register.simple_tag
def feed_links(paper: str) -> SafeString:
    """The edition's feeds, for feed readers that are given the page's address."""
    language = get_language()
    kinds = (("feed_rss", "rss+xml"), ("feed_atom", "atom+xml"), ("feed_json", "feed+json"))
    return format_html_join(
        "\n",
        '<link rel="alternate" type="application/{}" href="{}" title="{}">',
        ((kind, address(name, language), paper) for name, kind in kinds),
    )


class FeedAddress(NamedTuple):
    """A feed as a page leads to it."""

    name: str
    type: str
    url: str


@register.simple_tag
def news_feed_addresses(about: Topic | None = None) -> list[FeedAddress]:
    """The News Feed's own feeds, or those of one topic of it."""
    language = get_language()
    if about:
        rss = address("news_feed_topic_rss", language, slug=about.slug)
    else:
        rss = address("news_feed_rss", language)
    place = rss.removesuffix("rss.xml")
    return [
        FeedAddress("RSS", "application/rss+xml", f"{place}rss.xml"),
        FeedAddress("Atom", "application/atom+xml", f"{place}atom.xml"),
        FeedAddress("JSON Feed", "application/feed+json", f"{place}feed.json"),
    ]


@register.simple_tag
def news_feed_links(about: Topic | None = None) -> SafeString:
    """The same for feed readers that are given the page's address."""
    name = (
        gettext("News Feed: %(topic)s") % {"topic": about.name} if about else gettext("News Feed")
    )
    link = '<link rel="alternate" type="{}" href="{}" title="{}">'
    found = news_feed_addresses(about)
    return format_html_join("\n", link, ((feed.type, feed.url, name) for feed in found))


@register.simple_tag(takes_context=True)
def language_links(context: template.Context) -> SafeString:
    """``hreflang`` for every language version of what the page is about, this one included, and
    ``x-default`` for readers of none of them. Empty for older pages of lists: they break in other
    places in other languages."""
    if context.get("before"):
        return mark_safe("")
    subject = next((context[name] for name in _SUBJECTS if context.get(name)), None)
    found = [(code, full(url)) for code, url in editions_of(subject)] if subject else []
    if found:
        urls = dict(found)
        found.append(("x-default", urls.get(settings.LANGUAGE_CODE, found[0][1])))
    return format_html_join("\n", '<link rel="alternate" hreflang="{}" href="{}">', found)


@register.simple_tag
def editions(thing: object) -> list:
    """``{% editions story as versions %}`` → every language version as (code, url)."""
    return editions_of(thing)


def _list_card(
    title: str, description: str, path: str | None, picture: Picture | None = None
) -> Card:
    return Card("website", title, description, full(path), get_language(), picture)


def _feed(path: str, title: str) -> SafeString:
    link = '<link rel="alternate" type="application/rss+xml" href="{}" title="{}">'
    return format_html(link, path, title)


def _head(card: Card, data: list[structured.Data]) -> SafeString:
    return format_html("{}\n{}", card.tags(), _script(data))


def _script(data: list[structured.Data]) -> SafeString:
    """JSON-LD as an element whose text nothing in it can end."""
    graph = {"@context": "https://schema.org", "@graph": data}
    text = json.dumps(graph, ensure_ascii=False).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')


def _shortened(text: str, longest: int = 200) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else line[:longest].rsplit(" ", 1)[0] + "…"
