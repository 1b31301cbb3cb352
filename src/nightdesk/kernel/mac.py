"""HMAC-SHA256 (RFC 2104) for a key that signs many things.

The standard library begins anew with the key each time. What the key alone decides is reckoned here
once, which makes a signature of some bytes twice to three times as fast: each of an edition's mails
has three.
"""

from __future__ import annotations

import hashlib

_BLOCK = 64


class Mac:
    """``Mac(key)(said)`` is ``hmac.digest(key, said, "sha256")``."""

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes) -> None:
        if len(key) > _BLOCK:
            key = hashlib.sha256(key).digest()
        key = key.ljust(_BLOCK, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in key))

    def __call__(self, said: bytes) -> bytes:
        inner = self._inner.copy()
        inner.update(said)
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.digest()
