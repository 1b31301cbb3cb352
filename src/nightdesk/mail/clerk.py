"""The clerk: the process that keeps the sender's books, so that the sender itself knows no database.

Carrying mail and writing down what became of it cost about the same, and one interpreter does one
thing at a time; as two processes they keep two cores busy (docs/decisions/mail.md). The clerk is a
child of the sender, asked one thing after another over a socket, and neither lives without the
other: what is not written down then is uncertain for the next sender, as after any crash.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
import signal
import socket
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from django.db import DatabaseError, InterfaceError

from nightdesk.kernel.child import fork
from nightdesk.mail.books import Books, Fetched, News, Turned
from nightdesk.mail.lease import StaleSenderError
from nightdesk.mail.ports import Message, Outcome, Pieces

log = logging.getLogger("nightdesk.mail")

_LENGTH = struct.Struct("!Q")
#: The kernel is asked to hold a whole turn's messages for the one who reads.
_BUFFER = 1024 * 1024


class ClerkGoneError(Exception):
    """The process that keeps the books has ended."""


class ClerkFailedError(Exception):
    """A fault of ours while the books were kept; the log has the whole of it."""


class Clerk(Protocol):
    """Whoever keeps the books: see ``Books`` for what is asked. Each may raise ``DatabaseError``."""

    async def note_relay(self) -> None: ...
    async def note_refusal(self, cause: str) -> None: ...
    async def take(self) -> bool: ...
    async def begin(self, rate: float) -> float: ...
    async def turn(
        self,
        outcomes: Mapping[str, Sequence[Outcome]],
        limit: int,
        news: News,
        tokens: float | None = None,
        ahead: int = 0,
    ) -> Turned: ...
    async def end(self) -> None: ...


class ClerkApart:
    """A clerk in a process of its own, begun before there is a loop, a thread or a connection."""

    def __init__(self, books: Callable[[], Books] = Books) -> None:
        ours, theirs = socket.socketpair()
        for end, which in ((ours, socket.SO_RCVBUF), (theirs, socket.SO_SNDBUF)):
            end.setsockopt(socket.SOL_SOCKET, which, _BUFFER)

        def work() -> None:
            ours.close()
            _serve(theirs, books())

        self.pid = fork("books", work)
        theirs.close()
        ours.setblocking(False)
        self._socket = ours
        self._turn = asyncio.Lock()

    async def note_relay(self) -> None:
        await self._ask("note_relay")

    async def note_refusal(self, cause: str) -> None:
        await self._ask("note_refusal", cause)

    async def take(self) -> bool:
        return bool(await self._ask("take"))

    async def begin(self, rate: float) -> float:
        return float(await self._ask("begin", rate))

    async def turn(
        self,
        outcomes: Mapping[str, Sequence[Outcome]],
        limit: int,
        news: News,
        tokens: float | None = None,
        ahead: int = 0,
    ) -> Turned:
        told = {name: [tuple(each) for each in some] for name, some in outcomes.items()}
        turned: Turned = await self._ask("turn", told, limit, news, tokens, ahead)
        turned.fetched = [_unpacked(some) for some in turned.fetched]
        return turned

    async def end(self) -> None:
        await self._ask("end")

    def close(self) -> None:
        """It ends when it sees that nobody is left to ask it, and with this process in any case."""
        self._socket.close()

    async def _ask(self, what: str, *arguments: object) -> Any:
        """Whoever stops waiting for the answer does not keep the next from being asked."""
        asking = asyncio.ensure_future(self._asked(what, arguments))
        asking.add_done_callback(_looked_at)
        said, value = await asyncio.shield(asking)
        if said == "answer":
            return value
        raise {"stale": StaleSenderError, "database": DatabaseError}.get(said, ClerkFailedError)(
            value
        )

    async def _asked(self, what: str, arguments: tuple[object, ...]) -> tuple[str, Any]:
        loop = asyncio.get_running_loop()
        async with self._turn:
            try:
                await loop.sock_sendall(self._socket, _packed((what, arguments)))
                (length,) = _LENGTH.unpack(await self._read(_LENGTH.size))
                return pickle.loads(await self._read(length))
            except OSError as error:
                raise ClerkGoneError from error

    async def _read(self, length: int) -> bytearray:
        loop = asyncio.get_running_loop()
        into = bytearray(length)
        view, at = memoryview(into), 0
        while at < length:
            count = await loop.sock_recv_into(self._socket, view[at:])
            if not count:
                raise ClerkGoneError
            at += count
        return into


def _looked_at(asked: asyncio.Future[Any]) -> None:
    if not asked.cancelled():
        asked.exception()


# In the clerk's process.


def _serve(asked: socket.socket, books: Books) -> None:
    """Until nobody asks any more. Who stops the sender stops the clerk by that."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    stream = asked.makefile("rb", _BUFFER)
    while head := stream.read(_LENGTH.size):
        (length,) = _LENGTH.unpack(head)
        what, arguments = pickle.loads(stream.read(length))
        try:
            asked.sendall(_packed(_answer(books, what, arguments)))
        except (BrokenPipeError, ConnectionResetError):
            return


def _answer(books: Books, what: str, arguments: Sequence[Any]) -> tuple[str, Any]:
    try:
        if what != "turn":
            return "answer", getattr(books, what)(*arguments)
        told, *more = arguments
        outcomes = {name: list(map(Outcome._make, some)) for name, some in told.items()}
        turned = books.turn(outcomes, *more)
        turned.fetched = [_plain(some) for some in turned.fetched]
    except StaleSenderError:
        return "stale", ""
    except (DatabaseError, InterfaceError) as error:
        return "database", " ".join(str(error).split())
    except Exception as error:
        log.exception("The sender's books could not be kept.")
        return "failed", repr(error)
    return "answer", turned


# Between them. A pickled NamedTuple costs ten times what a tuple does; what many messages share is
# pickled once for all of a turn.


def _packed(value: object) -> bytes:
    pickled = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(pickled)) + pickled


def _plain(some: Fetched) -> Any:
    source, rank, messages = some
    return (
        source,
        rank,
        [
            (key, mail_from, rcpt_to, tuple(content) if isinstance(content, Pieces) else content)
            for key, mail_from, rcpt_to, content in messages
        ],
    )


def _unpacked(some: Any) -> Fetched:
    source, rank, messages = some
    return Fetched(
        source,
        rank,
        [
            Message(
                key, mail_from, rcpt_to, content if isinstance(content, bytes) else Pieces(*content)
            )
            for key, mail_from, rcpt_to, content in messages
        ],
    )
