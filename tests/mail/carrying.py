"""What tests of couriers share: messages, and a courier that carries them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import replace

from nightdesk.mail.adapters.smtp import Patience, SMTPCourier
from nightdesk.mail.ports import Courier, Fate, Message, Outcome
from nightdesk.mail.relay import TLS, RelayAddress

#: Of somebody in a hurry: tests wait for real, but not for minutes.
HURRIED = Patience(
    connect=5,
    greeting=5,
    hello=5,
    envelope=5,
    data=5,
    block=5,
    dot=5,
    idle=5,
    quit=1,
    farewell=1,
)


def a_message(key: int = 1, to: str = "", content: bytes = b"", **more: object) -> Message:
    body = content or b"Subject: No. %d\r\nMessage-ID: <%d@news.example>\r\n\r\nHello.\r\n" % (
        key,
        key,
    )
    return Message(key, "news@news.example", to or f"reader{key}@post.example", body, **more)


def messages(count: int) -> list[Message]:
    return [a_message(key) for key in range(1, count + 1)]


async def given(some: Iterable[Message]) -> AsyncIterator[Message]:
    for message in some:
        yield message


async def carried(courier: Courier, some: Iterable[Message], seconds: float = 20) -> list[Outcome]:
    """Told exactly once of each, or the test fails."""
    some, outcomes = list(some), []
    async with asyncio.timeout(seconds):
        await courier.carry(given(some), outcomes.append)
    assert sorted(one.key for one in outcomes) == sorted(message.key for message in some)
    return sorted(outcomes, key=lambda one: one.key)


def fates(outcomes: Iterable[Outcome]) -> list[str]:
    return [one.fate.value for one in outcomes]


def courier_to(
    port: int,
    connections: int = 3,
    *,
    tls: TLS = TLS.WHEN_OFFERED,
    login: str = "",
    pause: float = 0.01,
    **more: object,
) -> SMTPCourier:
    user, _, password = login.partition(":")
    patience = replace(HURRIED, **more.pop("patience", {}))
    address = RelayAddress("127.0.0.1", port, tls, user, password)
    courier = SMTPCourier(address, connections, patience=patience, **more)
    courier.standing.FIRST_PAUSE = pause
    return courier


Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextlib.asynccontextmanager
async def a_relay_that(script: Script) -> AsyncIterator[int]:
    """A relay whose every byte the test writes; gives its port."""
    opened: list[asyncio.StreamWriter] = []
    answering: set[asyncio.Task[None] | None] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened.append(writer)
        answering.add(asyncio.current_task())
        try:
            await script(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, limit=2**20)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        if answering:  # scripts read what was said last
            await asyncio.wait(answering, timeout=0.3)
        for writer in opened:
            writer.transport.abort()


async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *offers: str) -> None:
    """The opening of a well-behaved relay."""
    writer.write(b"220 relay.test\r\n")
    await reader.readline()
    said = ["relay.test", *offers]
    lines = [f"250{'-' if more else ' '}{word}\r\n" for more, word in _with_more(said)]
    writer.write("".join(lines).encode())


def _with_more(words: list[str]) -> list[tuple[bool, str]]:
    return [(at < len(words) - 1, word) for at, word in enumerate(words)]


async def envelope(reader: asyncio.StreamReader) -> list[bytes]:
    """MAIL, RCPT, DATA."""
    return [await reader.readline() for _ in range(3)]


async def content(reader: asyncio.StreamReader) -> bytes:
    return await reader.readuntil(b"\r\n.\r\n")


SENT, REFUSED, LATER, UNCERTAIN = (
    fate.value for fate in (Fate.SENT, Fate.REFUSED, Fate.LATER, Fate.UNCERTAIN)
)
