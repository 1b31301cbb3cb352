"""What the newsroom asks of whatever takes its mail away.

A *courier* carries messages: over SMTP to a relay, or into a folder (``adapters/``); every courier
passes the same contract tests. It knows nothing of who subscribed or what is an edition. It says
of each message exactly one of four things, and the whole promise of delivery rests on the third and
the fourth being kept apart: a message whose final dot was never sent may be sent again by a
machine; one whose dot was sent and never answered may not (RFC 1047, RFC 5321 §4.5.3.2.6).
"""

from __future__ import annotations

import enum
from collections.abc import AsyncIterator, Callable
from typing import NamedTuple, Protocol


class Fate(enum.Enum):
    """What became of a message."""

    SENT = "sent"  # the relay answered 2xx to the final dot: it is the relay's now
    REFUSED = "refused"  # 5xx: trying again does not help
    LATER = "later"  # 4xx, or cut before the final dot: nobody has it, trying again may help
    UNCERTAIN = "uncertain"  # cut, or no answer, after the final dot: the relay may have it


class Pieces(NamedTuple):
    """A message in pieces, of which all but a few are the same for many recipients: 47 KB are
    joined for nobody, the kernel takes them as they lie. ``size``: of all, in bytes.

    Whoever makes them promises what a courier would else look for, which costs as much as sending:
    the first is the whole header, only it may hold bytes above 127, no line begins with a dot, and
    the last ends with CRLF.
    """

    each: tuple[bytes, ...]
    size: int

    @classmethod
    def of(cls, *each: bytes) -> Pieces:
        return cls(each, sum(map(len, each)))


class Message(NamedTuple):
    """One message to one recipient.

    ``key`` is the sender's own and comes back with the outcome. ``content`` is the whole message
    (RFC 5322) with CRLF at the end of each line, not dot-stuffed. ``mail_from`` and ``rcpt_to`` are
    the envelope's addresses without angle brackets; a domain in them is in its ASCII form.
    """

    key: int
    mail_from: str
    rcpt_to: str
    content: bytes | Pieces

    @property
    def whole(self) -> bytes:
        content = self.content
        return b"".join(content.each) if isinstance(content, Pieces) else content

    @property
    def size(self) -> int:
        """In bytes."""
        content = self.content
        return content.size if isinstance(content, Pieces) else len(content)

    @property
    def is_ascii(self) -> bool:
        content = self.content
        return (content.each[0] if isinstance(content, Pieces) else content).isascii()


class Outcome(NamedTuple):
    """``code`` and ``text`` are the relay's last reply, 0 and our own words where there was none.
    ``about`` says what a refusal concerns: this recipient, or everything (the connection, the
    login, the sender, the rate), so that a relay that is down counts against nobody's address."""

    key: int
    fate: Fate
    code: int = 0
    text: str = ""
    concerns_all: bool = False


class Courier(Protocol):
    async def carry(
        self, messages: AsyncIterator[Message], told: Callable[[Outcome], None]
    ) -> None:
        """Carry what ``messages`` gives until it ends, and tell of each exactly one outcome.

        Takes a message only when it can begin to send it soon (it never hoards), keeps its
        connections open while the iterator waits, closes an idle one in order, and returns when
        every message taken has been told of. Raises nothing for what a relay or a network does.
        When cancelled it tells of everything it had taken before it ends.
        """
        ...
