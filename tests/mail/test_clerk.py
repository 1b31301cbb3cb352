"""The clerk in a process of its own: what is asked and answered, and what becomes of one without the
other."""

from __future__ import annotations

import asyncio
import os
import signal
import time

import pytest
from django.db import DatabaseError, InterfaceError

from nightdesk.kernel.child import fork
from nightdesk.kernel.processes import is_gone, who_am_i
from nightdesk.mail.books import Fetched, News, Turned
from nightdesk.mail.clerk import ClerkApart, ClerkFailedError, ClerkGoneError
from nightdesk.mail.lease import StaleSenderError
from nightdesk.mail.ports import Fate, Message, Outcome, Pieces

SHARED = b"Rain is on its way.\r\n" * 2000
TOLD = Outcome(7, Fate.UNCERTAIN, 0, "cut", True)


class OfPaper:
    """Books that say what they were told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def note_relay(self) -> None:
        self.told.append("relay")

    def take(self) -> bool:
        return self.told == ["relay"]

    def begin(self, rate: float) -> float:
        if rate == 1:
            raise StaleSenderError
        if rate == 2:
            raise DatabaseError("the disk\nis full")
        if rate == 3:
            raise InterfaceError("connection already closed")
        if rate == 4:
            raise ValueError("a fault")
        if rate == 5:
            os.kill(os.getpid(), signal.SIGKILL)
        if rate == 6:
            time.sleep(1)
        return rate * 2

    def turn(self, outcomes, limit, news, tokens, ahead) -> Turned:
        assert outcomes == {"editions": [TOLD]} and isinstance(outcomes["editions"][0], Outcome)
        assert (limit, news.refuses, tokens, ahead) == (4000, "not now", 1.5, 8)
        of = lambda n: Pieces.of(b"To: %d\r\n\r\n" % n, SHARED, b"t%d" % n, SHARED)  # noqa: E731
        many = [Message(n, "us@news.example", f"r{n}@example.org", of(n)) for n in range(limit)]
        one = [Message(1, "us@news.example", "a@example.org", b"Subject: Confirm\r\n\r\nHere\r\n")]
        return Turned(
            ["awaited"], [Fetched("awaited", 0, one), Fetched("editions", 10, many)], True
        )

    def end(self) -> None:
        pass


@pytest.fixture
def clerk():
    clerk = ClerkApart(OfPaper)
    yield clerk
    clerk.close()
    os.waitpid(clerk.pid, 0)  # hangs if it does not end by itself


def test_it_remembers_what_it_was_told_before(clerk):
    async def play():
        assert not await clerk.take()
        await clerk.note_relay()
        assert await clerk.take()
        assert await clerk.begin(20) == 40

    asyncio.run(play())


def test_a_turn_comes_over_as_it_was_and_what_messages_share_comes_once(clerk):
    turned = asyncio.run(
        clerk.turn({"editions": [TOLD]}, 4000, News(refuses="not now"), tokens=1.5, ahead=8)
    )
    awaited, editions = turned.fetched
    assert turned.written == ["awaited"] and turned.noted and turned.count == 4001
    assert awaited.messages[0].whole == b"Subject: Confirm\r\n\r\nHere\r\n"
    assert (editions.source, editions.rank) == ("editions", 10)
    first, last = editions.messages[0], editions.messages[-1]
    assert last.rcpt_to == "r3999@example.org"
    assert last.whole == b"To: 3999\r\n\r\n" + SHARED + b"t3999" + SHARED
    assert last.size == len(last.whole)
    assert first.content.each[1] is last.content.each[3]


@pytest.mark.parametrize(
    ("rate", "error", "words"),
    [
        (1, StaleSenderError, "^$"),
        (2, DatabaseError, "the disk is full"),
        (3, DatabaseError, "connection already closed"),
        (4, ClerkFailedError, "a fault"),
    ],
)
def test_trouble_comes_over_as_what_it_is_and_the_next_question_is_answered(
    clerk, rate, error, words
):
    async def play():
        with pytest.raises(error, match=words):
            await clerk.begin(rate)
        assert await clerk.begin(20) == 40

    asyncio.run(play())


def test_who_stops_waiting_leaves_nothing_behind_for_the_next(clerk):
    async def play():
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(clerk.begin(6), 0.05)
        assert await asyncio.gather(clerk.begin(20), clerk.begin(30)) == [40, 60]

    asyncio.run(play())


def test_one_that_is_killed_is_missed_at_once(clerk):
    async def play():
        with pytest.raises(ClerkGoneError):
            await clerk.begin(5)
        with pytest.raises(ClerkGoneError):
            await clerk.begin(20)

    asyncio.run(play())


def test_it_does_not_outlive_the_sender(tmp_path):
    name = tmp_path / "clerk"

    def send() -> None:
        clerk = ClerkApart(lambda: name.write_text(who_am_i()) and OfPaper())
        asyncio.run(clerk.note_relay())
        time.sleep(60)

    sender = fork("mail", send)
    _until(lambda: name.exists() and name.read_text())
    os.kill(sender, signal.SIGKILL)
    os.waitpid(sender, 0)
    _until(lambda: is_gone(name.read_text()))


def _until(so) -> None:
    deadline = time.monotonic() + 20
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.02)
