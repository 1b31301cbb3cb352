"""By what a mail is known when something comes back of it: its Message-ID, the address to which it
is returned, and the address to which a mail program sends the wish to unsubscribe.

Each says of itself which mail it belongs to, and is signed, so that nobody can have a stranger's
address suppressed by returning a mail that we never sent, nor make a mail provider drop ours by
sending one with the same Message-ID first. Lower case only: not every server keeps capitals.
"""

from __future__ import annotations

import base64
import functools
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from nightdesk.kernel.mac import Mac
from nightdesk.newsletters import tokens

#: The last sixteen are the signature: five bits each, 80 bits.
_ID = re.compile(r"([0-9a-z]{1,13})\.([0-9a-z]{1,13})\.([a-z2-7]{16})")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
#: What ten bits look like.
_TWO = [one + other for one in _LETTERS for other in _LETTERS]


@dataclass(frozen=True, slots=True)
class Mail:
    """One edition to one subscriber, by their ids."""

    edition: int
    subscriber: int


def message_id(edition: int, subscriber: int) -> str:
    """In angle brackets. The same for the same mail, however often it is tried."""
    return message_ids(edition)(subscriber)


def message_ids(edition: int) -> Callable[[int], str]:
    """From a subscriber to what ``message_id`` gives, for many of them."""
    begin, end = _short(edition), f"@{_host()}>"
    mac = _signer(settings.SECRET_KEY, b"id")

    def of(subscriber: int) -> str:
        said = f"{begin}.{_short(subscriber)}"
        return f"<{said}.{_letters(mac(said.encode()))}{end}"

    return of


def read_message_id(text: str) -> Mail | None:
    """Whose it is, when it is one of ours; with or without angle brackets."""
    return _read(b"id", text.strip().strip("<>").rpartition("@")[0])


def bounce_address(edition: int, subscriber: int) -> str:
    """To where a mail is returned (its envelope's sender), "" when the newsroom takes none back."""
    domain = settings.NIGHTDESK["NIGHTDESK_MAIL_BOUNCES"]
    return f"b+{_signed(b'b', edition, subscriber)}@{domain}" if domain else ""


def read_bounce_address(text: str) -> Mail | None:
    local = text.strip().strip("<>").rpartition("@")[0].lower()
    return _read(b"b", local[2:]) if local[:2] in ("b+", "b-") else None


def wish_address(token: str) -> str:
    """Where a mail program writes to unsubscribe the holder of this token, or ""."""
    domain = settings.NIGHTDESK["NIGHTDESK_MAIL_BOUNCES"]
    if not domain:
        return ""
    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    return f"u+{base64.b32encode(raw).decode().rstrip('=').lower()}@{domain}"


def read_wish_address(text: str) -> tokens.Token | None:
    """The reader's token in it, in capitals and small letters or in small ones alone."""
    local = text.strip().strip("<>").rpartition("@")[0]
    if local[:2].lower() not in ("u+", "u-"):
        return None
    said = local[2:]
    if len(said) == 52:
        try:
            raw = base64.b32decode(said.upper() + "====")
        except ValueError:
            return None
        said = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    try:
        return tokens.read(tokens.READER, said)
    except tokens.BadTokenError:
        return None


def _signed(purpose: bytes, edition: int, subscriber: int) -> str:
    said = f"{_short(edition)}.{_short(subscriber)}"
    return f"{said}.{_mac(purpose, said)}"


def _read(purpose: bytes, text: str) -> Mail | None:
    found = _ID.fullmatch(text)
    if not found:
        return None
    edition, subscriber, mac = found.groups()
    if not hmac.compare_digest(_mac(purpose, f"{edition}.{subscriber}"), mac):
        return None
    mail = Mail(int(edition, 36), int(subscriber, 36))
    return mail if max(mail.edition, mail.subscriber) < 2**63 else None


def _mac(purpose: bytes, said: str) -> str:
    return _letters(_signer(settings.SECRET_KEY, purpose)(said.encode()))


def _letters(mac: bytes) -> str:
    """As ``base64.b32encode`` writes 80 bits, in small letters and a fifth of its time."""
    bits = int.from_bytes(mac[:10], "big")
    return (
        f"{_TWO[bits >> 70]}{_TWO[bits >> 60 & 1023]}{_TWO[bits >> 50 & 1023]}"
        f"{_TWO[bits >> 40 & 1023]}{_TWO[bits >> 30 & 1023]}{_TWO[bits >> 20 & 1023]}"
        f"{_TWO[bits >> 10 & 1023]}{_TWO[bits & 1023]}"
    )


@functools.lru_cache(maxsize=8)
def _signer(secret: str, purpose: bytes) -> Mac:
    key = hmac.digest(secret.encode(), b"nightdesk returned mail 1 " + purpose, "sha256")
    return Mac(key)


def _short(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text or "0"


def _host() -> str:
    return settings.NIGHTDESK["NIGHTDESK_MAIL_BOUNCES"] or _host_of(settings.PUBLIC_URL)


@functools.lru_cache(maxsize=4)
def _host_of(url: str) -> str | None:
    return urlsplit(url).hostname
