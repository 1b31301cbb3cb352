"""Certificates for tests, each with a serial number of its own by which it is recognised."""

from __future__ import annotations

import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

DAY = datetime.timedelta(days=1)


class Pair:
    """``cert`` and ``key``: two files, as a program that renews certificates writes them."""

    def __init__(self, folder: Path) -> None:
        self.cert, self.key = folder / "fullchain.pem", folder / "privkey.pem"
        self.serial = 0

    def issue(
        self, *names: str, ends_in: datetime.timedelta = 90 * DAY, begins_in=-DAY, write_key=True
    ) -> int:
        """Write a new certificate and key; returns its serial number."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
        now = datetime.datetime.now(datetime.UTC)
        held = x509.SubjectAlternativeName([x509.DNSName(name) for name in names or ["localhost"]])
        self.serial = x509.random_serial_number()
        leaf = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(self.serial)
            .not_valid_before(min(now + begins_in, now + ends_in - DAY))
            .not_valid_after(now + ends_in)
            .add_extension(held, critical=False)
            .sign(key, hashes.SHA256())
        )
        self.cert.write_bytes(leaf.public_bytes(Encoding.PEM))
        if write_key:
            form = Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
            self.key.write_bytes(key.private_bytes(*form))
        return self.serial
