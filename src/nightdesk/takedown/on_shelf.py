"""What the shelf alone says about an address, for when the database cannot be asked.

Nothing here knows Django.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from nightdesk.kernel.text import fold
from nightdesk.press.shelf.format import hashed, sqlite3
from nightdesk.press.shelf.pieces import Own
from nightdesk.press.shelf.read import Shown, Stored
from nightdesk.press.shelf.takedowns import Withdrawn
from nightdesk.press.shelf.write import Shelf

#: Kinds of stored pages that can be taken down; others are the newsroom's own furniture.
_KINDS = ("story", "brief", "coverage", "coverage_entry")
_PAGE = re.compile(rb'<meta name="nightdesk-page" content="(\d+)">')
_TITLE = re.compile(rb'<meta property="og:title" content="([^"]*)">')
_BRIEF = re.compile(r"(?:/[a-z]{2,3})?/news-feed/(\d+)/")
#: A coverage, or one of its updates; not an older page of its list.
_COVERAGE = re.compile(r"(?:/[a-z]{2,3})?/coverage/[^/]+/(?:(\d+)/)?")
_PICTURE = re.compile(r"/media/((?:pictures|audio)/[A-Za-z0-9_]+)-[^/]*")


@dataclass
class Known:
    """``path``: the thing's own address; ``described``: fields of `Withdrawn`; ``refused``: why it
    cannot be taken down, in words."""

    path: str
    described: dict[str, Any] = field(default_factory=dict)
    refused: str = ""


def look_up(data: Path, path: str) -> Known:
    """What is at an address, as far as the shelf knows. Never raises for a shelf that is broken."""
    if path.startswith("/media/"):
        found = _PICTURE.fullmatch(path)
        if found is None:
            return Known(path, refused=f"{path} is no picture that readers could have.")
        return Known(path, {"stems": (found[1],), "files": (path.removeprefix("/media/"),)})
    try:
        shown = Shown(data)
    except (FileNotFoundError, ValueError, OSError, sqlite3.Error):
        return Known(path)
    try:
        return _on(shown, path)
    except (ValueError, sqlite3.Error):
        return Known(path)
    finally:
        shown.close()


def _on(shown: Shown, path: str) -> Known:
    stored = _stored(shown, path)
    asked = [path]
    if stored is not None and 300 <= stored.status < 400:
        # An old address: what it leads to is meant.
        asked.append(_leads(stored))
        stored = _stored(shown, asked[-1])
    if stored is None or stored.status == 0:
        return Known(asked[-1], {"paths": tuple(asked)})
    covered = _COVERAGE.fullmatch(stored.path)
    if stored.kind not in _KINDS or (stored.kind.startswith("coverage") and not covered):
        refused = f"{path} is no story, brief, coverage, update or picture ({stored.kind})."
        return Known(path, refused=refused)
    below = shown.below(stored.path) if stored.kind == "coverage" else []
    paths = dict.fromkeys([stored.path, *asked, *shown.leads_to(stored.path), *below])
    body = b"".join(piece.raw for piece in stored.pieces if isinstance(piece, Own))
    described = {
        "kind": "update" if stored.kind == "coverage_entry" else stored.kind,
        "paths": tuple(paths),
        "files": tuple(shown.files_of(stored.path)),
        **_said(stored.path, body),
    }
    if below:
        described["keys"] = tuple(
            hashed(f"coverage.entry:{found[1]}")
            for found in map(_COVERAGE.fullmatch, below)
            if found and found[1]
        )
    return Known(stored.path, described)


def _said(path: str, body: bytes) -> dict[str, Any]:
    """Which row a page is made from, by what stands in its head."""
    titled = _TITLE.search(body)
    title = html.unescape(titled[1].decode("utf-8", "replace")) if titled else ""
    found = _PAGE.search(body)
    if found:
        number = found[1].decode()
        # As `press.keys.page_keys`, which knows Django; a test holds the two together.
        page = (f"page:{number}", f"page:{number}:card", f"page:{number}:place")
        keys = (*page, f"headline:{fold(title)[:255]}")
    elif brief := _BRIEF.fullmatch(path):
        number = brief[1]
        keys = (f"briefs.brief:{number}",)
    elif (update := _COVERAGE.fullmatch(path)) and update[1]:
        number = update[1]
        keys = (f"coverage.entry:{number}",)
    else:
        return {"title": title[:300]}
    return {"thing": number, "title": title[:300], "keys": tuple(map(hashed, keys))}


def _stored(shown: Shown, path: str) -> Stored | None:
    other = path.rstrip("/") if path.endswith("/") else f"{path}/"
    for each in (path, other):
        found = shown.get(each)
        if found is not None and found.status:
            return found
    return None


def _leads(stored: Stored) -> str:
    return unquote(urlsplit(dict(stored.headers).get("location", "")).path)


def withhold(shelf: Shelf, one: Withdrawn) -> list[str]:
    """Take away what shows it, and note that this is done."""
    known = json.loads(shelf.meta("withheld", "[]"))
    noted = json.dumps(sorted({*known, one.id}))
    return shelf.withhold(one.addresses, one.keys, one.stems, withheld=noted)
