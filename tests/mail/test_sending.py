"""One sender at work: what goes first, what a relay or a database in trouble means, how it stops."""

from __future__ import annotations

import asyncio
import time

import pytest
from django.db import OperationalError

from nightdesk.mail import sources
from nightdesk.mail.bell import Bell
from nightdesk.mail.books import NOT_FETCHED, Fetched, Turned
from nightdesk.mail.counter import MOST, WINDOW, Counter
from nightdesk.mail.lease import StaleSenderError
from nightdesk.mail.ports import Fate, Message, Outcome
from nightdesk.mail.sending import BREATH, Sending

from .hand import ByHand, Rows, down, sent


class Paper:
    """A clerk without a database."""

    def __init__(self) -> None:
        self.fails: Exception | None = None
        self.refusals: list[str] = []
        self.left = 0
        self.ended = False

    async def begin(self, rate: float) -> float:
        return 0.0

    async def turn(self, outcomes, limit, news, tokens=None, ahead=0) -> Turned:
        await asyncio.sleep(0)
        turned = Turned()
        if isinstance(self.fails, StaleSenderError):
            raise self.fails
        if self.fails is not None:
            turned.trouble = str(self.fails)
            return turned
        for source in sources.in_order():
            most = max(limit, ahead) if source.rank == sources.AWAITED else limit
            left = max(0, most - turned.count)
            found = source.turn(outcomes.get(source.name, ()), left, 1)
            turned.written.append(source.name)
            turned.fetched.append(Fetched(source.name, source.rank, found))
        if news.refuses:
            self.refusals.append(news.refuses)
        self.left += news.left
        turned.noted = True
        return turned

    async def end(self) -> None:
        self.ended = True


class Desk:
    """A sender and what it works with; ``until`` runs it until something is so."""

    def __init__(self) -> None:
        self.paper, self.over, self.rate = Paper(), False, 0.0

    def sending(self, courier) -> Sending:
        self.bell = Bell(BREATH)
        over = lambda: self.over  # noqa: E731
        return Sending(courier, self.paper, over, self.rate, self.bell)

    async def until(self, courier, so, *then, seconds: float = 20) -> None:
        running = asyncio.create_task(self.sending(courier).run())
        for step in (so, *then):
            async with asyncio.timeout(seconds):
                while not step():
                    if running.done():
                        await running
                        break
                    await asyncio.sleep(0.01)
        self.over = True
        self.bell.ring(loud=True)
        await running


@pytest.fixture
def desk(monkeypatch) -> Desk:
    monkeypatch.setattr(sources, "_sources", {})
    return Desk()


def a_source(name: str, rank: int, count: int) -> Rows:
    rows = Rows(name, rank, count)
    sources.register(rows)
    return rows


def test_everything_is_sent_once_and_each_source_is_told_of_its_own(desk):
    awaited, edition = a_source("awaited", 0, 30), a_source("edition", 10, 500)
    courier = ByHand()
    asyncio.run(desk.until(courier, lambda: len(awaited.became) + len(edition.became) == 530))
    assert sorted(awaited.told(Fate.SENT)) == list(range(1, 31))
    assert sorted(edition.told(Fate.SENT)) == list(range(1, 501))
    assert len(courier.carried) == 530 and desk.paper.ended


def test_a_confirmation_overtakes_the_edition_that_is_being_sent(desk):
    awaited, edition = a_source("awaited", 0, 0), a_source("edition", 10, 10_000)
    courier = ByHand(seconds=0.001)
    asked: list[int] = []

    def in_the_middle() -> bool:
        if len(courier.carried) < 200:
            return False
        asked.append(len(courier.carried))
        awaited.queued.append(1)
        return True

    asyncio.run(desk.until(courier, in_the_middle, lambda: awaited.became))
    at = next(i for i, m in enumerate(courier.carried) if m.rcpt_to == "1@example.org" and i >= 200)
    assert at - asked[0] <= WINDOW + 1 and edition.queued
    assert len(edition.sending) == 0


class Slow(ByHand):
    """Takes the first hundred at once and then one, on which it is busy until ``free``."""

    def __init__(self) -> None:
        super().__init__()
        self.free = asyncio.Event()

    async def carry(self, messages, told) -> None:
        async for message in messages:
            self.carried.append(message)
            if len(self.carried) > 100:
                await self.free.wait()
            told(sent(message))


def test_a_confirmation_goes_next_however_much_of_an_edition_lies_ready(desk, monkeypatch):
    """While the courier is busy and nothing more of the edition is made ready."""
    monkeypatch.setattr("nightdesk.mail.sending.LIES", 60.0)
    monkeypatch.setattr("nightdesk.mail.sending.STALE", 60.0)
    awaited, edition = a_source("awaited", 0, 0), a_source("edition", 10, 10_000)
    courier = Slow()

    def full() -> bool:
        if len(courier.carried) <= 100 or edition.limits[-1] > 0:
            return False
        awaited.queued += range(1, 21)
        return True

    def laid_out() -> bool:
        return bool(awaited.sending) and courier.free.set() is None

    asyncio.run(desk.until(courier, full, laid_out, lambda: len(awaited.became) == 20))
    told = [message.rcpt_to for message in courier.carried[101:]]
    assert told[:8] == [f"{number}@example.org" for number in range(1, 9)]
    assert not awaited.queued and not edition.sending


def test_what_lies_while_the_courier_is_slow_is_looked_at_again(desk, monkeypatch):
    """Somebody may have unsubscribed since. The relay works, so this is no trouble of its."""
    monkeypatch.setattr("nightdesk.mail.sending.LIES", 0.1)
    monkeypatch.setattr("nightdesk.mail.sending.STALE", 60.0)
    edition = a_source("edition", 10, 10_000)
    courier = Slow()
    asyncio.run(
        desk.until(
            courier,
            lambda: edition.told(Fate.LATER),
            lambda: courier.free.set() is None,
            lambda: len(edition.told(Fate.SENT)) > 500,
        )
    )
    assert not desk.paper.refusals
    assert len(courier.carried) == len(edition.told(Fate.SENT)), "what went back was not sent too"
    assert len({message.rcpt_to for message in courier.carried}) == len(courier.carried)


def test_a_rate_holds_whatever_the_relay_would_take(desk):
    edition = a_source("edition", 10, 10_000)
    desk.rate = 50.0
    began = time.monotonic()
    asyncio.run(desk.until(ByHand(), lambda: time.monotonic() - began > 1.0))
    seconds = time.monotonic() - began
    assert 5 <= len(edition.told(Fate.SENT)) <= 50 * seconds + 1


def test_a_relay_that_is_down_counts_against_nobody_and_is_tried_by_one(desk):
    edition = a_source("edition", 10, 1000)
    courier = ByHand(says=down)
    asyncio.run(desk.until(courier, lambda: len(courier.carried) >= 4 and desk.paper.refusals))
    assert len(courier.carried) < 20
    assert {outcome.concerns_all for _key, outcome in edition.became} == {True}
    assert len(edition.queued) == 1000 and not edition.sending
    assert desk.paper.refusals[0] == "cannot be reached"


def test_all_goes_on_by_itself_when_the_relay_is_back(desk):
    edition = a_source("edition", 10, 100)
    began = time.monotonic()
    courier = ByHand(says=lambda m: down(m) if time.monotonic() - began < 1.5 else sent(m))
    asyncio.run(desk.until(courier, lambda: len(edition.told(Fate.SENT)) == 100))
    assert desk.paper.left


def test_what_the_courier_does_not_fetch_goes_back(desk, monkeypatch):
    monkeypatch.setattr("nightdesk.mail.sending.STALE", 0.2)
    monkeypatch.setattr("nightdesk.mail.sending.LIES", 0.1)
    edition = a_source("edition", 10, 100)
    courier = ByHand()
    courier.open.clear()
    asyncio.run(
        desk.until(
            courier,
            lambda: edition.became and desk.paper.refusals,
            lambda: courier.open.set() is None,
        )
    )
    assert {outcome.fate for _k, outcome in edition.became[:2]} == {Fate.LATER}
    assert desk.paper.refusals[0] == NOT_FETCHED
    assert not edition.sending


def test_a_database_that_is_locked_delays_and_loses_nothing(desk):
    edition = a_source("edition", 10, 300)
    courier = ByHand(seconds=0.001)

    def locked() -> bool:
        if len(courier.carried) < 50:
            return False
        desk.paper.fails = OperationalError("database is locked")
        return True

    def free() -> bool:
        if edition.sending and len(courier.carried) < 50 + MOST + 8:
            time.sleep(0.3)
        desk.paper.fails = None
        return True

    asyncio.run(desk.until(courier, locked, free, lambda: len(edition.became) == 300))
    assert sorted(edition.told(Fate.SENT)) == list(range(1, 301))
    assert len(courier.carried) == 300


def test_a_sender_that_was_replaced_stops_and_tells_nothing(desk):
    edition = a_source("edition", 10, 10_000)
    courier = ByHand(seconds=0.001)

    def replaced() -> bool:
        if len(courier.carried) < 50:
            return False
        desk.paper.fails = StaleSenderError()
        return True

    with pytest.raises(StaleSenderError):
        asyncio.run(desk.until(courier, replaced, lambda: False))
    assert len(courier.carried) < 50 + MOST + 8 and edition.queued


def test_when_told_to_stop_answers_are_waited_for_and_the_rest_goes_back(desk):
    edition = a_source("edition", 10, 1000)
    courier = ByHand(seconds=0.2)
    began = time.monotonic()
    asyncio.run(desk.until(courier, lambda: len(courier.carried) == 2))
    assert time.monotonic() - began < 8
    assert len(edition.told(Fate.SENT)) == len(courier.carried) <= 3
    assert not edition.told(Fate.UNCERTAIN) and not edition.sending and desk.paper.ended


def test_an_answer_that_does_not_come_in_time_is_named_uncertain(desk):
    edition = a_source("edition", 10, 1000)
    courier = ByHand(says=lambda message: None)
    began = time.monotonic()
    asyncio.run(desk.until(courier, lambda: courier.carried))
    assert time.monotonic() - began < 8, "1.4 s for the answer, and what the machine takes"
    assert len(edition.told(Fate.UNCERTAIN)) == 1 and not edition.sending


def test_a_courier_that_breaks_loses_nobody(desk):
    edition = a_source("edition", 10, 10)

    class Broken(ByHand):
        async def carry(self, messages, told) -> None:
            await anext(messages)
            raise RuntimeError("a fault of ours")

    asyncio.run(desk.until(Broken(), lambda: False))
    assert len(edition.told(Fate.UNCERTAIN)) == 1 and not edition.sending


def test_what_is_told_twice_counts_once(desk):
    edition = a_source("edition", 10, 5)

    class Talkative(ByHand):
        async def carry(self, messages, told) -> None:
            async for message in messages:
                told(sent(message))
                told(Outcome(message.key, Fate.REFUSED, 550, "no"))

    asyncio.run(desk.until(Talkative(), lambda: len(edition.became) == 5))
    assert edition.told(Fate.SENT) == [1, 2, 3, 4, 5]


def test_the_awaited_lie_on_top_and_many_may_fetch_at_once():
    async def fetch() -> list[str]:
        counter = Counter(lambda: None)
        waiting = [asyncio.create_task(anext(counter)) for _ in range(5)]
        await asyncio.sleep(0)
        for number in (1, 2, 3):
            counter.lay_out("edition", 10, Message(number, "", f"edition {number}", b""), 0.0)
        counter.lay_out("awaited", 0, Message(1, "", "awaited 1", b""), 0.0)
        counter.shut()
        told = await asyncio.gather(*waiting, return_exceptions=True)
        assert isinstance(told[4], StopAsyncIteration)
        assert {counter.back(each.key) for each in told[:4]} == {
            ("awaited", 1),
            *(("edition", number) for number in (1, 2, 3)),
        }
        return [each.rcpt_to for each in told[:4]]

    assert asyncio.run(fetch())[0] == "awaited 1"
