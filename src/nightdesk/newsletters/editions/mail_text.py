"""An edition as plain text, made from its blocks: every link of the other part is in it."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext

from nightdesk.newsletters.editions.contents import (
    Card,
    Contents,
    Figure,
    Heading,
    Links,
    Text,
)
from nightdesk.newsletters.editions.rich_text import as_plain, wrapped
from nightdesk.newsletters.editions.words import Furniture


def write(contents: Contents, around: Furniture) -> str:
    """Lines end with \\n; none of words is longer than 72 columns."""
    pieces = [*_head(around), *_parts(contents), *_foot(around)]
    return "\n\n".join(pieces) + "\n"


def _head(around: Furniture) -> Iterator[str]:
    yield f"{wrapped(around.newsletter)}\n{around.date}"
    yield wrapped(around.subject)
    if around.corrects:
        yield wrapped(around.corrects)


def _parts(contents: Contents) -> Iterator[str]:
    for part in contents.parts:
        match part:
            case Heading(words):
                yield f"{wrapped(words)}\n{'-' * min(len(words), 40)}"
            case Card():
                if part.headline:
                    yield wrapped(part.headline)
                yield from map(wrapped, part.words)
                yield part.url
            case Text(html):
                yield as_plain(html)
            case Figure(image, caption, credit):
                said = " ".join(
                    filter(None, (caption or image.alt, f"({credit})" if credit else ""))
                )
                if said and image.alt:
                    yield wrapped(f"[{said}]")
            case Links(heading, lines):
                yield wrapped(heading or gettext("Editors’ Picks"))
                yield "\n\n".join(f"{wrapped(words, '- ', '  ')}\n  {url}" for words, url in lines)


def _foot(around: Furniture) -> Iterator[str]:
    yield "-" * 40
    yield f"{wrapped(gettext('This edition on the web:'))}\n{around.archive}"
    yield wrapped(around.why)
    yield f"{gettext('Unsubscribe:')}\n{around.unsubscribe}"
    yield f"{gettext('Your newsletters:')}\n{around.yours}"
    yield "\n".join([around.newsroom, *map(wrapped, around.contact), around.home])
