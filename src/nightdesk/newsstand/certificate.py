"""The certificate readers are shown: can it be used, until when, for which names.

Read with care because of when it is read: programs that renew certificates write two files one
after the other, and in between key and certificate do not belong together.
"""

from __future__ import annotations

import datetime
import hashlib
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography import x509


class BadCertificateError(Exception):
    """These files cannot be used; the message says why and what to do, without a final dot."""


@dataclass(frozen=True)
class Certificate:
    """``digest`` changes with the content of either file; ``names`` may begin with ``*.``."""

    digest: str
    names: tuple[str, ...]
    begins: datetime.datetime
    ends: datetime.datetime

    def days_left(self, now: datetime.datetime | None = None) -> int:
        """Whole days, negative once it has ended."""
        return (self.ends - (now or _now())) // datetime.timedelta(days=1)

    def trouble(self, host: str, now: datetime.datetime | None = None) -> str:
        """Why browsers would refuse it for ``host``, or nothing."""
        now = now or _now()
        if self.ends <= now:
            return f"it ended on {self.ends:%Y-%m-%d}; renew it"
        if self.begins > now:
            return f"it begins only at {self.begins:%Y-%m-%d %H:%M} UTC; check this machine's clock"
        if host and not any(_covers(name, host) for name in self.names):
            shown = ", ".join(self.names[:3]) or "no name at all"
            return f"it is for {shown}, not for {host}; ask for one with that name"
        return ""


def digest(cert: Path, key: Path) -> str:
    """Of both files' content as it is now; a word of its own when one cannot be read."""
    try:
        return hashlib.sha256(cert.read_bytes() + b"\0" + key.read_bytes()).hexdigest()
    except OSError:
        return "unreadable"


def read(cert: Path, key: Path) -> Certificate:
    """Read and try both files. Raises ``BadCertificateError``; an old date is no error here."""
    # Here, so that a door without TLS does without its megabytes.
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        PublicFormat,
        load_pem_private_key,
    )

    chain_text, key_text = _contents(cert, "TLS_CERT"), _contents(key, "TLS_KEY")
    try:
        leaf = x509.load_pem_x509_certificates(chain_text)[0]
    except ValueError as error:
        raise BadCertificateError(
            f"TLS_CERT: {cert} holds no certificate in PEM form; certbot's is fullchain.pem"
        ) from error
    try:
        private = load_pem_private_key(key_text, None)
    except TypeError as error:
        raise BadCertificateError(
            f"TLS_KEY: {key} is locked with a password; store it without one, readable by "
            "Nightdesk's account alone"
        ) from error
    except ValueError as error:
        raise BadCertificateError(
            f"TLS_KEY: {key} holds no private key in PEM form; certbot's is privkey.pem"
        ) from error
    form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    if private.public_key().public_bytes(*form) != leaf.public_key().public_bytes(*form):
        raise BadCertificateError(f"the key in {key} does not belong to the certificate in {cert}")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert, key)
    except (ssl.SSLError, OSError) as error:
        raise BadCertificateError(f"{cert} and {key} cannot be used ({error})") from error
    return Certificate(
        digest=hashlib.sha256(chain_text + b"\0" + key_text).hexdigest(),
        names=_names(leaf),
        begins=leaf.not_valid_before_utc,
        ends=leaf.not_valid_after_utc,
    )


def _contents(file: Path, setting: str) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadCertificateError(
            f"{setting}: {file} cannot be read ({error.strerror}); it must exist and Nightdesk's "
            "account must be allowed to read it"
        ) from error


def _names(leaf: x509.Certificate) -> tuple[str, ...]:
    from cryptography import x509

    try:
        held = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    addresses = map(str, held.get_values_for_type(x509.IPAddress))
    return (*(name.lower() for name in held.get_values_for_type(x509.DNSName)), *addresses)


def _covers(name: str, host: str) -> bool:
    if name.startswith("*."):
        return host.partition(".")[2] == name[2:]
    return name == host.strip("[]")


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
