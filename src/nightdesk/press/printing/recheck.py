"""Look for what the press was never told: print again what should not have changed.

Each minute the home pages, the fragments and what changed within a day; each night everything. A
page that comes out different although nothing had marked it stale is a missed dependency: it is
put right, counted and kept with its time, because it is a fault of ours.
"""

from __future__ import annotations

import datetime
import json
import logging
from collections import deque
from collections.abc import Iterator
from urllib.parse import unquote

from django.utils import timezone

from nightdesk.press import pages
from nightdesk.press.shelf.write import Shelf

log = logging.getLogger("nightdesk.press")

_MINUTE = 60.0
_DAY = 24 * 3600.0
#: Of what changed last, so many are looked at each minute: some 2 % of a processor.
_RECENT = 40
#: In the newsroom's time; a night that was slept through is made up for.
_NIGHT_HOUR = 3
_LATEST_SWEEP = datetime.timedelta(hours=36)
#: Missed dependencies that are kept with path and time.
_KEPT = 50


class Recheck:
    """Which path to look at again, if any is due."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._line: deque[str] = deque()
        self._next_round = 0.0
        self._sweep: Iterator[str] | None = None

    def next(self, now: float) -> str | None:
        """The next path, None when there is none for now."""
        # The second half: the machine's clock was set back, and nobody waits until it is there again.
        if now >= self._next_round or self._next_round > now + _MINUTE:
            # The first round comes a minute after the start: everything has just been printed.
            if self._next_round:
                self._line.extend(self._recent(now))
            self._next_round = now + _MINUTE
        if self._line:
            return self._line.popleft()
        if self._sweep is None and self._night_has_come(now):
            self._sweep = self._everything()
        if self._sweep is not None:
            path = next(self._sweep, None)
            if path is None:
                self._sweep = None
                self._shelf.note(swept=now)
            return path
        return None

    def _recent(self, now: float) -> Iterator[str]:
        recent = self._shelf.changed_since(now - _DAY, _RECENT)
        shared = [*self._shelf.paths("home"), *self._shelf.paths("fragment")]
        return iter(dict.fromkeys([*shared, *recent]))

    def _night_has_come(self, now: float) -> bool:
        last = self._shelf.meta("swept")
        if not last or float(last) > now:
            # Printed from nothing, so everything is new; or from a time that has not come yet.
            self._shelf.note(swept=now)
            return False
        since = datetime.timedelta(seconds=now - float(last))
        here = timezone.localtime(datetime.datetime.fromtimestamp(now, datetime.UTC))
        tonight = here.hour == _NIGHT_HOUR and since > datetime.timedelta(hours=2)
        return tonight or since > _LATEST_SWEEP

    def _everything(self) -> Iterator[str]:
        """What is on the shelf, and what should be; theme files never change."""
        assets = set(self._shelf.paths("asset"))
        known = set(self._shelf.paths())
        yield from sorted(known - assets)
        for _kind, path in pages.all_paths():
            if unquote(path) not in known:
                yield unquote(path)

    def note_missed(self, path: str, now: float) -> None:
        log.error(
            "%s had changed and nothing had said so. It is right now; please report it.", path
        )
        kept = [*missed(self._shelf.meta("missed_paths")), (path, now)][-_KEPT:]
        count = int(self._shelf.meta("missed", "0")) + 1
        self._shelf.note(missed=count, missed_paths=json.dumps(kept))


def missed(text: str) -> list[tuple[str, float]]:
    """(path, epoch) of the last missed dependencies, from the shelf's meta."""
    return [(path, moment) for path, moment in json.loads(text or "[]")]
