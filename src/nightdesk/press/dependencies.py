"""What a page is made from, recorded while it is rendered and never listed by hand.

Three things are noticed:

- every row that is loaded, as ``page:12`` or ``people.author:5``. A page of which only what lists
  show was loaded is ``page:12:card``: its text may change without any harm to a list. One of
  which only the address was loaded is ``page:12:place``: a link stays as it is under any headline;
- every list, as ``list:<name>:…``, because a row that is not in it yet leaves no trace. Lists are
  asked for within `collection`;
- every SQL statement. One that asks for rows by their ids, or for the rows that belong to one
  row, leaves the keys of those ids, found or not. Any other outside a collection adds
  ``table:<name>`` for each of its tables: such a page is printed too often, but is never out of
  date. Those statements stand in ``undeclared``, and the tests want none.

`nightdesk.press.learn` writes the same keys when something changes. What is never watched: reads
through other connections than the default, and joined tables of a query by id of which only some
values are fetched.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import Model
from wagtail.models.sites import SITE_ROOT_PATHS_CACHE_KEY, SITE_ROOT_PATHS_CACHE_VERSION

from nightdesk.press import sql, stretches
from nightdesk.press.keys import key_of_row


@dataclass
class Read:
    """What was read so far. ``until`` is the earliest moment from which the output says something
    else although nothing changes; ``undeclared`` the SQL that was not declared."""

    keys: set[str] = field(default_factory=set)
    until: datetime.datetime | None = None
    undeclared: list[str] = field(default_factory=list)
    _collections: int = 0

    def _note_statement(self, statement: str, params: Sequence[Any] | None) -> None:
        found = sql.read(statement, params or ())
        self.keys |= found.keys
        if found.tables and not self._collections:
            self.keys.update(f"table:{name}" for name in found.tables)
            self.undeclared.append(statement)


_reading: ContextVar[Read | None] = ContextVar("reading", default=None)


@contextmanager
def collecting() -> Iterator[Read]:
    """Within it, this thread's reads through the default connection are recorded.

    Where sites are rooted is kept in a cache that other processes cannot clear: it is asked for
    anew.
    """
    read = Read({"site", "settings", "release"})
    cache.delete(SITE_ROOT_PATHS_CACHE_KEY, version=SITE_ROOT_PATHS_CACHE_VERSION)

    def watch(execute: Callable, statement: str, params: Any, many: bool, context: dict) -> Any:
        read._note_statement(statement, params)
        return execute(statement, params, many, context)

    token = _reading.set(read)
    try:
        with connection.execute_wrapper(watch):
            yield read
    finally:
        _reading.reset(token)


def depends_on(*keys: str) -> None:
    """Say what a page is made from where it cannot be seen."""
    if read := _reading.get():
        read.keys.update(keys)


def good_until(moment: datetime.datetime | None) -> None:
    """From this moment on, the page says something else. None: no such moment."""
    read = _reading.get()
    if read and moment and (read.until is None or moment < read.until):
        read.until = moment


class Listed:
    """A list that is being read. Unless `between` narrows it, any change of it counts."""

    def __init__(self, key: str) -> None:
        self.key = key
        self._stretches: list[tuple[datetime.datetime | None, datetime.datetime | None]] = []

    def between(
        self, oldest: datetime.datetime | None, newest: datetime.datetime | None = None
    ) -> None:
        """Only what enters or leaves the list between these moments counts; None: no end."""
        self._stretches.append((oldest, newest))

    def keys(self) -> Iterator[str]:
        if not self._stretches:
            yield self.key
        for oldest, newest in self._stretches:
            for cell in stretches.between(oldest, newest):
                yield f"{self.key}@{cell}"


@contextmanager
def collection(name: str, *args: object) -> Iterator[Listed]:
    """Read a list within it: to its end, since a queryset that is only made here is read later."""
    read = _reading.get()
    listed = Listed(list_key(name, *args))
    if read is None:
        yield listed
        return
    read._collections += 1
    try:
        yield listed
        read.keys.update(listed.keys())
    finally:
        read._collections -= 1


def list_key(name: str, *args: object) -> str:
    return ":".join(["list", name, *map(str, args)])


def list_keys_at(moment: datetime.datetime, name: str, *args: object) -> Iterator[str]:
    """The keys that a change of a list at a moment touches."""
    key = list_key(name, *args)
    yield key
    for cell in stretches.at(moment):
        yield f"{key}@{cell}"


def listen() -> None:
    """Notice every row that any query loads. Costs a look at a variable while nothing is read."""
    if hasattr(Model.from_db, "notices"):
        return
    plain = Model.__dict__["from_db"].__func__

    def from_db(cls: type[Model], db: str, field_names: Sequence[str], values: Any) -> Model:
        row = plain(cls, db, field_names, values)
        read = _reading.get()
        if read is not None and (key := key_of_row(row, field_names)):
            read.keys.add(key)
        return row

    from_db.notices = True
    Model.from_db = classmethod(from_db)
