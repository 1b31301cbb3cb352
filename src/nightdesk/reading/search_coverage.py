"""Coverage that a search found, and single updates of it, in one list."""

from __future__ import annotations

import datetime
import re
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone
from modelsearch.query import SearchQuery
from wagtail.search.backends import get_search_backend

from nightdesk.coverage.models import Coverage, Entry
from nightdesk.stories.paging import LARGEST_ID


class _Kind(NamedTuple):
    """``name`` in the address of an older page; ``by``: the time of each."""

    name: str
    model: type
    by: str


#: Of the same moment, the later of these stands first.
_KINDS = (_Kind("c", Coverage, "started_at"), _Kind("e", Entry, "published_at"))
_NAMED = re.compile(r"([ce])([0-9]{1,18})", re.ASCII)


def _readable(kind: _Kind, language: str) -> QuerySet:
    """Without subqueries, which the search does not take."""
    if kind.model is Coverage:
        return Coverage.readable(language)
    now = timezone.now()
    return Entry.objects.filter(
        live=True,
        published_at__lte=now,
        coverage__live=True,
        coverage__started_at__lte=now,
        coverage__locale__language_code=language,
    ).select_related("coverage__locale", "brief__locale")


def find_coverage(
    language: str, query: SearchQuery, before: str, length: int
) -> tuple[list[Coverage | Entry], str | None]:
    """Those that hold every word, newest first, and the name that the next older page follows.
    ``before`` is such a name, or empty; nothing follows one that is not known."""
    place = _place(before) if before else None
    if before and place is None:
        return [], None
    found: list[tuple[datetime.datetime, int, int, Coverage | Entry]] = []
    for rank, kind in enumerate(_KINDS):
        rows = _readable(kind, language).order_by(f"-{kind.by}", "-id")
        if place:
            rows = rows.filter(_older(kind, rank, *place))
        hits = get_search_backend().search(query, rows, order_by_relevance=False)
        found += [(getattr(hit, kind.by), rank, hit.pk, hit) for hit in hits[: length + 1]]
    found.sort(key=lambda each: each[:3], reverse=True)
    shown = found[:length]
    following = f"{_KINDS[shown[-1][1]].name}{shown[-1][2]}" if len(found) > length else None
    return [hit for *_place_in_list, hit in shown], following


def _place(name: str) -> tuple[datetime.datetime, int, int] | None:
    """Where ``e12`` stands in such a list."""
    named = _NAMED.fullmatch(name)
    if not named or int(named[2]) > LARGEST_ID:
        return None
    for rank, kind in enumerate(_KINDS):
        if kind.name == named[1]:
            rows = kind.model._default_manager.filter(pk=int(named[2]))
            at = rows.values_list(kind.by, flat=True).first()
            return (at, rank, int(named[2])) if at else None
    return None


def _older(kind: _Kind, rank: int, at: datetime.datetime, its_rank: int, pk: int) -> Q:
    older = Q(**{f"{kind.by}__lt": at})
    if rank < its_rank:
        return older | Q(**{kind.by: at})
    if rank == its_rank:
        return older | Q(**{kind.by: at, "id__lt": pk})
    return older
