"""The small line between headline and text: who, when, how long to read."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime

from . import bylines, furniture, moments
from .found import FoundByline

_UPDATED = re.compile(
    r"(?:last )?(?:updated|modified|edited)(?: on| at)?|оновлено|змінено|останнє оновлення",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"(?:first )?(?:published|posted|created|date)(?: on| at| by)?|опубліковано|створено|дата",
    re.IGNORECASE,
)
_READING = re.compile(
    r"(?:reading time|час читання)?:?\s*\b\d+\s?-?(?:min(?:ute)?s?|хв(?:илин[аи]?)?)\b\.?"
    r"(?:\s*(?:read(?:ing)?|to read|читання))?",
    re.IGNORECASE,
)
_IN_SECTION = re.compile(
    r"(?P<in>in\s+|у рубриці\s+|рубрика:?\s+)?(?P<name>[^\W\d_][\w’' &-]{2,30})"
)
_SEPARATORS = " \t,;:|·•/()[]–—-"
_LONGEST = 240


@dataclass(frozen=True)
class UnderHeadline:
    """What one such line, or several together, say."""

    bylines: tuple[FoundByline, ...] = ()
    published: datetime | date | None = None
    updated: datetime | date | None = None
    is_ambiguous: bool = False
    has_published_label: bool = False
    section: str = ""

    def joined(self, other: "UnderHeadline") -> "UnderHeadline":
        """Both together; what came first wins."""
        updated = self.updated or other.updated
        return replace(
            self,
            bylines=self.bylines or other.bylines,
            published=self.published or other.published,
            updated=updated,
            is_ambiguous=self.is_ambiguous or (not self.published and other.is_ambiguous),
            has_published_label=self.has_published_label or other.has_published_label,
            section=self.section or other.section,
        )


def read_under_headline(line: str) -> UnderHeadline | None:
    """What the line says when it is nothing but names, dates and labels; None for any other line.

    >>> read_under_headline("by Ann Lee March 8, 2023 4:16 PM 2 min read").bylines[0].name
    'Ann Lee'
    """
    if len(line) > _LONGEST or furniture.credit_of(line):
        return None
    found = UnderHeadline()
    rest = line
    for moment in reversed(moments.find_moments(line)):
        before = rest[: moment.start]
        if label := _last_label(_UPDATED, before):
            found = replace(found, updated=moment.when)
        else:
            label = _last_label(_PUBLISHED, before)
            found = replace(
                found,
                published=moment.when,
                is_ambiguous=moment.is_ambiguous,
                has_published_label=found.has_published_label or bool(label),
            )
        start = label.start() if label else moment.start
        rest = rest[:start] + " | " + rest[moment.end :]
    found, rest = _with_updated_time(found, rest)
    rest = _READING.sub(" | ", rest)
    rest = _PUBLISHED.sub(" ", rest) if found.published else rest
    rest = re.sub(r"\s*\|[\s|]*", " | ", rest).strip(_SEPARATORS)
    if not rest:
        return found if found.published or found.updated else None
    labelled, names = bylines.split_label(rest)
    people = bylines.read_bylines(names.strip(_SEPARATORS), labelled=labelled)
    has_date = bool(found.published or found.updated)
    if people and (labelled or has_date):
        return replace(found, bylines=people)
    section = _IN_SECTION.fullmatch(rest)
    if has_date and section and not labelled and (section["in"] or _stands_apart(line, rest)):
        return replace(found, section=section["name"])
    return None


def _last_label(pattern: re.Pattern, before: str) -> re.Match | None:
    """The label that stands directly before a date, if any."""
    for match in pattern.finditer(before):
        if not before[match.end() :].strip(_SEPARATORS):
            return match
    return None


def _stands_apart(line: str, words: str) -> bool:
    """True when a mark parts the words from the date: "Politics | 8 March 2023"."""
    at = re.escape(words)
    return bool(re.search(rf"{at}\s*[|·•/—–]|[|·•/—–]\s*{at}", line)) and len(words.split()) <= 3


def _with_updated_time(found: UnderHeadline, rest: str) -> tuple[UnderHeadline, str]:
    """ "Updated 17:02": a time of the day of publication."""
    match = re.search(
        rf"(?:{_UPDATED.pattern})\s*:?\s*(?P<time>\d[\d:.]*(?:\s*[ap]\.?m\.?)?)", rest, re.I
    )
    clock = moments.find_time(match["time"]) if match else None
    if not match or not clock or not isinstance(found.published, datetime):
        return found, rest
    updated = found.published.replace(hour=clock.hour, minute=clock.minute)
    if updated > found.published:
        found = replace(found, updated=updated)
    return found, rest[: match.start()] + " | " + rest[match.end() :]
