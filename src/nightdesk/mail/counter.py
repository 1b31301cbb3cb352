"""What lies ready for the courier: few messages, the awaited ones on top."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from nightdesk.mail.ports import Message

#: Half of what may be under way at any moment: that many leave while the next are made ready. Only
#: a relay that takes many thousands a second is ever given so many.
WINDOW = 256
#: So many are made ready at least and at most; in between, as fast as the courier fetches them.
LEAST, MOST = 2, 2 * WINDOW


@dataclass(slots=True)
class Ready:
    """A message, whose source it is, and when it was laid out."""

    source: str
    message: Message
    since: float


class Counter(AsyncIterator[Message]):
    """Several connections may fetch at once. On its way a message has a number of ours, because
    two sources may give the same one; ``back`` leads to it, once."""

    def __init__(self, fetched: Callable[[], None]) -> None:
        #: Rank, our number, whose it is, the message, when it was laid out.
        self._heap: list[tuple[int, int, str, Message, float]] = []
        self._fetched = fetched
        self._news = asyncio.Event()
        self._shut = False
        self._number = 0
        self.under_way: dict[int, tuple[str, int]] = {}
        #: Since when nothing was fetched although something lay here, be it always the same or not.
        self.lying_since: float | None = None
        #: How many to make ready; found out by how soon they are gone.
        self.wanted = LEAST

    def __len__(self) -> int:
        return len(self._heap)

    def lay_out(self, source: str, rank: int, message: Message, now: float) -> None:
        self._number += 1
        heapq.heappush(self._heap, (rank, self._number, source, message, now))
        if self.lying_since is None:
            self.lying_since = now
        self._news.set()

    @property
    def top(self) -> int | None:
        """The rank of the uppermost."""
        return self._heap[0][0] if self._heap else None

    def room(self) -> int:
        """How many more to lay out: twice as many as before whenever all were gone."""
        if not self._heap:
            self.wanted = min(self.wanted * 2, MOST)
        elif len(self._heap) * 2 > self.wanted:
            return 0
        return self.wanted - len(self._heap)

    def take_back(self, everything: bool, before: float = 0.0) -> list[Ready]:
        """Messages that nobody fetched, all or those laid out before; fewer are wanted then."""
        back = [Ready(*item[2:]) for item in self._heap if everything or item[4] < before]
        if back:
            self._heap = [item for item in self._heap if not everything and item[4] >= before]
            heapq.heapify(self._heap)
            self.wanted = LEAST
        return back

    def shut(self) -> None:
        """No more: the courier goes home when it has delivered what it fetched."""
        self._shut = True
        self._news.set()

    def back(self, number: int) -> tuple[str, int] | None:
        """Whose a message was and what its source calls it; None when that was told before."""
        return self.under_way.pop(number, None)

    async def __anext__(self) -> Message:
        while not self._heap:
            if self._shut:
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()
        _rank, number, source, (key, mail_from, rcpt_to, content), _now = heapq.heappop(self._heap)
        self.under_way[number] = (source, key)
        self.lying_since = None
        self._fetched()
        return Message(number, mail_from, rcpt_to, content)
