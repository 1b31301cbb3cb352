"""Sign mail (DKIM, RFC 6376; Ed25519 as in RFC 8463), relaxed/relaxed, at the price of the signature.

dkimpy needs 12.7 ms a message with RSA; tests ask it whether it believes ours. Three things make
ours cheap: a body is brought into its canonical form once for an edition (``BodyTemplate``), what
all messages have in common at its beginning is hashed once, and the shape of the signature's own
header once for each set of headers.

From, To and Subject are named once more than they are there ("oversigned"): whoever adds another
one on the way breaks the signature.
"""

from __future__ import annotations

import hashlib
import logging
import re
import time
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from nightdesk.settings.table import SettingError, Settings

log = logging.getLogger("nightdesk.mail")

OVERSIGNED = (b"from", b"to", b"subject")
#: In the order in which they are named. RFC 8058 wants both List-Unsubscribe headers covered.
SIGNED = (
    b"from",
    b"to",
    b"subject",
    b"date",
    b"message-id",
    b"mime-version",
    b"content-type",
    b"content-transfer-encoding",
    b"reply-to",
    b"list-id",
    b"list-unsubscribe",
    b"list-unsubscribe-post",
    b"feedback-id",
)
LEAST_BITS, ENOUGH_BITS = 1024, 2048


@dataclass(frozen=True, slots=True)
class Key:
    """``weakness``: what an operator should know of it, empty when there is nothing."""

    private: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
    weakness: str = ""

    @property
    def algorithm(self) -> str:
        kind = "rsa" if isinstance(self.private, rsa.RSAPrivateKey) else "ed25519"
        return f"{kind}-sha256"

    @property
    def dns_record(self) -> str:
        """What must stand in DNS at ``SELECTOR._domainkey.DOMAIN``, as a TXT record."""
        public = self.private.public_key()
        if isinstance(public, ed25519.Ed25519PublicKey):
            kind, raw = "ed25519", public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        else:
            kind = "rsa"
            raw = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return f"v=DKIM1; k={kind}; p={b64encode(raw).decode()}"

    def sign(self, headers: bytes) -> bytes:
        if isinstance(self.private, ed25519.Ed25519PrivateKey):
            return self.private.sign(hashlib.sha256(headers).digest())
        return self.private.sign(headers, padding.PKCS1v15(), SHA256())


def key_from(pem: str) -> Key:
    """Raises ``SettingError``, which shows nothing of the key."""
    # Where a variable cannot hold more than one line, its line breaks are written as \n.
    pem = pem.strip().replace("\\n", "\n")
    try:
        private = load_pem_private_key(pem.encode(), password=None)
    except TypeError as error:
        raise _unusable("it is locked by a passphrase; take that off first") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _unusable("expected a private key (PEM), RSA or Ed25519") from error
    if isinstance(private, ed25519.Ed25519PrivateKey):
        return Key(private)
    if not isinstance(private, rsa.RSAPrivateKey):
        raise _unusable("expected RSA or Ed25519; nobody checks signatures of another kind")
    bits = private.key_size
    if bits < LEAST_BITS:
        raise _unusable(
            f"it has {bits} bits, and receivers ignore keys below {LEAST_BITS}. "
            f"Make one of {ENOUGH_BITS}"
        )
    weakness = ""
    if bits < ENOUGH_BITS:
        weakness = (
            f"NIGHTDESK_DKIM_KEY has {bits} bits. Receivers still take it, but it can be broken "
            f"by whoever pays for it: make one of {ENOUGH_BITS} under a new selector."
        )
        log.warning("%s", weakness)
    return Key(private, weakness)


def signer_for(settings: Settings, domain: str) -> Signer | None:
    """Who signs mail from an address at ``domain``; None when it is not signed here. Raises
    ``SettingError``."""
    selector, pem = settings["NIGHTDESK_DKIM_SELECTOR"], settings["NIGHTDESK_DKIM_KEY"]
    if bool(selector) != bool(pem):
        given, lacking = "NIGHTDESK_DKIM_SELECTOR", "NIGHTDESK_DKIM_KEY"
        if pem:
            given, lacking = lacking, given
        raise SettingError(f"{given} is set and {lacking} is not; they go together.")
    return Signer(key_from(pem), domain, selector) if selector else None


class BodyTemplate:
    """A body that is the same for every recipient but for values in its holes, and its hash.

    ``pieces``: what stands around the holes, so one more than there are values. A value is not
    empty, and holds neither a line break nor blanks but single ones inside it.
    """

    def __init__(self, pieces: Sequence[bytes]) -> None:
        hole = b"\0"
        if any(hole in piece for piece in pieces):
            raise ValueError("A body holds no zero bytes.")
        first, *self._rest = relaxed_body(hole.join(pieces)).split(hole)
        self._begun = hashlib.sha256(first)

    def digest(self, values: Sequence[bytes] = ()) -> bytes:
        """Of the body with these values in its holes."""
        hashed = self._begun.copy()
        for value, piece in zip(values, self._rest, strict=True):
            hashed.update(value)
            hashed.update(piece)
        return hashed.digest()


def relaxed_body(body: bytes) -> bytes:
    """RFC 6376 §3.4.4: runs of blanks become one, those at the end of a line none, and empty
    lines at the end of the body are dropped."""
    body = re.sub(rb"[ \t]+(\r\n)?", lambda run: run[1] or b" ", body.rstrip(b" \t\r\n"))
    return body + b"\r\n" if body else b""


def _relaxed_value(value: bytes) -> bytes:
    if b"\n" in value or b"\t" in value or b"  " in value:
        value = re.sub(rb"[ \t]+", b" ", value.replace(b"\r\n", b""))
    return value.strip(b" ")


class _Shape(NamedTuple):
    """Of a signature over one sequence of header names: which headers, under which names, and the
    signature's own header around its time and body hash, as sent and in canonical form."""

    signed: list[tuple[int, bytes]]
    sent: bytes
    canonical: bytes


class Signer:
    """Signs for one domain. ``domain`` is that of the From address, or one above it."""

    def __init__(self, key: Key, domain: str, selector: str) -> None:
        self.key = key
        self.domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
        self.selector = selector
        self._shapes: dict[tuple[bytes, ...], _Shape] = {}

    def header(
        self, headers: Sequence[tuple[bytes, bytes]], body_digest: bytes, now: int | None = None
    ) -> bytes:
        """The line(s) to put on top, with CRLF. ``headers``: names and values as they are sent,
        folded or not, without the last CRLF. ``body_digest``: SHA-256 of the relaxed body."""
        names = tuple([name for name, _value in headers])
        shape = self._shapes.get(names)
        if shape is None:
            shape = self._shapes[names] = self._shape(names)
        told = (int(time.time()) if now is None else now, b64encode(body_digest))
        lines = [name + _relaxed_value(headers[index][1]) for index, name in shape.signed]
        lines.append(shape.canonical % told)
        signature = b64encode(self.key.sign(b"\r\n".join(lines)))
        folded = b"\r\n ".join(signature[at : at + 72] for at in range(0, len(signature), 72))
        return b"%b\r\n %b\r\n" % (shape.sent % told, folded)

    def sign(self, message: bytes, now: int | None = None) -> bytes:
        """A whole message with its signature on top: for single mails."""
        head, _, body = message.partition(b"\r\n\r\n")
        headers = [(name, value) for name, value in _HEADER.findall(head + b"\r\n")]
        return self.header(headers, BodyTemplate([body]).digest(), now) + message

    def _shape(self, names: tuple[bytes, ...]) -> _Shape:
        lower = [name.strip().lower() for name in names]
        if b"from" not in lower:
            raise ValueError("A message without From cannot be signed.")
        signed, named = [], []
        for name in SIGNED:
            # Of several the last is signed first (RFC 6376 §5.4.2).
            for index in reversed(range(len(lower))):
                if lower[index] == name:
                    signed.append((index, name + b":"))
                    named.append(name)
            if name in OVERSIGNED:
                named.append(name)
        sent = (
            f"v=1; a={self.key.algorithm}; c=relaxed/relaxed;\r\n d={self.domain}; "
            f"s={self.selector};\r\n t=%d; h={_folded(named)};\r\n bh=%b; b="
        ).encode("ascii")
        canonical = re.sub(rb"\r\n +", b" ", sent)
        return _Shape(signed, b"DKIM-Signature: " + sent, b"dkim-signature:" + canonical)


_HEADER = re.compile(rb"([!-9;-~]+)[ \t]*:(.*(?:\r\n[ \t].*)*)\r\n")


def _folded(names: Sequence[bytes]) -> str:
    lines, line = [], ""
    for name in names:
        word = name.decode("ascii")
        if len(line) + len(word) > 55:
            lines.append(line)
            line = ""
        line += f"{word}:"
    return "\r\n ".join([*lines, line]).removesuffix(":")


def _unusable(why: str) -> SettingError:
    return SettingError(f"NIGHTDESK_DKIM_KEY is a value that is not shown; {why}.")
