"""What has been taken down: a list that holds whatever becomes of the database and the shelf.

``DATA/takedowns.jsonl``, one JSON object a line, only ever appended to and on disk before anybody
is told "done". The admin, the command line and the press write it; the newsstand answers 410 from
it before it looks anywhere else. Its format is told in docs/shelf.md.

A takedown is in force from its line until a line that lifts it. Lifted once is lifted for ever:
whoever wants it down again takes it down again.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

log = logging.getLogger("nightdesk.takedowns")

NAME = "takedowns.jsonl"


def new_id() -> str:
    return secrets.token_hex(8)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """One takedown.

    ``path``: the address that was named; ``paths``: every address of the same thing, decoded, as
    the shelf has them; ``stems``: beginnings of its files' names, ``pictures/<token>``; ``files``:
    files that its page shows, for the CDN; ``keys``: hashed keys of what is made from it
    (``format.hashed``); ``kind`` and ``thing``: what it is and its id in the database, empty when
    nobody could say. ``say`` is told to readers, ``reason`` never; ``by`` is a name; ``at`` in
    seconds of the epoch.
    """

    id: str
    path: str
    at: float = 0.0
    paths: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    keys: tuple[int, ...] = ()
    kind: str = ""
    thing: str = ""
    title: str = ""
    say: str = ""
    reason: str = ""
    by: str = ""

    @property
    def addresses(self) -> list[str]:
        """Every path at which it could be asked for, with and without the slash at its end."""
        named = dict.fromkeys([self.path, *self.paths])
        return list(dict.fromkeys(each for path in named for each in _both(path)))


@dataclass(frozen=True, slots=True)
class Lifted:
    """When and by whom a takedown was ended."""

    at: float
    by: str = ""


@dataclass(slots=True)
class Held:
    """What the list says, by id: those in force, and those that were lifted."""

    down: dict[str, Withdrawn] = field(default_factory=dict)
    lifted: dict[str, Lifted] = field(default_factory=dict)

    def at(self, path: str) -> list[Withdrawn]:
        """Those in force at an address."""
        return [one for one in self.down.values() if path in one.addresses]


_FIELDS = frozenset(each.name for each in fields(Withdrawn))


def _both(path: str) -> Iterable[str]:
    yield path
    if path.startswith("/media/"):
        return
    other = path.rstrip("/") if path.endswith("/") else f"{path}/"
    if other.strip("/"):
        yield other


def read(data: Path) -> Held:
    """The list as it is now; empty when there is none. Never raises for what stands in it: a line
    that a power cut has torn counts for nothing. Raises ``OSError`` when it cannot be read."""
    held = Held()
    try:
        text = (data / NAME).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return held
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            _take(held, json.loads(line))
        except (ValueError, TypeError, KeyError):
            log.error("Line %d of %s cannot be read and counts for nothing.", number, NAME)
    return held


def _take(held: Held, told: dict[str, Any]) -> None:
    if down := told.get("down"):
        # A newer Nightdesk may say more; what it takes down is down all the same.
        told = {name: _fixed(value) for name, value in down.items() if name in _FIELDS}
        one = Withdrawn(**told)
        if one.id not in held.lifted:
            held.down[one.id] = one
    elif lift := told.get("lift"):
        held.lifted[lift["id"]] = Lifted(float(lift["at"]), str(lift["by"]))
        held.down.pop(lift["id"], None)
    elif more := told.get("more"):
        one = held.down.get(more["id"])
        if one is not None:
            added = {
                name: tuple(dict.fromkeys([*getattr(one, name), *more.get(name, ())]))
                for name in ("paths", "stems", "files", "keys")
            }
            named = {name: more[name] for name in ("kind", "thing", "title") if more.get(name)}
            held.down[one.id] = replace(one, **added, **named)


def _fixed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def take_down(data: Path, one: Withdrawn) -> Withdrawn:
    """Put it on the list; on disk when this returns. Raises ``OSError``."""
    one = replace(one, at=one.at or time.time())
    _append(data, {"down": asdict(one)})
    return one


def lift(data: Path, id_: str, by: str = "", at: float | None = None) -> None:
    """End a takedown. Raises ``OSError``."""
    _append(data, {"lift": {"id": id_, "at": at or time.time(), "by": by}})


def add(data: Path, id_: str, **more: object) -> None:
    """What became known later: further ``paths``, ``stems``, ``keys``; its ``kind``, ``thing``,
    ``title``. Raises ``OSError``."""
    _append(data, {"more": {"id": id_, **more}})


def _append(data: Path, what: dict[str, Any]) -> None:
    line = json.dumps(what, ensure_ascii=False).encode() + b"\n"
    file = data / NAME
    is_new = not file.exists()
    opened = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        size = os.fstat(opened).st_size
        if size and os.pread(opened, 1, size - 1) != b"\n":
            line = b"\n" + line  # a power cut has torn the last line
        written = os.write(opened, line)
        if written != len(line):
            os.ftruncate(opened, size)
            raise OSError(28, "No space left on device", str(file))
        os.fsync(opened)
    finally:
        os.close(opened)
    if is_new:
        folder = os.open(data, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


class Watched:
    """The list, read again when its file has changed. ``on_change`` is called with it then, and at
    once. A look costs a microsecond."""

    def __init__(self, data: Path, on_change: Callable[[Held], None] | None = None) -> None:
        self._data = data
        self._on_change = on_change
        self._seen: tuple[int, int, int] | None = None
        self.held = Held()
        self.look()

    def look(self) -> bool:
        """Whether it has changed since the last look. Never raises: what cannot be read now stays
        as it was, and is tried again with the next look."""
        try:
            found = (self._data / NAME).stat()
            state = (found.st_ino, found.st_size, found.st_mtime_ns)
        except FileNotFoundError:
            # Nobody lifts a takedown by losing the list; the press writes it anew.
            return False
        except OSError:
            return False
        if state == self._seen:
            return False
        try:
            held = read(self._data)
        except OSError as error:
            log.error("%s cannot be read: %s", NAME, error)
            return False
        self._seen, self.held = state, held
        if self._on_change:
            self._on_change(held)
        return True
