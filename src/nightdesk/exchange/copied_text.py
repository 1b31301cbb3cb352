"""Finds the story in the text of a published page, as copied from a browser.

Such text has no marks at all, so the page is read as a person would read it: the small line with
name and date is looked for first (`_Anchor`); the headline stands next to it; the story follows,
paragraph by paragraph, until something begins that cannot be part of it (a news feed, comments, a
footer). Lines without a closing mark between paragraphs are headlines of related stories or
subheads. What is assumed goes into `notes`, what was not found into `doubts`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from . import bylines, furniture, moments
from .copied_body import read_body
from .found import FoundStory
from .language import language_of
from .lines import Line, read_lines
from .tidy_html import without_controls
from .under_headline import UnderHeadline, read_under_headline
from .verdict import judged

_BREADCRUMB = re.compile(r"\s*(?:[>›»/→]|::)\s*")
_LONE_LABEL = re.compile(r"(?:written )?by:?|автори?:?", re.IGNORECASE)
_ENOUGH = 4
_SEARCHED_ABOVE = 12


@dataclass(frozen=True)
class _Anchor:
    """The lines `first..last` (inclusive) that say who wrote the story and when."""

    first: int
    last: int
    says: UnderHeadline
    score: int = 0


def read_copied_text(text: str, source: str) -> FoundStory:
    """The story in `text`. Never raises: a page without a story gives one with `is_empty`."""
    lines = read_lines(without_controls(text))
    anchor = _best_anchor(lines)
    headline_at, standfirst_at = _headline(lines, anchor)
    if anchor and headline_at is not None and headline_at > anchor.last:
        anchor = _with_names_below(lines, anchor, headline_at)
    start = 1 + max(
        anchor.last if anchor else -1,
        -1 if headline_at is None else headline_at,
        -1 if standfirst_at is None else standfirst_at,
    )
    headline = lines[headline_at].text if headline_at is not None else ""
    says = anchor.says if anchor else UnderHeadline()
    authors = says.bylines
    body = read_body(lines[start:], headline, authors)
    if not says.published or not authors:
        says = says.joined(_elsewhere(lines[start:]))
    story = FoundStory(
        source=source,
        headline=headline,
        standfirst=lines[standfirst_at].text if standfirst_at is not None else "",
        bylines=authors or says.bylines,
        published=says.published,
        zone_given=getattr(says.published, "tzinfo", None) is not None,
        updated=says.updated,
        section=says.section or _breadcrumb_section(lines[: start or 1]),
        topics=body.topics,
        language=language_of(" ".join(line.text for line in lines[start:])),
        body=body.parts,
        notes=body.notes,
    )
    doubts = []
    if says.is_ambiguous:
        doubts.append(
            f"the date could be day/month or month/day; taken as {says.published:%-d %B %Y}"
        )
    if headline and lines[headline_at or 0].words == 1:
        doubts.append(f'the headline has one word only: "{headline}"')
    return judged(story, doubts)


def _best_anchor(lines: list[Line]) -> _Anchor | None:
    """The likeliest place of byline and date: the first of those with the best score."""
    best = max(_anchors(lines), key=lambda anchor: anchor.score, default=None)
    return best if best and best.score >= _ENOUGH else None


def _anchors(lines: list[Line]) -> Iterator[_Anchor]:
    at = 0
    while at < len(lines):
        anchor = _anchor_at(lines, at)
        if anchor:
            yield anchor
            at = anchor.last
        at += 1


def _anchor_at(lines: list[Line], first: int) -> _Anchor | None:
    """The run of such lines that begins here; furniture between them is stepped over."""
    says, at, last = None, first, first
    while at < len(lines) and at - last <= 3:
        line = lines[at]
        read = read_under_headline(line.text) or _name_alone(lines, at, says, last)
        if read:
            says, last = (says.joined(read) if says else read), at
        elif not says or not furniture.furniture(line.text):
            break
        at += 1
    if not says:
        return None
    following = [line for line in lines[last + 1 : last + 7] if not _is_dropped(line)]
    above = [line for line in lines[max(0, first - 4) : first] if not _is_dropped(line)]
    score = (
        2 * bool(says.bylines)
        + 2 * bool(says.published)
        + (hasattr(says.published, "hour"))
        + says.has_published_label
        + 2 * any(line.is_prose for line in following[:3])
        + any(line.is_headline_like and line.words >= 3 for line in above)
    )
    return _Anchor(first, last, says, score)


def _name_alone(
    lines: list[Line], at: int, says: UnderHeadline | None, last: int
) -> UnderHeadline | None:
    """A line of nothing but names counts beside a date, or below a lone "By"."""
    text = lines[at].text
    names = bylines.read_bylines(text, labelled=False)
    if not names or (says and says.bylines):
        return None
    beside_date = bool(says and says.published and at == last + 1)
    below_by = at > 0 and bool(_LONE_LABEL.fullmatch(lines[at - 1].text))
    above_date = any(
        found and found.published and not found.bylines
        for found in [read_under_headline(lines[at + 1].text) if at + 1 < len(lines) else None]
    )
    is_after_words = at > 0 and lines[at - 1].words >= 3
    if below_by or (above_date and is_after_words and not says) or (beside_date and says):
        return UnderHeadline(bylines=names)
    return None


def _headline(lines: list[Line], anchor: _Anchor | None) -> tuple[int | None, int | None]:
    """Where headline and standfirst are; None for what was not found."""
    if not anchor:
        return _headline_without_anchor(lines), None
    above = [
        at
        for at in range(max(0, anchor.first - _SEARCHED_ABOVE), anchor.first)
        if _may_be_headline_or_standfirst(lines, at)
    ]
    if not above or (lines[above[-1]].words < 3 and not lines[above[-1]].gap):
        below = _headline_below(lines, anchor.last + 1)
        if below is not None:
            return below, None
    if not above:
        return None, None
    last, before = above[-1], (above[-2] if len(above) > 1 else None)
    if lines[last].is_prose or not lines[last].is_headline_like:
        return (
            (before, last)
            if before is not None and lines[before].is_headline_like
            else (last, None)
        )
    if before is not None and last - before <= 2 and _is_standfirst_of(lines[last], lines[before]):
        return before, last
    return last, None


def _headline_below(lines: list[Line], start: int) -> int | None:
    """For pages that put the date above the headline."""
    for at in range(start, min(start + 3, len(lines))):
        if _is_dropped(lines[at]):
            continue
        return at if lines[at].is_headline_like and lines[at].words >= 3 else None
    return None


def _with_names_below(lines: list[Line], anchor: _Anchor, headline_at: int) -> _Anchor:
    """Where the date stands above the headline, the names often stand below it."""
    for at in range(headline_at + 1, min(headline_at + 4, len(lines))):
        text = lines[at].text
        names = bylines.read_bylines(text, labelled=False)
        says = read_under_headline(text) or (UnderHeadline(bylines=names) if names else None)
        if says:
            return _Anchor(anchor.first, at, anchor.says.joined(says), anchor.score)
    return anchor


def _headline_without_anchor(lines: list[Line]) -> int | None:
    """The last headline-like line above the first long paragraph."""
    for at, line in enumerate(lines):
        if line.is_prose and line.words >= 12 and not _is_dropped(line):
            candidates = [i for i in range(at) if _may_be_headline_or_standfirst(lines, i)]
            candidates = [
                i for i in candidates if lines[i].is_headline_like and lines[i].words >= 3
            ]
            return candidates[-1] if candidates else None
    return None


def _may_be_headline_or_standfirst(lines: list[Line], at: int) -> bool:
    line = lines[at]
    if _is_dropped(line) or line.words < 2 or _BREADCRUMB.search(_outer(line.text)):
        return bool(line.words == 1 and line.gap and not _is_dropped(line) and at + 1 < len(lines))
    is_feed_item = at > 0 and moments.is_only_a_time(lines[at - 1].text)
    return not is_feed_item and (line.is_headline_like or line.is_prose)


def _outer(text: str) -> str:
    """Breadcrumbs are short words between arrows; a slash inside a headline is none."""
    parts = [part for part in _BREADCRUMB.split(text) if part]
    return text if len(parts) > 1 and all(len(part.split()) <= 3 for part in parts[:-1]) else ""


def _is_standfirst_of(line: Line, headline: Line) -> bool:
    return headline.words >= 4 and line.words >= 10 and line.words > headline.words


def _is_dropped(line: Line) -> bool:
    return bool(
        furniture.furniture(line.text)
        or furniture.ending(line.text)
        or furniture.credit_of(line.text)
        or _LONE_LABEL.fullmatch(line.text)
        or moments.is_only_a_time(line.text)
    )


def _elsewhere(lines: list[Line]) -> UnderHeadline:
    """A labelled date or byline below the text, where some sites put it."""
    says = UnderHeadline()
    for line in lines:
        if furniture.ending(line.text) in {"news feed", "most read", "picks", "more stories"}:
            break
        read = read_under_headline(line.text)
        if read and (
            read.has_published_label or (read.bylines and bylines.split_label(line.text)[0])
        ):
            says = says.joined(read)
    return says


def _breadcrumb_section(lines: list[Line]) -> str:
    """ "Home › Politics › Headline" → "Politics"."""
    for line in lines:
        parts = [part.strip() for part in _BREADCRUMB.split(line.text) if part.strip()]
        if len(parts) >= 2 and re.fullmatch(r"home|головна|news|новини", parts[0], re.IGNORECASE):
            return parts[1] if len(parts[1].split()) <= 3 else ""
    return ""
