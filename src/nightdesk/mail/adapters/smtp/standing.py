"""How well a relay takes what we send: kept in memory, for one relay.

*Connections*: one until the relay has been seen to work, then as many as the settings allow. Each
time it says "too much", half of those that are open; after a quiet while one more, and so on.
*Pauses*: after a failure to connect, or when the last connection was sent away, nothing is tried
for a second, then two, four… a minute. *Groups*: commands are sent together as RFC 2920 allows,
and in smaller groups once the relay has shown that it cannot follow.
"""

from __future__ import annotations

import enum
import logging

log = logging.getLogger("nightdesk.mail")


class Group(enum.IntEnum):
    """How much is said before an answer is awaited: one, two, four round trips a message."""

    ONE_COMMAND = 1
    ENVELOPE = 2  # MAIL RCPT DATA
    WITH_CONTENT = 3  # content . MAIL RCPT DATA of the next message


class Standing:
    #: Seconds without "too much" after which one connection more is tried.
    QUIET = 15.0
    #: Seconds in which being asked for less by several connections counts once.
    ONE_EVENT = 1.0
    FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0

    def __init__(self, most: int) -> None:
        self.most = most
        #: How many connections may be open now.
        self.limit = 1
        self.group = Group.WITH_CONTENT
        #: Nothing is begun before this moment (of the monotonic clock).
        self.shut_until = 0.0
        self._proved: set[Group] = set()
        self._works = False
        self._after_halving = most
        self._pause = 0.0
        self._raised_at = 0.0
        self._halved_at = float("-inf")

    def look_at_the_clock(self, now: float) -> None:
        if self._works and self.limit < self.most and now - self._raised_at >= self.QUIET:
            self.limit += 1
            self._after_halving = self.limit
            self._raised_at = now

    def opened(self, now: float) -> None:
        """A connection was greeted and may carry."""
        if not self._works:
            self._works = True
            self.limit = self._after_halving
            self._raised_at = now

    def carried(self) -> None:
        """A message was taken: no pause next time."""
        self._pause = 0.0

    def could_not_open(self, now: float) -> None:
        self._works = False
        self.limit = 1
        self._shut(now)

    def too_much(self, now: float, open_now: int) -> None:
        """The relay asked for less. It sends several connections away at once: that counts once."""
        if now - self._halved_at < self.ONE_EVENT:
            return
        self.limit = self._after_halving = max(1, min(open_now, self.limit) // 2)
        self._halved_at = self._raised_at = now
        log.info("The relay asks for less; connections at most: %d.", self.limit)
        if open_now <= 1:
            self._shut(now)

    def full(self, now: float, open_now: int) -> None:
        """The relay works, and takes no connections besides these."""
        self.limit = self._after_halving = open_now
        self._raised_at = now

    def _shut(self, now: float) -> None:
        if now >= self.shut_until:
            self._pause = min(self._pause * 2 or self.FIRST_PAUSE, self.LONGEST_PAUSE)
            self.shut_until = now + self._pause

    def followed(self, group: Group) -> None:
        """The relay answered a group of this kind as it should."""
        self._proved.add(group)

    def surprised(self, group: Group, certain: bool) -> bool:
        """The relay lost the thread in a group of this kind; were the groups made smaller?

        ``certain``: it said so itself. A mere cut or silence counts only against a kind of group
        that has never worked with this relay: networks break, too.
        """
        if group > self.group:
            return True  # somebody else was surprised before
        if group is Group.ONE_COMMAND or (not certain and group in self._proved):
            return False
        self.group = Group(group - 1)
        log.warning("The relay could not follow pipelined commands; groups are smaller from now.")
        return True
