"""NIGHTDESK_MAIL as a relay's address: where it is, who we are to it, how it is kept private.

- ``smtp://`` turns to TLS as soon as the relay offers it; ``smtps://`` speaks TLS from the start.
- A certificate is verified, always, except on this machine (``localhost``, 127.0.0.0/8, ::1):
  nobody stands in between there, and the snake-oil certificate that Debian gives every server
  would otherwise stop the newsroom's own mail. Postfix would take any certificate anywhere when it
  has no login to protect; we do not, because an edition's recipients are worth protecting too.
- A password is sent over TLS only, or to this machine.
"""

from __future__ import annotations

import enum
import ipaddress
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from nightdesk.settings.table import SettingError, Settings

_EXPECTS = "expected smtp://user:password@host:587 or smtps://user:password@host"


class TLS(enum.Enum):
    WHEN_OFFERED = "smtp"
    FROM_THE_START = "smtps"


@dataclass(frozen=True, slots=True)
class RelayAddress:
    """``user`` and ``password`` are empty for a relay that asks for no login."""

    host: str
    port: int
    tls: TLS = TLS.WHEN_OFFERED
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def on_this_machine(self) -> bool:
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost" or self.host.endswith(".localhost")

    def __str__(self) -> str:
        """As it may be shown: without login."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def relay_address(url: str) -> RelayAddress:
    """Without a port: 465 for ``smtps``; for ``smtp`` 587, where one signs in, or 25 without a
    login. Raises ``SettingError``; its message shows nothing of the value."""
    parts = urlsplit(url)
    try:
        tls, port = TLS(parts.scheme), parts.port
        host = _ascii_host(parts.hostname or "")
    except ValueError:
        raise _unusable(_EXPECTS) from None
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise _unusable(
            "a user and a password go together. Write special characters in them "
            "percent-encoded: @ as %40, : as %3A, / as %2F, % as %25"
        )
    if "\0" in user + password:
        raise _unusable("a user or password holds a zero byte")
    if tls is TLS.WHEN_OFFERED and port == 465:
        raise _unusable("port 465 speaks TLS from the start: write smtps:// instead of smtp://")
    if port is None:
        port = 465 if tls is TLS.FROM_THE_START else 587 if user else 25
    return RelayAddress(host, port, tls, user, password)


def chosen_relay(settings: Settings) -> RelayAddress | None:
    """The relay of the settings; None when mail goes to a folder. Raises ``SettingError``."""
    url = str(settings["NIGHTDESK_MAIL"])
    return relay_address(url) if url else None


def _ascii_host(host: str) -> str:
    if not host:
        raise ValueError
    return host if host.isascii() else host.encode("idna").decode("ascii")


def _unusable(why: str) -> SettingError:
    return SettingError(f"NIGHTDESK_MAIL is a value that is not shown; {why}.")
