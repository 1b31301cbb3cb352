"""The story's own lines below headline and byline: paragraphs, lists, subheads, related headlines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from . import furniture, moments
from .found import FoundByline, FoundPart, FoundRelated, FoundText
from .lines import Line, bullet
from .tidy_html import paragraph
from .under_headline import read_under_headline

_LONGEST_SUBHEAD = 6  # words; a longer line without a closing mark is a related headline
_SHORTEST_RELATED = 5
_LIST_END = re.compile(r"[;,.]$")
# Boxes that some pages set into the text: the story goes on below them.
_BOXES = {"more stories", "most read", "picks"}
_BIO = re.compile(
    r"(?:is|was|works|has (?:been|worked|covered|reported)|covers|reports|joined|writes|holds"
    r"|[—–-])\s|—|\(",
    re.IGNORECASE,
)


@dataclass
class CopiedBody:
    """What the lines gave."""

    parts: tuple[FoundPart, ...] = ()
    topics: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass
class _Reading:
    """What is being collected: `items` are ("p"|"loose"|"ul"|"ol"|"related", text)."""

    items: list[tuple[str, str]] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    captions: int = 0
    left_out: list[str] = field(default_factory=list)
    has_prose: bool = False


def read_body(
    lines: list[Line], headline: str, authors: tuple[FoundByline, ...] = ()
) -> CopiedBody:
    """The parts of the story in their order, and what was assumed on the way."""
    reading = _collect(lines, headline, authors)
    repeated = _lines_seen_again(lines)
    parts, related = _arranged(reading, repeated)
    notes = []
    if related:
        what = "headlines of related stories" if related > 1 else "a related story's headline"
        notes.append(f"{_count(related, 'line')} between the paragraphs taken as {what}")
    if reading.captions:
        notes.append(f"{_count(reading.captions, 'picture caption')} left out")
    if reading.left_out:
        shown = ", ".join(f'"{text[:60]}"' for text in reading.left_out[:3])
        notes.append(f"left out as no part of the story: {shown}")
    return CopiedBody(parts, tuple(dict.fromkeys(reading.topics)), tuple(notes))


def _collect(lines: list[Line], headline: str, authors: tuple[FoundByline, ...]) -> _Reading:
    reading = _Reading()
    below = ""  # what label stands above: "related", "box" (not of this story) or none
    for at, line in enumerate(lines):
        text = line.text
        if text == headline and not reading.has_prose:
            continue
        if reading.has_prose and _story_ends(lines, at, headline, authors):
            break
        label = furniture.read_also(text)
        if label and not line.is_prose:
            reading.items.append(("related", label))
        elif label == "":
            below = "related"
        elif reading.has_prose and (box := furniture.ending(text)):
            below = "related" if box == "more stories" else "box"
        elif topics := furniture.tags(text):
            reading.topics += topics
        elif _is_no_text(line):
            continue
        elif furniture.credit_of(text) and not _is_said_with_brackets(line):
            reading.captions += 1
        elif item := bullet(text):
            reading.items.append(item)
        elif line.is_prose:
            below, reading.has_prose = "", True
            reading.items.append(("p", text))
        elif below == "related" and line.words >= 3:
            reading.items.append(("related", text))
        elif not below:
            reading.items.append(("loose", text))
    return reading


def _is_no_text(line: Line) -> bool:
    return bool(
        furniture.furniture(line.text)
        or moments.is_only_a_time(line.text)
        or read_under_headline(line.text)
        or not any(letter.isalpha() for letter in line.text)
    )


def _is_said_with_brackets(line: Line) -> bool:
    """A paragraph of several sentences that ends with a bracket is text, not a caption."""
    return len(re.findall(r"[.!?…][”\"»]?\s+[A-ZА-ЯІЇЄҐ“«\"]", line.text)) >= 2


def _story_ends(
    lines: list[Line], at: int, headline: str, authors: tuple[FoundByline, ...]
) -> bool:
    """True when nothing of the story can follow: a feed, comments, the author's own lines, a footer."""
    text = lines[at].text
    if text == headline or moments.is_only_a_time(text):
        return True
    end = furniture.ending(text)
    if end:
        return end not in _BOXES or not _goes_on(lines[at + 1 :])
    return any(_is_bio(text, author.name) for author in authors if not author.is_desk)


def _goes_on(lines: list[Line]) -> bool:
    """True when two real paragraphs follow before the next thing that ends a story."""
    paragraphs = 0
    for line in lines:
        end = furniture.ending(line.text)
        if (end and end not in _BOXES) or moments.is_only_a_time(line.text):
            break
        paragraphs += line.is_prose and line.words >= 12 and not furniture.furniture(line.text)
    return paragraphs >= 2


def _is_bio(text: str, author: str) -> bool:
    """The author's name alone, or a sentence about what the author does."""
    if not text.startswith(author):
        return False
    rest = text[len(author) :].strip(" ,")
    return not rest or bool(_BIO.match(rest)) or rest.casefold() in {"reporter", "editor"}


def _lines_seen_again(lines: list[Line]) -> set[str]:
    """Headlines that the page also shows elsewhere, in a feed or a list: other stories, surely."""
    seen: set[str] = set()
    return {line.text for line in lines if line.text in seen or seen.add(line.text)}


def _arranged(reading: _Reading, repeated: set[str]) -> tuple[tuple[FoundPart, ...], int]:
    """The items as parts; also how many related headlines were only assumed."""
    html: list[str] = []
    parts: list[FoundPart] = []
    assumed = 0

    def flush() -> None:
        if html:
            parts.append(FoundText("".join(html)))
            html.clear()

    def relate(headline: str) -> None:
        flush()
        parts.append(FoundRelated(headline))

    previous = ""
    for kind, run, is_last in _runs(reading.items):
        if kind == "p":
            html += [paragraph(text) for text in run]
        elif kind in {"ul", "ol"}:
            html.append(_list(kind, run))
        elif kind == "related":
            for text in run:
                relate(text)
        elif previous.rstrip().endswith(":") and len(run) > 1:
            html.append(_list("ul", run))
        else:
            for text, is_related in _sorted_loose(run, is_last, repeated):
                if is_related is None:
                    reading.left_out.append(text)
                elif is_related:
                    relate(text)
                    assumed += 1
                else:
                    html.append(paragraph(text, "h2"))
        previous = run[-1]
    flush()
    return tuple(parts), assumed


def _runs(items: list[tuple[str, str]]) -> Iterator[tuple[str, list[str], bool]]:
    """Successive items of one kind together; the flag tells whether no paragraph or list follows."""
    at = 0
    while at < len(items):
        end = at
        while end < len(items) and items[end][0] == items[at][0]:
            end += 1
        follows = any(kind in {"p", "ul", "ol"} for kind, _ in items[end:])
        yield items[at][0], [text for _, text in items[at:end]], not follows
        at = end


def _sorted_loose(
    run: list[str], is_last: bool, repeated: set[str]
) -> Iterator[tuple[str, bool | None]]:
    """Each line with True for a related headline, False for a subhead, None for neither.

    The last line before a paragraph may be its subhead when it is short; whatever stands above it,
    or below the last paragraph, heads another story if it is long enough to be a headline.
    """
    for at, text in enumerate(run):
        words = len(text.split())
        stands_before_text = at == len(run) - 1 and not is_last
        is_question = text.rstrip('”"»’').endswith("?")
        if text in repeated and words >= _SHORTEST_RELATED:
            yield text, True
        elif stands_before_text and (
            words <= _LONGEST_SUBHEAD - _has_marks_of_a_headline(text)
            or (is_question and words <= 9)
        ):
            yield text, False
        elif words >= _SHORTEST_RELATED:
            yield text, True
        else:
            yield text, None


def _has_marks_of_a_headline(text: str) -> bool:
    """Colons and quotation marks are common in headlines and rare in subheads."""
    return bool(re.search(r"[:'\"‘“«]", text))


def _list(kind: str, items: list[str]) -> str:
    return f"<{kind}>{''.join(paragraph(item, 'li') for item in items)}</{kind}>"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
