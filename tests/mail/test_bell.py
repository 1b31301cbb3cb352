"""When a turn begins: neither before a breath for little, nor later than at once for much."""

from __future__ import annotations

import asyncio
import time

import pytest

from nightdesk.mail.bell import Bell

#: So long that a busy machine does not take as long by itself.
LONG = 60.0


def seconds(of) -> float:
    began = time.monotonic()
    asyncio.run(asyncio.wait_for(of(), 20))
    return time.monotonic() - began


def test_nothing_happens_and_it_looks_all_the_same():
    assert seconds(lambda: Bell(0.001).heard(0.05)) >= 0.05


def test_little_happens_and_a_breath_is_waited_for_more():
    async def run():
        bell = Bell(0.2)
        asyncio.get_running_loop().call_later(0.01, bell.ring)
        await bell.heard(LONG)

    assert seconds(run) >= 0.2


def test_what_happens_after_the_breath_is_heard_at_once():
    async def run():
        bell = Bell(0.01)
        asyncio.get_running_loop().call_later(0.1, bell.ring)
        await bell.heard(LONG)

    assert seconds(run) >= 0.1


@pytest.mark.parametrize("before", [True, False])
def test_much_happens_and_no_breath_is_taken(before):
    async def run():
        bell = Bell(LONG)
        if before:
            bell.ring(loud=True)
        else:
            asyncio.get_running_loop().call_soon(lambda: bell.ring(loud=True))
        await bell.heard(LONG)

    seconds(run)


def test_what_rang_while_nobody_waited_is_heard_once():
    async def run():
        bell = Bell(0.01)
        bell.ring()
        await bell.heard(LONG)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(bell.heard(LONG), 0.2)

    seconds(run)
