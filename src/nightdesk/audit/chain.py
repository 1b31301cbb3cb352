"""The audit chain: who did what, in an order that cannot be rewritten unseen.

``DATA/audit.db`` lies outside the main database and is only ever appended to. Each entry holds the
hash of the one before and is sealed with a key made from the newsroom's secret key. Whoever has the
file alone can change or cut it, but not so that it fits again. ``DATA/audit.head`` holds the latest
entry, sealed too, so that a chain which ends too early is noticed.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from django.conf import settings

from nightdesk.kernel.sqlite import use_fixed_sqlite

use_fixed_sqlite()

import sqlite3  # noqa: E402

#: What an entry says about whether its object is out.
OUT, WITHDRAWN = "out", "withdrawn"
#: Seconds that an entry waits for another process's; later it is made up for by the clock.
_PATIENCE = 3.0
_NONE = "0" * 64

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, who INTEGER, name TEXT NOT NULL,
    action TEXT NOT NULL, object TEXT NOT NULL, kind TEXT NOT NULL, label TEXT NOT NULL,
    revision INTEGER, content TEXT NOT NULL, state TEXT NOT NULL, stands TEXT NOT NULL,
    session TEXT NOT NULL, note TEXT NOT NULL, source TEXT NOT NULL, seal TEXT NOT NULL,
    before TEXT NOT NULL, hash TEXT NOT NULL, key TEXT NOT NULL, mac TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS entry_object ON entry (object, seq);
CREATE INDEX IF NOT EXISTS entry_source ON entry (source, seal);
CREATE TRIGGER IF NOT EXISTS entry_stays BEFORE UPDATE ON entry
    BEGIN SELECT RAISE(ABORT, 'the audit chain is only ever appended to'); END;
CREATE TRIGGER IF NOT EXISTS entry_remains BEFORE DELETE ON entry
    BEGIN SELECT RAISE(ABORT, 'the audit chain is only ever appended to'); END;
CREATE TABLE IF NOT EXISTS standing (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


@dataclass(frozen=True)
class Entry:
    """One thing that somebody did. ``content`` is the SHA-256 of the version's content, ``state``
    that of each field of a thing without versions. No reader is ever in here, and no address."""

    at: str
    action: str
    who: int | None = None
    name: str = ""
    object: str = ""
    kind: str = ""
    label: str = ""
    revision: int | None = None
    content: str = ""
    state: dict[str, str] = field(default_factory=dict)
    stands: str = ""
    session: str = ""
    note: dict[str, Any] = field(default_factory=dict)
    source: str = ""
    seal: str = ""
    seq: int = 0
    before: str = ""
    hash: str = ""
    key: str = ""
    mac: str = ""

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


_SAID = tuple(f.name for f in fields(Entry) if f.name not in ("seq", "hash", "key", "mac"))
_ALL = (*_SAID, "seq", "hash", "key", "mac")


def now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")


class AuditTrouble(Exception):
    """The file cannot be written or read; says why."""


def path() -> Path:
    return Path(settings.DATA) / "audit.db"


def _head_path() -> Path:
    return Path(settings.DATA) / "audit.head"


def secret() -> bytes:
    """The key of seals, of no use for anything else."""
    return hmac.digest(settings.SECRET_KEY.encode(), b"nightdesk audit", "sha256")


def sealed(text: str) -> str:
    return hmac.new(secret(), text.encode(), "sha256").hexdigest()


def key_name() -> str:
    """Which key it is, without saying anything about it."""
    return hashlib.sha256(b"name of " + secret()).hexdigest()[:12]


def _packed(value: Any) -> Any:
    return json.dumps(value, sort_keys=True, default=str) if isinstance(value, dict) else value


def _hash(seq: int, entry: Entry) -> str:
    said = [seq, *(_packed(getattr(entry, name)) for name in _SAID)]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _entry(row: tuple) -> Entry:
    named = dict(zip(_ALL, row, strict=True))
    for name in ("state", "note"):
        try:
            named[name] = json.loads(named[name])
        except ValueError:
            named[name] = {"unreadable": named[name]}
    return Entry(**named)


class Book:
    """The chain, open. Made by ``reading`` and ``writing``."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self.appended = 0

    def append(self, entry: Entry) -> Entry:
        """Only within ``writing``."""
        last = self._database.execute("SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1")
        seq, before = last.fetchone() or (0, _NONE)
        values = {name: getattr(entry, name) for name in _SAID}
        new = Entry(**{**values, "seq": seq + 1, "before": before})
        found = _hash(new.seq, new)
        row = [_packed(getattr(new, name)) for name in _SAID]
        row += [new.seq, found, key_name(), sealed(found)]
        self._database.execute(
            f"INSERT INTO entry ({', '.join(_ALL)}) VALUES ({', '.join('?' * len(_ALL))})",
            row,
        )
        self.appended += 1
        return self.last()

    def _entries(self, rest: str, *values: Any) -> list[Entry]:
        found = self._database.execute(f"SELECT {', '.join(_ALL)} FROM entry {rest}", values)
        return [_entry(row) for row in found]

    def last(self) -> Entry | None:
        return next(iter(self._entries("ORDER BY seq DESC LIMIT 1")), None)

    def first(self) -> Entry | None:
        return next(iter(self._entries("ORDER BY seq LIMIT 1")), None)

    def after(self, seq: int, limit: int) -> list[Entry]:
        return self._entries("WHERE seq > ? ORDER BY seq LIMIT ?", seq, limit)

    def decides(self, thing: str) -> Entry | None:
        """The latest entry that says what readers get of ``thing``."""
        found = self._entries("WHERE object = ? AND stands != '' ORDER BY seq DESC LIMIT 1", thing)
        return found[0] if found else None

    def out_since(self, kind: str, since: str) -> list[Entry]:
        """Of each thing of this kind the entry that says what readers get of it, if that is from
        ``since`` or later and says that they have it."""
        return self._entries(
            "WHERE at >= ? AND stands = ? AND object LIKE ? || ':%' AND NOT EXISTS ("
            "SELECT 1 FROM entry AS later WHERE later.object = entry.object "
            "AND later.stands != '' AND later.seq > entry.seq) ORDER BY seq",
            since,
            OUT,
            kind,
        )

    def of_revision(self, thing: str, action: str, revision: int) -> Entry | None:
        found = self._entries(
            "WHERE object = ? AND action = ? AND revision = ? ORDER BY seq DESC LIMIT 1",
            thing,
            action,
            revision,
        )
        return found[0] if found else None

    def has(self, source: str, seal: str) -> bool:
        asked = "SELECT 1 FROM entry WHERE source = ? AND seal = ? LIMIT 1"
        return self._database.execute(asked, (source, seal)).fetchone() is not None

    def has_seal(self, seal: str) -> bool:
        asked = "SELECT 1 FROM entry WHERE seal = ? LIMIT 1"
        return self._database.execute(asked, (seal,)).fetchone() is not None

    def notes_since(self, word: str, after: int) -> list[Entry]:
        """Entries whose note has ``word``."""
        return self._entries(
            "WHERE seq > ? AND json_extract(note, '$.' || ?) IS NOT NULL ORDER BY seq", after, word
        )

    def latest_entry(self, thing: str, action: str) -> Entry | None:
        found = self._entries(
            "WHERE object = ? AND action = ? ORDER BY seq DESC LIMIT 1", thing, action
        )
        return found[0] if found else None

    def latest_of(self, action: str, thing: str) -> int:
        """The number of the latest such entry, 0 without one."""
        found = self.latest_entry(thing, action)
        return found.seq if found else 0

    def listed(
        self, *, name: str = "", action: str = "", before: int = 0, count: int = 50
    ) -> list[Entry]:
        """Newest first; ``before`` is the number of the entry above."""
        asked, values = ["1"], []
        for column, value in (("name", name), ("action", action)):
            if value:
                asked.append(f"{column} = ?")
                values.append(value)
        if before:
            asked.append("seq < ?")
            values.append(before)
        where = f"WHERE {' AND '.join(asked)} ORDER BY seq DESC LIMIT ?"
        return self._entries(where, *values, count)

    def named(self, column: str) -> list[str]:
        """Every person, or every action, in the chain."""
        if column not in ("name", "action"):
            raise ValueError(column)
        found = self._database.execute(f"SELECT DISTINCT {column} FROM entry ORDER BY 1")
        return [value for (value,) in found if value]

    def count(self) -> int:
        return self._database.execute("SELECT count(*) FROM entry").fetchone()[0]

    def standing(self, name: str, default: Any = None) -> Any:
        """What is remembered beside the chain: how far was copied, what the last check found."""
        row = self._database.execute(
            "SELECT value FROM standing WHERE name = ?", (name,)
        ).fetchone()
        return json.loads(row[0]) if row else default

    def remember(self, name: str, value: Any) -> None:
        self._database.execute(
            "INSERT INTO standing VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, json.dumps(value, default=str)),
        )


@contextlib.contextmanager
def writing() -> Iterator[Book]:
    """Hold the chain's end; what was appended is on the disk when this is left. ``AuditTrouble``."""
    try:
        database = sqlite3.connect(path(), timeout=_PATIENCE, isolation_level=None)
    except sqlite3.Error as error:
        raise AuditTrouble(str(error)) from error
    try:
        try:
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("PRAGMA synchronous=FULL")
            if not database.execute("PRAGMA user_version").fetchone()[0]:
                path().chmod(0o600)
                database.executescript(f"{_SCHEMA} PRAGMA user_version = 1;")
            database.execute("BEGIN IMMEDIATE")
            book = Book(database)
            yield book
            last = book.last() if book.appended else None
            database.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            raise AuditTrouble(" ".join(str(error).split())) from error
        if last:
            _keep_head(last)
    finally:
        database.close()  # takes back what was not committed


@contextlib.contextmanager
def reading() -> Iterator[Book | None]:
    """The chain as it stands, None when there is none yet. ``AuditTrouble``."""
    if not path().exists():
        yield None
        return
    try:
        database = sqlite3.connect(path(), timeout=_PATIENCE, isolation_level=None)
    except sqlite3.Error as error:
        raise AuditTrouble(str(error)) from error
    try:
        try:
            database.execute("PRAGMA query_only = ON")
            made = database.execute("PRAGMA user_version").fetchone()[0]
            if made:
                database.execute("BEGIN")
            yield Book(database) if made else None
        except sqlite3.Error as error:
            raise AuditTrouble(" ".join(str(error).split())) from error
    finally:
        database.close()


def append(entry: Entry) -> None:
    """One entry by itself. ``AuditTrouble``."""
    with writing() as book:
        book.append(entry)


def _keep_head(last: Entry) -> None:
    """Never behind the chain but for a crash in between, which does no harm."""
    said = f"{last.seq}:{last.hash}"
    new = _head_path().with_suffix(f".{os.getpid()}.new")
    with contextlib.suppress(OSError):
        new.write_text(f"{said}:{key_name()}:{sealed(said)}", encoding="ascii")
        new.chmod(0o600)
        head = kept_head()
        if head is None or head[0] < last.seq:
            new.replace(_head_path())
        else:
            new.unlink()


def kept_head() -> tuple[int, str] | None:
    """(number, hash) of the last entry as noted beside the chain; None without a note that this
    newsroom has made."""
    try:
        seq, found, key, mac = _head_path().read_text(encoding="ascii").strip().split(":")
        if key == key_name() and hmac.compare_digest(mac, sealed(f"{seq}:{found}")):
            return int(seq), found
    except (OSError, ValueError):
        pass
    return None


@dataclass(frozen=True)
class Walk:
    """How far a walk along the chain has come. ``broken`` says what is wrong, and where first;
    ``foreign`` counts entries sealed with another secret key, whose order alone can be verified."""

    seq: int = 0
    hash: str = _NONE
    foreign: int = 0
    since: str = ""
    broken: str = ""


def walk_on(walk: Walk, book: Book, count: int) -> tuple[Walk, bool]:
    """Verify ``count`` entries more; whether that was the end."""
    entries = book.after(walk.seq, count)
    seq, before, foreign, since = walk.seq, walk.hash, walk.foreign, walk.since
    for entry in entries:
        wrong = _wrong_with(entry, seq, before)
        if wrong:
            return Walk(seq, before, foreign, since, wrong), True
        seq, before = entry.seq, entry.hash
        foreign += entry.key != key_name()
        since = since or entry.at
    return Walk(seq, before, foreign, since), len(entries) < count


def _wrong_with(entry: Entry, seq: int, before: str) -> str:
    if entry.seq != seq + 1:
        return f"entry {seq + 1} is missing"
    if entry.before != before or entry.hash != _hash(entry.seq, entry):
        return f"entry {entry.seq} was altered, or one before it"
    if entry.key == key_name() and not hmac.compare_digest(entry.mac, sealed(entry.hash)):
        return f"entry {entry.seq} was not written by this newsroom"
    return ""


def ends_too_early(walk: Walk, book: Book | None) -> str:
    """Whether the note of the last entry knows more than the chain."""
    head = kept_head()
    if head is None:
        return ""
    if head[0] > walk.seq:
        return f"its end is missing: {head[0]} entries were written, {walk.seq} are there"
    at_head = book.after(head[0] - 1, 1) if book else []
    if not at_head or at_head[0].hash != head[1]:
        return f"entry {head[0]} is another one than was written"
    return ""


def verify() -> Walk:
    """Walk the whole chain. ``AuditTrouble``."""
    with reading() as book:
        walk, done = Walk(), book is None
        while not done:
            walk, done = walk_on(walk, book, 1000)
        if not walk.broken and (early := ends_too_early(walk, book)):
            walk = Walk(walk.seq, walk.hash, walk.foreign, walk.since, early)
    return walk
