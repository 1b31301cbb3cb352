"""Read a statement of Django's ORM: what does its answer depend on?

Only three shapes are understood: rows by a value that names them (``"table"."id" IN (…)``, found
at the top of a WHERE whose conditions all hold), tables that have one key for all their rows, and
tables that readers never see. Everything else is left to `nightdesk.press.dependencies.collection`
or counted as undeclared, so a statement that is misread costs a printing and hides no change.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from nightdesk.press.keys import (
    IGNORED,
    asked_key,
    card_key,
    coarse_key_of_table,
    inside_columns,
    place_columns,
    place_key,
)

_TABLE = re.compile(r'\b(?:FROM|JOIN)\s+"(\w+)"')
_PLACE = re.compile(r"(?<!%)%s")
_LOOKUP = re.compile(r'"(\w+)"\."(\w+)" (?:= (%s)|IN \(((?:%s(?:, )?)+)\))')
_COLUMN = re.compile(r'"?(\w+)"?\."(\w+)"')
#: ``id = 5 OR id = 7``, as one column is asked for without a list.
_SAME = re.compile(r'("\w+"\."\w+") = %s(?: OR \1 = %s)*')
#: The same as PostgreSQL is asked: ``("t"."id") IN ((5), (7))``.
_TUPLES = re.compile(r'\(("\w+"\."\w+")\) IN \((\(%s\)(?:, \(%s\))*)\)')


class Found(NamedTuple):
    """The keys that stand for the answer, and the tables that none of them stands for."""

    keys: set[str]
    tables: frozenset[str]


class _Lookup(NamedTuple):
    table: str
    column: str
    first: int
    count: int


class _Shape(NamedTuple):
    main: str
    looks_inside: bool
    only_places: bool
    tables: frozenset[str]
    nested: frozenset[str]
    lookups: tuple[_Lookup, ...]


def read(statement: str, params: Sequence[Any]) -> Found:
    shape = _shape(statement)
    keys: set[str] = set()
    open_tables = set()
    if shape.main and coarse_key_of_table(shape.main):
        # Whatever is joined to it is fetched with it, and noticed row by row.
        keys.add(str(coarse_key_of_table(shape.main)))
        return Found(keys, frozenset())
    for table in shape.tables:
        key = coarse_key_of_table(table)
        if key:
            keys.add(key)
        elif table not in IGNORED:
            open_tables.add(table)
    if not open_tables:
        return Found(keys, frozenset())
    named = False
    for lookup in shape.lookups:
        asked = asked_key(lookup.table, lookup.column)
        if asked:
            named = named or lookup.table in open_tables
            values = params[lookup.first : lookup.first + lookup.count]
            if shape.only_places and asked is card_key:
                asked = place_key
            keys.update(asked(value) for value in values)
            if shape.looks_inside and asked is card_key:
                keys.update(f"page:{value}" for value in values)
    if named and not (shape.nested & open_tables):
        return Found(keys, frozenset())
    return Found(keys, frozenset(open_tables))


@lru_cache(maxsize=2048)
def _shape(statement: str) -> _Shape:
    """Statements differ in their values only, so a few hundred shapes serve for ever."""
    if not statement.lstrip("( ").startswith(("SELECT", "WITH")):
        return _Shape("", False, False, frozenset(), frozenset(), ())
    statement = _TUPLES.sub(
        lambda found: f"{found[1]} IN ({found[2].replace('(%s)', '%s')})", statement
    )
    nested: set[str] = set()
    for inner in re.finditer(r"\((?:SELECT)\b", statement):
        nested.update(_TABLE.findall(statement[inner.start() : _closing(statement, inner.start())]))
    tables = _TABLE.findall(statement)
    main = "" if nested or not tables else tables[0]
    asked_for = statement.partition(" FROM ")[0]
    looks_inside = any(column in asked_for for column in inside_columns())
    only_places = place_columns().issuperset(_COLUMN.findall(statement))
    lookups = _lookups(statement)
    return _Shape(main, looks_inside, only_places, frozenset(tables), frozenset(nested), lookups)


def _closing(text: str, opening: int) -> int:
    """The place of the bracket that closes the one at ``opening``."""
    depth = 0
    for place in range(opening, len(text)):
        if text[place] == "(":
            depth += 1
        elif text[place] == ")":
            depth -= 1
            if depth == 0:
                return place
    return len(text)


def _lookups(statement: str) -> tuple[_Lookup, ...]:
    """The lookups that every row of the answer fulfils: those ANDed at the top of the WHERE."""
    start = statement.find(" WHERE ")
    if start < 0 or " UNION " in statement:
        return ()
    found = []
    begin = start + len(" WHERE ")
    top = _top(statement, begin)
    if " OR " in top and not _SAME.fullmatch(top[: _end(statement, begin) - begin].strip("( )")):
        return ()
    for match in _LOOKUP.finditer(top):
        if top[: match.start()].endswith("NOT "):
            continue
        at = begin + match.start()
        first = len(_PLACE.findall(statement[:at]))
        count = len(_PLACE.findall(match[0]))
        found.append(_Lookup(match[1], match[2], first, count))
    return tuple(found)


def _top(statement: str, begin: int) -> str:
    """The WHERE without what stands in brackets in it, lists of values excepted; same length.

    Django puts the whole WHERE in brackets when it has several conditions: those are looked into.
    """
    text = list(statement[begin:])
    place = 0
    if text and text[0] == "(" and _closing(statement, begin) >= _end(statement, begin) - 1:
        text[0] = " "
        place = 1
    while place < len(text):
        if text[place] == "(":
            end = _closing(statement, begin + place) - begin
            inside = statement[begin + place + 1 : begin + end]
            if not re.fullmatch(r"(?:%s(?:, )?)+", inside):
                text[place + 1 : end] = " " * (end - place - 1)
            place = end
        place += 1
    return "".join(text)


def _end(statement: str, begin: int) -> int:
    """Where the WHERE ends: at what follows it outside of brackets."""
    depth = 0
    for match in re.finditer(r"[()]| GROUP BY | ORDER BY | LIMIT | FOR UPDATE", statement[begin:]):
        if match[0] == "(":
            depth += 1
        elif match[0] == ")":
            depth -= 1
        elif depth == 0:
            return begin + match.start()
    return len(statement)
