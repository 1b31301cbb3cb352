"""Keys for stretches of time, so that a list can say which part of it a page shows.

A page of a list shows what lies between two moments; whatever is added, removed or moved there
makes it stale, and nothing else does. So that this needs no comparison but equality, time is cut
into cells of 16 seconds, four cells into one of 64, and so on. A page holds the few cells, of all
sizes, that make up its stretch; a change names the cells of each size that its moment lies in.
The two share a key exactly when the moment lies in the stretch (or within 16 seconds of it).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

#: Seconds in the smallest cell; each next size holds `_FOUR` of the one before.
_CELL = 16
_FOUR = 4
_START = datetime.datetime(1, 1, 1, tzinfo=datetime.UTC)
#: Beyond the last moment that a datetime can hold: four cells of this level hold all of time.
_SIZES = 18
_LAST = _FOUR**_SIZES - 1


def _cell(moment: datetime.datetime) -> int:
    return int((moment - _START).total_seconds()) // _CELL


def at(moment: datetime.datetime) -> Iterator[str]:
    """The cells of every size that a moment lies in."""
    cell = _cell(moment)
    for size in range(_SIZES):
        yield f"{size}:{cell}"
        cell //= _FOUR


def between(oldest: datetime.datetime | None, newest: datetime.datetime | None) -> Iterator[str]:
    """The fewest cells that cover a stretch, both ends included; None is without end."""
    first = 0 if oldest is None else _cell(oldest)
    last = _LAST if newest is None else _cell(newest)
    for size in range(_SIZES):
        while first <= last and (first % _FOUR or size == _SIZES - 1):
            yield f"{size}:{first}"
            first += 1
        while first <= last and last % _FOUR != _FOUR - 1:
            yield f"{size}:{last}"
            last -= 1
        if first > last:
            return
        first, last = first // _FOUR, last // _FOUR
