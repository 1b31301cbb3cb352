"""Reads archives: one JSON object a line, packed with gzip or not, never all of it at once.

Keys: `slug`, `published` ("2010-10-22 11:33:15 -0400", ISO 8601, or a day), `headline`, `standfirst`,
`bylines` and `topics` (lists of names), `html` (the text), and, if known, `url` (the story's old
address, against which relative links are resolved), `section`, `language`.
"""

import html
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from urllib.parse import unquote

from . import bylines, moments
from .found import FoundByline, FoundStory
from .html_body import read_fragment
from .tidy_html import without_controls
from .verdict import judged


class _BadLine(Exception):
    """What is wrong with one line, as a clear sentence."""


def read_archive(lines: Iterable[bytes], source: str) -> Iterator[tuple[int, FoundStory | str]]:
    """(line number from 1, story) for each good line; for a bad one the number and what is wrong.

    Empty lines are skipped. Reading goes on after a bad line.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield number, _story(_row(line), f"{source}, line {number}")
        except _BadLine as problem:
            yield number, str(problem)


def _row(line: bytes) -> dict:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise _BadLine("it is not UTF-8 text") from None
    except (ValueError, RecursionError) as error:
        reason = getattr(error, "msg", "nested too deeply")
        raise _BadLine(f"it is not JSON ({reason.lower()})") from None
    if not isinstance(row, dict):
        raise _BadLine("it is not a JSON object")
    return row


def _story(row: dict, source: str) -> FoundStory:
    headline = _words(row, "headline")
    if not headline:
        raise _BadLine("it has no headline")
    published = _published(row)
    address = _words(row, "url")
    slug = unquote(_words(row, "slug"))
    try:
        body = read_fragment(_text(row, "html"), address)
    except RecursionError:
        raise _BadLine("its html is nested too deeply") from None
    day = published.strftime("%Y-%m-%d") if published else ""
    return judged(
        FoundStory(
            source=source,
            headline=headline,
            standfirst=_words(row, "standfirst"),
            bylines=tuple(dict.fromkeys(_byline(name) for name in _names(row, "bylines"))),
            published=published,
            zone_given=getattr(published, "tzinfo", None) is not None,
            section=_words(row, "section"),
            topics=tuple(dict.fromkeys(_names(row, "topics"))),
            language=_words(row, "language"),
            body=tuple(body.parts),
            identity=address or (f"archive {slug} {day}" if slug else ""),
            slug=slug,
        )
    )


def _byline(name: str) -> FoundByline:
    return FoundByline(name, bylines.is_desk(name))


def _published(row: dict) -> datetime | date | None:
    written = _words(row, "published")
    if not written:
        return None
    when = moments.read_iso(written)
    if when is None:
        raise _BadLine(
            f'its date "{written[:40]}" cannot be read; write it as 2023-03-08 16:16 +0200'
        )
    return when


def _text(row: dict, key: str) -> str:
    value = row.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _BadLine(f'its "{key}" is not text')
    return without_controls(value)


def _words(row: dict, key: str) -> str:
    """Text on one line, entities (which some systems leave in headlines) resolved."""
    return " ".join(html.unescape(_text(row, key)).split())


def _names(row: dict, key: str) -> list[str]:
    value = row.get(key) or []
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise _BadLine(f'its "{key}" is not a list of names')
    names = [" ".join(without_controls(html.unescape(name)).split()) for name in value]
    return [name for name in names if name]
