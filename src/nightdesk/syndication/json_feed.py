"""JSON Feed 1.1; see jsonfeed.org/version/1.1."""

from __future__ import annotations

import json
from typing import Any

from nightdesk.syndication.entries import Entry, Feed
from nightdesk.syndication.xml import w3c

CONTENT_TYPE = "application/feed+json; charset=utf-8"


def write(feed: Feed) -> bytes:
    content = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.description,
        "home_page_url": feed.home,
        "feed_url": feed.url,
        "language": feed.language,
        "items": [_item(entry) for entry in feed.entries],
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _item(entry: Entry) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.html,
        "date_published": w3c(entry.published),
        "language": entry.language,
    }
    if entry.summary:
        item["summary"] = entry.summary
    if entry.updated != entry.published:
        item["date_modified"] = w3c(entry.updated)
    if entry.signers:
        item["authors"] = [{"name": name, "url": url} for name, url in entry.signers]
    if entry.categories:
        item["tags"] = list(entry.categories)
    if entry.picture:
        picture = entry.picture
        item["image"] = picture.url
        item["attachments"] = [
            {"url": picture.url, "mime_type": picture.type, "size_in_bytes": picture.length}
        ]
    return item
