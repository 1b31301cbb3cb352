"""Atom 1.0 (RFC 4287) with the full text."""

from __future__ import annotations

from nightdesk.syndication.entries import Entry, Feed
from nightdesk.syndication.xml import Element, add, document, named, w3c

CONTENT_TYPE = "application/atom+xml; charset=utf-8"


def write(feed: Feed) -> bytes:
    root = Element(named("atom:feed"), {named("xml:lang"): feed.language})
    add(root, "atom:id", feed.id)
    add(root, "atom:title", feed.title)
    add(root, "atom:subtitle", feed.description)
    add(root, "atom:updated", w3c(feed.updated))
    add(root, "atom:link", href=feed.url, rel="self", type="application/atom+xml")
    add(root, "atom:link", href=feed.home, rel="alternate", type="text/html")
    # An entry that nobody signed has the newsroom for its author, as the specification wants.
    author = add(root, "atom:author")
    add(author, "atom:name", feed.title)
    add(author, "atom:uri", feed.home)
    for entry in feed.entries:
        _entry(root, entry)
    return document(root)


def _entry(root: Element, entry: Entry) -> None:
    item = add(root, "atom:entry", xml__lang=entry.language)
    add(item, "atom:id", entry.id)
    add(item, "atom:title", entry.title)
    add(item, "atom:link", href=entry.url, rel="alternate", type="text/html")
    add(item, "atom:published", w3c(entry.published))
    add(item, "atom:updated", w3c(entry.updated))
    for signer in entry.signers:
        author = add(item, "atom:author")
        add(author, "atom:name", signer.name)
        add(author, "atom:uri", signer.url)
    for category in entry.categories:
        add(item, "atom:category", term=category)
    if entry.summary:
        add(item, "atom:summary", entry.summary)
    add(item, "atom:content", entry.html, type="html")
    if entry.picture:
        picture = entry.picture
        add(
            item,
            "atom:link",
            rel="enclosure",
            href=picture.url,
            length=str(picture.length),
            type=picture.type,
            title=picture.alt,
        )
