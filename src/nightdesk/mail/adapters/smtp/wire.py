"""Bytes from a relay become replies; a relay that sends anything else is hung up on. Pieces of a
message become bytes to the relay."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Sequence

from nightdesk.mail.adapters.smtp.replies import ProtocolError, Reply

#: RFC 5321 allows 512 bytes a line; some relays' words are longer.
LONGEST_LINE = 8 * 1024
MOST_LINES = 200
#: What a kernel takes at once is limited (IOV_MAX); no mail comes near it.
MOST_PIECES = 512
_ONLY = {b"%d " % code: code for code in range(200, 600)}
_CODE = re.compile(rb"[2-5][0-9]{2}").match


class Wire(asyncio.BufferedProtocol):
    """One connection's replies. Whoever inherits says what to do with each (``replied``), with a
    broken conversation (``broke``) and with its end (``ended``)."""

    #: From the moment the line is connected.
    transport: asyncio.Transport

    def __init__(self) -> None:
        # One buffer a connection: asyncio would ask for 256 KB anew for each reply.
        self._buffer = memoryview(bytearray(16 * 1024))
        self._rest = b""
        self._code = b""
        self._lines: list[bytes] = []
        self.gone = False
        #: Where pieces can go to as they lie; not under TLS.
        self._plain_socket: asyncio.trsock.TransportSocket | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        if transport.get_extra_info("sslcontext") is None:
            self._plain_socket = transport.get_extra_info("socket")

    def write(self, pieces: Sequence[bytes], size: int) -> None:
        """As ``transport.write`` does, which would join them first. ``size``: of all."""
        transport = self.transport
        if self._plain_socket is None or len(pieces) > MOST_PIECES or self._waits():
            transport.write(b"".join(pieces))
            return
        try:
            sent = os.writev(self._plain_socket.fileno(), pieces)
        except OSError:  # it is full; or broken, which the transport will find out by itself
            sent = 0
        if sent < size:
            transport.write(b"".join(pieces)[sent:])

    def _waits(self) -> bool:
        return self.transport.is_closing() or self.transport.get_write_buffer_size() > 0

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._buffer

    def buffer_updated(self, count: int) -> None:
        if self.gone:
            return
        data = bytes(self._buffer[:count])
        *lines, self._rest = (self._rest + data if self._rest else data).split(b"\n")
        try:
            for line in lines:
                # Most replies are one line, and this is on the way of every message.
                if not self._code and (code := _ONLY.get(line[:4])):
                    if not self.agreed(code):
                        self.replied(Reply(code, [line[4:]]))
                else:
                    self._longer(line.rstrip(b"\r"))
                if self.gone:
                    return
            if len(self._rest) > LONGEST_LINE:
                raise ProtocolError("a line without an end")
        except ProtocolError as error:
            self.broke(f"The relay does not speak SMTP: it sent {error}.")

    def _longer(self, line: bytes) -> None:
        code, mark = line[:3], line[3:4]
        if not (_CODE(line) and mark in (b"", b" ", b"-")):
            raise ProtocolError(f"{line[:40]!r}")
        if self._code and code != self._code:
            raise ProtocolError(
                f"a reply that begins with {self._code!r} and goes on {line[:40]!r}"
            )
        self._lines.append(line[4:])
        if mark == b"-":
            self._code = code
            if len(self._lines) > MOST_LINES or len(line) > LONGEST_LINE:
                raise ProtocolError("a reply without an end")
            return
        lines, self._lines, self._code = self._lines, [], b""
        self.replied(Reply(int(code), lines))

    @property
    def has_unread(self) -> bool:
        """Was more sent than the replies so far? Before TLS begins that is somebody else's."""
        return bool(self._rest or self._code)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.gone:
            self.gone = True
            self.ended(error)

    def hang_up(self) -> None:
        """At once; ``ended`` is not called."""
        self.gone = True
        if hasattr(self, "transport"):
            self.transport.abort()

    def agreed(self, code: int) -> bool:
        """Whether a reply with this code is a mere yes, of which nobody reads the words."""
        return False

    def replied(self, reply: Reply) -> None:
        raise NotImplementedError

    def broke(self, why: str) -> None:
        raise NotImplementedError

    def ended(self, error: Exception | None) -> None:
        raise NotImplementedError
