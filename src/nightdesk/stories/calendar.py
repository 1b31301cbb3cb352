"""Which months have something in them, asked at a cost that does not grow with the archive.

For each month between the oldest and the newest the database looks once into its index of times,
instead of walking through every row.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from nightdesk.press.dependencies import collection, depends_on
from nightdesk.press.keys import place_key, row_key


@dataclass(frozen=True)
class Inhabited:
    """A month, by the newsroom's own clock, that has at least one row; the ids of two of its rows.

    ``at_most`` is how many it can have, those that are no longer readable counted, too.
    """

    year: int
    month: int
    oldest: Any
    newest: Any
    at_most: int

    @property
    def starts(self) -> datetime.datetime:
        return timezone.make_aware(datetime.datetime(self.year, self.month, 1))

    @property
    def ends(self) -> datetime.datetime:
        return start_of(*following(self.year, self.month))


def following(year: int, month: int) -> tuple[int, int]:
    return (year + 1, 1) if month == 12 else (year, month + 1)


def start_of(year: int, month: int) -> datetime.datetime:
    """Its first moment; the last moment there is for a month after the last year."""
    if year > datetime.MAXYEAR:
        return datetime.datetime.max.replace(tzinfo=datetime.UTC)
    return timezone.make_aware(datetime.datetime(year, month, 1))


def inhabited_months(
    rows: QuerySet, by: str, name: tuple[object, ...], *, newest_too: bool = False
) -> list[Inhabited]:
    """Every month that has one of ``rows`` at its ``by``, the oldest first. ``name`` is the list's
    name as `nightdesk.press.dependencies.collection` knows it.

    What is told: that a month has something, as long as its oldest row stays; that the others
    have nothing. With ``newest_too`` also which row is the newest of each.
    """
    rows = rows.order_by(by, "pk")
    with collection(*name) as listed:
        moments = rows.values_list(by, flat=True)
        first, last = moments.first(), moments.last()
        if first is None:
            listed.between(None)
            return []
        months = _between(first, last)
        found = [
            Inhabited(*month, *witnesses)
            for month, witnesses in zip(months, _witnesses(rows, by, months), strict=True)
        ]
        listed.between(None, first)
        listed.between(start_of(*following(*months[-1])))
        for month in found:
            if month.oldest is None:
                listed.between(month.starts, month.ends)
        shown = [month for month in found if month.oldest is not None]
        if newest_too and shown:
            listed.between(last)
    is_page = hasattr(rows.model, "url_path")
    for month in shown:
        for pk in {month.oldest, month.newest}:
            depends_on(place_key(pk) if is_page else row_key(rows.model, pk))
    return shown


def _between(first: datetime.datetime, last: datetime.datetime) -> list[tuple[int, int]]:
    start, end = timezone.localtime(first), timezone.localtime(last)
    months = [(start.year, start.month)]
    while months[-1] < (end.year, end.month):
        months.append(following(*months[-1]))
    return months


def _witnesses(
    rows: QuerySet, by: str, months: list[tuple[int, int]]
) -> list[tuple[Any, Any, int]]:
    """The ids of the oldest and the newest row of each month, and how many it can have, in one
    statement that looks at nothing but indexes of times."""
    inside = rows.filter(
        **{
            f"{by}__gte": RawSQL('"months"."starts"', ()),
            f"{by}__lt": RawSQL('"months"."ends"', ()),
        }
    ).values("pk")
    oldest, oldest_params = inside.order_by(by, "pk")[:1].query.sql_with_params()
    newest, newest_params = inside.order_by(f"-{by}", "-pk")[:1].query.sql_with_params()
    field = rows.model._meta.get_field(by)
    table, column = field.model._meta.db_table, field.column
    count = (
        f'SELECT count(*) FROM "{table}" WHERE "{table}"."{column}" >= "months"."starts" '
        f'AND "{table}"."{column}" < "months"."ends"'
    )
    moment = connection.ops.adapt_datetimefield_value
    bounds = [
        value
        for year, month in months
        for value in (moment(start_of(year, month)), moment(start_of(*following(year, month))))
    ]
    places = ", ".join(["(%s, %s)"] * len(months))
    statement = (
        f'WITH "months"("starts", "ends") AS (VALUES {places}) '
        f'SELECT ({oldest}), ({newest}), ({count}) FROM "months" ORDER BY "starts"'
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*bounds, *oldest_params, *newest_params])
        return cursor.fetchall()
