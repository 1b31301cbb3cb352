"""What a reader must find in a page, written beside the page in a form that one can check by eye.

`NAME.expected` has a head of `key: value` lines, then `---`, then one line for every part of the body:
`p: How it begins…` (an ellipsis at the end: only the beginning is compared), h2, li, quote, picture,
related.
"""

import html
import re
from datetime import datetime
from pathlib import Path

from nightdesk.exchange.found import (
    FoundPicture,
    FoundQuote,
    FoundRelated,
    FoundStory,
    FoundTable,
    FoundText,
)

_ELEMENTS = re.compile(r"<(p|h2|h3|li)>(.*?)</\1>", re.DOTALL)


def outline(story: FoundStory) -> list[str]:
    """The body as lines such as `p: …` and `related: …`, in its order."""
    lines: list[str] = []
    for part in story.body:
        match part:
            case FoundText():
                lines += [f"{tag}: {_plain(inner)}" for tag, inner in _ELEMENTS.findall(part.html)]
            case FoundRelated():
                lines.append(f"related: {part.headline}")
            case FoundQuote():
                says = " | ".join(filter(None, (part.text, part.speaker, part.role, part.source)))
                lines.append(f"quote: {says}")
            case FoundPicture():
                lines.append(
                    "picture: " + " | ".join((part.url, part.alt, part.caption, part.credit))
                )
            case FoundTable():
                lines.append("table: " + " / ".join(" | ".join(row) for row in part.rows))
    return lines


def hold(story: FoundStory, expected: Path) -> None:
    """Fails with a readable difference unless the story is what the file says."""
    head, _, body = expected.read_text(encoding="utf-8").partition("---")
    wanted: dict[str, list[str]] = {}
    for line in filter(None, head.splitlines()):
        key, _, value = line.partition(":")
        wanted.setdefault(key, []).append(value.strip())
    assert story.headline == wanted["headline"][0]
    assert story.standfirst == wanted.get("standfirst", [""])[0]
    assert [b.name for b in story.bylines if not b.is_desk] == wanted.get("byline", [])
    assert [b.name for b in story.bylines if b.is_desk] == wanted.get("desk", [])
    assert _written(story.published) == wanted.get("published", [""])[0]
    assert _written(story.updated) == wanted.get("updated", [""])[0]
    assert story.section == wanted.get("section", [""])[0]
    assert list(story.topics) == wanted.get("topic", [])
    if "language" in wanted:
        assert story.language == wanted["language"][0]
    if "picture" in wanted:
        lead = story.picture
        assert lead and [lead.url, lead.alt, lead.caption, lead.credit] == [
            text.strip() for text in wanted["picture"][0].split("|")
        ]
    doubts = wanted.get("doubt", [])
    assert len(story.doubts) == len(doubts), story.doubts
    for doubt in doubts:
        assert any(doubt in said for said in story.doubts), story.doubts
    for note in wanted.get("note", []):
        assert any(note in said for said in story.notes), story.notes
    _same_outline(outline(story), [line for line in body.strip().splitlines() if line])


def _same_outline(got: list[str], wanted: list[str]) -> None:
    shown = [
        line if line == want or not want.endswith("…") or not line.startswith(want[:-1]) else want
        for line, want in zip(got, wanted, strict=False)
    ] + got[len(wanted) :]
    assert shown == wanted


def _written(when: object) -> str:
    """2023-03-08, 2023-03-08 16:16 or 2023-03-08 16:16 +02:00, as precise as the moment is."""
    if when is None:
        return ""
    if not isinstance(when, datetime):
        return str(when)
    zone = when.strftime("%z")
    return f"{when:%Y-%m-%d %H:%M}" + (f" {zone[:3]}:{zone[3:5]}" if zone else "")


def _plain(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", markup.replace("<br>", " "))).split())
