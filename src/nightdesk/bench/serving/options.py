"""How long and how large a measurement is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Options:
    """``seconds`` of load in each of ``rounds``; ``connections`` of the readers; ``publishes``
    measured; ``archives``: numbers of stories; ``quick``: everything small, to see that it works.
    """

    rounds: int = 5
    seconds: float = 4.0
    connections: int = 64
    publishes: int = 20
    archives: tuple[int, ...] = (1_000, 10_000, 100_000)
    herd: int = 2_000
    herd_seconds: float = 60.0
    quick: bool = False

    def changed(self, **values: Any) -> Options:
        return replace(self, **values)

    @classmethod
    def small(cls) -> Options:
        return cls(
            rounds=2,
            seconds=1.0,
            publishes=5,
            archives=(200, 1_000),
            herd=200,
            herd_seconds=6.0,
            quick=True,
        )
