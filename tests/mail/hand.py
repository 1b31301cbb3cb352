"""A courier that does what a test says, a source that keeps its rows in a list; and where a real
sender's books are kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from nightdesk.mail.ports import Fate, Message, Outcome


def sent(message: Message) -> Outcome:
    return Outcome(message.key, Fate.SENT, 250, "taken")


def down(message: Message) -> Outcome:
    return Outcome(message.key, Fate.LATER, 0, "cannot be reached", concerns_all=True)


def books_of(sender: int) -> int:
    """The process that keeps its books."""
    tasks = Path(f"/proc/{sender}/task").glob("*/children")
    (clerk,) = [int(pid) for task in tasks for pid in task.read_text().split()]
    return clerk


class ByHand:
    """Carries one message after another; ``says`` answers for the relay. ``None`` from it: no
    answer ever comes."""

    def __init__(
        self, says: Callable[[Message], Outcome | None] = sent, seconds: float = 0.0
    ) -> None:
        self.says, self.seconds = says, seconds
        self.carried: list[Message] = []
        self.open = asyncio.Event()
        self.open.set()

    async def carry(self, messages, told) -> None:
        under_way = []
        try:
            await self.open.wait()
            async for message in messages:
                self.carried.append(message)
                under_way.append(message)
                await asyncio.sleep(self.seconds)
                outcome = self.says(message)
                if outcome is None:
                    await asyncio.Event().wait()
                under_way.remove(message)
                told(outcome)
                await self.open.wait()
        finally:
            for message in under_way:
                told(Outcome(message.key, Fate.UNCERTAIN, 0, "no answer"))


class Rows:
    """A source of ``count`` messages. ``became`` has what was told of each, in order."""

    def __init__(self, name: str, rank: int, count: int) -> None:
        self.name, self.rank = name, rank
        self.queued = list(range(1, count + 1))
        self.sending: set[int] = set()
        self.became: list[tuple[int, Outcome]] = []
        self.limits: list[int] = []
        self.trouble: Exception | None = None

    def found_at_start(self, epoch: int) -> None:
        pass

    def turn(self, outcomes, limit, epoch):
        if self.trouble is not None:
            raise self.trouble
        for outcome in outcomes:
            self.sending.remove(outcome.key)
            self.became.append((outcome.key, outcome))
            if outcome.fate is Fate.LATER:
                self.queued.insert(0, outcome.key)
        self.limits.append(limit)
        given, self.queued = self.queued[:limit], self.queued[limit:]
        self.sending |= set(given)
        return [Message(key, "us@news.example", f"{key}@example.org", b"") for key in given]

    def told(self, fate: Fate) -> list[int]:
        return [key for key, outcome in self.became if outcome.fate is fate]
