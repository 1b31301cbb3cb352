"""The open shelf, as the newsstand sees it: follows its changes, keeps what is read in memory.

Two threads come here: granian's, which looks pages up, and the event loop's, which follows the
changes. Whatever changes the memory holds ``_lock``; a look into ``hot`` alone needs none.
"""

from __future__ import annotations

import asyncio
import enum
import json
import threading
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nightdesk.newsstand.heat import Heat
from nightdesk.newsstand.known import Known
from nightdesk.newsstand.log import Sparingly, logger
from nightdesk.newsstand.ready import Finishing, MissingFragmentError, Ready
from nightdesk.press.shelf.format import NAME
from nightdesk.press.shelf.pieces import Slot
from nightdesk.press.shelf.read import ShelfError, Shown, Stored

#: Seconds between two looks for changes, and between two tries to open what cannot be opened.
_LOOK = 0.05
_TRY_AGAIN = 0.25
_TELL_HEAT = 30.0
#: Memory for answers ready to be handed out.
SHELF_BYTES = 96 * 1024 * 1024
#: After more changes than the shelf remembers removals of, everything is read anew.
_TOO_MANY = 20_000
_LOOKED_AT_AGAIN = 1_000


class Lack(enum.Enum):
    """Why there is no answer: nothing is at this path; it is wanted and not printed; the shelf
    cannot tell."""

    NOTHING = enum.auto()
    UNPRINTED = enum.auto()
    UNKNOWN = enum.auto()


class Shelf:
    """``hot``: path → answer, all of them valid this moment. ``size``: bytes of memory for them.

    Without a file, with a damaged one or one on a dying disk it goes on with what is in memory,
    and says ``UNKNOWN`` of everything else.
    """

    def __init__(self, data: Path, finishing: Finishing, size: int = SHELF_BYTES) -> None:
        self._data = data
        self._file = data / NAME
        self._finishing = finishing
        self._size = size
        self._held = 0
        self._lock = threading.Lock()
        self._log = Sparingly()
        self.hot: dict[str, Ready] = {}
        self._fragments: dict[str, Stored] = {}
        self.heat = Heat()
        self.known = Known()
        self.complete = False
        #: Prefixes never stored → the parameters that mean something there; None: nobody said.
        self.live: dict[str, tuple[str, ...] | None] | None = None
        #: Called with every change: (paths changed or gone; None: maybe everything).
        self.on_change: list[Callable[[list[str] | None], None]] = []
        self._followed: Shown | None = None
        self._read: Shown | None = None
        self._inode = 0
        self._alone = False
        self._tried = -_TRY_AGAIN
        self._version = 0
        self._seq = self._newest = 0
        self._meta = ""

    @property
    def is_open(self) -> bool:
        return self._read is not None

    # Following the file.

    async def follow(self) -> None:
        """For ever: notice changes, replaced files, and tell the press what is read."""
        told = time.monotonic()
        while True:
            self.look()
            if time.monotonic() - told > _TELL_HEAT:
                told = time.monotonic()
                self.tell_heat()
            await asyncio.sleep(_LOOK)

    def look(self) -> None:
        """Notice what has changed since the last look; never raises."""
        try:
            inode = self._file.stat().st_ino
        except OSError:
            inode = 0  # gone or out of reach: an open file can still be read
        if inode and (inode != self._inode or self._followed is None or self._alone):
            self._open(inode)
        if self._followed is None:
            return
        try:
            version = self._followed.version()
            if version != self._version:
                self._take_in(self._followed)
                self._version = version
        except (ShelfError, ValueError, OverflowError) as error:
            self._lose(error)

    def _open(self, inode: int) -> None:
        now = time.monotonic()
        if now - self._tried < _TRY_AGAIN:
            return
        self._tried = now
        opened = self._opened()
        alone = False
        if opened is None:
            if self._followed is not None:
                return  # what is open can be read still
            opened = self._opened(alone=True)
            alone = True
        if opened is None:
            return
        self._close()
        self._alone = alone
        self._followed = opened[0]
        with self._lock:
            self._read = opened[1]
            self._fragments.clear()
        if inode != self._inode:
            self._inode = inode
            self._seq = self._newest = 0
            self.complete = False
        self._version = -1
        logger.info("the shelf is open%s", ", as a file that nobody changes" if alone else "")

    def _opened(self, *, alone: bool = False) -> tuple[Shown, Shown] | None:
        """One to follow, one to read from."""
        try:
            followed = Shown(self._data, alone=alone)
        except FileNotFoundError:
            return None
        except (ShelfError, ValueError, OSError) as error:
            self._log.error("shelf", "the shelf cannot be opened: %s", error)
            return None
        try:
            return followed, Shown(self._data, alone=alone)
        except (ShelfError, ValueError, OSError):
            followed.close()
            return None

    def _close(self) -> None:
        followed, self._followed = self._followed, None
        with self._lock:
            read, self._read = self._read, None
        for opened in (followed, read):
            if opened is not None:
                opened.close()

    def _lose(self, error: Exception) -> None:
        """It cannot be read (any more): what is in memory stays."""
        self._log.error("shelf", "the shelf cannot be read: %s", error)
        self._close()
        self._tried = time.monotonic()

    def _take_in(self, shown: Shown) -> None:
        """What others have written since the last look, in the order that never shows too much:
        new paths become known before anything is forgotten."""
        seq, changed = shown.changed_since(self._seq)
        everything = seq - self._seq > _TOO_MANY and self._seq > 0
        if self._newest == 0 or everything or self.known.full:
            self._newest, made = shown.new_since(0)
            self.known = Known(made)
        else:
            self._newest, made = shown.new_since(self._newest)
            for path in (*made, *changed):
                self.known.add(path)
        # The number of a removed entry can be given to a new one.
        self._newest = max(0, self._newest - min(len(changed), _LOOKED_AT_AGAIN))
        self._seq = seq
        self._take_in_meta(shown)
        if everything:
            self._forget_everything()
        elif changed:
            self._forget(changed)
        for told in self.on_change:
            told(None if everything else changed)

    def _take_in_meta(self, shown: Shown) -> None:
        live = shown.meta("live")
        if live != self._meta:
            self._meta = live
            self.live = _live(live)
        complete = shown.meta("complete") == "1" and self.live is not None
        if complete and not self.complete:
            # What an earlier file left in memory has served its time.
            self._forget_everything()
        self.complete = complete

    def _forget(self, paths: list[str]) -> None:
        gone = set(paths)
        shared = {path for path in gone if not path.startswith("/")}
        with self._lock:
            for path in shared:
                self._fragments.pop(path, None)
            if shared:
                gone.update(
                    path for path, ready in self.hot.items() if not shared.isdisjoint(ready.slots)
                )
            for path in gone:
                self._drop(path)

    def _forget_everything(self) -> None:
        with self._lock:
            self._fragments.clear()
            for path in list(self.hot):
                self._drop(path)

    # Handing out.

    def find(self, path: str) -> Ready | Lack:
        """The answer at a path, from memory or from the file."""
        ready = self.hot.get(path)
        if ready is not None:
            return ready
        with self._lock:
            if self._read is None:
                return Lack.UNKNOWN
            try:
                stored = self._read.get(path)
                if stored is None:
                    return Lack.NOTHING
                if stored.status == 0:
                    return Lack.UNPRINTED
                ready = self._finishing.ready(stored, self._fragments_of(self._read, stored))
            except MissingFragmentError:
                return Lack.UNPRINTED
            except (ShelfError, ValueError, zlib.error) as error:
                self._log.error("entry", "an entry of the shelf cannot be read: %s", error)
                return Lack.UNKNOWN
            self._keep(path, ready)
            return ready

    def _fragments_of(self, shown: Shown, stored: Stored) -> dict[str, Stored]:
        """The fragments in its slots, and in theirs, each kept for the next page."""
        found: dict[str, Stored] = {}
        wanted = [piece.path for piece in stored.pieces if isinstance(piece, Slot)]
        while wanted:
            path = wanted.pop()
            if path in found:
                continue
            fragment = self._fragments.get(path) or shown.get(path)
            if fragment is None or fragment.status != 200:
                raise MissingFragmentError(path)
            self._fragments[path] = found[path] = fragment
            wanted += [piece.path for piece in fragment.pieces if isinstance(piece, Slot)]
        return found

    def shows_file(self, name: str) -> bool | None:
        """Whether something on the shelf shows this file; None when it cannot be asked."""
        with self._lock:
            if self._read is None:
                return None
            try:
                return self._read.shows_file(name)
            except ShelfError:
                return None

    def _keep(self, path: str, ready: Ready) -> None:
        self._drop(path)
        self.hot[path] = ready
        self._held += ready.size
        while self._held > self._size and len(self.hot) > 1:
            self._make_room()

    def _make_room(self) -> None:
        """The one longest here goes, unless it was read since it was last looked at: second
        chance, which is nearly least-recently-used and costs a hit nothing."""
        path, oldest = next(iter(self.hot.items()))
        read = oldest.hits != oldest.rested
        self._drop(path)
        if read:
            oldest.rested = oldest.hits
            oldest.counted = oldest.hits
            self.hot[path] = oldest
            self._held += oldest.size

    def _drop(self, path: str) -> None:
        ready = self.hot.pop(path, None)
        if ready is not None:
            self._held -= ready.size
            if ready.hits > ready.counted:
                self.heat.add(path, ready.hits - ready.counted)

    def tell_heat(self) -> None:
        """Write down what was read."""
        with self._lock:
            self.heat.fade()
            for path, ready in self.hot.items():
                hits = ready.hits
                if hits > ready.counted and path.startswith("/"):
                    self.heat.add(path, hits - ready.counted)
                    ready.counted = hits
        self.heat.write(self._data / "heat.json")

    def health(self) -> dict[str, Any]:
        """For ``/healthz``: how far readers' pages are behind the newsroom."""
        told: dict[str, Any] = {"open": self.is_open, "complete": self.complete}
        shown = self._followed
        if shown is not None:
            try:
                stale, since = shown.lateness()
                told |= {"stale": stale, "stale_since": since}
                told["missed"] = int(shown.meta("missed", "0"))
            except (ShelfError, ValueError) as error:
                told["trouble"] = str(error)
        if self._alone:
            told["trouble"] = "It can only be read as a file that nobody changes."
        try:
            silent = time.time() - (self._data / "clock").stat().st_mtime
            told["clock_silent_seconds"] = round(max(0.0, silent), 1)
        except OSError:
            told["clock_silent_seconds"] = None
        return told


def _live(text: str) -> dict[str, tuple[str, ...] | None] | None:
    try:
        told = json.loads(text) if text else None
        if told is None:
            return None
        return {
            prefix: None if parameters is None else tuple(parameters)
            for prefix, parameters in dict(told).items()
        }
    except (ValueError, TypeError):
        logger.error("the shelf's list of addresses that are never stored cannot be read")
        return None
