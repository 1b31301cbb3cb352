"""Whatever a relay does, each message is told of once, and what is told agrees with what the relay
wrote down."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace

import pytest

from nightdesk.bench.newsletters.behaviour import Behaviour, Refusal
from nightdesk.bench.newsletters.ledger import more_than_once, taken
from nightdesk.bench.newsletters.sink import Sink
from nightdesk.mail.ports import Fate
from tests.mail.carrying import a_relay_that, carried, courier_to, greet, messages

ILL_WILL = {
    "none": Behaviour(),
    "refuses some": Behaviour(refuse=(Refusal(450, 0.2), Refusal(550, 0.1))),
    "refuses at every stage": Behaviour(
        refuse=tuple(
            Refusal(code, 0.1, stage)
            for code in (451, 554)
            for stage in ("mail", "rcpt", "data", "dot")
        )
    ),
    "hangs up before": Behaviour(cut_before_dot=0.1),
    "hangs up at the dot": Behaviour(cut_at_dot=0.1),
    "takes and hangs up": Behaviour(cut_after_dot=0.1),
    "says goodbye": Behaviour(goodbye_after=7),
    "falls silent": Behaviour(stall=0.05),
    "greylists": Behaviour(greylist=True),
    "few connections": Behaviour(connections=2),
    "everything": Behaviour(
        refuse=(Refusal(450, 0.05), Refusal(550, 0.05), Refusal(452, 0.05, "dot")),
        cut_before_dot=0.03,
        cut_at_dot=0.03,
        cut_after_dot=0.03,
        goodbye_after=20,
        delay=1,
    ),
}


@pytest.mark.parametrize("pipelining", [True, False], ids=["groups", "one by one"])
@pytest.mark.parametrize("behaviour", ILL_WILL.values(), ids=ILL_WILL)
def test_what_is_told_is_true(behaviour, pipelining, tmp_path):
    log = tmp_path / "taken.tsv"

    async def run():
        sink = Sink(replace(behaviour, no_pipelining=not pipelining), log)
        async with sink:
            courier = courier_to(sink.port, 4, patience={"dot": 0.3, "quit": 0.2})
            return await carried(courier, messages(150))

    outcomes = asyncio.run(run())
    written = {entry.message_id: entry.answered for entry in taken(log)}
    assert more_than_once(taken(log)) == {}
    for one in outcomes:
        answered = written.get(f"<{one.key}@news.example>")
        if one.fate is Fate.SENT:
            assert answered == "told"
        elif one.fate is Fate.UNCERTAIN:
            assert answered in ("cut", "stalled", None)
        else:
            assert answered is None, f"said {one.fate}, and the relay has it"
    silent = [answered for answered in written.values() if answered != "told"]
    uncertain = [one for one in outcomes if one.fate is Fate.UNCERTAIN]
    assert len(uncertain) >= len(silent)
    if not (behaviour.cut_at_dot or behaviour.cut_after_dot or behaviour.stall):
        assert uncertain == []
    if behaviour == Behaviour():
        assert {one.fate for one in outcomes} == {Fate.SENT}


SAID = [
    *[b"250 ok\r\n"] * 6,
    *[b"354 go on\r\n"] * 3,
    b"250-a\r\n250 b\r\n",
    b"220 hello\r\n",
    b"421 4.3.2 going\r\n",
    b"450 4.2.1 busy\r\n",
    b"451 4.7.0 slow down\r\n",
    b"503 5.5.1 what?\r\n",
    b"550 5.1.1 who?\r\n",
    b"554 no\r\n",
    b"\xff\x00\r\n",
    b"25",
    b"",
]


@pytest.mark.parametrize("seed", range(24))
def test_a_relay_that_says_anything_at_all_gets_no_message_told_of_twice_or_never(seed):
    """Answers by chance, to half of what it reads, and hangs up when it likes."""
    chance = random.Random(seed)
    broken = []

    async def script(reader, writer):
        await greet(reader, writer, *["PIPELINING"] * chance.randrange(2))
        while chance.random() > 0.03:
            if not await reader.read(chance.choice([10, 1000, 100_000])):
                return
            for _ in range(chance.randrange(5)):
                writer.write(chance.choice(SAID))

    async def run():
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, context: broken.append(context))
        async with a_relay_that(script) as port:
            quickly = dict.fromkeys(("greeting", "hello", "envelope", "data", "dot"), 0.05)
            return await carried(courier_to(port, 3, patience=quickly), messages(25))

    asyncio.run(run())
    of_the_network = (OSError, asyncio.CancelledError)
    ours = [one for one in broken if not isinstance(one.get("exception"), of_the_network)]
    assert ours == []
