"""Why a person's recording is not taken. The child says one of these words; what an editor reads
stands in ``persons/words.py``."""

from __future__ import annotations

import enum

#: Seconds that one recording may have.
LONGEST = 3600


class Refusal(enum.Enum):
    EMPTY = "empty"
    NOT_SOUND = "not sound"
    OTHER_SOUND = "other sound"
    NO_M4A = "no m4a"
    DAMAGED = "damaged"
    CUT_OFF = "cut off"
    TOO_BIG = "too big"
    TOO_LONG = "too long"
    TOO_SHORT = "too short"
    TOO_QUIET = "too quiet"
    TOO_MUCH = "too much"
    NOT_MASTERED = "not mastered"
    NOT_INSTALLED = "not installed"
    DISK_FULL = "disk full"
    BUSY = "busy"


class RefusedError(Exception):
    """``detail`` is small print for the log."""

    def __init__(self, refusal: Refusal, detail: str = "") -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
        self.detail = detail
