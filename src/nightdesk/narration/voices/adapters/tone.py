"""A voice for tests and for trying things out: every letter is a short tone, every sentence has a
pitch of its own. Milliseconds instead of seconds, and what is heard tells which sentence it was."""

from __future__ import annotations

import hashlib
import math
from typing import Any

from nightdesk.narration.voices.ports import Licence, NotRecordedError, Reason, Speaker, Voice

RATE = 22_050
#: Seconds of one character at speed 1.0: as long as speech would be.
CHARACTER = 0.066
_VERSION = "1"


class _Tone:
    id = "tone"
    extra = "audio"
    max_chars = 250
    supports_ipa = True
    data_bytes = 512 << 20
    patience = 1.0

    def version(self) -> str:
        return _VERSION

    def languages(self) -> frozenset[str]:
        return frozenset({"en", "uk"})

    def voices(self) -> list[Voice]:
        return [
            Voice("tone", "tone", language, 1.0, self.checksum("tone")) for language in ("en", "uk")
        ]

    def licence(self, _voice: Voice) -> Licence:
        return Licence("Part of Nightdesk (BSD-3-Clause).", "No voice: tones, for tests.")

    def checksum(self, name: str) -> str:
        if name != "tone":
            raise NotRecordedError(Reason.VOICE_MISSING, detail=name)
        return hashlib.sha256(_VERSION.encode()).hexdigest()

    def sounds(self, _voice: Voice) -> frozenset[str]:
        return frozenset("abcdefghijklmnopqrstuvwxyzɑɒæɐəɛɪɔʊʌʃʒθðŋɡɹɾʔʲɣːˈˌ \u0329")


ENGINE = _Tone()


def pitch(text: str) -> float:
    """Hertz: between 200 and 800, by the sentence alone."""
    return 200.0 + int.from_bytes(hashlib.sha256(text.encode()).digest()[:2], "big") % 600


def load(name: str, options: dict[str, Any]) -> Speaker:
    if options.get("checksum") not in {"", None, ENGINE.checksum(name)}:
        raise NotRecordedError(Reason.VOICE_CHANGED, detail=name)
    return _ToneSpeaker(options)


class _ToneSpeaker:
    """``options["fault"]`` makes it fail, so that every failure can be tried for real."""

    rate = RATE

    def __init__(self, options: dict[str, Any]) -> None:
        self._fault = options.get("fault")

    def say(self, text: str, speed: float) -> Any:
        import numpy as np

        count = int(len(text) * CHARACTER / speed * RATE)
        time = np.arange(count, dtype=np.float32) / RATE
        sound = 0.3 * np.sin(2 * math.pi * pitch(text) * time, dtype=np.float32)
        sound *= 0.6 + 0.4 * np.cos(2 * math.pi / CHARACTER * speed * time, dtype=np.float32)
        if self._fault:
            from nightdesk.narration.voices import faults

            sound = faults.spoil(self._fault, text, sound)
        return sound

    def phonemes(self, text: str) -> str:
        return text.lower()
