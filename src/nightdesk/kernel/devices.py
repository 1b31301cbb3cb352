"""The mark of a browser with which somebody has signed in before.

It opens nothing. It only tells an editor's own browser from a stranger's while strangers try
passwords by the thousand, so that the editor does not queue behind them or is locked out by them.
The site gives it, the newsstand checks it without asking anybody: account and date, signed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
import unicodedata
from dataclasses import dataclass

COOKIE = "nightdesk_device"
#: A mark counts for so long, in seconds, and is given anew when it is older than the second.
LIFETIME = 90 * 86_400
RENEWED_AFTER = 7 * 86_400


@dataclass(frozen=True, slots=True)
class Device:
    """``account`` is the login name as ``fold`` leaves it; ``since`` is in seconds of the epoch."""

    account: str
    since: int

    def needs_renewal(self, now: float | None = None) -> bool:
        return (now or time.time()) - self.since > RENEWED_AFTER


class Devices:
    """Gives marks and recognises them, with a key of its own made from the site's ``secret``."""

    def __init__(self, secret: str) -> None:
        self._key = hmac.digest(secret.encode(), b"nightdesk device mark 1", hashlib.sha256)

    def mark(self, account: str, now: float | None = None) -> str:
        """Letters, digits, ``-``, ``_`` and dots, for a cookie or an address."""
        said = f"{int(now or time.time()):x}.{_text(fold(account).encode())}"
        return f"{said}.{self._sign(said)}"

    def recognise(self, mark: str, now: float | None = None) -> Device | None:
        """Whose mark this is; None for one that is not ours, altered, or too old."""
        said, _dot, signature = mark.rpartition(".")
        if len(mark) > 1000 or not hmac.compare_digest(
            self._sign(said).encode(), signature.encode(errors="replace")
        ):
            return None
        since_text, _dot, account = said.partition(".")
        since = int(since_text, 16)
        if not -300 <= (now or time.time()) - since <= LIFETIME:
            return None
        padded = account + "=" * (-len(account) % 4)
        return Device(base64.urlsafe_b64decode(padded).decode(), since)

    def _sign(self, said: str) -> str:
        return _text(hmac.digest(self._key, said.encode(errors="replace"), hashlib.sha256))


def fold(account: str) -> str:
    """A login name as it is compared: however it is typed, it is one account."""
    return unicodedata.normalize("NFKC", account).strip().casefold()


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
