"""A message in pieces arrives as if it had been joined: in the open, encrypted, and through a socket
that takes a part of it only."""

from __future__ import annotations

import asyncio
import socket

import pytest

from nightdesk.bench.newsletters.behaviour import Behaviour
from nightdesk.bench.newsletters.sink import Sink
from nightdesk.mail.adapters.folder import FolderCourier
from nightdesk.mail.adapters.smtp.wire import MOST_PIECES, Wire
from nightdesk.mail.ports import Message, Pieces
from tests.mail.carrying import SENT, carried, courier_to, fates
from tests.mail.certificates import a_certificate

BODY = (b"What is known.\r\n" * 2000, b"x7f3", b"\r\n\r\nMore.\r\n" * 900, b"x7f3", b" End.\r\n")


def in_pieces(key: int, header: str = "News", last: bytes = b"") -> Message:
    head = f"Subject: {header} {key}\r\n\r\n".encode()
    content = Pieces.of(head, *BODY, *([last] if last else []))
    return Message(key, "news@news.example", f"reader{key}@post.example", content)


def arrived_at(behaviour: Behaviour, given: list[Message]) -> list[bytes]:
    async def run():
        async with Sink(behaviour, keep=True) as sink:
            assert fates(await carried(courier_to(sink.port), given)) == [SENT] * len(given)
            return [content for _from, _to, content in sink.kept]

    return asyncio.run(run())


@pytest.mark.parametrize("pipelining", [True, False])
def test_in_the_open(pipelining):
    given = [in_pieces(key) for key in range(20)]
    arrived = arrived_at(Behaviour(no_pipelining=not pipelining), given)
    assert sorted(arrived) == sorted(message.whole for message in given)


@pytest.mark.parametrize("from_the_start", [True, False])
def test_encrypted(tmp_path, from_the_start):
    from nightdesk.mail.relay import TLS

    cert, key = a_certificate(tmp_path, "news.example")
    behaviour = Behaviour(cert=cert, key=key, tls_from_the_start=from_the_start)
    given = [in_pieces(key) for key in range(5)]

    async def run():
        async with Sink(behaviour, keep=True) as sink:
            tls = TLS.FROM_THE_START if from_the_start else TLS.WHEN_OFFERED
            courier = courier_to(sink.port, tls=tls)
            assert fates(await carried(courier, given)) == [SENT] * 5
            return sink

    sink = asyncio.run(run())
    assert sink.encrypted == 5
    assert sorted(kept for _, _, kept in sink.kept) == sorted(message.whole for message in given)


def test_a_long_one_whose_dot_is_kept_back():
    given = [in_pieces(1), in_pieces(2, last=b"Once upon a time.\r\n" * 20_000), in_pieces(3)]
    assert sorted(arrived_at(Behaviour(), given)) == sorted(message.whole for message in given)


def test_a_header_outside_ascii_is_said_so():
    message = in_pieces(1, "Привіт")
    assert arrived_at(Behaviour(), [message]) == [message.whole]
    assert not message.is_ascii


def test_as_a_file(tmp_path):
    message = in_pieces(1)
    assert fates(asyncio.run(carried(FolderCourier(tmp_path), [message]))) == [SENT]
    (file,) = tmp_path.glob("*.eml")
    assert file.read_bytes().split(b"\r\n", 2)[2] == message.whole


class Listening(Wire):
    def broke(self, why):
        self.why = why

    def ended(self, error):
        self.why = str(error)


def piped(*written: list[bytes]) -> bytes:
    """What comes out of a socket that is nearly always full."""

    async def run():
        ours, theirs = socket.socketpair()
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        ours.setblocking(False)
        reader, _writer = await asyncio.open_connection(sock=theirs)
        loop = asyncio.get_running_loop()
        transport, wire = await loop.create_connection(Listening, sock=ours)
        for pieces in written:
            wire.write(pieces, sum(map(len, pieces)))
        assert transport.get_write_buffer_size() > 0, "a socket that takes all tests nothing"
        transport.close()
        return await reader.read()

    return asyncio.run(run())


def test_what_a_full_socket_does_not_take_follows_in_order():
    first, second = [b"%d," % number * 900 for number in range(60)], [b"a" * 5000, b"b" * 5000]
    assert piped(first, second, first) == b"".join([*first, *second, *first])


def test_more_pieces_than_a_kernel_takes_at_once():
    many = [b"%d," % number for number in range(20 * MOST_PIECES)]
    assert piped(many) == b"".join(many)


def test_a_line_that_was_hung_up_takes_nothing_and_raises_nothing():
    async def run():
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        loop = asyncio.get_running_loop()
        _transport, wire = await loop.create_connection(Listening, sock=ours)
        theirs.close()
        wire.write([b"a" * 100, b"b"], 101)
        await asyncio.sleep(0)
        wire.hang_up()
        wire.write([b"a" * 100, b"b"], 101)
        await asyncio.sleep(0.01)

    asyncio.run(run())
