"""Everything that the newsroom set right, in one place: in stories, briefs and coverage."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext

from nightdesk.briefs.lists import readable_brief_corrections
from nightdesk.briefs.models import BriefCorrection
from nightdesk.coverage.lists import readable_entry_corrections
from nightdesk.coverage.models import EntryCorrection
from nightdesk.press.addresses import address
from nightdesk.press.dependencies import collection
from nightdesk.stories.corrections import Correction, CorrectionKind
from nightdesk.stories.lists import readable_corrections, with_stories
from nightdesk.stories.paging import LARGEST_ID, one_in_six
from nightdesk.stories.reader import reader_page

#: Corrections on a page at least, and half of those at most.
LENGTH = 30


@dataclass(frozen=True)
class Corrected:
    """One correction as the list shows it. ``about``: what it is a part of, or empty."""

    kind: str
    at: datetime.datetime
    about: str
    title: str
    url: str
    words: str


class _Source(NamedTuple):
    """``letter`` names one of its corrections in the address of an older page, before the id."""

    letter: str
    name: str
    model: type[Model]
    readable: Callable[[str], QuerySet]
    shown: Callable[[Any], Corrected]


def _of_story(row: Any) -> Corrected:
    kind, story = row.get_kind_display(), row.story
    return Corrected(kind, row.at, "", story.title, f"{story.url}#{row.anchor}", row.words)


def _of_brief(row: Any) -> Corrected:
    brief, about = row.brief, gettext("News Feed")
    return Corrected(
        CorrectionKind.CORRECTION.label,
        row.at,
        about,
        brief.shown_headline,
        brief.get_absolute_url(),
        row.words,
    )


def _of_entry(row: Any) -> Corrected:
    entry = row.entry
    return Corrected(
        CorrectionKind.CORRECTION.label,
        row.at,
        entry.coverage.headline,
        entry.title,
        entry.get_absolute_url(),
        row.words,
    )


#: Of the same moment, the later of these stands first.
_SOURCES = (
    _Source("e", "entry-corrections", EntryCorrection, readable_entry_corrections, _of_entry),
    _Source("b", "brief-corrections", BriefCorrection, readable_brief_corrections, _of_brief),
    _Source("", "corrections", Correction, readable_corrections, _of_story),
)


class _Place(NamedTuple):
    """Where one stands in the list: its time, its source's rank, its id."""

    at: datetime.datetime
    rank: int
    pk: int


@reader_page
def corrections(request: HttpRequest, before: str = "") -> HttpResponse:
    """Newest first, by day; ``before`` names the one that this older page follows."""
    language = get_language()
    found = _page(language, before)
    if found is None:
        raise Http404
    rows, following = found
    older = following and address("corrections_before", language, before=following)
    context = {"days": _by_day(rows), "older_url": older, "before": before}
    return render(request, "reading/corrections.html", context)


def _page(language: str, before: str) -> tuple[list[Corrected], str] | None:
    """Pages break as those of other lists (`nightdesk.stories.paging`), so that they stay as they
    are when something new comes on top. The second: what the next older page follows, or empty."""
    after = _place(before) if before else None
    if before and after is None:
        return None
    with ExitStack() as lists:
        listed = [lists.enter_context(collection(each.name, language)) for each in _SOURCES]
        window = sorted(_newest(language, after), reverse=True, key=lambda pair: pair[0])
        window = window[: 2 * LENGTH + 1]
        last = window[-1][0].at if len(window) > LENGTH else None
        for each in listed:
            each.between(last, after and after.at)
    if not window and before:
        return None
    cut = len(window)
    if cut > LENGTH:
        ends = (n for n, (place, _row) in enumerate(window, 1) if one_in_six(place.pk))
        cut = next((n for n in ends if LENGTH <= n <= 2 * LENGTH), min(2 * LENGTH, cut))
    shown = window[:cut]
    end = shown[-1][0] if cut < len(window) else None
    return _shown(shown), f"{_SOURCES[end.rank].letter}{end.pk}" if end else ""


def _newest(language: str, after: _Place | None) -> Iterable[tuple[_Place, Any]]:
    for rank, source in enumerate(_SOURCES):
        rows = source.readable(language).order_by("-at", "-pk")
        if after:
            older = Q(at__lt=after.at)
            if rank < after.rank:
                older |= Q(at=after.at)
            elif rank == after.rank:
                older |= Q(at=after.at, pk__lt=after.pk)
            rows = rows.filter(older)
        for row in rows[: 2 * LENGTH + 1]:
            yield _Place(row.at, rank, row.pk), row


def _place(name: str) -> _Place | None:
    """Of any that has a row, readable or not: an address stays good."""
    letter, number = re.fullmatch(r"([a-z]?)([0-9]+)", name).groups()
    rank = next(n for n, source in enumerate(_SOURCES) if source.letter == letter)
    if int(number) > LARGEST_ID:
        return None
    rows = _SOURCES[rank].model._default_manager.filter(pk=int(number))
    at = rows.values_list("at", flat=True).first()
    return _Place(at, rank, int(number)) if at else None


def _shown(rows: list[tuple[_Place, Any]]) -> list[Corrected]:
    with_stories(row for place, row in rows if not _SOURCES[place.rank].letter)
    return [_SOURCES[place.rank].shown(row) for place, row in rows]


def _by_day(corrections: list[Corrected]) -> list[tuple[datetime.date, list[Corrected]]]:
    """Parted at the newsroom's midnights."""
    days = groupby(corrections, key=lambda correction: timezone.localtime(correction.at).date())
    return [(day, list(inside)) for day, inside in days]
