"""An edition spread over some minutes: so that its readers do not all come to the site at once."""

from __future__ import annotations

from collections.abc import Callable

#: What was not sent in time is not made up for by more than so many seconds' worth at once.
_BURST = 1.0


class Spread:
    """``rate`` messages a second. Kept in memory: after a restart it goes on at the same speed."""

    def __init__(self, rate: float, clock: Callable[[], float]) -> None:
        self.rate = rate
        self._clock = clock
        self._left = 1.0
        self._at = clock()

    def allowed(self, most: int) -> int:
        now = self._clock()
        self._left = min(self._left + (now - self._at) * self.rate, max(1.0, self.rate * _BURST))
        self._at = now
        return min(most, int(self._left))

    def spend(self, count: int) -> None:
        self._left -= count
