"""The conversation with a relay: what is said, and what its answers come to."""

from __future__ import annotations

import asyncio
import contextlib
from time import monotonic

import pytest

from nightdesk.bench.newsletters.behaviour import Behaviour, Refusal
from nightdesk.bench.newsletters.sink import Sink
from nightdesk.mail.adapters.smtp.standing import Group
from nightdesk.mail.ports import Message
from tests.mail.carrying import (
    LATER,
    REFUSED,
    SENT,
    UNCERTAIN,
    a_message,
    a_relay_that,
    carried,
    content,
    courier_to,
    envelope,
    fates,
    given,
    greet,
    messages,
)


def outcomes_with(behaviour: Behaviour, some: list[Message], connections: int = 1, **more):
    """What a sink that behaves so comes to; also the sink and the courier."""

    async def run():
        async with Sink(behaviour, keep=True) as sink:
            courier = courier_to(sink.port, connections, **more)
            return await carried(courier, some), sink, courier

    return asyncio.run(run())


def outcomes_of(script, some: list[Message], connections: int = 1, **more):
    async def run():
        async with a_relay_that(script) as port:
            courier = courier_to(port, connections, **more)
            return await carried(courier, some), courier

    return asyncio.run(run())


# Refusals.


def test_a_refused_recipient_harms_no_other():
    behaviour = Behaviour(refuse=(Refusal(550, 1, "rcpt", "*2@*"), Refusal(450, 1, "rcpt", "*3@*")))
    outcomes, sink, _ = outcomes_with(behaviour, messages(5))
    assert fates(outcomes) == [SENT, REFUSED, LATER, SENT, SENT]
    assert [one.concerns_all for one in outcomes] == [False] * 5
    assert (outcomes[1].code, outcomes[1].text) == (550, "5.1.1 No such user")
    assert sink.opened == 1
    assert [recipient for _, recipient, _ in sink.kept] == [
        f"reader{key}@post.example" for key in (1, 4, 5)
    ]


@pytest.mark.parametrize("stage", ["mail", "data"])
def test_a_refusal_of_the_sender_or_of_everything_is_no_recipients_fault(stage):
    outcomes, _, _ = outcomes_with(Behaviour(refuse=(Refusal(554, 1, stage),)), messages(3))
    assert fates(outcomes) == [REFUSED] * 3
    assert all(one.concerns_all for one in outcomes)


def test_greylisting_delays_and_concerns_this_message_alone():
    async def run():
        async with Sink(Behaviour(greylist=True)) as sink:
            courier = courier_to(sink.port, 1)
            first = await carried(courier, messages(3))
            assert fates(first) == [LATER] * 3
            assert not any(one.concerns_all for one in first)
            assert fates(await carried(courier, messages(3))) == [SENT] * 3

    asyncio.run(run())


def test_a_message_allowed_to_nobody_is_ended_by_a_lone_dot():
    """Some relays answer DATA with 354 though they refused the only recipient (RFC 2920 §3.1)."""
    heard = []

    async def script(reader, writer):
        await greet(reader, writer, "PIPELINING")
        await envelope(reader)
        writer.write(b"250 ok\r\n550 5.1.1 who?\r\n354 go on\r\n")
        heard.append(await reader.readline())
        writer.write(b"554 5.5.1 no recipients\r\n")
        heard.append(await reader.readline())  # RSET
        await envelope(reader)
        writer.write(b"250 ok\r\n250 ok\r\n250 ok\r\n354 go on\r\n")
        await content(reader)
        writer.write(b"250 queued\r\n")
        await reader.readline()

    outcomes, _ = outcomes_of(script, messages(2))
    assert fates(outcomes) == [REFUSED, SENT]
    assert heard == [b".\r\n", b"RSET\r\n"]


def test_no_empty_message_is_sent_to_who_was_taken_for_a_refused_sender():
    heard = []

    async def script(reader, writer):
        await greet(reader, writer, "PIPELINING")
        await envelope(reader)
        writer.write(b"550 5.1.8 not you\r\n250 ok\r\n354 go on\r\n")
        heard.append(await reader.read(100))

    outcomes, _ = outcomes_of(script, messages(1))
    assert fates(outcomes) == [REFUSED]
    assert outcomes[0].concerns_all
    assert heard == [b""]


@pytest.mark.parametrize(
    ("reply", "fate", "concerns_all"),
    [
        ("450 4.2.1 mailbox busy", LATER, False),
        ("452 4.2.2 mailbox full", LATER, False),
        ("550 no such user", REFUSED, False),
        ("553 5.1.8 sender unknown", REFUSED, True),
        ("550 5.7.1 relaying denied", REFUSED, True),
        ("451 4.7.0 slow down", LATER, True),
        ("452 4.3.1 disk full", LATER, True),
        ("454 Throttling failure: Maximum sending rate exceeded.", LATER, True),
        ("450 4.7.1 Greylisted, try again", LATER, False),
        ("501 5.1.3 bad syntax of address", REFUSED, False),
    ],
)
def test_whom_a_refusal_concerns(reply, fate, concerns_all):
    async def script(reader, writer):
        await greet(reader, writer, "PIPELINING")
        await envelope(reader)
        writer.write(f"250 ok\r\n{reply}\r\n503 no\r\n".encode())
        await reader.read()

    ((outcome,), courier) = outcomes_of(script, messages(1), patience={"quit": 0.1})
    assert (outcome.fate.value, outcome.concerns_all) == (fate, concerns_all)
    assert outcome.code == int(reply[:3])
    assert courier.standing.group is Group.WITH_CONTENT


# Groups.


def test_a_message_costs_one_round_trip():
    """The content of one message, its dot and the envelope of the next come together."""
    heard = []

    async def script(reader, writer):
        await greet(reader, writer, "PIPELINING")
        await envelope(reader)
        writer.write(b"250 ok\r\n250 ok\r\n354 go on\r\n")
        for _ in range(3):
            await content(reader)
            heard.append(await envelope(reader))  # before anything was answered
            writer.write(b"250 queued\r\n250 ok\r\n250 ok\r\n354 go on\r\n")
        await content(reader)
        writer.write(b"250 queued\r\n")
        await reader.read()

    outcomes, _ = outcomes_of(script, messages(4), patience={"quit": 0.1})
    assert fates(outcomes) == [SENT] * 4
    assert heard[0] == [
        b"MAIL FROM:<news@news.example>\r\n",
        b"RCPT TO:<reader2@post.example>\r\n",
        b"DATA\r\n",
    ]


def test_a_content_does_not_wait_for_a_next_message():
    async def run():
        queue: asyncio.Queue = asyncio.Queue()
        heard: asyncio.Queue = asyncio.Queue()

        async def some():
            while True:
                yield await queue.get()

        async with Sink() as sink, asyncio.timeout(10):
            carrying = asyncio.create_task(courier_to(sink.port, 1).carry(some(), heard.put_nowait))
            for key in (1, 2, 3):
                queue.put_nowait(a_message(key))
                assert (await heard.get()).fate.value == SENT
            assert sink.opened == 1  # and the connection stays while nothing comes
            carrying.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await carrying

    asyncio.run(run())


def test_a_relay_without_pipelining_gets_one_command_at_a_time():
    async def script(reader, writer):
        await greet(reader, writer)
        for _ in range(2):
            for answer in (b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n"):
                await reader.readline()
                with pytest.raises(TimeoutError):
                    await asyncio.wait_for(reader.readexactly(1), 0.03)
                writer.write(answer)
            await content(reader)
            writer.write(b"250 queued\r\n")
        await reader.read()

    outcomes, _ = outcomes_of(script, messages(2), patience={"quit": 0.1})
    assert fates(outcomes) == [SENT] * 2


def test_a_relay_that_answers_a_group_with_bad_sequence_gets_smaller_ones_and_all_messages():
    """It offers pipelining and cannot follow: every command has to be answered before
    the next."""
    connections = 0

    async def script(reader, writer):
        nonlocal connections
        connections += 1
        await greet(reader, writer, "PIPELINING")
        while True:
            await asyncio.sleep(0.01)
            commands = (await reader.read(65536)).splitlines()
            if not commands or commands == [b"QUIT"]:
                return
            if len(commands) > 1:
                writer.write(b"503 5.5.1 one at a time, please\r\n" * len(commands))
            elif commands == [b"DATA"]:
                writer.write(b"354 go on\r\n")
                await content(reader)
                writer.write(b"250 queued\r\n")
            else:
                writer.write(b"250 ok\r\n")

    outcomes, courier = outcomes_of(script, messages(4))
    assert fates(outcomes) == [SENT] * 4
    assert courier.standing.group is Group.ONE_COMMAND
    assert connections == 2


def test_a_relay_that_drops_what_follows_a_content_gets_smaller_groups():
    async def script(reader, writer):
        await greet(reader, writer, "PIPELINING")
        while True:
            if len(commands := await envelope(reader)) < 3 or b"QUIT\r\n" in commands:
                return
            writer.write(b"250 ok\r\n250 ok\r\n354 go on\r\n")
            await content(reader)
            await asyncio.sleep(0.02)
            followed = bool(reader._buffer)
            writer.write(b"250 queued\r\n")
            if followed:
                return  # hangs up

    outcomes, courier = outcomes_of(script, messages(4))
    assert fates(outcomes) == [SENT] * 4
    assert courier.standing.group is Group.ENVELOPE


def test_a_broken_network_does_not_shrink_groups_that_worked():
    outcomes, _, courier = outcomes_with(Behaviour(cut_before_dot=0.2), messages(60), 2)
    assert LATER in fates(outcomes)
    assert courier.standing.group is Group.WITH_CONTENT


def test_a_relay_that_closes_after_some_messages_loses_none():
    """Without 421: the envelope that was on its way goes over another connection."""

    async def script(reader, writer):
        await greet(reader, writer, "PIPELINING")
        for _ in range(5):
            await envelope(reader)
            writer.write(b"250 ok\r\n250 ok\r\n354 go on\r\n")
            await content(reader)
            writer.write(b"250 queued\r\n")

    outcomes, _ = outcomes_of(script, messages(23))
    assert fates(outcomes) == [SENT] * 23


def test_a_message_that_meets_two_dead_connections_waits():
    """It goes over to another connection once, not round and round."""
    waiting, both = [], asyncio.Event()

    async def script(reader, writer):
        await greet(reader, writer, "PIPELINING")
        await envelope(reader)
        writer.write(b"250 ok\r\n250 ok\r\n354 go on\r\n")
        await content(reader)
        waiting.append(writer)
        if len(waiting) == 2:
            both.set()
        await both.wait()
        writer.write(b"250 queued\r\n")
        await reader.readline()

    async def run():
        first_two, told = asyncio.Event(), []

        async def some():
            for message in messages(2):
                yield message
            await first_two.wait()
            yield a_message(3)

        def hear(outcome):
            told.append(outcome)
            if len(told) == 2:
                first_two.set()

        async with a_relay_that(script) as port, asyncio.timeout(10):
            courier = courier_to(port, 2)
            courier.standing.opened(0)  # known to work: two connections at once
            await courier.carry(some(), hear)
        assert fates(told) == [SENT, SENT, LATER]
        assert len(waiting) == 2

    asyncio.run(run())


def test_a_relay_from_long_ago_is_greeted_with_helo():
    outcomes, _, _ = outcomes_with(Behaviour(no_ehlo=True), messages(3))
    assert fates(outcomes) == [SENT] * 3


# What the relay offers.


def test_a_message_larger_than_the_relay_takes_is_not_sent():
    big = a_message(2, content=b"Subject: x\r\n\r\n" + b"x" * 2000 + b"\r\n")
    outcomes, sink, _ = outcomes_with(Behaviour(size=1000), [a_message(1), big, a_message(3)])
    assert fates(outcomes) == [SENT, REFUSED, SENT]
    assert outcomes[1].text == "The message has 2016 bytes; the relay takes at most 1000."
    assert outcomes[1].concerns_all
    assert sink.refused == 0


ŽELJKA = "željka@post.example"


def test_an_address_beyond_ascii_goes_to_a_relay_that_can():
    outcomes, sink, _ = outcomes_with(Behaviour(), [a_message(to=ŽELJKA)])
    assert fates(outcomes) == [SENT]
    assert sink.kept[0][1] == ŽELJKA


def test_an_address_beyond_ascii_is_refused_in_plain_words_when_the_relay_cannot():
    outcomes, _, _ = outcomes_with(
        Behaviour(no_smtputf8=True), [a_message(1, to=ŽELJKA), a_message(2)]
    )
    assert fates(outcomes) == [REFUSED, SENT]
    assert not outcomes[0].concerns_all
    assert outcomes[0].text == (
        "željka@post.example is written with letters outside ASCII, and the relay cannot carry "
        "such addresses (it does not offer SMTPUTF8). Ask the recipient for another address, or "
        "use a relay that can."
    )


def test_what_a_relay_can_do_is_asked_of_it_only_where_needed():
    plain = a_message(1)
    eight_bits = a_message(2, content="Subject: x\r\n\r\nПривіт\r\n".encode())
    header = a_message(3, content="Subject: Привіт\r\n\r\nx\r\n".encode())
    heard = []

    async def script(reader, writer):
        await greet(reader, writer, "8BITMIME", "SMTPUTF8", "SIZE 1000")
        for _ in range(3):
            for answer in (b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n"):
                heard.append(await reader.readline())
                writer.write(answer)
            await content(reader)
            writer.write(b"250 queued\r\n")
        await reader.read()

    outcomes, _ = outcomes_of(script, [plain, eight_bits, header], patience={"quit": 0.1})
    assert fates(outcomes) == [SENT] * 3
    assert [line.split(b"> ")[1].split() for line in heard if line.startswith(b"MAIL")] == [
        [b"SIZE=%d" % len(plain.content)],
        [b"BODY=8BITMIME", b"SIZE=%d" % len(eight_bits.content)],
        [b"SMTPUTF8", b"BODY=8BITMIME", b"SIZE=%d" % len(header.content)],
    ]


@pytest.mark.parametrize("address", ["x@y.example>\r\nRCPT TO:<z@y.example", "a b@y.example"])
def test_an_address_cannot_give_commands(address):
    outcomes, sink, _ = outcomes_with(Behaviour(), [a_message(1, to=address), a_message(2)])
    assert fates(outcomes) == [REFUSED, SENT]
    assert [recipient for _, recipient, _ in sink.kept] == ["reader2@post.example"]


def test_a_message_cannot_hide_another_behind_a_bare_line_feed():
    """SMTP smuggling: some relays take a dot between bare line feeds for an end."""
    hidden = b"Subject: x\r\n\r\nx\n.\nMAIL FROM:<a@b.example>\r\n"
    heard = []

    async def script(reader, writer):
        await greet(reader, writer, "PIPELINING")
        await envelope(reader)
        writer.write(b"250 ok\r\n250 ok\r\n354 go on\r\n")
        heard.append(await content(reader))
        writer.write(b"250 queued\r\n")

    outcomes_of(script, [a_message(content=hidden)])
    assert b"\n.\n" not in heard[0]


# Cuts and silence, before the dot and after.


def test_cut_before_the_dot_nobody_has_it():
    outcomes, sink, _ = outcomes_with(Behaviour(cut_before_dot=1), messages(1))
    assert fates(outcomes) == [LATER]
    assert outcomes[0].concerns_all
    assert sink.taken == 0


@pytest.mark.parametrize("behaviour", [Behaviour(cut_at_dot=1), Behaviour(cut_after_dot=1)])
def test_cut_after_the_dot_nobody_knows(behaviour):
    outcomes, _, _ = outcomes_with(behaviour, messages(1))
    assert fates(outcomes) == [UNCERTAIN]
    assert outcomes[0].text.endswith(
        "The whole message had been sent; the relay may have taken it."
    )


def test_the_envelope_that_followed_a_cut_message_is_not_uncertain():
    outcomes, sink, _ = outcomes_with(Behaviour(cut_after_dot=1), messages(2))
    assert sorted(fates(outcomes)) == sorted([UNCERTAIN, outcomes[1].fate.value])
    assert fates(outcomes)[0] == UNCERTAIN
    assert sink.opened == (2 if fates(outcomes)[1] == UNCERTAIN else 1)


def test_of_a_long_message_the_dot_is_held_back_until_the_rest_has_left():
    """So a relay that stops reading in the middle has not got it for sure."""
    long = a_message(content=b"Subject: x\r\n\r\n" + b"x" * 8_000_000 + b"\r\n")

    async def script(reader, writer):
        await greet(reader, writer, "PIPELINING")
        await envelope(reader)
        writer.write(b"250 ok\r\n250 ok\r\n354 go on\r\n")
        await reader.readexactly(100_000)
        writer.transport.abort()

    outcomes, _ = outcomes_of(script, [long])
    assert fates(outcomes) == [LATER]


def test_a_long_message_arrives_in_one_piece():
    long = a_message(content=b"Subject: x\r\n\r\n" + b".x\r\n" * 1_000_000)
    outcomes, sink, _ = outcomes_with(Behaviour(), [a_message(1), long, a_message(3)])
    assert fates(outcomes) == [SENT] * 3
    assert long.content in [kept for _, _, kept in sink.kept]


def test_a_long_message_refused_half_way_is_refused():
    long = a_message(content=b"Subject: x\r\n\r\n" + b"x" * 8_000_000 + b"\r\n")

    async def script(reader, writer):
        await greet(reader, writer)
        for answer in (b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n"):
            await reader.readline()
            writer.write(answer)
        await reader.readexactly(100_000)
        writer.write(b"552 5.3.4 enough\r\n")
        await reader.read(100_000)

    outcomes, _ = outcomes_of(script, [long])
    assert (outcomes[0].fate.value, outcomes[0].code) == (REFUSED, 552)


@pytest.mark.parametrize(
    ("answers", "phase", "fate"),
    [
        ([], "greeting", LATER),
        ([b"220 x\r\n"], "hello", LATER),
        ([b"220 x\r\n", b"250 x\r\n"], "envelope", LATER),
        ([b"220 x\r\n", b"250 x\r\n", b"250 ok\r\n", b"250 ok\r\n"], "data", LATER),
        (
            [b"220 x\r\n", b"250 x\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n"],
            "dot",
            UNCERTAIN,
        ),
    ],
)
def test_silence_is_waited_out_in_each_phase_and_means_what_it_must(answers, phase, fate):
    async def script(reader, writer):
        for answer in answers:
            writer.write(answer)
            await reader.readline()
        await reader.read()

    outcomes, _ = outcomes_of(script, messages(1), patience={phase: 0.1})
    assert fates(outcomes) == [fate]
    assert outcomes[0].concerns_all


def test_a_relay_that_stops_reading_is_left():
    long = a_message(content=b"Subject: x\r\n\r\n" + b"x" * 20_000_000 + b"\r\n")

    async def script(reader, writer):
        await greet(reader, writer, "PIPELINING")
        await envelope(reader)
        writer.write(b"250 ok\r\n250 ok\r\n354 go on\r\n")
        await asyncio.sleep(30)

    outcomes, _ = outcomes_of(script, [long], patience={"block": 0.2})
    assert fates(outcomes) == [LATER]
    assert outcomes[0].text == "The relay did not take the message within 0.2 seconds."


# Too much.


def test_sent_away_with_421_everything_waits_and_connections_are_halved():
    outcomes, _, courier = outcomes_with(Behaviour(goodbye_after=3), messages(60), 8)
    later = [one for one in outcomes if one.fate.value == LATER]
    assert later
    assert all(one.concerns_all for one in later)
    assert courier.standing.limit <= 4


def test_421_after_the_dot_means_it_was_not_taken():
    async def script(reader, writer):
        await greet(reader, writer, "PIPELINING")
        await envelope(reader)
        writer.write(b"250 ok\r\n250 ok\r\n354 go on\r\n")
        await content(reader)
        writer.write(b"421 4.3.2 going down\r\n")

    outcomes, _ = outcomes_of(script, messages(1))
    assert (outcomes[0].fate.value, outcomes[0].code) == (LATER, 421)
    assert outcomes[0].concerns_all


def test_421_to_an_idle_connection_is_no_complaint():
    async def run():
        async def script(reader, writer):
            await greet(reader, writer, "PIPELINING")
            await envelope(reader)
            writer.write(b"250 ok\r\n250 ok\r\n354 go on\r\n")
            await content(reader)
            writer.write(b"250 queued\r\n")
            await asyncio.sleep(0.05)
            writer.write(b"421 4.4.2 idle for too long\r\n")

        async def some():
            yield a_message(1)
            await asyncio.sleep(0.2)
            yield a_message(2)

        outcomes = []
        async with a_relay_that(script) as port:
            courier = courier_to(port, 4)
            await courier.carry(some(), outcomes.append)
            assert fates(outcomes) == [SENT] * 2
            assert courier.standing.limit == 4

    asyncio.run(run())


def test_more_connections_come_back_after_a_quiet():
    standing = courier_to(1, 8).standing
    standing.opened(100.0)
    assert standing.limit == 8
    standing.too_much(200.0, 8)
    standing.too_much(200.1, 7)  # the others are sent away in the same moment
    assert standing.limit == 4
    for quiet in range(1, 7):
        standing.look_at_the_clock(200.0 + quiet * standing.QUIET)
    assert standing.limit == 8


def test_pauses_grow_while_a_relay_takes_nothing_and_end_when_it_does():
    standing = courier_to(1, 8, pause=1).standing
    pauses, now = [], 100.0
    for _ in range(9):
        standing.could_not_open(now)
        pauses.append(standing.shut_until - now)
        now = standing.shut_until
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    standing.opened(now)
    standing.carried()
    standing.could_not_open(now)
    assert standing.shut_until - now == 1


def test_a_relay_that_is_down_gets_one_message_a_pause():
    """Not an edition's worth of them: each would be written down as tried."""

    async def run():
        async with Sink() as sink:
            port = sink.port
        courier, told = courier_to(port, 8, pause=1), []
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.7):
                await courier.carry(given(messages(100)), told.append)
        assert fates(told) == [LATER]
        assert told[0].concerns_all
        assert told[0].text.startswith(f"The relay 127.0.0.1:{port} cannot be reached (")

    asyncio.run(run())


def test_a_relay_that_takes_few_connections_gets_few_and_every_message():
    outcomes, _, courier = outcomes_with(Behaviour(connections=2, delay=5), messages(60), 8)
    assert fates(outcomes) == [SENT] * 60
    assert courier.standing.limit <= 2


def test_connections_are_opened_as_messages_need_them():
    _, sink, _ = outcomes_with(Behaviour(), messages(1), 8)
    assert sink.opened == 1
    _, sink, _ = outcomes_with(Behaviour(delay=5), messages(200), 8)
    assert sink.most_at_once == 8


def test_an_idle_connection_is_closed_in_order():
    heard = []

    async def run():
        async def script(reader, writer):
            await greet(reader, writer, "PIPELINING")
            await envelope(reader)
            writer.write(b"250 ok\r\n250 ok\r\n354 go on\r\n")
            await content(reader)
            writer.write(b"250 queued\r\n")
            heard.append(await reader.readline())
            writer.write(b"221 bye\r\n")

        async def some():
            yield a_message(1)
            await asyncio.sleep(0.4)
            yield a_message(2)

        outcomes = []
        async with a_relay_that(script) as port:
            await courier_to(port, patience={"idle": 0.1}).carry(some(), outcomes.append)
        assert fates(outcomes) == [SENT] * 2

    asyncio.run(run())
    assert heard == [b"QUIT\r\n", b"QUIT\r\n"]


# Hostile relays.

NONSENSE = {
    "a web server": b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "binary": bytes(range(256)) * 40,
    "a line without end": b"2" * 100_000,
    "a reply without end": b"250-x\r\n" * 100_000,
    "a reply that changes its mind": b"250-x\r\n550 y\r\n",
    "an unknown code": b"999 what\r\n",
    "a code of another time": b"150 wait\r\n",
    "too many replies": b"250 ok\r\n" * 50,
    "not a number": b"25x ok\r\n",
    "digits of another script": "٢٥٠ ok\r\n".encode(),
}


@pytest.mark.parametrize("nonsense", NONSENSE.values(), ids=NONSENSE)
@pytest.mark.parametrize("moment", ["greeting", "hello", "envelope", "dot", "after"])
def test_nonsense_ends_the_connection_and_is_never_taken_for_a_yes(nonsense, moment):
    async def script(reader, writer):
        if moment == "greeting":
            writer.write(nonsense)
        elif moment == "hello":
            writer.write(b"220 x\r\n" + nonsense)
        else:
            await greet(reader, writer, "PIPELINING")
            await envelope(reader)
            if moment == "envelope":
                writer.write(nonsense)
            else:
                writer.write(b"250 ok\r\n250 ok\r\n354 go on\r\n")
                await content(reader)
                writer.write((b"250 queued\r\n" if moment == "after" else b"") + nonsense)
        await writer.drain()
        await reader.read()

    outcomes, _ = outcomes_of(
        script,
        messages(1),
        patience=dict.fromkeys(("greeting", "hello", "envelope", "data", "dot", "quit"), 0.06),
    )
    is_a_yes = nonsense.startswith(b"250 ok")
    if moment == "after" or (moment == "dot" and is_a_yes):
        assert fates(outcomes) == [SENT]
    elif moment == "dot":
        assert fates(outcomes) == [UNCERTAIN]
    else:
        assert fates(outcomes) == [LATER]
    assert all(c.isprintable() for c in outcomes[0].text)
    assert len(outcomes[0].text) < 600


def test_a_long_answer_is_understood_and_kept_short():
    async def script(reader, writer):
        await greet(reader, writer, "PIPELINING")
        await envelope(reader)
        lines = b"".join(b"550-5.1.1 line %d\r\n" % line for line in range(100))
        writer.write(b"250 ok\r\n" + lines + b"550 5.1.1 the end\r\n503 no\r\n")
        await reader.read()

    ((outcome,), _) = outcomes_of(script, messages(1), patience={"quit": 0.1})
    assert outcome.fate.value == REFUSED
    assert outcome.text.startswith("5.1.1 line 0")
    assert len(outcome.text) <= 400


# Being stopped.


def test_when_stopped_an_answer_that_is_on_its_way_is_waited_for():
    async def run():
        async def script(reader, writer):
            await greet(reader, writer, "PIPELINING")
            await envelope(reader)
            writer.write(b"250 ok\r\n250 ok\r\n354 go on\r\n")
            await content(reader)
            reached.set()
            await asyncio.sleep(0.1)
            writer.write(b"250 queued\r\n250 ok\r\n250 ok\r\n354 go on\r\n")
            rest.append(await reader.read())

        reached, rest, told = asyncio.Event(), [], []
        asyncio.get_running_loop().set_exception_handler(lambda _, broken: rest.append(broken))
        async with a_relay_that(script) as port:
            carrying = asyncio.create_task(
                courier_to(port, 1).carry(given(messages(3)), told.append)
            )
            await reached.wait()
            carrying.cancel()
            with pytest.raises(asyncio.CancelledError):
                await carrying
            await asyncio.sleep(0.05)
        told.sort(key=lambda one: one.key)
        assert fates(told) == [SENT, LATER]  # the second's envelope had left; nothing of it may go
        assert rest == [b"".join(rest)]  # no error of ours
        assert b".\r\n" not in rest[0].split(b"DATA\r\n")[-1]

    asyncio.run(run())


def test_when_stopped_twice_it_stops_at_once():
    async def run():
        async with Sink(Behaviour(stall=1)) as sink:
            told = []
            carrying = asyncio.create_task(
                courier_to(sink.port, 2, patience={"farewell": 30}).carry(
                    given(messages(9)), told.append
                )
            )
            while sink.taken < 2:
                await asyncio.sleep(0.01)
            began = monotonic()
            carrying.cancel()
            await asyncio.sleep(0.05)
            carrying.cancel()
            with pytest.raises(asyncio.CancelledError):
                await carrying
            assert monotonic() - began < 10
            assert fates(told).count(UNCERTAIN) == 2
            assert len({one.key for one in told}) == len(told)

    asyncio.run(run())


def test_a_listener_that_breaks_is_heard_of_and_nothing_more_is_taken():
    taken = []

    async def some():
        for message in messages(500):
            taken.append(message.key)
            yield message

    def hear(outcome):
        if outcome.key == 5:
            raise LookupError("the database is gone")

    async def run():
        async with Sink(Behaviour(delay=1)) as sink:
            with pytest.raises(LookupError):
                await courier_to(sink.port, 1).carry(some(), hear)

    asyncio.run(run())
    assert len(taken) < 20
