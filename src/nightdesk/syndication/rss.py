"""RSS 2.0 with the full text, every author and the picture; see rssboard.org/rss-profile."""

from __future__ import annotations

from email.utils import format_datetime

from django.utils import timezone

from nightdesk.syndication.entries import Entry, Feed
from nightdesk.syndication.xml import Element, add, document

CONTENT_TYPE = "application/rss+xml; charset=utf-8"


def write(feed: Feed) -> bytes:
    root = Element("rss", {"version": "2.0"})
    channel = add(root, "channel")
    add(channel, "title", feed.title)
    add(channel, "link", feed.home)
    add(channel, "description", feed.description)
    add(channel, "language", feed.language)
    add(channel, "lastBuildDate", format_datetime(timezone.localtime(feed.updated)))
    add(channel, "atom:link", href=feed.url, rel="self", type="application/rss+xml")
    for entry in feed.entries:
        _item(channel, entry)
    return document(root)


def _item(channel: Element, entry: Entry) -> None:
    item = add(channel, "item")
    add(item, "title", entry.title)
    add(item, "link", entry.url)
    add(item, "guid", entry.id, isPermaLink="false")
    add(item, "pubDate", format_datetime(timezone.localtime(entry.published)))
    if entry.updated != entry.published:
        add(item, "atom:updated", timezone.localtime(entry.updated).isoformat(timespec="seconds"))
    for signer in entry.signers:
        add(item, "dc:creator", signer.name)
    for category in entry.categories:
        add(item, "category", category)
    if entry.summary:
        add(item, "description", entry.summary)
    add(item, "content:encoded", entry.html)
    if entry.picture:
        picture = entry.picture
        add(item, "enclosure", url=picture.url, length=str(picture.length), type=picture.type)
        media = add(
            item,
            "media:content",
            url=picture.url,
            fileSize=str(picture.length),
            type=picture.type,
            medium="image",
        )
        add(media, "media:description", picture.alt, type="plain")
        add(media, "media:credit", picture.credit)
