"""One sender at work, from taking the lease to giving it up.

Between the clerk, who knows the database, and the courier lies a counter with few messages. Turn by
turn the clerk writes down what became of messages and fetches the next, in the order of the
sources' ranks; meanwhile the courier goes on with what lies ready. Whatever is
laid out was marked as being sent before, so a sender that dies leaves behind, marked, at most what
lay on the counter and what was under way.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import defaultdict
from collections.abc import Callable

from nightdesk.mail.bell import Bell
from nightdesk.mail.books import NOT_FETCHED, News, Turned, in_private
from nightdesk.mail.clerk import Clerk, ClerkGoneError
from nightdesk.mail.counter import WINDOW, Counter
from nightdesk.mail.lease import StaleSenderError
from nightdesk.mail.pace import Pace
from nightdesk.mail.ports import Courier, Fate, Outcome
from nightdesk.mail.sources import AWAITED

log = logging.getLogger("nightdesk.mail")

#: Seconds between looks for new mail while there is none, and between turns at least.
LOOK, BREATH = 0.5, 0.010
#: What lies on the counter for so long, and nothing was fetched meanwhile, goes back: the courier
#: has no way to the relay. So an unsubscribed reader is not mailed minutes later.
STALE = 3.0
#: What lies there for so long goes back in any case, for the same reason: it is looked at again.
#: With the time between two looks that is less than the second after which who leaves gets nothing.
LIES = 0.4
#: So many that somebody waits for go on top of what lies there, however much that is.
AHEAD = 8
#: When told to stop: for the relay's answers, for the courier to part from the relay, and for
#: writing down what is known. The parent that starts us gives 2.8 seconds for all.
FOR_ANSWERS, FOR_PARTING, FOR_BOOKS = 1.4, 0.5, 0.6

_BROKEN = "The courier failed."


class Sending:
    """``over`` is asked often and says when to stop: told to, or the newsroom is frozen."""

    def __init__(
        self,
        courier: Courier,
        clerk: Clerk,
        over: Callable[[], bool],
        rate: float = 0.0,
        bell: Bell | None = None,
    ) -> None:
        self._courier = courier
        self._clerk = clerk
        self._over = over
        self._rate = rate
        self._bell = bell or Bell(BREATH)
        self._counter = Counter(self._fetched)
        self._outcomes: dict[str, list[Outcome]] = defaultdict(list)
        self._news = News()
        self._pace = Pace()
        #: Outcomes since the last turn began.
        self._told_since = 0
        self._ending = False
        self._database_fails = False

    async def run(self) -> None:
        """Raises ``StaleSenderError`` when another has begun, ``DatabaseError`` when it could not
        begin, ``ClerkGoneError``."""
        tokens = await self._clerk.begin(self._rate)
        self._pace = Pace(self._rate, tokens, _now())
        carrying = asyncio.create_task(self._carry())
        try:
            while not (self._over() or self._ending):
                await self._until_something_happens()
                self._give_back_what_lies()
                await self._turn(*self._may_fetch())
        finally:
            await self._close(carrying)

    # What the courier tells and does, in the event loop's thread.

    def _fetched(self) -> None:
        if len(self._counter) * 2 <= self._counter.wanted:
            self._bell.ring()

    def _told(self, outcome: Outcome) -> None:
        found = self._counter.back(outcome.key)
        if found is None:
            log.error("The courier told twice what became of a message.")
            return
        source, key = found
        _number, fate, code, text, concerns_all = outcome
        self._outcomes[source].append(Outcome(key, fate, code, text, concerns_all))
        if concerns_all and fate is not Fate.SENT:
            self._trouble(f"{code or ''} {text}".strip())
        else:
            self._works(left=fate is Fate.SENT)
        self._told_since += 1
        nothing_left = not (len(self._counter) or self._counter.under_way)
        self._bell.ring(loud=nothing_left or self._told_since == WINDOW)

    async def _carry(self) -> None:
        """The courier's whole way. It raises nothing; should it, what it had is uncertain."""
        try:
            await self._courier.carry(self._counter, self._told)
        except Exception:
            log.exception(_BROKEN)
        for number in list(self._counter.under_way):
            self._told(Outcome(number, Fate.UNCERTAIN, 0, _BROKEN, concerns_all=True))
        self._ending = True
        self._bell.ring(loud=True)

    # How the relay stands.

    def _trouble(self, said: str) -> None:
        was = self._pace.in_trouble
        if self._pace.trouble(_now()) and not was:
            log.warning("The relay takes no mail: %s", in_private(said))
        self._news.refuses = said

    def _works(self, left: bool) -> None:
        if self._pace.in_trouble and left:
            log.info("The relay takes mail again.")
        self._pace.taken()
        if left:
            self._news.left, self._news.refuses = True, ""

    # Turns.

    async def _until_something_happens(self) -> None:
        seconds = LOOK
        if not self._pace.in_trouble and (wait := self._pace.wait(_now())):
            seconds = min(seconds, wait)
        await self._bell.heard(2 * LOOK if self._database_fails else seconds)
        self._told_since = 0

    def _may_fetch(self) -> tuple[int, int]:
        """How many messages, and how many of those that somebody waits for."""
        room = self._counter.room()
        ahead = 0 if self._counter.top == AWAITED else AHEAD
        allowed = self._pace.allowed(_now(), max(room, ahead))
        return min(room, allowed), min(ahead, allowed)

    def _give_back_what_lies(self, everything: bool = False) -> None:
        now, since = _now(), self._counter.lying_since
        stuck = since is not None and since <= now - STALE
        back = self._counter.take_back(everything, now - LIES)
        for ready in back:
            outcome = Outcome(ready.message.key, Fate.LATER, concerns_all=True)
            self._outcomes[ready.source].append(outcome)
        if not back or everything:
            return
        if stuck:
            self._trouble(self._news.refuses or NOT_FETCHED)
        self._bell.ring()  # the turn after this one finds them

    async def _turn(self, limit: int, ahead: int = 0) -> None:
        told = {name: list(each) for name, each in self._outcomes.items() if each}
        news, self._news = self._news, News()
        tokens = self._pace.tokens(_now()) if self._rate else None
        turned = await self._clerk.turn(told, limit, news, tokens, ahead)
        for name in turned.written:
            del self._outcomes[name][: len(told.get(name, ()))]
        if not turned.noted:
            self._news = News(news.left or self._news.left, self._news.refuses or news.refuses)
        self._say_how_the_database_is(turned, max(limit, ahead))
        now = _now()
        for source, rank, messages in turned.fetched:
            for message in messages:
                self._counter.lay_out(source, rank, message, now)
        self._pace.spend(turned.count)
        if not len(self._counter):
            self._counter.lying_since = None

    def _say_how_the_database_is(self, turned: Turned, limit: int) -> None:
        if not turned.trouble:
            if self._database_fails:
                log.info("Mail goes on: the database answers again.")
            self._database_fails = False
            return
        if not self._database_fails:
            log.warning("Mail waits for the database, which says: %s", turned.trouble)
        self._database_fails = True
        if limit and turned.in_doubt:
            # What was marked for us may have been committed although we never got it: whoever
            # begins next finds it, so let that be soon.
            self._ending = True

    # The end.

    async def _close(self, carrying: asyncio.Task[None]) -> None:
        """Nothing more is fetched; answers are waited for, written down, and the lease given up."""
        self._give_back_what_lies(everything=True)
        self._counter.shut()
        await asyncio.wait([carrying], timeout=FOR_ANSWERS)
        if not carrying.done():
            carrying.cancel()
            await asyncio.wait([carrying], timeout=FOR_PARTING)
        self._tell_of_what_is_under_way()
        with contextlib.suppress(TimeoutError, StaleSenderError, ClerkGoneError):
            await asyncio.wait_for(self._settle(), FOR_BOOKS)
        lost = sum(map(len, self._outcomes.values()))
        if lost:
            log.warning("What became of %d mails could not be written: they are uncertain.", lost)

    def _tell_of_what_is_under_way(self) -> None:
        for number in list(self._counter.under_way):
            self._told(Outcome(number, Fate.UNCERTAIN, 0, "The sender was stopped."))

    async def _settle(self) -> None:
        while any(self._outcomes.values()):
            await self._turn(0)
            if any(self._outcomes.values()):
                await asyncio.sleep(0.1)
        await self._clerk.end()


def _now() -> float:
    return time.monotonic()
