"""Which line takes which message, and that each message is told of exactly once."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncIterator, Callable
from time import monotonic

from nightdesk.mail.adapters.smtp.line import Line, Place
from nightdesk.mail.adapters.smtp.opening import NotOpened, open_line, tls_context
from nightdesk.mail.adapters.smtp.patience import Patience
from nightdesk.mail.adapters.smtp.replies import Reply
from nightdesk.mail.adapters.smtp.standing import Standing
from nightdesk.mail.ports import Fate, Message, Outcome
from nightdesk.mail.relay import RelayAddress

#: How often each line looks at the clock, in seconds, unless patience is shorter.
LOOK = 0.5
_STOPPED = "Mail was stopped before this message was sent."


class SMTPCourier:
    """One relay. What is learnt of it stays over several calls of ``carry``.

    ``connections``: at most; ``name``: ours, for EHLO (empty: the address we come from).
    """

    def __init__(
        self,
        relay: RelayAddress,
        connections: int,
        *,
        name: str = "",
        patience: Patience | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.relay, self.name = relay, name
        self.patience = patience or Patience()
        self.context = context or tls_context(relay)
        self.standing = Standing(connections)

    async def carry(
        self, messages: AsyncIterator[Message], told: Callable[[Outcome], None]
    ) -> None:
        round_ = _Round(self, messages, told)
        clock = asyncio.create_task(round_.watch_the_clock())
        try:
            await round_.hand_out()
            await round_.leave()
        except asyncio.CancelledError:
            await round_.stop()
            raise
        finally:
            clock.cancel()
            round_.drop()
        if round_.failure is not None:
            raise round_.failure


class _Round:
    """One call of ``carry``: the exchange between whoever gives messages and the lines."""

    def __init__(
        self,
        courier: SMTPCourier,
        messages: AsyncIterator[Message],
        told: Callable[[Outcome], None],
    ) -> None:
        self._courier = courier
        self.standing, self.patience = courier.standing, courier.patience
        self._messages, self._told = messages, told
        self._lines: set[Line] = set()
        self._openings: set[asyncio.Task[None]] = set()
        self._opening_for: dict[Line, Message] = {}  # whoever takes it out tells of the message
        self._places: dict[Place, dict[Line, None]] = {place: {} for place in Place}
        self._back: deque[Message] = deque()
        self._been_back: set[int] = set()
        self._untold = 0  # messages taken and not told of
        self._ended = False
        self._waiting: asyncio.Future[None] | None = None
        self._why_shut = ("", 0)
        self.asking = False
        self.failure: Exception | None = None

    # Handing out.

    async def hand_out(self) -> None:
        """Until the messages have ended and each has been told of."""
        hungry, idle, behind = (
            self._places[place] for place in (Place.HUNGRY, Place.IDLE, Place.BEHIND)
        )
        while True:
            if self._back:
                message = self._back.popleft()
            elif self._ended:
                if not self._untold:
                    return
                await self._something_new()
                continue
            elif not self._may_begin(hungry, idle, behind):
                pause = self.standing.shut_until - monotonic()
                if pause > 0:
                    asyncio.get_running_loop().call_later(pause, self._wake)
                await self._something_new()
                continue
            else:
                self.asking = True
                try:
                    message = await anext(self._messages)
                except StopAsyncIteration:
                    self._ended = True
                    continue
                except Exception as error:
                    self.failure, self._ended = error, True
                    continue
                finally:
                    # To the lines it looks the same whether nobody has a message or nobody ever
                    # will: what they hold leaves at once.
                    self.asking = self._ended
                self._untold += 1
            for place in (hungry, idle):
                if place:
                    next(iter(reversed(place))).give(message)
                    break
            else:
                self._find_a_line(message, behind)
                if self._back and self._back[0] is message:
                    await self._something_new()

    def _may_begin(self, *places: dict[Line, None]) -> bool:
        if monotonic() < self.standing.shut_until:
            return False
        return any(places) or self._room()

    def _room(self) -> bool:
        return len(self._lines) < self.standing.limit

    def _find_a_line(self, message: Message, behind: dict[Line, None]) -> None:
        if monotonic() < self.standing.shut_until:
            words, code = self._why_shut
            self.tell(message, Fate.LATER, code, words, True)
        elif self._room():
            line = Line(self)
            self._lines.add(line)
            self._opening_for[line] = message
            task = asyncio.create_task(self._open(line))
            self._openings.add(task)
            task.add_done_callback(self._openings.discard)
        elif behind:
            next(iter(behind)).give(message)
        else:
            self._back.appendleft(message)

    async def _something_new(self) -> None:
        self._waiting = asyncio.get_running_loop().create_future()
        try:
            await self._waiting
        finally:
            self._waiting = None

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    async def _open(self, line: Line) -> None:
        courier, failed = self._courier, None
        try:
            await open_line(line, courier.relay, courier.context, courier.name, courier.patience)
        except NotOpened as error:
            failed = error
        except Exception as error:  # ours, not the relay's; the message is told of all the same
            self.failure, self._ended = error, True
            failed = NotOpened(f"The relay could not be used ({error!r}).")
        finally:
            if failed is not None or not line.is_open:
                self._hang_up(line)
            message = self._opening_for.pop(line, None)
            if message is None:  # stopped meanwhile
                self._hang_up(line)
            elif failed is not None:
                self._not_opened(message, failed)
            elif line.is_open:
                self.standing.opened(monotonic())
                line.give(message)
            else:
                self.tell(message, Fate.LATER, 0, _STOPPED, True)
            self._wake()

    def _not_opened(self, message: Message, error: NotOpened) -> None:
        now = monotonic()
        others = sum(line.is_open for line in self._lines)
        if others:
            # The relay works, and takes no more connections than these.
            self.standing.full(now, others)
            self._back.append(message)
            return
        self.standing.could_not_open(now)
        self._why_shut = (str(error), error.code)
        for taken in (message, *self._back):
            self.tell(taken, Fate.LATER, error.code, str(error), True)
        self._back.clear()

    def _hang_up(self, line: Line) -> None:
        self._lines.discard(line)
        line.hang_up()

    # What lines say.

    def tell(self, message: Message, fate: Fate, code: int, text: str, concerns_all: bool) -> None:
        self._untold -= 1
        if self._been_back:
            self._been_back.discard(message.key)
        try:
            self._told(Outcome(message.key, fate, code, text, concerns_all))
        except Exception as error:
            # Whoever listens is broken: nothing more is taken, what is on its way is finished.
            self.failure = self.failure or error
            self._ended = self.asking = True
        if not self._untold:
            self._wake()

    def take_back(self, message: Message, reason: str) -> bool:
        """Try the message on another line; after a cut once only."""
        if reason == "cut":
            if message.key in self._been_back:
                return False
            self._been_back.add(message.key)
        self._back.append(message)
        self._wake()
        return True

    def place(self, line: Line, place: Place) -> None:
        self._places[line.place].pop(line, None)
        line.place = place
        if place is not Place.NONE:
            self._places[place][line] = None
            self._wake()

    def too_many(self) -> bool:
        return len(self._lines) > self.standing.limit

    def pushed_back(self, reply: Reply) -> None:
        self.standing.too_much(monotonic(), len(self._lines))
        self._why_shut = (f"The relay asked for a pause: {reply.text}", reply.code)

    def lost(self, line: Line) -> None:
        self._places[line.place].pop(line, None)
        line.place = Place.NONE
        self._lines.discard(line)
        self._wake()

    # Time, and the end.

    async def watch_the_clock(self) -> None:
        shortest = min(getattr(self.patience, name) for name in self.patience.__slots__)
        while True:
            await asyncio.sleep(min(LOOK, shortest / 4))
            now = monotonic()
            self.standing.look_at_the_clock(now)
            for line in tuple(self._lines):
                line.look_at_the_clock(now)
            self._wake()

    async def leave(self) -> None:
        """Say goodbye on every line; all messages are told of."""
        for line in tuple(self._lines):
            line.leave()
        while self._lines:
            await self._something_new()

    async def stop(self) -> None:
        """Cancelled: nothing more is begun; wait a little for answers to final dots."""
        self._ended = self.asking = True
        self._stop_openings()
        for line in tuple(self._lines):
            if line.is_open:
                line.stop(_STOPPED)
        try:
            async with asyncio.timeout(self.patience.farewell):
                while self._untold or self._openings:
                    await self._something_new()
        except TimeoutError:
            pass
        finally:
            self.drop()

    def _stop_openings(self) -> None:
        for task in tuple(self._openings):
            task.cancel()
        for message in (*self._opening_for.values(), *self._back):
            self.tell(message, Fate.LATER, 0, _STOPPED, True)
        self._opening_for.clear()
        self._back.clear()

    def drop(self) -> None:
        """Whatever is still open: at once."""
        self._stop_openings()
        for line in tuple(self._lines):
            if line.is_open:
                line.give_up("The relay did not answer before mail was stopped.")
            else:
                self._hang_up(line)
