"""What the relay offers (its answer to EHLO), and the envelope that it can be sent."""

from __future__ import annotations

from dataclasses import dataclass, field

from nightdesk.mail.adapters.smtp.replies import Reply
from nightdesk.mail.ports import Message


@dataclass(frozen=True, slots=True)
class Offers:
    """``size``: the largest message in bytes, 0 when the relay does not say."""

    words: frozenset[str] = frozenset()
    logins: frozenset[str] = frozenset()
    size: int = 0
    pipelining: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pipelining", "PIPELINING" in self.words)


def offers(reply: Reply) -> Offers:
    """The first line of a relay's answer is its name; each other is one thing it can do."""
    words, logins, size = set(), set(), 0
    for line in reply.lines[1:]:
        # "AUTH=LOGIN" is how it was written before the standard; some servers say both.
        word, *rest = line.decode("ascii", "replace").upper().replace("AUTH=", "AUTH ").split()[
            :20
        ] or [""]
        words.add(word)
        if word == "AUTH":
            logins.update(rest)
        elif word == "SIZE" and rest and rest[0].isdigit():
            size = int(rest[0])
    return Offers(frozenset(words), frozenset(logins), size)


class LocallyRefused(Exception):
    """The relay would not or cannot take this message; the words are for an editor."""

    def __init__(self, words: str, concerns_all: bool = False) -> None:
        super().__init__(words)
        self.concerns_all = concerns_all


def envelope(message: Message, offered: Offers) -> tuple[bytes, bytes]:
    """The commands MAIL and RCPT. Raises ``LocallyRefused``.

    A message with bytes above 127 goes to a relay without 8BITMIME all the same, as it does from
    Exim: no server of the last twenty years harms it, and refusing would lose it.
    """
    sender, recipient = message.mail_from, message.rcpt_to
    if offered.size and message.size > offered.size:
        raise LocallyRefused(
            f"The message has {message.size} bytes; the relay takes at most {offered.size}.", True
        )
    extra = b""
    plain = message.is_ascii
    if not (plain and sender.isascii() and recipient.isascii()):
        header = _header(message.whole)
        if not (sender.isascii() and recipient.isascii() and header.isascii()):
            if "SMTPUTF8" not in offered.words:
                raise _needs_smtputf8(sender, recipient)
            extra += b" SMTPUTF8"
        if not plain and "8BITMIME" in offered.words:
            extra += b" BODY=8BITMIME"
    if offered.size:
        extra += b" SIZE=%d" % message.size
    for address in (sender, recipient):
        if not address.isprintable() or "<" in address or ">" in address or " " in address:
            raise LocallyRefused(
                f"{address!r} cannot be an address: it holds a space, an angle bracket or a "
                "character that cannot be seen.",
                concerns_all=address == sender,
            )
    return (
        b"MAIL FROM:<%b>%b\r\n" % (sender.encode(), extra),
        b"RCPT TO:<%b>\r\n" % recipient.encode(),
    )


def _header(content: bytes) -> bytes:
    return content[: content.find(b"\r\n\r\n") + 1 or None]


def _needs_smtputf8(sender: str, recipient: str) -> LocallyRefused:
    if not recipient.isascii():
        return LocallyRefused(
            f"{recipient} is written with letters outside ASCII, and the relay cannot carry such "
            "addresses (it does not offer SMTPUTF8). Ask the recipient for another address, or "
            "use a relay that can."
        )
    what = f"The sender's address {sender}" if not sender.isascii() else "A header of the message"
    return LocallyRefused(
        f"{what} is written with letters outside ASCII, and the relay cannot carry that (it does "
        "not offer SMTPUTF8).",
        concerns_all=True,
    )
