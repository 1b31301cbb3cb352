"""What a relay's reply means: the fate of a message, and whom a refusal concerns."""

from __future__ import annotations

import re
from typing import NamedTuple

from nightdesk.mail.ports import Fate

#: What is kept of a relay's words.
MOST_TEXT = 400

_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


class ProtocolError(Exception):
    """What came is not SMTP. The message says what it was instead."""


class Reply(NamedTuple):
    code: int
    lines: list[bytes]

    @property
    def text(self) -> str:
        text = b" ".join(self.lines).decode("utf-8", "replace").strip()
        return _CONTROL.sub(" ", text)[:MOST_TEXT] if not text.isprintable() else text[:MOST_TEXT]

    @property
    def enhanced(self) -> tuple[int, int, int] | None:
        """RFC 3463: class, subject, detail; None when the relay gives none."""
        found = _ENHANCED.match(self.text)
        return (int(found[1]), int(found[2]), int(found[3])) if found else None


def fate_of(reply: Reply) -> Fate:
    """Of a refusal: does trying again help?"""
    return Fate.REFUSED if reply.code >= 500 else Fate.LATER


#: Replies about the connection or the login, whatever they answer (RFC 5321, RFC 4954).
_ABOUT_US = frozenset({421, 432, 454, 500, 501, 502, 503, 504, 521, 523, 530, 534, 535, 538, 555})


def concerns_all(reply: Reply, of_recipient: bool) -> bool:
    """Does it concern the connection, the login, the sender or the rate, and so every message?

    ``of_recipient``: the reply answers RCPT. Of the classes of RFC 3463, x.1 (addresses; not
    x.1.7 and x.1.8, which are the sender's) and x.2 (mailboxes) are about the recipient; a
    greylisting, which comes as 4.7.1, passes by itself and is about this message alone.
    """
    enhanced = reply.enhanced
    if enhanced is None:
        return reply.code in _ABOUT_US or not of_recipient or pushes_back(reply)
    _class, subject, detail = enhanced
    if subject == 1:
        return detail in (7, 8)
    if subject == 2:
        return False
    if subject == 7 and of_recipient and reply.code < 500 and "grey" in reply.text.lower():
        return False
    return reply.code in _ABOUT_US or subject in (3, 5, 7) or not of_recipient


#: How services say it that give no enhanced code (Amazon's "454 Throttling failure").
_TOO_FAST = re.compile(r"throttl|too (many|fast|much)|rate (limit|exceeded)|sending rate", re.I)


def pushes_back(reply: Reply) -> bool:
    """Does the relay ask for less: fewer connections, a slower pace?"""
    if reply.code == 421:
        return True
    if not 400 <= reply.code < 500:
        return False
    enhanced, text = reply.enhanced, reply.text
    if enhanced is None:
        return _TOO_FAST.search(text) is not None
    is_about_us = enhanced[:2] == (4, 7) or enhanced in ((4, 3, 1), (4, 3, 2), (4, 4, 5))
    return is_about_us and "grey" not in text.lower()


def out_of_step(reply: Reply) -> bool:
    """Does it say that a command came at the wrong moment or was not understood?"""
    enhanced = reply.enhanced
    if enhanced is not None:
        return enhanced in ((5, 5, 0), (5, 5, 1), (5, 5, 2))
    return reply.code in (500, 502, 503)
