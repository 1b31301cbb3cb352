"""The tables of the shelf, and how to open its file. See docs/shelf.md."""

from __future__ import annotations

import hashlib
from pathlib import Path

from nightdesk.kernel.sqlite import use_fixed_sqlite

use_fixed_sqlite()

import sqlite3  # noqa: E402

#: Raised with every change of the tables; a shelf of another format is printed anew.
FORMAT = 1
NAME = "shelf.db"

SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE entry (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL DEFAULT '',
  seq INTEGER NOT NULL DEFAULT 0,
  status INTEGER NOT NULL DEFAULT 0,
  headers TEXT NOT NULL DEFAULT '[]',
  tag TEXT NOT NULL DEFAULT '',
  body BLOB NOT NULL DEFAULT x'',
  br BLOB,
  pressed REAL NOT NULL DEFAULT 0,
  seen INTEGER NOT NULL DEFAULT 0,
  due REAL,
  stale REAL,
  rank INTEGER NOT NULL DEFAULT 0,
  heat REAL NOT NULL DEFAULT 0,
  trouble TEXT NOT NULL DEFAULT ''
);
CREATE INDEX entry_seq ON entry (seq);
CREATE INDEX entry_stale ON entry (rank, heat DESC, id DESC) WHERE stale IS NOT NULL;
CREATE INDEX entry_due ON entry (due) WHERE due IS NOT NULL;
CREATE INDEX entry_kind ON entry (kind);
CREATE TABLE dep (key INTEGER, entry INTEGER, PRIMARY KEY (key, entry)) WITHOUT ROWID;
CREATE INDEX dep_entry ON dep (entry);
CREATE TABLE media (name TEXT, entry INTEGER, PRIMARY KEY (name, entry)) WITHOUT ROWID;
CREATE INDEX media_entry ON media (entry);
CREATE TABLE dropped (seq INTEGER, path TEXT, PRIMARY KEY (seq, path)) WITHOUT ROWID;
"""


def hashed(key: str) -> int:
    """A dependency key as the shelf keeps it: 63 bits, so a million keys collide by chance once
    in some ten million newsrooms, and a collision only prints a page once too often."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big") >> 1


def connect(file: Path, *, read_only: bool, alone: bool = False) -> sqlite3.Connection:
    """Open the file. ``read_only`` never makes one; ``alone``: as a file that nobody changes, which
    works where not even a lock can be written. Raises ``sqlite3.Error``."""
    if not read_only:
        opened = sqlite3.connect(file, isolation_level=None, timeout=10)
        opened.execute("PRAGMA journal_mode=WAL")
        # The cursor commits with the pages it stands for: what a power cut takes back is printed
        # again. Never mmap (see decisions).
        opened.execute("PRAGMA synchronous=NORMAL")
        return opened
    return sqlite3.connect(
        f"{file.absolute().as_uri()}?mode=ro{'&immutable=1' if alone else ''}",
        uri=True,
        isolation_level=None,
        # A reader of the shelf never waits for its writer; only for one that mends a killed press.
        timeout=0.2,
        check_same_thread=False,
    )
