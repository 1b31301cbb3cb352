"""The theme's files, read once at start and served under names that hold their content's hash.

``/assets/css/nightdesk.1f0c3a9be2.css`` never changes, so browsers keep it for a year; a changed
file has a new name. Style sheets and scripts may be split by idea: ``@import "story.css";`` and
``import "./embed.js";`` are put in their place, so that a page loads one of each.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nightdesk.theme.palette import palette_css

FOLDER = Path(__file__).resolve().parent / "assets"
#: What readers' browsers may fetch. Everything else in the folder is a part or a tool.
PUBLIC = ("css/nightdesk.css", "js/nightdesk.js", "fonts/*.woff2", "icons/*.svg")
CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}

_CSS_IMPORT = re.compile(r'^@import "([\w.-]+)";\n', re.M)
_CSS_URL = re.compile(r'url\("\.\./([\w./-]+)"\)')
_CSS_COMMENT = re.compile(r"/\*.*?\*/\s*", re.S)
_JS_IMPORT = re.compile(r'^import "\./([\w.-]+)";\n', re.M)
_JS_COMMENT = re.compile(r"^[ \t]*//.*\n", re.M)


@dataclass(frozen=True)
class Asset:
    """One served file. ``url`` is absolute on the site and changes with the content."""

    url: str
    body: bytes
    content_type: str


class UnknownAsset(KeyError):
    """No such file among the theme's assets; the message names it."""


@cache
def assets() -> dict[str, Asset]:
    """Every public asset by its name, such as ``css/nightdesk.css``."""
    names = sorted(
        path.relative_to(FOLDER).as_posix() for public in PUBLIC for path in FOLDER.glob(public)
    )
    found: dict[str, Asset] = {}
    # Style sheets name fonts and icons, so those get their addresses first.
    for name in sorted(names, key=lambda name: name.endswith(".css")):
        body = _body(name, found)
        stem, _, ending = name.rpartition(".")
        digest = hashlib.sha256(body).hexdigest()[:10]
        found[name] = Asset(
            f"/assets/{stem}.{digest}.{ending}", body, CONTENT_TYPES[Path(name).suffix]
        )
    return found


def addresses() -> Iterator[str]:
    """Where readers find each of them."""
    return (found.url for found in assets().values())


def asset(name: str) -> Asset:
    """The asset of that name. UnknownAsset when there is none."""
    try:
        return assets()[name]
    except KeyError as error:
        raise UnknownAsset(f"The theme has no file {name!r} in assets/.") from error


def text(name: str) -> str:
    """The text of any file in the folder, a part included."""
    return palette_css() if name == "css/palette.css" else (FOLDER / name).read_text("utf-8")


def _body(name: str, known: dict[str, Asset]) -> bytes:
    if name.endswith(".css"):
        css = _CSS_IMPORT.sub(lambda part: text(f"css/{part[1]}"), text(name))
        css = _CSS_URL.sub(lambda link: f'url("{known[link[1]].url}")', css)
        return _CSS_COMMENT.sub("", css).encode()
    if name.endswith(".js"):
        # Each part keeps its own scope, as a module would.
        js = _JS_IMPORT.sub(lambda part: f"{{\n{text(f'js/{part[1]}')}}}\n", text(name))
        return _JS_COMMENT.sub("", js).encode()
    return (FOLDER / name).read_bytes()
