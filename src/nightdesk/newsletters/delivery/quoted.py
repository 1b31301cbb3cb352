"""A text as quoted-printable lines (RFC 2045 §6.7), open at each place where a reader's token comes.

What is given back is joined by the token, and nothing else has to be looked at for each reader: a
token has so many characters, so where lines must be broken around it is known before.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from nightdesk.newsletters import tokens

#: Characters of a reader's token.
TOKEN = 43
#: Of a line's 76 the last is kept for the ``=`` that breaks it.
_WIDTH = 75
_SOFT_BREAK = b"=\r\n"
#: What a line does not begin with: a dot (SMTP would double it), and the F of ``From`` (mailbox
#: files would quote it, and break a signature).
_NOT_FIRST = {b".": b"=2E", b"F": b"=46"}


def pieces(text: str) -> list[bytes]:
    """The encoded text, cut at each ``tokens.MARK``; the marks are gone."""
    found = [bytearray()]
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines):
        if number:
            found[-1] += b"\r\n"
        column = 0
        for place, part in enumerate(line.split(tokens.MARK)):
            if place:
                if column + TOKEN > _WIDTH:
                    found[-1] += _SOFT_BREAK
                    column = 0
                found.append(bytearray())
                column += TOKEN
            column = _write(found[-1], map(_letter, part), column)
        if line[-1:] in (" ", "\t"):
            # A blank at the end of a line would be lost on the way.
            del found[-1][-1:]
            _write(found[-1], [b"=%02X" % ord(line[-1])], column - 1)
    return [bytes(piece) for piece in found]


def _write(piece: bytearray, letters: Iterable[bytes], column: int) -> int:
    """``column`` is how much of the line is written already; given back: how much is then."""
    for encoded in letters:
        if column + len(encoded) > _WIDTH:
            piece += _SOFT_BREAK
            column = 0
        written = _NOT_FIRST.get(encoded, encoded) if column == 0 else encoded
        piece += written
        column += len(written)
    return column


@lru_cache(maxsize=4096)
def _letter(letter: str) -> bytes:
    """One letter, which is never broken in two."""
    if (" " <= letter <= "~" and letter != "=") or letter == "\t":
        return letter.encode()
    return b"".join(b"=%02X" % byte for byte in letter.encode("utf-8", "replace"))
