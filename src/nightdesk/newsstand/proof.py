"""A little work for the reader's browser, instead of a refusal (hashcash, as altcha does it).

Who shares an address with many, behind a telephone company's proxy or an onion address, must not be
locked out by one of them. So whoever comes too often from one place is asked for a proof: a number
whose hash, behind the challenge, begins with so many zero bits. A browser finds one in a moment
without its reader noticing; ten thousand cost a bomber hours. No third party takes part, nothing is
kept but which challenges were used, and a challenge says for itself until when it holds.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections import OrderedDict

#: Zero bits asked for in quiet times: some 16,000 hashes, below half a second in a browser.
EASY = 14
#: A challenge holds so many seconds, and can be used once.
SECONDS = 300
#: Used challenges remembered; older ones have ended long before so many have been solved.
_MOST_USED = 20_000
_LONGEST = 120


class Proofs:
    """``secret``: the newsroom's, so that a successor of ours knows our challenges."""

    def __init__(self, secret: str = "") -> None:
        key = secret.encode() or secrets.token_bytes(32)
        self._key = hmac.digest(key, b"nightdesk newsstand proof 1", "sha256")
        self._used: OrderedDict[str, None] = OrderedDict()

    def challenge(self, bits: int = EASY, now: float | None = None) -> str:
        """``bits.end.chance.signature``: to be sent back with a dot and the number found."""
        end = int(now or time.time()) + SECONDS
        said = f"{bits}.{end:x}.{secrets.token_hex(8)}"
        return f"{said}.{self._mac(said)}"

    def holds(self, proof: str, now: float | None = None) -> bool:
        """Whether this is a challenge of ours, solved, not over and not used. Uses nothing up; any
        thread may ask."""
        if not proof or len(proof) > _LONGEST or not proof.isascii():
            return False
        challenge, _dot, _number = proof.rpartition(".")
        said, _dot, mac = challenge.rpartition(".")
        if not hmac.compare_digest(self._mac(said), mac) or challenge in self._used:
            return False
        bits, end, _chance = said.split(".")
        return int(end, 16) >= (now or time.time()) and has_zeros(proof, int(bits))

    def use(self, proof: str) -> None:
        """This one serves no second time."""
        self._used[proof.rpartition(".")[0]] = None
        if len(self._used) > _MOST_USED:
            self._used.popitem(last=False)

    def _mac(self, said: str) -> str:
        return hmac.digest(self._key, said.encode(), "sha256")[:12].hex()


def has_zeros(text: str, bits: int) -> bool:
    """Whether the text's SHA-256 begins with so many zero bits."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> (64 - bits) == 0


def solve(challenge: str) -> str:
    """What a browser does (``theme/assets/js/sign-up.js``); for tests and measurements."""
    bits = int(challenge.partition(".")[0])
    number = 0
    while not has_zeros(f"{challenge}.{number}", bits):
        number += 1
    return f"{challenge}.{number}"
