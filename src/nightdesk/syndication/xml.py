"""Small helpers for writing XML that every parser takes."""

from __future__ import annotations

import datetime
import re
from xml.etree import ElementTree  # to write with, never to read with

from django.utils import timezone

#: Everything that XML 1.0 has no way to write, not even as a number.
_IMPOSSIBLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "iptc": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
for _prefix in ("atom", "content", "dc", "iptc", "itunes", "media", "news", "podcast"):
    ElementTree.register_namespace(_prefix, NAMESPACES[_prefix])

Element = ElementTree.Element


def named(name: str) -> str:
    """``dc:creator`` → the name as ElementTree spells it."""
    prefix, _, local = name.rpartition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}" if prefix else local


def add(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    """A child element, its text and attributes without characters that XML cannot hold."""
    safe = {named(key.replace("__", ":")): possible(value) for key, value in attributes.items()}
    element = ElementTree.SubElement(parent, named(name), safe)
    if text is not None:
        element.text = possible(text)
    return element


def possible(text: str) -> str:
    return _IMPOSSIBLE.sub("", text)


def document(root: Element) -> bytes:
    """The finished file, UTF-8 with its declaration."""
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def w3c(moment: datetime.datetime) -> str:
    """``2026-03-08T16:16:00+02:00``, on the newsroom's clock."""
    return timezone.localtime(moment).isoformat(timespec="seconds")
