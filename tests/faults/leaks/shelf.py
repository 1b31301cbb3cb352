"""The shelf's file in clear: everything in it that a reader may get, in every coding, and all else.

Nobody outside can ask for a row of the file. But whatever stands there is one mistake away from
being handed out, so hardly more is allowed there than outside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import brotli

from nightdesk.press.shelf.pieces import Own, unpack
from nightdesk.press.shelf.write import Shelf

#: A table that is not here has never been thought of.
_TABLES = {"dep", "dropped", "entry", "media", "meta"}


@dataclass(frozen=True)
class Held:
    """``once``: what may stand here still if it has been with readers before: the address at which
    there is nothing now, or which leads elsewhere, maybe to itself with a slash."""

    where: str
    text: str
    once: str = ""


def held(shelf: Shelf) -> Iterator[Held]:
    """``dep`` is left out: it holds hashes."""
    db = shelf.opened
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables == _TABLES, tables
    rows = "SELECT path, status, kind, headers, body, br, trouble FROM entry"
    for path, status, kind, headers, body, br, trouble in db.execute(rows).fetchall():
        own = path if status != 200 else ""
        yield Held("the name of an entry", path, own)
        yield Held(f"{path}, headers", headers, own)
        yield Held(f"{path}, kind and trouble", f"{kind} {trouble}")
        pieces = list(unpack(body))
        plain = b"".join(p.raw if isinstance(p, Own) else p.path.encode() for p in pieces)
        yield Held(f"{path}, body", plain.decode("utf-8", "replace"))
        yield Held(f"{path}, br", brotli.decompress(br).decode("utf-8", "replace") if br else "")
        if status == 0 and (pieces or br or headers != "[]"):
            yield Held(f"{path} is not printed, but holds an answer", "kanarrestq")
    for (path,) in db.execute("SELECT path FROM dropped").fetchall():
        yield Held("the name of a removed entry", path, path)
    for name, value in db.execute("SELECT name, value FROM meta").fetchall():
        yield Held(f"meta {name}", value)
    shown = "SELECT name, path, coalesce(status, 0) FROM media LEFT JOIN entry ON entry.id = entry"
    for name, path, status in db.execute(shown).fetchall():
        yield Held(f"a file that {path} shows", name)
        if status == 0:
            yield Held(f"the file {name}, shown by {path}, which is not there", "kanarrestq")


def paths(shelf: Shelf) -> list[str]:
    """Every address that the shelf names, printed or not, there or removed."""
    rows = shelf.opened.execute("SELECT path FROM entry UNION SELECT path FROM dropped")
    return [path for (path,) in rows.fetchall() if path.startswith("/")]


def files(shelf: Shelf) -> list[str]:
    """Every file of ``/media/`` that it says anyone may have."""
    return [name for (name,) in shelf.opened.execute("SELECT DISTINCT name FROM media").fetchall()]
