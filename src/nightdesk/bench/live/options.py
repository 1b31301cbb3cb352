"""How many readers, and how long."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Options:
    """``readers`` who follow or ask; ``restarted``: readers while the newsstand is killed;
    ``publishes`` measured; ``settle`` seconds in which nothing happens; ``silent`` seconds in
    which nobody reads."""

    readers: int = 5_000
    restarted: int = 2_000
    publishes: int = 5
    settle: float = 20.0
    silent: float = 60.0

    def changed(self, **values: Any) -> Options:
        return replace(self, **{name: value for name, value in values.items() if value})

    @classmethod
    def small(cls) -> Options:
        return cls(readers=200, restarted=100, publishes=2, settle=3.0, silent=6.0)
