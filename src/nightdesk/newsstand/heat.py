"""How much each page is read, for the press: what is read most is printed first.

Only counts by path, in memory and in one small file; nothing about who reads.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from pathlib import Path

#: Paths told to the press.
_TOLD = 2000
#: Paths remembered between.
_REMEMBERED = 10_000
#: What was read this long ago counts half.
_HALF_LIFE = 600.0


class Heat:
    """Readings by path, each fading with time."""

    def __init__(self) -> None:
        self._heat: dict[str, float] = {}
        self._faded = time.monotonic()

    def add(self, path: str, readings: int) -> None:
        self._heat[path] = self._heat.get(path, 0.0) + readings

    def fade(self, now: float | None = None) -> None:
        """Let time pass, and forget the least read of too many."""
        now = time.monotonic() if now is None else now
        left = 0.5 ** ((now - self._faded) / _HALF_LIFE)
        self._faded = now
        held = [(path, value * left) for path, value in self._heat.items() if value * left > 0.01]
        if len(held) > _REMEMBERED:
            held = sorted(held, key=lambda pair: -pair[1])[:_REMEMBERED]
        self._heat = dict(held)

    def hottest(self) -> dict[str, float]:
        held = sorted(self._heat.items(), key=lambda pair: -pair[1])[:_TOLD]
        return {path: round(value, 2) for path, value in held}

    def write(self, file: Path) -> None:
        """Replace the file at once, so that the press never reads half of it. A full disk is no
        matter: the press then prints in another order."""
        new = file.with_name(f"{file.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            new.write_text(json.dumps(self.hottest(), ensure_ascii=False), encoding="utf-8")
            new.replace(file)
            return
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
