"""Counting tries without keeping count of everybody: a fixed number of token buckets."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Hashable


class Buckets:
    """Each key may do ``burst`` things at once and then one more every ``seconds``.

    At most ``size`` keys are remembered; the one not seen for longest is forgotten, which gives it
    a full bucket again. So whoever has more addresses than that is limited by the bucket that all
    share (a ``Buckets`` with one key).
    """

    def __init__(self, burst: int, seconds: float, size: int = 10_000) -> None:
        self._burst = float(burst)
        self._seconds = seconds
        self._size = size
        self._held: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def wait(self, key: Hashable, now: float | None = None) -> float:
        """Seconds until ``key`` may act; 0 when it may now. Takes nothing."""
        tokens = self._tokens(key, now or time.monotonic())
        return 0.0 if tokens >= 1 else (1 - tokens) * self._seconds

    def fill(self, key: Hashable, now: float | None = None) -> float:
        """How full the bucket is: 1 when nothing was done for long, 0 when nothing more may be."""
        return max(0.0, self._tokens(key, now or time.monotonic())) / self._burst

    def take(self, key: Hashable, tokens: float = 1, now: float | None = None) -> None:
        """Count one thing done (or, with -1, one that shall not count)."""
        now = now or time.monotonic()
        left = min(self._burst, self._tokens(key, now) - tokens)
        self._held[key] = left, now
        self._held.move_to_end(key)
        if len(self._held) > self._size:
            self._held.popitem(last=False)

    def _tokens(self, key: Hashable, now: float) -> float:
        tokens, since = self._held.get(key, (self._burst, now))
        return min(self._burst, tokens + (now - since) / self._seconds)

    def __len__(self) -> int:
        return len(self._held)


def longest_wait(asks: list[tuple[Buckets, Hashable]], now: float | None = None) -> float:
    """0 when every bucket allows, else how long the longest wait is, in seconds. Takes nothing."""
    now = now or time.monotonic()
    return max((buckets.wait(key, now) for buckets, key in asks), default=0.0)


def allowed(asks: list[tuple[Buckets, Hashable]]) -> float:
    """0 and one token from each when every bucket allows; else nothing taken, and how long the
    longest wait is, in seconds. So a flood that one bucket stops does not empty the others."""
    now = time.monotonic()
    wait = longest_wait(asks, now)
    if not wait:
        for buckets, key in asks:
            buckets.take(key, now=now)
    return wait
