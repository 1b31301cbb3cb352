"""What the CDN still has to be told: ``DATA/purge.db``, kept over every restart.

A file of its own, because only the press writes the shelf, and a CDN has to be told even when the
main database is gone. Losing the file costs one purge of everything.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nightdesk.kernel.sqlite import use_fixed_sqlite
from nightdesk.press.purging.order import Order

use_fixed_sqlite()

import sqlite3  # noqa: E402

NAME = "purge.db"
#: Seconds between attempts: 1, 2, 4 … this.
LONGEST_WAIT = 300.0
#: Seconds after the first round of an order until it is sent again.
SECOND_ROUND = 2.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS purge (
  id INTEGER PRIMARY KEY,
  made REAL NOT NULL,
  due REAL NOT NULL,
  round INTEGER NOT NULL DEFAULT 1,
  tries INTEGER NOT NULL DEFAULT 0,
  told TEXT NOT NULL,
  trouble TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order in the queue. ``round``: 1, then 2; ``tries``: failed attempts of this round."""

    id: int
    round: int
    tries: int
    order: Order


class Queue:
    """Every method is one transaction. Raises ``sqlite3.Error``."""

    def __init__(self, data: Path) -> None:
        self._db = sqlite3.connect(data / NAME, isolation_level=None, timeout=10)
        self._db.execute("PRAGMA journal_mode=WAL")
        # What a power cut takes back is told once more: the cursor goes back with it.
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def meta(self, name: str, default: str = "") -> str:
        row = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return row[0] if row else default

    @property
    def cursor(self) -> int | None:
        """The shelf's change up to which orders are made; None: never made one."""
        kept = self.meta("cursor")
        return int(kept) if kept else None

    def add(self, order: Order, *, due: float, **facts: object) -> None:
        """Put an order in the line, unless it is empty; ``facts`` such as ``cursor`` with it."""
        with self._transaction() as db:
            self._put(db, order, due, facts)

    @staticmethod
    def _put(db: sqlite3.Connection, order: Order, due: float, facts: Mapping[str, object]) -> None:
        if order:
            db.execute(
                "INSERT INTO purge (made, due, told) VALUES (?, ?, ?)",
                (time.time(), due, order.as_json()),
            )
        db.executemany("REPLACE INTO meta VALUES (?, ?)", [(k, str(v)) for k, v in facts.items()])

    def __len__(self) -> int:
        (count,) = self._db.execute("SELECT count(*) FROM purge").fetchone()
        return int(count)

    def due(self, now: float) -> list[Waiting]:
        """What is to be sent now: hard purges first, then in the order they were made."""
        rows = self._db.execute(
            "SELECT id, round, tries, told FROM purge WHERE due <= ? ORDER BY id", (now,)
        )
        found = [Waiting(*row[:3], Order.from_json(row[3])) for row in rows.fetchall()]
        return sorted(found, key=lambda waiting: not waiting.order.hard)

    def next_due(self) -> float | None:
        (moment,) = self._db.execute("SELECT min(due) FROM purge").fetchone()
        return moment

    def done(self, waiting: Waiting, *, twice: bool, now: float) -> None:
        with self._transaction() as db:
            if twice and waiting.round == 1:
                db.execute(
                    "UPDATE purge SET round = 2, tries = 0, trouble = '', due = ? WHERE id = ?",
                    (now + SECOND_ROUND, waiting.id),
                )
            else:
                db.execute("DELETE FROM purge WHERE id = ?", (waiting.id,))
            db.execute(
                "INSERT INTO meta VALUES ('sent', '1') "
                "ON CONFLICT (name) DO UPDATE SET value = value + 1"
            )

    def failed(self, waiting: Waiting, why: str, now: float) -> None:
        wait = min(2.0**waiting.tries, LONGEST_WAIT)
        with self._transaction() as db:
            db.execute(
                "UPDATE purge SET tries = tries + 1, trouble = ?, due = ? WHERE id = ?",
                (why[:500], now + wait, waiting.id),
            )

    def everything(self, *, hard: bool, due: float, **facts: object) -> None:
        """One purge of everything instead of all that wait and ask for less; what is gone and can
        be told sooner keeps its place. One that waits already keeps its time."""
        with self._transaction() as db:
            rows = db.execute("SELECT id, round, due, told FROM purge").fetchall()
            for number, round_, when, told in rows:
                order = Order.from_json(told)
                if order.everything:
                    due, hard = min(due, when) if round_ == 1 else due, hard or order.hard
                if order.everything or not order.hard or (hard and when >= due):
                    db.execute("DELETE FROM purge WHERE id = ?", (number,))
            self._put(db, Order(everything=True, hard=hard), due, facts)


def state(data: Path) -> dict[str, Any]:
    """For `nightdesk press status`: ``waiting`` orders, ``since`` (epoch of the oldest, None:
    none waits), ``failing`` (how many were refused at least once), ``trouble`` (what the CDN said
    last), ``sent`` (how many were taken so far)."""
    empty = {"waiting": 0, "since": None, "failing": 0, "trouble": "", "sent": 0}
    if not (data / NAME).exists():
        return empty
    db = sqlite3.connect(f"{(data / NAME).absolute().as_uri()}?mode=ro", uri=True, timeout=2)
    try:
        waiting, since, failing = db.execute(
            "SELECT count(*), min(made), count(*) FILTER (WHERE tries > 0) FROM purge "
            "WHERE round = 1 OR tries > 0"
        ).fetchone()
        trouble = db.execute(
            "SELECT trouble FROM purge WHERE trouble != '' ORDER BY due DESC LIMIT 1"
        ).fetchone()
        sent = db.execute("SELECT value FROM meta WHERE name = 'sent'").fetchone()
    except sqlite3.Error as error:
        return empty | {"trouble": f"{data / NAME} cannot be read ({error})."}
    finally:
        db.close()
    return {
        "waiting": waiting,
        "since": since,
        "failing": failing,
        "trouble": trouble[0] if trouble else "",
        "sent": int(sent[0]) if sent else 0,
    }


def in_words(found: dict[str, Any]) -> str:
    """What `state` found, as a line for people."""
    if not found["waiting"]:
        return f"The CDN knows of every change; {found['sent']} purges were taken."
    waits = f"{found['waiting']}, the oldest for {time.time() - found['since']:.0f} s."
    if not found["failing"]:
        return f"Changes that the CDN is being told of: {waits}"
    return f"Changes that the CDN has not taken: {waits} It said: {found['trouble']}"
