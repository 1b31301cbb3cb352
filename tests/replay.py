"""What always makes the same rows is done once in a process; in each test its rows are put in.

Opening a newsroom takes 370 statements through models, signals and checks, and 2,000 tests begin
with one. What it does to the database of the migrations is read off beforehand, and put into each
transaction that finds exactly what it found. Wherever something else is found, it is really done.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.apps import apps
from django.core.cache import cache
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils import timezone

Row = tuple


@dataclass(frozen=True)
class Change:
    """What became of one model's table, which held ``found`` and nothing else."""

    model: type[models.Model]
    found: list[Row]
    made: list[Row]
    gone: list[Row]


class Replay:
    """Does ``act`` at once and takes it back; when called, has it done again.

    ``act`` may write rows in the default database and nothing else; which ones may depend on
    nothing but the time and what the tables that it changes held before.
    """

    def __init__(self, act: Callable[[], object]) -> None:
        self._act = act
        kept = [model for model in apps.get_models(include_auto_created=True) if _has_table(model)]
        cache.clear()
        with transaction.atomic():
            before = {model: rows_of(model) for model in kept}
            self._begun = timezone.now()
            act()
            self._ended = timezone.now()
            after = {model: rows_of(model) for model in kept}
            transaction.set_rollback(True)
        self._changes = [
            Change(
                model,
                found=before[model],
                made=[row for row in after[model] if row not in before[model]],
                gone=[row for row in before[model] if row not in after[model]],
            )
            for model in kept
            if after[model] != before[model]
        ]

    def __call__(self) -> None:
        cache.clear()  # what a test before remembered of a newsroom that is no more
        # What is committed may have to call what listens to commits.
        in_a_test = connection.in_atomic_block
        if in_a_test and all(rows_of(change.model) == change.found for change in self._changes):
            self._put_in()
        else:
            self._act()

    def _put_in(self) -> None:
        later = timezone.now() - self._ended
        with connection.cursor() as cursor:
            for change in self._changes:
                _delete(cursor, change.model, change.gone)
                _insert(cursor, change.model, [self._moved(row, later) for row in change.made])
            # PostgreSQL counts past ids only when it hands them out itself.
            touched = [change.model for change in self._changes]
            for sql in connection.ops.sequence_reset_sql(no_style(), touched):
                cursor.execute(sql)

    def _moved(self, row: Row, later: datetime.timedelta) -> Row:
        """What happened while it was recorded happens now."""
        return tuple(
            value + later
            if isinstance(value, datetime.datetime) and self._begun <= _aware(value) <= self._ended
            else value
            for value in row
        )


def rows_of(model: type[models.Model]) -> list[Row]:
    """As the database has them, in the order of their keys."""
    table, columns = _named(model)
    key = connection.ops.quote_name(model._meta.pk.column)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {table} ORDER BY {key}")
        return cursor.fetchall()


def _has_table(model: type[models.Model]) -> bool:
    return model._meta.managed and not model._meta.proxy


def _fields(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def _named(model: type[models.Model]) -> tuple[str, str]:
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(field.column) for field in _fields(model))
    return quoted(model._meta.db_table), columns


def _delete(cursor, model: type[models.Model], rows: list[Row]) -> None:
    if rows:
        place = _fields(model).index(model._meta.pk)
        key, marks = connection.ops.quote_name(model._meta.pk.column), _marks(rows)
        table, _columns = _named(model)
        cursor.execute(f"DELETE FROM {table} WHERE {key} IN {marks}", [row[place] for row in rows])


def _insert(cursor, model: type[models.Model], rows: list[Row]) -> None:
    if rows:
        table, columns = _named(model)
        values = ", ".join(_marks(row) for row in rows)
        cursor.execute(
            f"INSERT INTO {table} ({columns}) VALUES {values}",
            [value for row in rows for value in row],
        )


def _marks(values: Iterable) -> str:
    return f"({', '.join('%s' for _ in values)})"


def _aware(value: datetime.datetime) -> datetime.datetime:
    """SQLite keeps times without a zone; they are UTC."""
    return value if timezone.is_aware(value) else value.replace(tzinfo=datetime.UTC)
