"""The press's side of the shelf: mark what is stale, choose what to print next, put it there."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import brotli

from nightdesk.press.shelf.format import FORMAT, NAME, SCHEMA, connect, hashed, sqlite3
from nightdesk.press.shelf.pieces import Own, Piece, Slot, pack

#: Order of printing, lowest first: what an editor waits for, what stands on every page, the rest
#: by how much it is read, and what only looks like it might have changed.
URGENT, SHARED, LISTED, REST = 0, 1, 2, 3
#: What every shelf entry starts with that is no reader page.
FRAGMENT = "fragment:"
_MEDIA = re.compile(rb"/media/([A-Za-z0-9_./-]+)")
#: A newsstand that slept through more removals than this reads the shelf anew.
_DROPPED_KEPT = 20_000


@dataclass(frozen=True)
class Printed:
    """One printed answer. ``kind``: "story", "home", "fragment"…; ``headers``: only those that
    belong to this answer (content type, location, cache tags); ``keys``: what it depends on;
    ``links``: same-site paths it leads to; ``due``: when it will say something else (epoch)."""

    kind: str
    status: int
    headers: list[tuple[str, str]]
    pieces: list[Own | Slot]
    keys: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    due: float | None = None

    @property
    def tag(self) -> str:
        """The same for the same answer: it makes the ETag, and says that nothing has changed."""
        digest = hashlib.blake2b(digest_size=12)
        digest.update(json.dumps([self.status, self.headers]).encode())
        for piece in self.pieces:
            data = piece.raw if isinstance(piece, Own) else b"\0" + piece.path.encode()
            digest.update(len(data).to_bytes(8, "big") + data)
        return digest.hexdigest()


@dataclass(frozen=True)
class Next:
    """What to print next."""

    path: str
    kind: str
    stale: float
    rank: int


@dataclass(frozen=True)
class Change:
    """One row of the outbox: its id, the keys it touches, the paths that stop being public, the
    paths an editor waits for."""

    id: int
    keys: Iterable[str] = ()
    gone: Iterable[str] = ()
    urgent: Iterable[str] = ()


_ENTRIES = "SELECT path FROM entry WHERE status != 0 AND id IN"


def _column(db: sqlite3.Connection, query: str, *values: object) -> dict[str, None]:
    return {path: None for (path,) in db.execute(query, values).fetchall()}


#: What every SQLite file begins with, once something has been written to it.
_MAGIC = b"SQLite format 3\0"


def is_a_shelf(file: Path) -> bool:
    """Whether the file on disk still begins as a database does. Whoever has it open may not
    notice for long that somebody has written over it."""
    with file.open("rb") as opened:
        return opened.read(len(_MAGIC)) == _MAGIC


def _make(file: Path) -> None:
    """An empty shelf, put in its place whole: whoever reads sees no file, or all its tables."""
    new = file.with_name(f"{file.name}.new")
    for left in (new, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))):
        left.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(new, isolation_level=None)) as opened:
        opened.executescript(f"BEGIN;{SCHEMA};PRAGMA user_version={FORMAT};COMMIT")
    new.replace(file)


@dataclass
class Shelf:
    """The open shelf; every method is one transaction."""

    file: Path
    opened: sqlite3.Connection = field(repr=False)

    @classmethod
    def open(cls, data: Path) -> Shelf:
        """Open ``data/shelf.db``, made anew when it is missing, damaged or of another format."""
        file = data / NAME
        for _attempt in range(2):
            if not file.exists() or not is_a_shelf(file):
                _make(file)
            opened = None
            try:
                opened = connect(file, read_only=False)
                (format_,) = opened.execute("PRAGMA user_version").fetchone()
                if format_ == FORMAT:
                    opened.execute("SELECT max(seq) FROM entry").fetchone()
                    return cls(file, opened)
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:
                pass
            if opened is not None:
                opened.close()
            file.unlink(missing_ok=True)
        raise OSError(f"{file} can neither be read nor made anew.")

    def close(self) -> None:
        self.opened.close()

    def throw_away(self) -> None:
        """It is damaged: the next to open it makes a new one. Close it afterwards, or SQLite would
        write what it remembers into the ruins."""
        for end in ("", "-wal", "-shm"):
            self.file.with_name(self.file.name + end).unlink(missing_ok=True)

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self.opened.execute("BEGIN IMMEDIATE")
        try:
            yield self.opened
        except BaseException:
            if self.opened.in_transaction:
                self.opened.execute("ROLLBACK")
            raise
        self.opened.execute("COMMIT")

    # What is known about the shelf as a whole.

    def meta(self, name: str, default: str = "") -> str:
        row = self.opened.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return row[0] if row else default

    def note(self, **values: object) -> None:
        """Keep facts such as ``release="…"``, ``complete=1``."""
        with self._transaction() as db:
            self._note(db, values)

    @staticmethod
    def _note(db: sqlite3.Connection, values: Mapping[str, object]) -> None:
        db.executemany("REPLACE INTO meta VALUES (?, ?)", [(k, str(v)) for k, v in values.items()])

    @property
    def cursor(self) -> int:
        """The outbox row up to which everything stale is marked and everything gone removed."""
        return int(self.meta("cursor", "0"))

    @staticmethod
    def _next_seq(db: sqlite3.Connection) -> int:
        (entry,) = db.execute("SELECT coalesce(max(seq), 0) FROM entry").fetchone()
        (dropped,) = db.execute("SELECT coalesce(max(seq), 0) FROM dropped").fetchone()
        return int(max(entry, dropped)) + 1

    # What has changed.

    def take(self, changes: Iterable[Change], now: float | None = None, **facts: object) -> int:
        """Remove what is gone, mark what is stale, and move the cursor, all at once; ``facts`` are
        kept in the same transaction.

        Returns how many entries became stale. A removed path is handed out no more from this
        moment on; it is printed once more, because it may lead somewhere else now.
        """
        now = time.time() if now is None else now
        marked = 0
        with self._transaction() as db:
            cursor = 0
            seq = self._next_seq(db)
            for change in changes:
                cursor = max(cursor, change.id)
                for path in change.gone:
                    self._empty(db, path, seq, now)
                marked += self._mark(db, set(change.keys), now)
                for path in dict.fromkeys(change.urgent):
                    self._want(db, path, URGENT, now)
            if cursor:
                self._note(db, {"cursor": cursor, **facts})
            self._forget_old_removals(db, seq)
        return marked

    @staticmethod
    def _mark(db: sqlite3.Connection, keys: set[str], now: float) -> int:
        marked = 0
        for key in keys:
            marked += db.execute(
                "UPDATE entry SET stale = coalesce(stale, ?) WHERE stale IS NULL AND id IN "
                "(SELECT entry FROM dep WHERE key = ?)",
                (now, hashed(key)),
            ).rowcount
        return marked

    @staticmethod
    def _want(db: sqlite3.Connection, path: str, rank: int, now: float) -> None:
        db.execute(
            "INSERT INTO entry (path, stale, rank) VALUES (?1, ?2, ?3) ON CONFLICT (path) DO "
            "UPDATE SET stale = coalesce(stale, ?2), rank = min(rank, ?3)",
            (path, now, rank),
        )

    @staticmethod
    def _empty(db: sqlite3.Connection, path: str, seq: int, now: float) -> None:
        db.execute("INSERT OR IGNORE INTO dropped VALUES (?, ?)", (seq, path))
        db.execute("DELETE FROM media WHERE entry = (SELECT id FROM entry WHERE path = ?)", (path,))
        db.execute(
            "UPDATE entry SET status = 0, body = x'', br = NULL, headers = '[]', tag = '', "
            "seq = ?, stale = coalesce(stale, ?), rank = ? WHERE path = ?",
            (seq, now, URGENT, path),
        )

    def withhold(
        self,
        paths: Iterable[str],
        keys: Iterable[int],
        stems: Iterable[str] = (),
        now: float | None = None,
        **facts: object,
    ) -> list[str]:
        """Something was taken down: hand out nothing any more that is made from it, without asking
        the main database, which may be gone. Returns what is withheld.

        ``keys``: hashes; ``stems``: beginnings of the names of its files. Pages and lists that show
        it wait to be printed anew; until then readers are sent to the site, and get its words that
        nothing can be shown when that cannot answer either. A fragment becomes empty instead, since
        nearly every page stands around one. ``facts`` are kept in the same transaction.
        """
        now = time.time() if now is None else now
        with self._transaction() as db:
            seq = self._next_seq(db)
            found: dict[str, None] = {}
            for path in paths:
                found |= _column(db, "SELECT path FROM entry WHERE path = ?", path)
                # Whoever asks a CDN for what was never printed gets nothing either.
                db.execute("INSERT OR IGNORE INTO dropped VALUES (?, ?)", (seq, path))
            for key in keys:
                found |= _column(db, f"{_ENTRIES} (SELECT entry FROM dep WHERE key = ?)", key)
            for stem in stems:
                shown = "(SELECT entry FROM media WHERE substr(name, 1, ?) = ?)"
                found |= _column(db, f"{_ENTRIES} {shown}", len(stem) + 1, f"{stem}-")
            for path in found:
                if path.startswith(FRAGMENT):
                    self._blank(db, path, seq, now)
                else:
                    self._empty(db, path, seq, now)
            self._note(db, facts)
            self._forget_old_removals(db, seq)
        return list(found)

    @staticmethod
    def _blank(db: sqlite3.Connection, path: str, seq: int, now: float) -> None:
        db.execute("DELETE FROM media WHERE entry = (SELECT id FROM entry WHERE path = ?)", (path,))
        db.execute(
            "UPDATE entry SET status = 200, body = x'', br = NULL, tag = 'withheld', seq = ?, "
            "stale = coalesce(stale, ?), rank = ? WHERE path = ?",
            (seq, now, URGENT, path),
        )

    @staticmethod
    def _forget_old_removals(db: sqlite3.Connection, seq: int) -> None:
        db.execute("DELETE FROM dropped WHERE seq < ?", (seq - _DROPPED_KEPT,))

    def want(self, paths: Iterable[str], rank: int = LISTED, now: float | None = None) -> None:
        """Print these, whether the shelf has them or not."""
        now = time.time() if now is None else now
        with self._transaction() as db:
            for path in paths:
                self._want(db, path, rank, now)

    def want_new(self, paths: Iterable[str], rank: int = REST, now: float | None = None) -> None:
        """Print those of these that the shelf has never heard of."""
        now = time.time() if now is None else now
        with self._transaction() as db:
            db.executemany(
                "INSERT OR IGNORE INTO entry (path, stale, rank) VALUES (?, ?, ?)",
                [(path, now, rank) for path in paths],
            )

    def doubt_everything(self, now: float | None = None, **facts: object) -> None:
        """Print all of it again, each in its own rank, while the old answers go on being handed
        out; ``facts`` are kept in the same transaction."""
        now = time.time() if now is None else now
        with self._transaction() as db:
            db.execute("UPDATE entry SET stale = coalesce(stale, ?) WHERE kind != 'asset'", (now,))
            self._note(db, facts)

    def doubt_due(self, now: float) -> int:
        """Mark what says something else from now on; returns how many."""
        with self._transaction() as db:
            return int(
                db.execute(
                    "UPDATE entry SET stale = coalesce(stale, due), due = NULL WHERE due <= ?",
                    (now,),
                ).rowcount
            )

    # Printing.

    def next(self) -> Next | None:
        """The most urgent stale entry."""
        row = self.opened.execute(
            "SELECT path, kind, stale, rank FROM entry WHERE stale IS NOT NULL "
            "ORDER BY rank, heat DESC, id DESC LIMIT 1"
        ).fetchone()
        return Next(*row) if row else None

    def put(self, path: str, printed: Printed, *, seen: int, rank: int = REST) -> bool:
        """Store a printed answer; ``rank`` is its place in the line when it is stale again.

        Returns whether readers get something else now. Links to paths the shelf has never heard
        of are put in the line.
        """
        now = time.time()
        tag = printed.tag
        with self._transaction() as db:
            row = db.execute("SELECT id, tag, status FROM entry WHERE path = ?", (path,)).fetchone()
            changed = row is None or row[1:] != (tag, printed.status)
            if row is None:
                db.execute("INSERT INTO entry (path) VALUES (?)", (path,))
                row = db.execute("SELECT id FROM entry WHERE path = ?", (path,)).fetchone()
            number = row[0]
            db.execute(
                "UPDATE entry SET kind = ?, seen = ?, due = ?, stale = NULL, rank = ?, "
                "trouble = '' WHERE id = ?",
                (printed.kind, seen, printed.due, rank, number),
            )
            if changed:
                self._store(db, number, printed, tag, now)
            self._depend(db, number, printed.keys)
            db.executemany(
                "INSERT OR IGNORE INTO entry (path, stale, rank) VALUES (?, ?, ?)",
                [(link, now, REST) for link in printed.links],
            )
        return changed

    def _store(
        self, db: sqlite3.Connection, number: int, printed: Printed, tag: str, now: float
    ) -> None:
        raw = b"".join(piece.raw for piece in printed.pieces if isinstance(piece, Own))
        whole = all(isinstance(piece, Own) for piece in printed.pieces)
        # Quality 11 costs 49 ms a page: worth it for files that never change again.
        quality = 11 if printed.kind == "asset" else 5
        br = brotli.compress(raw, quality=quality) if whole and raw else None
        db.execute(
            "UPDATE entry SET seq = ?, status = ?, headers = ?, tag = ?, body = ?, br = ?, "
            "pressed = ? WHERE id = ?",
            (
                self._next_seq(db),
                printed.status,
                json.dumps(printed.headers),
                tag,
                pack(printed.pieces),
                br,
                now,
                number,
            ),
        )
        names = {match.decode() for match in _MEDIA.findall(raw)}
        db.execute("DELETE FROM media WHERE entry = ?", (number,))
        db.executemany("INSERT INTO media VALUES (?, ?)", [(name, number) for name in names])

    @staticmethod
    def _depend(db: sqlite3.Connection, number: int, keys: Iterable[str]) -> None:
        wanted = {hashed(key) for key in keys}
        held = {row[0] for row in db.execute("SELECT key FROM dep WHERE entry = ?", (number,))}
        db.executemany(
            "DELETE FROM dep WHERE key = ? AND entry = ?", [(k, number) for k in held - wanted]
        )
        db.executemany("INSERT INTO dep VALUES (?, ?)", [(k, number) for k in wanted - held])

    def drop(self, path: str) -> None:
        """There is nothing at this path."""
        with self._transaction() as db:
            row = db.execute("SELECT id FROM entry WHERE path = ?", (path,)).fetchone()
            if row is None:
                return
            seq = self._next_seq(db)
            db.execute("INSERT OR IGNORE INTO dropped VALUES (?, ?)", (seq, path))
            for table in ("dep", "media"):
                db.execute(f"DELETE FROM {table} WHERE entry = ?", row)
            db.execute("DELETE FROM entry WHERE id = ?", row)

    def fail(
        self, path: str, why: str, *, keys: Iterable[str] = (), again: float | None = None
    ) -> None:
        """It could not be printed: the old answer stays, the next ones are not held up.

        It is tried again at ``again`` (epoch), and when something changes that the old answer or
        this attempt (``keys``) was made from.
        """
        with self._transaction() as db:
            row = db.execute("SELECT id FROM entry WHERE path = ?", (path,)).fetchone()
            if row is None:
                return
            db.execute(
                "UPDATE entry SET trouble = ?, stale = NULL, due = ? WHERE id = ?",
                (why[:2000], again, row[0]),
            )
            db.executemany(
                "INSERT OR IGNORE INTO dep VALUES (?, ?)", [(hashed(key), row[0]) for key in keys]
            )

    def leave_to_site(self, path: str, keys: Iterable[str] = ()) -> None:
        """Each reader gets an answer of their own here, so the shelf has none, and knows that
        there is one: whoever asks is sent to the site. ``keys``: what may change that."""
        with self._transaction() as db:
            row = db.execute("SELECT id, status FROM entry WHERE path = ?", (path,)).fetchone()
            if row is None:
                return
            if row[1]:
                self._empty(db, path, self._next_seq(db), 0)
            db.execute(
                "UPDATE entry SET trouble = '', stale = NULL, due = NULL WHERE id = ?", row[:1]
            )
            self._depend(db, row[0], keys)

    def __contains__(self, path: str) -> bool:
        """Whether readers get something at this path."""
        row = self.opened.execute("SELECT status FROM entry WHERE path = ?", (path,)).fetchone()
        return row is not None and row[0] != 0

    def is_stale(self, path: str) -> bool:
        """Whether it waits to be printed, or is not known at all."""
        row = self.opened.execute("SELECT stale FROM entry WHERE path = ?", (path,)).fetchone()
        return row is None or row[0] is not None

    def changed_since(self, moment: float, limit: int) -> list[str]:
        """The entries that changed last, the newest first."""
        rows = self.opened.execute(
            "SELECT path, pressed FROM entry WHERE status != 0 ORDER BY seq DESC LIMIT ?", (limit,)
        )
        return [path for path, pressed in rows.fetchall() if pressed >= moment]

    def unprinted(self) -> int:
        """How many entries wait to be printed for the first time."""
        (count,) = self.opened.execute(
            "SELECT count(*) FROM entry WHERE stale IS NOT NULL AND status = 0"
        ).fetchone()
        return int(count)

    def warm(self, heat: Mapping[str, float]) -> None:
        """How much each path is read: what is read most is printed first."""
        with self._transaction() as db:
            db.executemany(
                "UPDATE entry SET heat = ? WHERE path = ?",
                [(value, path) for path, value in heat.items()],
            )

    def paths(self, kind: str | None = None) -> Iterator[str]:
        """Every path that is printed, of one kind or of all."""
        query = "SELECT path FROM entry WHERE status != 0"
        rows = (
            self.opened.execute(f"{query} AND kind = ?", (kind,))
            if kind
            else self.opened.execute(query)
        )
        return (row[0] for row in rows.fetchall())

    def keys_of(self, path: str) -> set[int]:
        """What an entry depends on, as hashes (see ``format.hashed``)."""
        return {
            row[0]
            for row in self.opened.execute(
                "SELECT key FROM dep WHERE entry = (SELECT id FROM entry WHERE path = ?)", (path,)
            )
        }

    def pieces_of(self, path: str) -> list[Piece] | None:
        """The stored pieces, or None."""
        from nightdesk.press.shelf.pieces import unpack

        row = self.opened.execute("SELECT body FROM entry WHERE path = ?", (path,)).fetchone()
        return list(unpack(row[0])) if row else None

    def state(self) -> dict[str, Any]:
        """For `nightdesk press status`: counts by kind, how many are stale since when, trouble."""
        from nightdesk.press.shelf.read import state

        return state(self.opened)
