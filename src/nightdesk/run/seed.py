"""Ready-made databases, so that a new newsroom opens in seconds instead of a minute.

``seeds/empty.sql`` is what all migrations make; ``seeds/demo.sql`` is that with the demo newsroom
in it. Both are text, written by ``make seed``, hold no account and no secret, and are compared
with migrations and demo by a test. Only SQLite is planted this way; PostgreSQL is migrated.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import re
from pathlib import Path

from nightdesk.demo.moments import say_kept_dates
from nightdesk.kernel.sqlite import use_fixed_sqlite

use_fixed_sqlite()

import sqlite3  # noqa: E402

SEEDS = Path(__file__).parent / "seeds"

#: The moment that the demo was filled at; every time in it is moved when it is planted.
SEED_NOW = datetime.datetime(2026, 11, 22, 12, 0, tzinfo=datetime.UTC)

#: A moment as SQLite columns and JSON hold it. The text of stories has none in this form.
_MOMENT = re.compile(r"(?<!\d)(\d{4}-\d\d-\d\d)([ T])(\d\d:\d\d:\d\d)")

#: Full-text tables are filled by their triggers, so their inner tables are not written down.
_INNER = re.compile(r"_fts(_\w+)?$")


def plant(
    kind: str, file: Path, zone: datetime.tzinfo, now: datetime.datetime | None = None
) -> None:
    """Make the database ``file`` from the seed ``kind`` (empty or demo): whole, or not at all.

    The demo's times are moved so that it was filled at ``now`` (aware; None: this moment), and
    the words for its dates follow the newsroom's ``zone``.
    """
    script = (SEEDS / f"{kind}.sql").read_text(encoding="utf-8")
    moved = (now or datetime.datetime.now(datetime.UTC)) - SEED_NOW
    script = say_kept_dates(move_times(script, moved), zone)
    unfinished = file.with_name(f"{file.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(unfinished, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=OFF")
        database.execute("PRAGMA synchronous=OFF")
        database.executescript(f"BEGIN;\n{script}\nCOMMIT;")
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    _settle(unfinished)
    unfinished.rename(file)


def move_times(script: str, by: datetime.timedelta) -> str:
    """Every moment in a seed, later by ``by``, to the second."""
    by = datetime.timedelta(seconds=round(by.total_seconds()))

    def moved(found: re.Match[str]) -> str:
        day, between, time = found.groups()
        moment = datetime.datetime.fromisoformat(f"{day}T{time}") + by
        return moment.isoformat(sep=between)

    return _MOMENT.sub(moved, script)


def _settle(file: Path) -> None:
    """On disk for good before it gets its name."""
    for leftover in (f"{file}-wal", f"{file}-shm"):
        Path(leftover).unlink(missing_ok=True)
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def dump(file: Path) -> str:
    """A database as the SQL text that makes it, in an order that changes only with its content."""
    lines = ["PRAGMA foreign_keys=OFF;"]
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        things = database.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL "
            "AND name NOT LIKE 'sqlite_%' ORDER BY name"
        ).fetchall()
        inner = {name for _type, name, _sql in things if _INNER.search(name)}
        virtual = {name for _type, name, sql in things if sql.startswith("CREATE VIRTUAL")}
        tables = [thing for thing in things if thing[0] == "table"]
        lines += [
            f"{' '.join(sql.split())};"
            for _type, name, sql in tables
            if name in virtual or name not in inner
        ]
        lines += [f"{sql};" for type_, _name, sql in things if type_ == "trigger"]
        for _type, name, _sql in tables:
            if name not in inner:
                lines += _rows(database, name)
        lines += [f"{sql};" for type_, _name, sql in things if type_ == "index"]
    return "\n".join(lines) + "\n"


def _rows(database: sqlite3.Connection, table: str) -> list[str]:
    columns = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]
    quoted = ", ".join(f'quote("{column}")' for column in columns)
    order = '"id"' if "id" in columns else "1"
    rows = database.execute(f'SELECT {quoted} FROM "{table}" ORDER BY {order}')
    return [f'INSERT INTO "{table}" VALUES({",".join(row)});' for row in rows]
