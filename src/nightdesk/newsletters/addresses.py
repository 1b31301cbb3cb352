"""An e-mail address: is it one, when are two the same, and its fingerprint.

Checking asks nobody (no DNS): a request must not wait for a stranger's name server. Nothing is
folded but what every mail server folds: two addresses that differ by a dot or a ``+`` part are two.
"""

from __future__ import annotations

import functools
import hmac
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from email_validator import EmailNotValidError, validate_email

from nightdesk.kernel.mac import Mac


class NoAddressError(ValueError):
    """What was typed is no e-mail address."""


@dataclass(frozen=True, slots=True)
class Address:
    """``written`` as the reader wrote it, domain normalised; ``ascii`` with the domain as mail
    needs it; ``key`` what two spellings have in common. ``needs_smtputf8``: the part before the @
    is not ASCII, so only a relay that knows SMTPUTF8 takes it."""

    written: str
    ascii: str
    key: str
    needs_smtputf8: bool = False

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.key)

    @property
    def domain(self) -> str:
        """In ASCII."""
        return self.ascii.rpartition("@")[2]


def read(typed: str) -> Address:
    """The address that was typed, spaces around it forgiven. Raises ``NoAddressError``."""
    try:
        found = validate_email(
            typed.strip(), check_deliverability=False, allow_smtputf8=True, allow_quoted_local=False
        )
    except EmailNotValidError as error:
        raise NoAddressError(str(error)) from error
    local = unicodedata.normalize("NFC", found.local_part)
    return Address(
        written=f"{local}@{found.domain}",
        ascii=f"{local}@{found.ascii_domain}",
        key=f"{local.casefold()}@{found.ascii_domain.lower()}",
        needs_smtputf8=not local.isascii(),
    )


def fingerprint(key: str) -> str:
    """64 hex digits that say nothing to whoever has not the newsroom's secret."""
    return fingerprints()(key)


def fingerprints() -> Callable[[str], str]:
    """From a key to what ``fingerprint`` gives, for many of them."""
    mac = _mac(settings.SECRET_KEY)
    return lambda key: mac(key.encode()).hex()


@functools.lru_cache(maxsize=4)
def _mac(secret: str) -> Mac:
    return Mac(hmac.digest(secret.encode(), b"nightdesk mail address 1", "sha256"))
