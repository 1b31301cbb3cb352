"""How much may leave now: what the relay allows, and how it has taken the last messages.

*Rate*: a bucket of tokens, one a message, filled at NIGHTDESK_MAIL_RATE and never by more than a
second's worth. What is left of it is kept in the relay's row, so that a restart is no burst.
*Trouble* is a refusal that concerns everything: nothing leaves for a second, then two, four … a
minute; then one message tries, and when it is taken all go on. With a rate, each time the relay
asks for less it is halved as well (to a sixteenth at most) and doubled again after a quiet minute.
"""

from __future__ import annotations

from math import inf

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
LEAST_SPEED = 1 / 16
QUIET = 60.0


class Pace:
    """``now`` is a monotonic clock's, in seconds, everywhere. ``rate`` 0: no limit."""

    def __init__(self, rate: float = 0.0, tokens: float = 0.0, now: float = 0.0) -> None:
        self.rate = rate
        self.speed = 1.0
        self._tokens, self._at = tokens, now
        self._pause = 0.0
        self._shut_until = -inf
        self._probing = False
        self._slowed_at = -inf

    @property
    def in_trouble(self) -> bool:
        return self._pause > 0

    def allowed(self, now: float, most: int) -> int:
        """How many messages may leave, ``most`` at most; one while it is being tried."""
        if now < self._shut_until:
            return 0
        if self.in_trouble:
            most = 0 if self._probing else min(most, 1)
        return max(0, min(most, int(self.tokens(now)) if self.rate else most))

    def tokens(self, now: float) -> float:
        """Left in the bucket."""
        if self.speed < 1 and now - self._slowed_at >= QUIET:
            self.speed, self._slowed_at = min(1.0, self.speed * 2), now
        rate = self.rate * self.speed
        self._tokens = min(self._tokens + (now - self._at) * rate, max(1.0, rate))
        self._at = now
        return self._tokens

    def wait(self, now: float) -> float:
        """Seconds until more may be allowed, as far as that depends on time."""
        if now < self._shut_until:
            return self._shut_until - now
        if self.rate and (lacking := 1.0 - self.tokens(now)) > 0:
            return lacking / (self.rate * self.speed)
        return 0.0

    def spend(self, count: int) -> None:
        self._tokens -= count
        self._probing = self._probing or (self.in_trouble and count > 0)

    def taken(self) -> None:
        """The relay took a message, or refused one for its recipient's sake: it works."""
        self._pause, self._probing = 0.0, False
        self._shut_until = -inf

    def trouble(self, now: float) -> bool:
        """The relay refused everything. True when that is news: several messages that were under
        way at once are refused together, and count once."""
        if now < self._shut_until:
            return False
        if not self.in_trouble:
            self.speed, self._slowed_at = max(LEAST_SPEED, self.speed / 2), now
        self._pause = min(self._pause * 2 or FIRST_PAUSE, LONGEST_PAUSE)
        self._shut_until, self._probing = now + self._pause, False
        return True
