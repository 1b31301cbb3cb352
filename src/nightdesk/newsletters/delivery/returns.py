"""Addresses that say, when they come back, whose mail it was: a message's own name (Message-ID),
the address that returned mail goes to (VERP), the address that a wish to leave goes to.

All are signed: whoever could make one up could have a stranger's mail counted as returned, or keep
a mail from its reader (mail programs show one message for each name). All are the same each time
they are made for the same reader, so that a mail sent twice on an editor's word is one to the
reader's mail program. What is signed is written in letters of one case: mail servers on the way may
fold the part before the @.
"""

from __future__ import annotations

import base64
import functools
import hmac
import re
from urllib.parse import urlsplit

from django.conf import settings

from nightdesk.newsletters import tokens

_RETURN = b"returned mail"
_NAME = b"name of a message"
#: Characters of a signature: 80 bits.
_MAC = 16
_SIGNED = re.compile(r"(\d{1,19})\.(\d{1,19})\.([a-z2-7]{16})")


def message_id(edition: int, subscriber: int) -> str:
    """Without angle brackets."""
    return f"{_signed(_NAME, edition, subscriber)}@{_host()}"


def read_message_id(text: str) -> tuple[int, int] | None:
    """(edition, subscriber) of a mail of ours, with or without angle brackets; None of any other."""
    return _read(_NAME, text.strip().removeprefix("<").partition("@")[0])


def bounce_address(edition: int, subscriber: int) -> str:
    """Where this mail goes if it comes back (MAIL FROM): with NIGHTDESK_MAIL_BOUNCES an address of
    its own, else the newsroom's."""
    domain = settings.NIGHTDESK["NIGHTDESK_MAIL_BOUNCES"]
    if not domain:
        return str(settings.DEFAULT_FROM_EMAIL)
    return f"b+{_signed(_RETURN, edition, subscriber)}@{domain}"


def read_bounce_address(text: str) -> tuple[int, int] | None:
    """(edition, subscriber) of the mail that came back to this address; None for any other."""
    local = text.strip().strip("<>").rpartition("@")[0].lower()
    return _read(_RETURN, local.removeprefix("b+")) if local.startswith("b+") else None


def unsubscribe_mailto(token: str) -> str:
    """What a mail program opens for “unsubscribe” when it prefers mail; empty when the newsroom
    gets no mail. The token stands in the subject: its letters have two cases."""
    domain = settings.NIGHTDESK["NIGHTDESK_MAIL_BOUNCES"]
    return f"mailto:unsubscribe@{domain}?subject={token}" if domain else ""


def read_unsubscribe_subject(subject: str) -> tokens.Token:
    """Whose wish a mail to ``unsubscribe@…`` is. Raises ``tokens.BadTokenError``."""
    return tokens.read(tokens.READER, subject.strip().rpartition(" ")[2])


def _signed(purpose: bytes, edition: int, subscriber: int) -> str:
    said = b"%d.%d" % (edition, subscriber)
    return f"{said.decode()}.{_mac(purpose, said)}"


def _read(purpose: bytes, text: str) -> tuple[int, int] | None:
    found = _SIGNED.fullmatch(text)
    if found is None:
        return None
    edition, subscriber, mac = found.groups()
    if not hmac.compare_digest(_mac(purpose, f"{edition}.{subscriber}".encode()), mac):
        return None
    return int(edition), int(subscriber)


def _mac(purpose: bytes, said: bytes) -> str:
    raw = hmac.digest(_key(settings.SECRET_KEY, purpose), said, "sha256")[:10]
    return base64.b32encode(raw).decode().lower()


@functools.lru_cache(maxsize=8)
def _key(secret: str, purpose: bytes) -> bytes:
    return hmac.digest(secret.encode(), b"nightdesk newsletter mail 1 " + purpose, "sha256")


def _host() -> str:
    return (urlsplit(settings.PUBLIC_URL).hostname or "localhost").lower()
