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
#: Files whose headers are kept ready; bodies up to ``_SMALL`` bytes are kept with them, in
#: ``_BODIES`` bytes in all. granian takes 128 KB for every file it sends from disk, so to a crowd
#: of slow readers small files from memory cost less.
_MOST = 20_000
_SMALL = 96 * 1024
_BODIES = 32 * 1024 * 1024


class ReadyFile:
    """One file: ``size`` in bytes, as it was when it was looked up; names never change content.
    ``asked``: in which generation of the shelf it was last seen to be shown."""

    __slots__ = ("_etag", "_file", "_modified", "_size", "_unchanged", "_whole", "asked", "body")

    def __init__(self, file: Path, size: int, modified: float, headers: Headers) -> None:
        self.asked = -1
        self.body = file.read_bytes() if size <= _SMALL else b""
        self._file = str(file)
        self._size = len(self.body) if self.body else size
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
            headers = [*self._whole, length]
            if self.body:
                protocol.response_bytes(200, headers, self.body)
            else:
                protocol.response_file(200, headers, self._file)
            return
        first, end = part
        if first >= end:
            place = ("content-range", f"bytes */{self._size}")
            protocol.response_empty(416, [*self._unchanged, place, ("content-length", "0")])
            return
        length = ("content-length", str(end - first))
        place = ("content-range", f"bytes {first}-{end - 1}/{self._size}")
        headers = [*self._whole, length, place]
        if self.body:
            protocol.response_bytes(206, headers, self.body[first:end])
        else:
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
    """``folder``: DATA/media; ``shows``: whether the shelf shows a name (None: cannot be asked).
    Used by granian's thread; only ``forget`` is called by another."""

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
        self._bodies = 0
        self._generation = 0

    def forget(self, _changed: list[str] | None = None) -> None:
        """Something on the shelf has changed: each file has to be asked for again."""
        self._generation += 1

    def find(self, name: str) -> ReadyFile | None:
        """None: the site has to be asked."""
        ready = self._ready.get(name)
        generation = self._generation
        if ready is not None and ready.asked == generation:
            return ready
        if not name.startswith(_FOLDERS) or not _NAME.fullmatch(name):
            return None
        shown = self._shows(name)
        if not shown and (shown is False or ready is None):
            self._drop(name)
            return None
        ready = ready or self._look_up(name)
        if ready is not None:
            ready.asked = generation
        return ready

    def _look_up(self, name: str) -> ReadyFile | None:
        kind = _TYPES.get(Path(name).suffix)
        found = self._plain_file(name)
        if kind is None or found is None:
            return None
        try:
            ready = ReadyFile(*found, self._headers(name, kind))
        except OSError:
            return None
        self._ready[name] = ready
        self._bodies += len(ready.body)
        while self._bodies > _BODIES or len(self._ready) > _MOST:
            self._drop(next(iter(self._ready)))
        return ready

    def _drop(self, name: str) -> None:
        ready = self._ready.pop(name, None)
        if ready is not None:
            self._bodies -= len(ready.body)

    def exists(self, name: str) -> bool:
        """Whether there may be such a file at all, shown or not; files kept elsewhere may be."""
        if not self._folder.is_dir():
            return True
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
