"""A relay that takes mail as fast as it comes and throws it away: `python -m
nightdesk.bench.newsletters.sink --port 2525 --log taken.tsv`.

Postfix's smtp-sink stops at some thousand messages of 47 KB a second and would be what is measured;
this one takes a multiple of that. On the first line it says `listening on 127.0.0.1:PORT` (of its
own choice with `--port 0`); told to end (SIGTERM), what it took, as JSON. From Python: ``running()``
starts it as a process of its own, ``Sink`` serves in a loop that is there already.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import json
import random
import resource
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nightdesk.bench.newsletters.behaviour import Behaviour, add_options, from_options
from nightdesk.bench.newsletters.ledger import Ledger

_END = b"\r\n.\r\n"
#: After a message's end come commands only, and not more bytes than this: the end is looked for
#: here first, because looking through all of 47 KB costs as much as everything else.
_NEAR_THE_END = 4096
_WORDS = {
    421: b"4.7.0 Too much; come back later",
    450: b"4.2.1 Mailbox busy",
    451: b"4.3.0 Something is wrong here",
    452: b"4.3.1 No room",
    550: b"5.1.1 No such user",
    552: b"5.3.4 Message too big",
    554: b"5.7.1 We do not like this",
}


class Sink:
    """Counts, and serves. ``keep``: hold on to each message, as (sender, recipient, content)."""

    def __init__(
        self, behaviour: Behaviour | None = None, log: Path | None = None, *, keep: bool = False
    ) -> None:
        self.behaviour = behaviour or Behaviour()
        self.ledger = Ledger(log)
        self.chance = random.Random(self.behaviour.seed)
        self.seen: set[tuple[str, str]] = set()
        self.kept: list[tuple[str, str, bytes]] | None = [] if keep else None
        self.context: ssl.SSLContext | None = None
        if self.behaviour.cert:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(self.behaviour.cert, self.behaviour.key or None)
        self.taken = self.encrypted = self.bytes = self.refused = self.opened = self.cut = 0
        self.open: set[Conversation] = set()
        self.most_at_once = 0
        self.port = 0
        self._server: asyncio.Server | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        from_start = self.context if self.behaviour.tls_from_the_start else None
        self._server = await asyncio.get_running_loop().create_server(
            lambda: Conversation(self), host, port, ssl=from_start, backlog=1024
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for conversation in tuple(self.open):
            conversation.transport.abort()
        self.ledger.close()

    async def __aenter__(self) -> Sink:
        await self.start()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.stop()

    def happens(self, share: float) -> bool:
        return share > 0 and self.chance.random() < share

    def refusal(self, stage: str, address: str) -> int:
        for refusal in self.behaviour.refuse:
            if refusal.stage == stage and refusal.meets(address) and self.happens(refusal.share):
                return refusal.code
        return 0

    def summary(self) -> dict[str, Any]:
        used = resource.getrusage(resource.RUSAGE_SELF)
        return {
            "taken": self.taken,
            "encrypted": self.encrypted,
            "refused": self.refused,
            "cut": self.cut,
            "bytes": self.bytes,
            "connections": self.opened,
            "connections_at_once": self.most_at_once,
            "cpu_seconds": round(used.ru_utime + used.ru_stime, 3),
        }


class Conversation(asyncio.BufferedProtocol):
    """One connection to the sink."""

    transport: asyncio.Transport

    def __init__(self, sink: Sink) -> None:
        self._sink, self._behaviour = sink, sink.behaviour
        self._plain = not (self._behaviour.refuse or self._behaviour.greylist)
        self._buffer = memoryview(bytearray(128 * 1024))
        self._rest = b""
        self._parts: list[bytes] | None = None  # of the message that is being read
        self._tail = b""
        self._out: list[bytes] = []
        self._sender = ""
        self._recipient = ""
        self._has_sender = False
        self._count = 0
        self._over = False
        self._tls = self._behaviour.tls_from_the_start
        self._login: list[bytes] | None = None
        self._signed_in = not self._behaviour.login
        self._turning = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        sink = self._sink
        sink.opened += 1
        sink.open.add(self)
        sink.most_at_once = max(sink.most_at_once, len(sink.open))
        if 0 < self._behaviour.connections < len(sink.open):
            self._say(421, b"4.7.0 Too many connections")
            self._hang_up(in_order=True)
        else:
            self._say(220, b"sink.test ESMTP")
        self._send()

    def connection_lost(self, error: Exception | None) -> None:
        self._over = True
        self._sink.open.discard(self)

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._buffer

    def buffer_updated(self, count: int) -> None:
        self._received(bytes(self._buffer[:count]))

    def _received(self, data: bytes) -> None:
        if self._turning:  # it came with the end of the handshake
            self._rest += data
            return
        while data and not self._over:
            data = self._commands(data) if self._parts is None else self._content(data)
        self._send()

    def _send(self) -> None:
        if not self._out:
            return
        answer = b"".join(self._out)
        self._out.clear()
        if self._behaviour.delay:
            later = asyncio.get_running_loop().call_later
            later(self._behaviour.delay / 1000, self.transport.write, answer)
        else:
            self.transport.write(answer)

    def _say(self, code: int, words: bytes = b"") -> None:
        self._out.append(b"%d %b\r\n" % (code, words or _WORDS.get(code, b"No")))

    def _refuse(self, code: int, words: bytes = b"") -> None:
        self._sink.refused += 1
        self._say(code, words)
        if code == 421:
            self._hang_up(in_order=True)

    def _hang_up(self, *, in_order: bool) -> None:
        """What was answered so far still leaves."""
        self._over = True
        if not in_order:
            self._sink.cut += 1
        self._send()
        if self._behaviour.delay:
            delay = self._behaviour.delay / 1000 + 0.01
            asyncio.get_running_loop().call_later(delay, self.transport.close)
        else:
            self.transport.close()

    # Commands.

    def _commands(self, data: bytes) -> bytes:
        if self._rest:
            data = self._rest + data
        at = 0
        while (end := data.find(b"\n", at)) >= 0:
            line = data[at:end].rstrip(b"\r")
            at = end + 1
            self._command(line)
            if self._parts is not None or self._over or self._turning:
                self._rest = b""
                return b"" if self._turning else data[at:]
        self._rest = data[at:]
        if len(self._rest) > 65536:
            self._hang_up(in_order=False)
        return b""

    def _command(self, line: bytes) -> None:
        if self._login is not None:
            self._log_in(line)
            return
        verb = line[:4].upper()
        if verb == b"MAIL":
            self._mail(line)
        elif verb == b"RCPT":
            self._rcpt(line)
        elif verb == b"DATA":
            self._data()
        elif verb == b"RSET":
            self._has_sender, self._recipient = False, ""
            self._say(250, b"2.0.0 Ok")
        elif verb == b"QUIT":
            self._say(221, b"2.0.0 Bye")
            self._hang_up(in_order=True)
        elif verb == b"EHLO":
            self._hello()
        elif verb == b"HELO":
            self._say(250, b"sink.test")
        elif verb == b"STAR" and self._sink.context and not self._tls:
            self._say(220, b"2.0.0 Go ahead")
            self._turning = True
            self._send()
            self._turning_task = asyncio.ensure_future(self._turn_to_tls())
        elif verb == b"AUTH" and self._behaviour.login:
            self._begin_login(line)
        else:
            self._say(502, b"5.5.1 Not known")

    def _hello(self) -> None:
        behaviour = self._behaviour
        if behaviour.no_ehlo:
            self._say(502, b"5.5.1 Not known")
            return
        words = [b"sink.test", b"ENHANCEDSTATUSCODES"]
        words += [b"PIPELINING"] * (not behaviour.no_pipelining)
        words += [b"8BITMIME"] * (not behaviour.no_8bitmime)
        words += [b"SMTPUTF8"] * (not behaviour.no_smtputf8)
        words += [b"SIZE %d" % behaviour.size] * bool(behaviour.size)
        words += [b"STARTTLS"] * bool(self._sink.context and not self._tls)
        words += [b"AUTH " + behaviour.mechanisms.encode()] * bool(behaviour.login)
        *first, last = words
        self._out += [b"250-%b\r\n" % word for word in first]
        self._out.append(b"250 %b\r\n" % last)

    def _mail(self, line: bytes) -> None:
        sender = _address(line)
        if self._has_sender:
            self._say(503, b"5.5.1 One sender at a time")
        elif 0 < self._behaviour.goodbye_after <= self._count:
            self._refuse(421)
        elif not self._signed_in:
            self._refuse(530, b"5.7.0 Sign in first")
        elif not self._plain and (code := self._sink.refusal("mail", sender)):
            self._refuse(code)
        else:
            self._sender, self._has_sender = sender, True
            self._out.append(b"250 2.1.0 Ok\r\n")

    def _rcpt(self, line: bytes) -> None:
        recipient, sink = _address(line), self._sink
        if not self._has_sender:
            self._say(503, b"5.5.1 Who sends?")
            return
        if not self._plain:
            if code := sink.refusal("rcpt", recipient):
                self._refuse(code)
                return
            pair = (self._sender, recipient)
            if self._behaviour.greylist and pair not in sink.seen:
                sink.seen.add(pair)
                self._refuse(450, b"4.7.1 Greylisted; come back later")
                return
        self._recipient = recipient
        self._out.append(b"250 2.1.5 Ok\r\n")

    def _data(self) -> None:
        sink = self._sink
        if not self._recipient:
            self._say(503, b"5.5.1 To whom?")
        elif not self._plain and (code := sink.refusal("data", self._recipient)):
            self._refuse(code)
        elif self._behaviour.cut_before_dot and sink.happens(self._behaviour.cut_before_dot):
            self._hang_up(in_order=False)
        else:
            self._parts, self._tail = [], b"\r\n"
            self._out.append(b"354 End with a dot\r\n")

    # A message.

    def _content(self, data: bytes) -> bytes:
        assert self._parts is not None
        end = self._end(data)
        if end < 0:
            self._parts.append(data)
            self._tail = (self._tail + data[-4:])[-4:]
            return b""
        self._parts.append(data[:end])
        parts, self._parts = self._parts, None
        self._dot(parts)
        return data[end:]

    def _end(self, data: bytes) -> int:
        """Where the message is over; -1 when not in here."""
        at = (self._tail + data[:4]).find(_END)
        if at >= 0:
            return at + len(_END) - len(self._tail)
        at = data.find(_END, max(0, len(data) - _NEAR_THE_END))
        if at < 0 and len(data) > _NEAR_THE_END:
            at = data.find(_END)
        return at + len(_END) if at >= 0 else -1

    def _dot(self, parts: list[bytes]) -> None:
        sink, behaviour = self._sink, self._behaviour
        recipient, self._recipient, self._has_sender = self._recipient, "", False
        if behaviour.cut_at_dot and sink.happens(behaviour.cut_at_dot):
            self._hang_up(in_order=False)
            return
        if not self._plain and (code := sink.refusal("dot", recipient)):
            self._refuse(code)
            return
        size = sum(map(len, parts)) - 3
        if 0 < behaviour.size < size:
            self._refuse(552)
            return
        sink.taken += 1
        sink.encrypted += self._tls
        sink.bytes += size
        self._count += 1
        answered = "told"
        if behaviour.cut_after_dot and sink.happens(behaviour.cut_after_dot):
            answered = "cut"
        elif behaviour.stall and sink.happens(behaviour.stall):
            answered = "stalled"
        if sink.ledger.is_kept or sink.kept is not None:
            self._write_down(recipient, parts[0] if len(parts) == 1 else b"".join(parts), answered)
        if answered == "told":
            self._out.append(b"250 2.0.0 Ok: queued as %X\r\n" % sink.taken)
        elif answered == "cut":
            self._hang_up(in_order=False)
        else:
            self._send()
            self._over = True

    def _write_down(self, recipient: str, content: bytes, answered: str) -> None:
        sink = self._sink
        if sink.kept is not None:
            whole = content[: -len(b".\r\n")].replace(b"\r\n.", b"\r\n")
            sink.kept.append((self._sender, recipient, whole.removeprefix(b".")))
        if sink.ledger.is_kept:
            head = content[: content.find(b"\r\n\r\n") + 2]
            noted = _header(head, b"Message-ID"), _header(head, self._behaviour.header.encode())
            sink.ledger.note(recipient, *noted, answered)

    # TLS and login.

    async def _turn_to_tls(self) -> None:
        with contextlib.suppress(OSError):
            loop = asyncio.get_running_loop()
            context = self._sink.context
            assert context is not None
            transport = await loop.start_tls(self.transport, self, context, server_side=True)
            if transport is not None:
                self.transport = transport
                self._tls, self._turning = True, False
                early, self._rest = self._rest, b""
                self._received(early)

    def _begin_login(self, line: bytes) -> None:
        _verb, mechanism, *initial = [*line.split(), b""]
        if mechanism.upper() == b"PLAIN" and initial[0]:
            _who, user, password = base64.b64decode(initial[0]).split(b"\0")
            self._check(user, password)
        elif mechanism.upper() == b"LOGIN":
            self._login = []
            self._say(334, base64.b64encode(b"Username:"))
        else:
            self._say(504, b"5.5.4 Not that way")

    def _log_in(self, line: bytes) -> None:
        assert self._login is not None
        self._login.append(base64.b64decode(line))
        if len(self._login) == 1:
            self._say(334, base64.b64encode(b"Password:"))
            return
        (user, password), self._login = self._login, None
        self._check(user, password)

    def _check(self, user: bytes, password: bytes) -> None:
        self._signed_in = b"%b:%b" % (user, password) == self._behaviour.login.encode()
        if self._signed_in:
            self._say(235, b"2.7.0 Welcome")
        else:
            self._refuse(535, b"5.7.8 Not like that")


def _address(line: bytes) -> str:
    return line[line.find(b"<") + 1 : line.find(b">")].decode("utf-8", "replace")


def _header(head: bytes, name: bytes) -> bytes:
    at = head.find(b"\r\n%b:" % name)
    if at < 0:
        if not head.startswith(name + b":"):
            return b""
        at = -2
    at += len(name) + 3
    end = head.find(b"\r\n", at)
    while head[end + 2 : end + 3] in (b" ", b"\t"):  # folded
        end = head.find(b"\r\n", end + 2)
    return b" ".join(head[at:end].split())


# As a process.


@dataclass
class RunningSink:
    process: subprocess.Popen[str]
    port: int
    summary: dict[str, Any] = field(default_factory=dict)

    def stop(self) -> dict[str, Any]:
        """What it took."""
        if not self.summary:
            self.process.send_signal(signal.SIGTERM)
            said, _ = self.process.communicate(timeout=30)
            self.summary = json.loads(said.strip().splitlines()[-1])
        return self.summary


@contextlib.contextmanager
def running(
    behaviour: Behaviour | None = None, log: Path | None = None, port: int = 0
) -> Iterator[RunningSink]:
    """A sink in a process of its own."""
    words = [sys.executable, "-m", __spec__.name, "--port", str(port)]
    words += ["--log", str(log)] if log else []
    words += (behaviour or Behaviour()).arguments()
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = process.stdout.readline()
    if not said.startswith("listening on "):
        process.kill()
        process.wait()
        raise RuntimeError(f"The sink did not start: {said!r}")
    sink = RunningSink(process, int(said.rsplit(":", 1)[1]))
    try:
        yield sink
    finally:
        if process.poll() is None:
            sink.stop()
        process.stdout.close()


async def _serve(sink: Sink, port: int) -> None:
    told_to_end = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told_to_end.set)
    await sink.start(port=port)
    print(f"listening on 127.0.0.1:{sink.port}", flush=True)
    await told_to_end.wait()
    await sink.stop()
    print(json.dumps(sink.summary()), flush=True)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m " + __spec__.name, description=__doc__)
    parser.add_argument("--port", type=int, default=2525, help="0: any free one")
    parser.add_argument("--log", type=Path, help="a file: what was taken, one line a message")
    add_options(parser)
    given = parser.parse_args(arguments)
    asyncio.run(_serve(Sink(from_options(given), given.log), given.port))
    return 0


if __name__ == "__main__":
    sys.exit(main())
