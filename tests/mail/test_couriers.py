"""The contract that every courier keeps, over a real folder and a real relay."""

from __future__ import annotations

import asyncio
import contextlib
from email import message_from_bytes, policy

import pytest

from nightdesk.bench.newsletters.sink import Sink
from nightdesk.mail.adapters.folder import FolderCourier
from nightdesk.mail.ports import Message
from tests.mail.carrying import LATER, SENT, a_message, carried, courier_to, fates, messages


class Folder:
    """Where messages arrive, and how to make it take none."""

    def __init__(self, tmp_path):
        self._folder = tmp_path / "mail"

    async def __aenter__(self):
        self.courier = FolderCourier(self._folder)
        return self

    async def __aexit__(self, *error):
        pass

    def arrived(self):
        files = sorted(self._folder.glob("*.eml"))
        return [file.read_bytes().split(b"\r\n", 2)[2] for file in files]

    async def take_no_more(self):
        self._folder.rename(self._folder.with_name("away"))
        self._folder.write_text("in the way")


class Relay:
    def __init__(self, tmp_path):
        self._sink = Sink(keep=True)

    async def __aenter__(self):
        await self._sink.start()
        self.courier = courier_to(self._sink.port)
        return self

    async def __aexit__(self, *error):
        await self._sink.stop()

    def arrived(self):
        return [content for _sender, _recipient, content in self._sink.kept]

    async def take_no_more(self):
        await self._sink.stop()


@pytest.fixture(params=[Folder, Relay])
def destination(request, tmp_path):
    return request.param(tmp_path)


AWKWARD = [
    b"Subject: a dot\r\n\r\n.\r\n",
    b"Subject: dots\r\n\r\n..\r\n.hidden\r\n...\r\n",
    b".Subject: even before the first header\r\n\r\nx\r\n",
    b"Subject: no body\r\n\r\n",
    b"Subject: blanks  \r\n\r\n  \t \r\n\r\n\r\n",
    b"Subject: eight bits\r\n\r\n\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd1\x96\xd1\x82\r\n",
    b"Subject: commands\r\n\r\nRSET\r\nQUIT\r\n.\r\nMAIL FROM:<x@y.example>\r\n",
    b"Subject: long\r\n\r\n" + b"Once upon a time.\r\n" * 20_000,
    b"Subject: long and dotted\r\n\r\n" + b".x\r\n" * 90_000,
]


def test_what_arrives_is_what_was_given(destination):
    given = [a_message(key, content=content) for key, content in enumerate(AWKWARD)]

    async def run():
        async with destination:
            assert fates(await carried(destination.courier, given)) == [SENT] * len(given)
            assert sorted(destination.arrived()) == sorted(AWKWARD)

    asyncio.run(run())


def test_each_of_many_messages_arrives_once(destination):
    async def run():
        async with destination:
            outcomes = await carried(destination.courier, messages(60))
            assert fates(outcomes) == [SENT] * 60
            assert all(one.text and not one.concerns_all for one in outcomes)
            arrived = [message_from_bytes(one)["Message-ID"] for one in destination.arrived()]
            assert sorted(arrived) == sorted(f"<{key}@news.example>" for key in range(1, 61))

    asyncio.run(run())


def test_nothing_is_hoarded(destination):
    """Taken and not yet told of: two a connection (one awaits the answer to its dot, the envelope
    of the other has left), and one in the hand."""
    taken, told, most = 0, 0, 0

    async def some():
        nonlocal taken, most
        for message in messages(200):
            taken += 1
            most = max(most, taken - told)
            yield message

    def hear(_outcome):
        nonlocal told
        told += 1

    async def run():
        async with destination:
            await destination.courier.carry(some(), hear)

    asyncio.run(run())
    assert told == 200
    assert most <= 2 * 3 + 1


def test_messages_that_come_one_by_one_are_carried_as_they_come(destination):
    async def run():
        queue: asyncio.Queue[Message | None] = asyncio.Queue()
        heard: asyncio.Queue = asyncio.Queue()

        async def some():
            while (message := await queue.get()) is not None:
                yield message

        async with destination, asyncio.timeout(20):
            carrying = asyncio.create_task(destination.courier.carry(some(), heard.put_nowait))
            for message in messages(5):
                queue.put_nowait(message)
                assert (await heard.get()).key == message.key
            queue.put_nowait(None)
            await carrying
            assert len(destination.arrived()) == 5

    asyncio.run(run())


def test_a_destination_that_takes_nothing_counts_against_no_address(destination):
    async def run():
        async with destination:
            await carried(destination.courier, messages(1))
            await destination.take_no_more()
            (outcome,) = await carried(destination.courier, messages(1))
            assert outcome.fate.value == LATER
            assert outcome.concerns_all
            assert outcome.text.endswith(".")

    asyncio.run(run())


@pytest.mark.parametrize("turns", range(0, 40, 3))
def test_when_cancelled_it_has_told_of_all_it_took(destination, turns):
    """At many different moments of a run."""
    taken, told = [], []

    async def some():
        for message in messages(500):
            taken.append(message.key)
            yield message

    async def run():
        async with destination:
            carrying = asyncio.create_task(
                destination.courier.carry(some(), lambda one: told.append(one))
            )
            for _ in range(turns):
                await asyncio.sleep(0)
                await asyncio.sleep(0.0005 if turns % 2 else 0)
            carrying.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await carrying
            arrived = len(destination.arrived())
            sent = [one for one in told if one.fate.value == SENT]
            assert len(sent) <= arrived <= len([one for one in told if one.fate.value != LATER])

    asyncio.run(run())
    assert sorted(one.key for one in told) == taken


def test_a_source_that_breaks_is_heard_of_after_all_it_gave_was_told_of(destination):
    told = []

    async def some():
        for message in messages(4):
            yield message
        raise LookupError("the database is gone")

    async def run():
        async with destination:
            with pytest.raises(LookupError):
                await destination.courier.carry(some(), told.append)

    asyncio.run(run())
    assert sorted(fates(told)) == [SENT] * 4


def test_a_courier_can_carry_again(destination):
    async def run():
        async with destination:
            await carried(destination.courier, messages(3))
            await carried(destination.courier, [])
            await carried(destination.courier, messages(3))
            assert len(destination.arrived()) == 6

    asyncio.run(run())


def test_a_file_opens_in_any_mail_program(tmp_path):
    """The folder's files are messages, with the envelope on top."""
    content = b"From: News <news@news.example>\r\nSubject: Hello\r\n\r\nGood morning.\r\n"
    asyncio.run(carried(FolderCourier(tmp_path), [a_message(content=content, to="i@post.example")]))
    (file,) = tmp_path.glob("*.eml")
    read = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert not read.defects
    assert read["Subject"] == "Hello"
    assert read["X-Nightdesk-Envelope-From"] == "<news@news.example>"
    assert read["X-Nightdesk-Envelope-To"] == "<i@post.example>"
    assert read.get_content().strip() == "Good morning."
