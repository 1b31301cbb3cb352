"""How the press stands: what is printed, what waits, what cannot be printed, what was missed."""

from __future__ import annotations

import datetime
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from nightdesk.press import outbox
from nightdesk.press.printing import lock
from nightdesk.press.printing.recheck import missed
from nightdesk.press.purging import queue as purging
from nightdesk.press.shelf.format import sqlite3
from nightdesk.press.shelf.read import Shown

#: A page that has waited longer than this, in seconds, waits for something that is wrong.
LATE = 60.0
#: Of a long list, so many are shown.
_SHOWN = 10


@dataclass(frozen=True)
class Standing:
    """``waiting`` entries are stale, the oldest ``oldest`` seconds long; ``behind`` changes have
    not been looked at; ``trouble``: path → why; ``missed``: (path, epoch); ``cdn``: the state of
    the purges, None without a CDN."""

    at_work: bool
    shelf: bool
    complete: bool
    behind: int
    waiting: int
    oldest: float
    kinds: dict[str, int]
    trouble: dict[str, str]
    missed: int
    missed_paths: list[tuple[str, float]]
    last: tuple[str, float] | None
    cdn: dict[str, Any] | None = None

    @property
    def is_well(self) -> bool:
        told = self.cdn is None or not self.cdn["failing"]
        return self.at_work and self.shelf and not self.trouble and self.oldest < LATE and told

    def as_data(self) -> dict[str, Any]:
        return {"well": self.is_well, **asdict(self)}

    def as_text(self) -> list[str]:
        if not self.shelf:
            return ["There is no shelf yet: start Nightdesk, and the press makes it."]
        work = "at work" if self.at_work else "not running: readers keep what is printed already"
        lines = [f"The press is {work}."]
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(self.kinds.items()))
        whole = "everything there is" if self.complete else "not everything yet"
        lines.append(f"Printed, {whole}: {kinds or 'nothing'}.")
        if self.waiting or self.behind:
            lines.append(
                f"Waiting: {self.waiting} pages, the oldest for {self.oldest:.1f} s; "
                f"{self.behind} changes not looked at."
            )
        else:
            lines.append("Nothing waits.")
        if self.last:
            lines.append(f"Last printed: {self.last[0]} at {_clock(self.last[1])}.")
        for path, why in list(self.trouble.items())[:_SHOWN]:
            lines.append(f"Cannot be printed: {path}. {why}")
        if len(self.trouble) > _SHOWN:
            lines.append(f"… and {len(self.trouble) - _SHOWN} more that cannot be printed.")
        lines.append(
            f"Changes that nobody had told: {self.missed}{' (a fault)' * bool(self.missed)}"
        )
        lines += [f"  {path} at {_clock(when)}" for path, when in self.missed_paths[-_SHOWN:]]
        if self.cdn is not None:
            lines.append(purging.in_words(self.cdn))
        return lines


def standing_now() -> Standing:
    """Of the shelf in this machine's data folder."""
    data = Path(settings.DATA)
    try:
        shown = Shown(data)
    except (FileNotFoundError, sqlite3.Error, ValueError):
        return Standing(lock.is_held(data), False, False, 0, 0, 0.0, {}, {}, 0, [], None)
    try:
        state = shown.state()
        last = shown.last_printed()
        paths = missed(shown.meta("missed_paths"))
    finally:
        shown.close()
    since = state["stale_since"]
    return Standing(
        at_work=lock.is_held(data),
        shelf=True,
        complete=state["complete"],
        behind=max(0, outbox.newest() - state["cursor"]),
        waiting=state["stale"],
        oldest=time.time() - since if since else 0.0,
        kinds=state["kinds"],
        trouble=state["trouble"],
        missed=state["missed"],
        missed_paths=paths,
        last=last,
        cdn=purging.state(data) if settings.NIGHTDESK["NIGHTDESK_CDN"] else None,
    )


def _clock(moment: float) -> str:
    when = datetime.datetime.fromtimestamp(moment, datetime.UTC)
    return f"{timezone.localtime(when):%Y-%m-%d %H:%M:%S}"
