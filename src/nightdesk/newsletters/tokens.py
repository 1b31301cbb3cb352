"""The links in a newsletter's mails: who it is, of which newsletter, signed; kept nowhere.

A token is opaque (RFC 8058 §3.1) and needs no row. The one that stands in every mail never ends and
serves unsubscribing and the page of one's newsletters; one that confirms ends after seven days.

A mail gets forwarded, so the link in every mail proves little. ``for_owner`` is in a mail of its own
that was asked for, and proves for a day that whoever holds it reads that address; ``for_moving``
went to a new address and proves the same of that. Both hold for one address only: a reader who has
moved leaves no working link behind.
"""

from __future__ import annotations

import base64
import binascii
import functools
import hmac
import time
import uuid
from dataclasses import dataclass

from django.conf import settings

from nightdesk.kernel.mac import Mac

#: Where the reader's token stands in an edition that was compiled. No word of any language.
MARK = "0READER0TOKEN0"
#: Bytes of signature: 96 bits.
_MAC = 12
#: A link to confirm ends after so many seconds.
CONFIRM_SECONDS = 7 * 86_400
OWNER_SECONDS = 86_400

_URLSAFE = bytes.maketrans(b"+/", b"-_")

READER = b"r"
CONFIRM = b"c"
MOVE = b"m"
OWNER = b"o"

_SECONDS = {CONFIRM: CONFIRM_SECONDS, MOVE: OWNER_SECONDS, OWNER: OWNER_SECONDS}


class BadTokenError(ValueError):
    """Not a token of ours, or altered."""


class EndedTokenError(BadTokenError):
    """One of ours that has ended. ``token`` says whose it was."""

    def __init__(self, token: Token) -> None:
        super().__init__("The link has expired.")
        self.token = token


@dataclass(frozen=True, slots=True)
class Token:
    """``newsletter`` is its id, 0 for none; of one that is bound to an address it is the address'
    ``mark``. ``made`` in seconds of the epoch, 0 for no end."""

    uid: uuid.UUID
    newsletter: int = 0
    made: int = 0

    def is_for(self, fingerprint: str) -> bool:
        """Whether it was made for the address with this fingerprint."""
        return self.newsletter == mark(fingerprint)


def mark(fingerprint: str) -> int:
    """32 bits of an address' fingerprint."""
    return int(fingerprint[:8], 16)


def for_reader(uid: uuid.UUID | bytes, newsletter: int) -> str:
    """43 characters that are safe in an address. The same for the same reader and newsletter."""
    raw = uid if isinstance(uid, bytes) else uid.bytes
    return _signed(READER, raw + newsletter.to_bytes(4, "big"))


def for_confirming(uid: uuid.UUID, now: float | None = None) -> str:
    return _write(CONFIRM, Token(uid, 0, int(now or time.time())))


def for_owner(uid: uuid.UUID, fingerprint: str, now: float | None = None) -> str:
    return _write(OWNER, Token(uid, mark(fingerprint), int(now or time.time())))


def for_moving(uid: uuid.UUID, fingerprint: str, now: float | None = None) -> str:
    """``fingerprint`` is the new address'."""
    return _write(MOVE, Token(uid, mark(fingerprint), int(now or time.time())))


def read(purpose: bytes, text: str, now: float | None = None) -> Token:
    """Whose token this is. Raises ``BadTokenError``, ``EndedTokenError``."""
    size = 16 + 4 + _MAC + (0 if purpose == READER else 4)
    try:
        raw = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), b"-_", validate=True)
    except (ValueError, UnicodeEncodeError):
        raise BadTokenError("This is no link of ours.") from None
    said, mac = raw[:-_MAC], raw[-_MAC:]
    # Decoding forgives stray bits in the last character; one token has one spelling.
    if len(raw) != size or _text(raw) != text or not hmac.compare_digest(_mac(purpose, said), mac):
        raise BadTokenError("This is no link of ours.")
    made = 0 if purpose == READER else int.from_bytes(said[20:24], "big")
    token = Token(uuid.UUID(bytes=said[:16]), int.from_bytes(said[16:20], "big"), made)
    if purpose != READER and not -300 <= (now or time.time()) - made <= _SECONDS[purpose]:
        raise EndedTokenError(token)
    return token


def _write(purpose: bytes, token: Token) -> str:
    said = token.uid.bytes + token.newsletter.to_bytes(4, "big")
    if purpose != READER:
        said += token.made.to_bytes(4, "big")
    return _signed(purpose, said)


def _signed(purpose: bytes, said: bytes) -> str:
    return _text(said + _mac(purpose, said))


def _mac(purpose: bytes, said: bytes) -> bytes:
    return _signer(settings.SECRET_KEY, purpose)(said)[:_MAC]


@functools.lru_cache(maxsize=16)
def _signer(secret: str, purpose: bytes) -> Mac:
    key = hmac.digest(secret.encode(), b"nightdesk newsletter token 1 " + purpose, "sha256")
    return Mac(key)


def _text(raw: bytes) -> str:
    """``base64.urlsafe_b64encode`` without its fillers, in half the time."""
    return binascii.b2a_base64(raw, newline=False).translate(_URLSAFE, b"=").decode()
