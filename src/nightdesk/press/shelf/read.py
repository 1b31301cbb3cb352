"""The readers' side of the shelf: for the newsstand, and for whoever waits for the press."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from nightdesk.press.shelf.format import FORMAT, NAME, connect, sqlite3
from nightdesk.press.shelf.pieces import Piece, unpack

#: What asking raises when the file is damaged, out of reach or being mended.
ShelfError = sqlite3.Error


@dataclass(frozen=True, slots=True)
class Stored:
    """One entry. ``status`` is 0 for a path that is wanted but not printed (yet, or any more)."""

    path: str
    kind: str
    seq: int
    status: int
    headers: list[tuple[str, str]]
    tag: str
    pieces: list[Piece]
    br: bytes | None
    pressed: float


class Shown:
    """The shelf, opened only to be read. Raises ``FileNotFoundError`` when there is none yet,
    ``sqlite3.Error`` when it cannot be read, ``ValueError`` when it is of another format.

    ``alone``: last resort when it cannot be opened otherwise (see ``format.connect``); what is
    written meanwhile is not seen. One thread at a time may ask.
    """

    def __init__(self, data: Path, *, alone: bool = False) -> None:
        file = data / NAME
        if not file.exists():
            raise FileNotFoundError(file)
        self._opened = connect(file, read_only=True, alone=alone)
        try:
            (format_,) = self._opened.execute("PRAGMA user_version").fetchone()
            self._opened.execute("SELECT max(seq) FROM entry").fetchone()
        except sqlite3.Error:
            self._opened.close()
            raise
        if format_ != FORMAT:
            self._opened.close()
            raise ValueError(f"{file} has format {format_}; this version reads {FORMAT}.")

    def close(self) -> None:
        self._opened.close()

    def version(self) -> int:
        """A number that changes when anybody has written; asking costs 4 µs."""
        (number,) = self._opened.execute("PRAGMA data_version").fetchone()
        return int(number)

    def changed_since(self, seq: int) -> tuple[int, list[str]]:
        """(the newest change's number, paths that changed or vanished after ``seq``)."""
        rows = self._opened.execute(
            "SELECT seq, path FROM entry WHERE seq > ?1 "
            "UNION ALL SELECT seq, path FROM dropped WHERE seq > ?1",
            (seq,),
        ).fetchall()
        return max((row[0] for row in rows), default=seq), [row[1] for row in rows]

    def new_since(self, number: int) -> tuple[int, list[str]]:
        """(the newest entry's number, paths of the entries made after ``number``), wanted ones
        among them. Numbers of removed entries can be given to new ones."""
        rows = self._opened.execute("SELECT id, path FROM entry WHERE id > ?", (number,)).fetchall()
        return max((row[0] for row in rows), default=number), [row[1] for row in rows]

    def newest(self) -> int:
        """The number of the newest change; 0 on an empty shelf."""
        (seq,) = self._opened.execute(
            "SELECT max((SELECT coalesce(max(seq), 0) FROM entry), "
            "(SELECT coalesce(max(seq), 0) FROM dropped))"
        ).fetchone()
        return int(seq)

    def removed_since(self, seq: int) -> list[str]:
        """Paths that stopped being public after ``seq``, though they may lead somewhere now."""
        rows = self._opened.execute("SELECT path FROM dropped WHERE seq > ?", (seq,))
        return [path for (path,) in rows.fetchall()]

    def get(self, path: str) -> Stored | None:
        row = self._opened.execute(
            "SELECT path, kind, seq, status, headers, tag, body, br, pressed FROM entry "
            "WHERE path = ?",
            (path,),
        ).fetchone()
        if row is None:
            return None
        head, body = row[:4], row[6]
        headers = [(name, value) for name, value in json.loads(row[4])]
        return Stored(*head, headers, row[5], list(unpack(body)), row[7], row[8])

    def meta(self, name: str, default: str = "") -> str:
        """A fact about the shelf: cursor, complete, release, live, missed…"""
        row = self._opened.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return row[0] if row else default

    def shows_file(self, name: str) -> bool:
        """Whether something on the shelf shows this file of ``/media/``, so anyone may fetch it."""
        return (
            self._opened.execute("SELECT 1 FROM media WHERE name = ? LIMIT 1", (name,)).fetchone()
            is not None
        )

    def files_of(self, path: str) -> list[str]:
        """Files of ``/media/`` that an entry shows."""
        rows = self._opened.execute(
            "SELECT name FROM media WHERE entry = (SELECT id FROM entry WHERE path = ?)", (path,)
        )
        return [name for (name,) in rows.fetchall()]

    def below(self, path: str) -> list[str]:
        """Stored entries whose path begins with this one and goes on."""
        rows = self._opened.execute(
            "SELECT path FROM entry WHERE path > ? AND path < ? AND status != 0",
            (path, f"{path}\U0010ffff"),
        )
        return [where for (where,) in rows.fetchall()]

    def leads_to(self, path: str) -> list[str]:
        """Stored redirects to a path."""
        rows = self._opened.execute(
            "SELECT path, headers FROM entry WHERE status BETWEEN 300 AND 399"
        )
        wanted = {path, path.rstrip("/")}
        return [
            where
            for where, headers in rows.fetchall()
            if unquote(urlsplit(dict(json.loads(headers)).get("location", "")).path) in wanted
        ]

    def shows(self, keys: Iterable[int]) -> list[str]:
        """Stored entries that are made from any of these (hashes)."""
        found: dict[str, None] = {}
        for key in keys:
            rows = self._opened.execute(
                "SELECT path FROM entry WHERE status != 0 AND id IN "
                "(SELECT entry FROM dep WHERE key = ?)",
                (key,),
            )
            found |= {path: None for (path,) in rows.fetchall()}
        return list(found)

    def lateness(self) -> tuple[int, float | None]:
        """(how many entries are stale, since when (epoch), None when none is)."""
        stale, since = self._opened.execute(
            "SELECT count(*), min(stale) FROM entry WHERE stale IS NOT NULL"
        ).fetchone()
        return stale, since

    def last_printed(self) -> tuple[str, float] | None:
        """(path, epoch) of the entry that changed last."""
        row = self._opened.execute(
            "SELECT path, pressed FROM entry WHERE status != 0 ORDER BY seq DESC LIMIT 1"
        ).fetchone()
        return (row[0], row[1]) if row else None

    def waits(self, path: str, change: int) -> bool:
        """Whether what readers get at a path is older than a change of the outbox."""
        row = self._opened.execute(
            "SELECT stale, seen FROM entry WHERE path = ?", (path,)
        ).fetchone()
        return row is not None and row[0] is not None and row[1] < change

    def trouble(self, path: str) -> str:
        """Why it could not be printed the last time; empty when it could."""
        row = self._opened.execute("SELECT trouble FROM entry WHERE path = ?", (path,)).fetchone()
        return row[0] if row else ""

    def state(self) -> dict[str, Any]:
        return state(self._opened)


def state(db: sqlite3.Connection) -> dict[str, Any]:
    """Counts by kind; how many entries are stale and since when (epoch, None: none is); what
    could not be printed and why; the cursor; missed dependencies."""
    kinds = db.execute("SELECT kind, count(*) FROM entry WHERE status != 0 GROUP BY kind")
    stale, since = db.execute(
        "SELECT count(*), min(stale) FROM entry WHERE stale IS NOT NULL"
    ).fetchone()
    trouble = db.execute("SELECT path, trouble FROM entry WHERE trouble != '' ORDER BY path")
    meta = dict(db.execute("SELECT name, value FROM meta"))
    return {
        "kinds": dict(kinds.fetchall()),
        "stale": stale,
        "stale_since": since,
        "trouble": dict(trouble.fetchall()),
        "cursor": int(meta.get("cursor", 0)),
        "complete": meta.get("complete") == "1",
        "missed": int(meta.get("missed", 0)),
        "release": meta.get("release", ""),
    }
