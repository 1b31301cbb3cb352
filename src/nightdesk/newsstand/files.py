"""Pictures and sound from the media folder, when something on the shelf shows them.

Anyone may fetch what a stored page shows; everything else is the site's business, which knows who
is asking. A name is only ever looked up in the shelf's table, and links are not followed.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Callable
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path
from typing import Any

from nightdesk.newsstand.negotiating import has_already
from nightdesk.newsstand.security import SecurityHeaders
from nightdesk.press.shelf.caching import Caching

Headers = list[tuple[str, str]]

#: Folders whose files are made for readers; masters and originals are not among them.
_FOLDERS = ("pictures/", "audio/")
_NAME = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*/)+[A-Za-z0-9_-][A-Za-z0-9_.-]*")
_TYPES = {
    ".avif": "image/avif",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".vtt": "text/vtt; charset=utf-8",
    ".json": "application/json",
}
_ONE_RANGE = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*")
#: Files whose headers are kept ready.
_MOST = 20_000


class ReadyFile:
    """One file: ``size`` in bytes, as it was when it was looked up; names never change content."""

    __slots__ = ("_etag", "_file", "_modified", "_size", "_unchanged", "_whole")

    def __init__(self, file: Path, size: int, modified: float, headers: Headers) -> None:
        self._file = str(file)
        self._size = size
        self._modified = int(modified)
        self._etag = f'"{self._modified:x}-{size:x}"'
        named = [("etag", self._etag), ("last-modified", formatdate(self._modified, usegmt=True))]
        self._whole = [*headers, *named, ("accept-ranges", "bytes")]
        self._unchanged = [
            pair for pair in self._whole if pair[0] not in ("content-type", "accept-ranges")
        ]

    def send(self, protocol: Any, asked: Any, head: bool) -> None:
        """``asked``: the request's headers. Conditions and ranges as in RFC 9110, 13 and 14."""
        if self._has_already(asked):
            protocol.response_empty(304, self._unchanged)
            return
        length = ("content-length", str(self._size))
        if head:
            protocol.response_empty(200, [*self._whole, length])
            return
        part = self._part(asked)
        if part is None:
            protocol.response_file(200, [*self._whole, length], self._file)
            return
        first, end = part
        if first >= end:
            place = ("content-range", f"bytes */{self._size}")
            protocol.response_empty(416, [*self._unchanged, place, ("content-length", "0")])
            return
        length = ("content-length", str(end - first))
        place = ("content-range", f"bytes {first}-{end - 1}/{self._size}")
        headers = [*self._whole, length, place]
        protocol.response_file_range(206, headers, self._file, first, end)

    def _has_already(self, asked: Any) -> bool:
        tags = asked.get("if-none-match")
        if tags is not None:
            return has_already(tags, self._etag)
        since = _moment(asked.get("if-modified-since"))
        return since is not None and since >= self._modified

    def _part(self, asked: Any) -> tuple[int, int] | None:
        """(first byte, byte after the last); None for the whole file: no range, one that cannot be
        read, several at once, or of a file that has changed since. Empty: beyond the end."""
        wanted = asked.get("range")
        if wanted is None:
            return None
        found = _ONE_RANGE.fullmatch(wanted)
        if found is None or not any(found.groups()):
            return None
        condition = asked.get("if-range")
        if condition is not None and condition != self._etag:
            since = _moment(condition)
            if since is None or since != self._modified:
                return None
        first, last = found.groups()
        if not first:
            return max(0, self._size - int(last)), self._size if int(last) else 0
        if last and int(last) < int(first):
            return None
        return int(first), min(int(last) + 1, self._size) if last else self._size


class Files:
    """``folder``: DATA/media; ``shows``: whether the shelf shows a name (None: cannot be asked);
    ``everything``: whether the shelf is complete."""

    def __init__(
        self,
        folder: Path,
        shows: Callable[[str], bool | None],
        security: SecurityHeaders,
        caching: Caching,
    ) -> None:
        self._folder = folder
        self._shows = shows
        self._security = security
        self._caching = caching
        self._ready: dict[str, ReadyFile] = {}

    def forget(self, _changed: list[str] | None = None) -> None:
        """Something on the shelf has changed: it may show other files now."""
        self._ready = {}

    def find(self, name: str) -> ReadyFile | None:
        """None: the site has to be asked."""
        ready = self._ready.get(name)
        if ready is not None:
            return ready
        held = self._ready
        if not name.startswith(_FOLDERS) or not _NAME.fullmatch(name):
            return None
        kind = _TYPES.get(Path(name).suffix)
        if kind is None or not self._shows(name):
            return None
        found = self._plain_file(name)
        if found is None:
            return None
        ready = ReadyFile(*found, self._headers(name, kind))
        if len(held) >= _MOST:
            held.clear()
        # Into the memory of the moment at which the shelf was asked: a change since has begun a
        # new one.
        held[name] = ready
        return ready

    def exists(self, name: str) -> bool:
        """Whether there is such a file at all, shown or not."""
        return bool(_NAME.fullmatch(name)) and self._plain_file(name) is not None

    def _plain_file(self, name: str) -> tuple[Path, int, float] | None:
        """(file, size, modified), when neither it nor a folder on the way is a link."""
        place = self._folder
        parts = name.split("/")
        try:
            for part in parts[:-1]:
                place /= part
                if not stat.S_ISDIR(place.lstat().st_mode):
                    return None
            place /= parts[-1]
            found = place.lstat()
        except (OSError, ValueError):
            return None
        if not stat.S_ISREG(found.st_mode):
            return None
        return place, found.st_size, found.st_mtime

    def _headers(self, name: str, kind: str) -> Headers:
        headers = [("content-type", kind), ("cross-origin-resource-policy", "cross-origin")]
        held = {"content-type", "cross-origin-resource-policy"}
        added = [
            *self._caching.headers("media", f"/media/{name}"),
            *self._security.of_stored("media", kind),
        ]
        return headers + [pair for pair in added if pair[0] not in held]


def _moment(text: str | None) -> int | None:
    """An HTTP date in seconds since 1970; None for what is none."""
    if not text or text.startswith(('"', "W/")):
        return None
    try:
        return int(parsedate_to_datetime(text).timestamp())
    except (ValueError, TypeError, OverflowError):
        return None
