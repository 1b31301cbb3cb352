"""One connection: what is said on it, and what became of each message given to it.

Groups (RFC 2920). Where the relay allows it the content of one message, its final dot and the
whole envelope of the next leave together, so that a message costs one round trip. What has been
said and not answered stands in ``expected``; replies come in the same order.

At any moment a line holds at most two messages: ``current``, whose content was sent and whose
final dot is not answered, and ``next``, of which only the envelope was sent. When the line is cut
the first is uncertain, and the second is not: nobody has it.
"""

from __future__ import annotations

import asyncio
import enum
from collections import deque
from time import monotonic
from typing import Protocol

from nightdesk.mail.adapters.smtp.offers import LocallyRefused, Offers, envelope
from nightdesk.mail.adapters.smtp.patience import Patience
from nightdesk.mail.adapters.smtp.replies import (
    Reply,
    concerns_all,
    fate_of,
    out_of_step,
    pushes_back,
)
from nightdesk.mail.adapters.smtp.standing import Group, Standing
from nightdesk.mail.adapters.smtp.wire import Wire
from nightdesk.mail.ports import Fate, Message, Pieces

#: The kernel is asked to hold this much for us; a message of half of it leaves in one piece, so
#: that "handed to the transport" means "handed to the network". Of a longer one the final dot is
#: kept back until the rest has left.
SEND_BUFFER = 256 * 1024
AT_ONCE = SEND_BUFFER // 2


class Place(enum.Enum):
    """Which message could a line take now?"""

    NONE = enum.auto()
    #: It may send a content, and waits for one turn of the loop whether another envelope can go
    #: with it.
    HUNGRY = enum.auto()
    IDLE = enum.auto()
    #: Its dot is not answered yet; an envelope could follow.
    BEHIND = enum.auto()


class Step(enum.Enum):
    """A command whose answer is awaited."""

    RSET = enum.auto()
    MAIL = enum.auto()
    RCPT = enum.auto()
    DATA = enum.auto()
    DOT = enum.auto()
    #: The dot that must follow when DATA was allowed though nobody is to get the message.
    LONE_DOT = enum.auto()
    QUIT = enum.auto()


_RSET, _MAIL, _RCPT, _DATA, _DOT = Step.RSET, Step.MAIL, Step.RCPT, Step.DATA, Step.DOT
_ENVELOPE = (_MAIL, _RCPT, _DATA)
_WITH_RSET = (_RSET, *_ENVELOPE)


class Exchange(Protocol):
    """Who hands messages to lines."""

    standing: Standing
    patience: Patience
    #: Is whoever gives messages waiting for one (or has none left)?
    asking: bool

    def tell(
        self, message: Message, fate: Fate, code: int, text: str, concerns_all: bool
    ) -> None: ...
    def take_back(self, message: Message, reason: str) -> bool: ...
    def place(self, line: Line, place: Place) -> None: ...
    def too_many(self) -> bool: ...
    def pushed_back(self, reply: Reply) -> None: ...
    def lost(self, line: Line) -> None: ...


class Line(Wire):
    def __init__(self, exchange: Exchange) -> None:
        super().__init__()
        self._exchange = exchange
        self._standing = exchange.standing
        self.offers = Offers()
        self.is_open = False
        self.since = monotonic()
        self.place = Place.NONE
        self.expected: deque[Step] = deque()
        self.current: Message | None = None
        self.next: Message | None = None
        self._refused = False  # of ``next``; it has been told of already
        self._group = Group.ONE_COMMAND  # in which the envelope of ``next`` was sent
        self._unsaid: list[tuple[Step, bytes]] = []  # of the envelope, when groups are small
        self._reset_first = False
        self._held = b""  # the final dot of a long message
        self._unsent_before = 0
        self._carried = 0
        self._leaving = self._stopping = False
        self._opening: asyncio.Future[Reply] | None = None
        self.plain_transport: asyncio.Transport | None = None  # under TLS

    # While the line is opened (opening.py): one command, one reply.

    async def ask(self, command: bytes, patience: float) -> Reply:
        """Raises ``TimeoutError``, ``ConnectionError``, and what ``broke`` was told."""
        self._opening = asyncio.get_running_loop().create_future()
        if command:
            self.transport.write(command)
        try:
            if self.gone:
                raise ConnectionResetError
            async with asyncio.timeout(patience):
                return await self._opening
        finally:
            self._opening = None

    def now_private(self, transport: asyncio.Transport, plain: asyncio.Transport) -> None:
        """TLS has begun, over the transport that there was."""
        self.transport, self.plain_transport = transport, plain
        self._plain_socket = None

    def open(self, offered: Offers) -> None:
        self.offers = offered
        self.is_open = True
        self.since = monotonic()

    # Taking a message.

    def _largest_group(self) -> Group:
        return self._standing.group if self.offers.pipelining else Group.ONE_COMMAND

    def give(self, message: Message) -> None:
        """Begin with it: say its envelope, with the content that waits if there is one."""
        try:
            mail, rcpt = envelope(message, self.offers)
        except LocallyRefused as refused:
            self._exchange.tell(message, Fate.REFUSED, 0, str(refused), refused.concerns_all)
            if self.place is Place.NONE:  # just opened, for this message
                self._stand_by()
            return
        place = self.place
        self._exchange.place(self, Place.NONE)
        self.since = monotonic()
        if self._largest_group() is Group.ONE_COMMAND:
            if place is Place.HUNGRY:  # the groups have become smaller meanwhile
                self.send_content()
            self._say_one_by_one(message, mail, rcpt)
            return
        reset, steps = (b"RSET\r\n", _WITH_RSET) if self._reset_first else (b"", _ENVELOPE)
        group = b"".join((reset, mail, rcpt, b"DATA\r\n"))
        self._reset_first = False
        if place is Place.HUNGRY:
            self.send_content(group)
        else:
            self.transport.write(group)
        follows = place in (Place.HUNGRY, Place.BEHIND)
        self._group = Group.WITH_CONTENT if follows else Group.ENVELOPE
        self.expected.extend(steps)
        self.next = message
        self._refused = False

    def _say_one_by_one(self, message: Message, mail: bytes, rcpt: bytes) -> None:
        self._unsaid = [(_DATA, b"DATA\r\n"), (_RCPT, rcpt), (_MAIL, mail)]
        if self._reset_first:
            self._unsaid.append((_RSET, b"RSET\r\n"))
        self._reset_first = False
        self._group = Group.ONE_COMMAND
        self.next = message
        self._refused = False
        if self.current is None:
            self._say_next()

    def _say_next(self) -> None:
        step, command = self._unsaid.pop()
        self.expected.append(step)
        self.transport.write(command)

    def send_content(self, following: bytes = b"") -> None:
        """Of ``next``, which becomes ``current``."""
        message = self.next
        assert message is not None
        content = message.content
        pieces = content if isinstance(content, Pieces) else Pieces.of(_dot_stuffed(content))
        end = b".\r\n" if pieces.each[-1][-2:] == b"\r\n" else b"\r\n.\r\n"
        end += following
        self.current, self.next = message, None
        self.expected.append(_DOT)
        self.since = monotonic()
        if pieces.size > AT_ONCE:
            self._held = end
            self.transport.write(b"".join(pieces.each))
            self._let_go_of_dot()
        else:
            self.write((*pieces.each, end), pieces.size + len(end))

    def _unsent(self) -> int:
        below = self.plain_transport.get_write_buffer_size() if self.plain_transport else 0
        return self.transport.get_write_buffer_size() + below

    def _let_go_of_dot(self) -> None:
        if self.gone or not self._held:
            return
        if self._unsent():
            asyncio.get_running_loop().call_later(0.01, self._let_go_of_dot)
            return
        held, self._held = self._held, b""
        self.since = monotonic()
        self.transport.write(held)

    def flush(self) -> None:
        """No other envelope came to go with it: the content leaves alone."""
        if self.place is not Place.HUNGRY or self.gone:
            return
        self.send_content()
        behind = not (self._leaving or self._held or self._exchange.too_many())
        self._exchange.place(self, Place.BEHIND if behind else Place.NONE)

    # What the relay says.

    def agreed(self, code: int) -> bool:
        """To a sender or a recipient, in a group: half of all replies."""
        expected = self.expected
        if code != 250 or self._refused or self._unsaid:
            return False
        if not expected or (expected[0] is not _MAIL and expected[0] is not _RCPT):
            return False
        expected.popleft()
        self.since = monotonic()
        return True

    def replied(self, reply: Reply) -> None:
        if self._opening is not None:
            if self._opening.done():
                self._opening = None
                self.broke("The relay spoke out of turn.")
            else:
                self._opening.set_result(reply)
            return
        self.since = monotonic()
        expected = self.expected
        if reply.code == 421:
            self._sent_away(reply)
            return
        if not expected:
            self.broke(f"The relay said unasked: {reply.code} {reply.text}")
            return
        step = expected.popleft()
        if step is _DOT:
            self._dot_answered(reply)
        elif step is _DATA:
            self._data_answered(reply)
        elif step is Step.QUIT:
            self._over("")
        elif step is Step.LONE_DOT:
            self._stand_by()
        elif 200 <= reply.code < 300:
            if self._unsaid:
                self._say_next()
            elif step is _RCPT and self._refused:
                # A lone dot would now deliver an empty message.
                self.broke("The relay refused a sender and took the recipient.")
        elif step is _RSET or reply.code < 400:
            self.broke(f"The relay answered {step.name} with {reply.code} {reply.text}")
        else:
            self._refuse(reply, step)

    def _refuse(self, reply: Reply, step: Step) -> None:
        message = self.next
        if self._refused or message is None:
            return
        if out_of_step(reply) and self._standing.surprised(self._group, certain=True):
            # Nothing else is open on this line: what came before was answered.
            self._exchange.take_back(message, "out of step")
            self.next = None
            self._over("")
            return
        self._refused = True
        everyone = concerns_all(reply, of_recipient=step is _RCPT)
        self._exchange.tell(message, fate_of(reply), reply.code, reply.text, everyone)
        self._reset_first = True
        if pushes_back(reply):
            self._exchange.pushed_back(reply)
        if self._group is Group.ONE_COMMAND or step is _DATA:
            self._unsaid.clear()
            self._stand_by()

    def _data_answered(self, reply: Reply) -> None:
        if reply.code == 354:
            if self._refused:
                self.expected.append(Step.LONE_DOT)
                self.transport.write(b".\r\n")
                return
            self._standing.followed(self._group)
            self._go_ahead()
        elif reply.code < 400:
            self.broke(f"The relay answered DATA with {reply.code} {reply.text}")
        elif self._refused:
            self._stand_by()
        else:
            self._refuse(reply, _DATA)

    def _go_ahead(self) -> None:
        assert self.next is not None
        exchange = self._exchange
        if (
            self._largest_group() is not Group.WITH_CONTENT
            or self.next.size > AT_ONCE
            or exchange.too_many()
        ):
            self.send_content()
            return
        exchange.place(self, Place.HUNGRY)
        if exchange.asking:
            self.flush()
        else:
            asyncio.get_running_loop().call_soon(self.flush)

    def _dot_answered(self, reply: Reply) -> None:
        message, self.current = self.current, None
        assert message is not None
        code, tell = reply.code, self._exchange.tell
        if self._held:
            self._answered_too_early(message, reply)
        elif 200 <= code < 300:
            self._carried += 1
            self._standing.carried()
            tell(message, Fate.SENT, code, reply.text, False)
        elif code >= 400:
            tell(message, fate_of(reply), code, reply.text, concerns_all(reply, False))
            if pushes_back(reply):
                self._exchange.pushed_back(reply)
        else:
            self.current = message
            self.broke(f"The relay answered a message with {code} {reply.text}")
        if self.gone:
            return
        if self._stopping:
            self._over("")
        elif self.next is None:
            self._stand_by()
        elif self._unsaid:
            self._say_next()

    def _answered_too_early(self, message: Message, reply: Reply) -> None:
        """Before the final dot: whatever it was, the relay does not have the message."""
        fate = fate_of(reply) if reply.code >= 400 else Fate.LATER
        self._exchange.tell(
            message, fate, reply.code, reply.text, concerns_all(reply, of_recipient=False)
        )
        self._over("The relay answered before the message was complete.")

    def _stand_by(self) -> None:
        """Ready for the next message, or on the way out."""
        self.next = None
        if self._leaving or self._exchange.too_many():
            self.leave()
        else:
            self._exchange.place(self, Place.IDLE)

    def _sent_away(self, reply: Reply) -> None:
        """421: the relay hangs up, and says so."""
        current, following = self.current, self.next if not self._refused else None
        self.current = self.next = None
        for message in (current, following):
            if message is not None:
                self._exchange.tell(message, Fate.LATER, reply.code, reply.text, True)
        if current or following:
            self._exchange.pushed_back(reply)
        self._over("")

    # The end.

    def leave(self) -> None:
        """In order: with QUIT, when nothing is open on it any more."""
        self._leaving = True
        if self.gone or self.current or self.next or self.expected:
            return
        self._exchange.place(self, Place.NONE)
        self.expected.append(Step.QUIT)
        self.since = monotonic()
        self.transport.write(b"QUIT\r\n")

    def stop(self, words: str) -> None:
        """At once, but for an answer to a final dot that was sent."""
        self._leaving = self._stopping = True
        following, self.next = self.next, None
        if following is not None and not self._refused:
            self._exchange.tell(following, Fate.LATER, 0, words, True)
        if self.current is None or self._held:
            self._over(words)

    def give_up(self, words: str) -> None:
        if not self.gone:
            self._over(words)

    def broke(self, why: str) -> None:
        if self._opening is not None and not self._opening.done():
            self._opening.set_exception(ConnectionError(why))
            self.hang_up()
            return
        self._over(why)

    def ended(self, error: Exception | None) -> None:
        if self._opening is not None and not self._opening.done():
            self._opening.set_exception(error or ConnectionResetError())
            return
        reason = getattr(error, "strerror", None) or (str(error) if error else "")
        self._over(f"The relay hung up{f' ({reason})' if reason else ''}.")

    def _over(self, words: str) -> None:
        """The line is done for; tell of what was on it."""
        exchange = self._exchange
        self.gone = True
        self.transport.abort()
        current, following = self.current, self.next if not self._refused else None
        self.current = self.next = None
        if current is not None:
            if self._held:
                exchange.tell(current, Fate.LATER, 0, words, True)
            else:
                text = f"{words} The whole message had been sent; the relay may have taken it."
                exchange.tell(current, Fate.UNCERTAIN, 0, text, True)
        if following is not None and not (
            _MAIL in self.expected
            and self._may_be_another_line(current)
            and exchange.take_back(following, "cut")
        ):
            exchange.tell(following, Fate.LATER, 0, words, True)
        exchange.lost(self)

    def _may_be_another_line(self, current: Message | None) -> bool:
        """Cut with an envelope of which nothing was answered: because it came in a group, or
        because the relay closes a line after so many messages or so much idling?"""
        if current is None and self._standing.surprised(self._group, certain=False):
            return True
        return self._carried > 0

    def look_at_the_clock(self, now: float) -> None:
        """Called now and then: has the relay had its time?"""
        patience = self._exchange.patience
        if not self.is_open or self.gone:
            return
        if not self.expected:
            if self.place is Place.IDLE and now - self.since > patience.idle:
                self.leave()
            return
        step = self.expected[0]
        unsent = self._unsent()
        if unsent and unsent != self._unsent_before:
            self.since = now
        self._unsent_before = unsent
        if step is _DOT:
            allowed = patience.block if unsent else patience.dot
        elif step is _DATA:
            allowed = patience.data
        else:
            allowed = patience.quit if step is Step.QUIT else patience.envelope
        if now - self.since > allowed:
            what = "take the message" if unsent else f"answer {step.name}"
            self._over(f"The relay did not {what} within {allowed:g} seconds.")


def _dot_stuffed(content: bytes) -> bytes:
    """After any LF, not only after CRLF: a relay that takes a bare LF for an end of line must not
    find another message in this one."""
    content = content.replace(b"\n.", b"\n..")
    return b"." + content if content[:1] == b"." else content
