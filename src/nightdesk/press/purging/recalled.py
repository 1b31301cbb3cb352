"""What is known of takedowns at the CDN: the table in ``purge.db``, and how to read it.

Apart from ``recall``, which fills it, so that the command line can read it without Django.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from nightdesk.kernel.sqlite import use_fixed_sqlite
from nightdesk.press.purging.queue import NAME

use_fixed_sqlite()

import sqlite3  # noqa: E402

SCHEMA = """
CREATE TABLE IF NOT EXISTS recall (
  id TEXT PRIMARY KEY,
  path TEXT NOT NULL,
  asked REAL NOT NULL,
  due REAL,
  round INTEGER NOT NULL DEFAULT 1,
  tries INTEGER NOT NULL DEFAULT 0,
  gone REAL,
  trouble TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class State:
    """``gone``: since when the CDN hands it out no more (epoch), None: it does, or nobody knows;
    ``trouble``: what it said instead; ``tries``: how often in vain."""

    asked: float
    gone: float | None
    trouble: str
    tries: int


def state(data: Path, id_: str) -> State | None:
    """What is known of a takedown at the CDN; None: nothing (yet)."""
    file = data / NAME
    if not file.exists():
        return None
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as db:
            row = db.execute(
                "SELECT asked, gone, trouble, tries FROM recall WHERE id = ?", (id_,)
            ).fetchone()
    except sqlite3.Error:
        return None
    return State(*row) if row else None
