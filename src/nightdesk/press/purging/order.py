"""What a CDN is asked to do, once."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Order:
    """Let go of these. ``urls``: full public addresses; ``tags``: as the newsstand sends them.

    Soft (``hard=False``): ask anew, and until the answer is there readers may get the old one.
    Hard: never show the old one again. ``everything``: whatever the CDN holds of this site.
    """

    urls: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    hard: bool = False
    everything: bool = False

    def __bool__(self) -> bool:
        return bool(self.urls or self.tags or self.everything)

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Order:
        held = json.loads(text)
        return cls(tuple(held["urls"]), tuple(held["tags"]), held["hard"], held["everything"])
