"""Lists whose older pages do not move when something new arrives.

The first page holds the newest; an older page is addressed by the id of the item it follows.
Pages break after items whose id divides by the page's length, so the breaks stay where they are
when a new item comes on top: only the first page changes.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

from nightdesk.press.dependencies import collection

Item = TypeVar("Item", bound=Model)

#: What a database can hold as an id; it refuses to look for a larger one.
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class ListPage(Generic[Item]):
    """``items`` newest first; ``next_before`` is the id that the next older page follows."""

    items: list[Item]
    next_before: int | None


def one_in_six(pk: int) -> bool:
    """For ``breaks_after``: about one id in six, without any pattern. Ids of a list that is a part
    of its table, or of several tables, may all be odd. Multiplied by Knuth's constant, 32 bits."""
    return (pk * 2654435761 & 0xFFFFFFFF) >> 16 < 65536 // 6


def page_ends(
    newest_first: Sequence[int], length: int, may_end: Callable[[int], bool]
) -> Iterator[int]:
    """The ids that the pages of a list end with that has these: what its older pages follow."""
    left = newest_first
    while len(left) > length:
        cut = _cut(left, length, may_end)
        if cut == len(left):
            return
        yield left[cut - 1]
        left = left[cut:]


def _cut(ids: Sequence[int], length: int, may_end: Callable[[int], bool]) -> int:
    """How many of a list's next ids, of which there are more than ``length``, stand on one page."""
    most = min(2 * length, len(ids))
    return next((n for n in range(length, most + 1) if may_end(ids[n - 1])), most)


def page_of(
    newest_first: QuerySet[Item],
    name: tuple[object, ...],
    before: int | None = None,
    *,
    by: str = "first_published_at",
    length: int = 20,
    since: datetime.datetime | None = None,
    until: datetime.datetime | None = None,
    breaks_after: Callable[[int], bool] | None = None,
) -> ListPage[Item] | None:
    """One page of a list ordered by ``-by, -pk``; None when there is nothing to show there.

    ``before`` is any id in the list's table: the page starts below that item's place, so an
    address stays good after the item itself is withdrawn, as long as its row exists. ``name`` is
    the list's, as `nightdesk.press.dependencies.collection` knows it: what enters or leaves it
    outside of this page's stretch of time leaves the page as it is. A list that is only a part of
    that one says between which moments it lies. ``breaks_after``: another rule than the one above
    for the ids after which a page may end, for a list that holds but some of its table.
    """
    may_end = breaks_after or (lambda pk: pk % length == 0)
    rows = newest_first.order_by(f"-{by}", "-pk")
    if before is not None:
        if before > LARGEST_ID:
            return None
        anchor: Any = newest_first.model._default_manager.filter(pk=before).values_list(by).first()
        if anchor is None or anchor[0] is None:
            return None
        rows = rows.filter(Q(**{f"{by}__lt": anchor[0]}) | Q(**{by: anchor[0], "pk__lt": before}))
    with collection(*name) as listed:
        window = list(rows[: 2 * length + 1])
        last = getattr(window[-1], by) if len(window) > length else since
        listed.between(last, until if before is None else anchor[0])
    if not window and before is not None:
        return None
    if len(window) <= length:
        return ListPage(window, None)
    cut = _cut([item.pk for item in window], length, may_end)
    items = window[:cut]
    return ListPage(items, items[-1].pk if len(window) > cut else None)
