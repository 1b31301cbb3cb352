"""In the child: is what came out of an engine speech? A person would hear it at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from nightdesk.narration.voices.ports import Reason

#: Nobody speaks a letter in less; a shorter sound has swallowed words. Seconds.
SHORTEST_LETTER = 0.03
#: Below this (−50 dB) nothing is heard.
QUIET = 0.003
#: Samples at full scale that are still taken for a peak and not for distortion.
CLIPPED = 0.001


def wrong(sound: Any, rate: int, letters: float) -> Reason | None:
    """What is wrong with ``sound`` (float32, full scale ±1), said to have so many ``letters``
    (fewer if spoken faster)."""
    if sound.ndim != 1 or not np.isfinite(sound).all():
        return Reason.BROKEN_SOUND
    loud = np.abs(sound) > QUIET
    if len(sound) < SHORTEST_LETTER * letters * rate or not loud.any():
        return Reason.SILENT
    heard = loud.nonzero()[0]
    if heard[-1] - heard[0] < SHORTEST_LETTER * letters * rate / 2:
        return Reason.SILENT
    if (np.abs(sound) >= 0.999).mean() > CLIPPED:
        return Reason.CLIPPED
    return None


def as_pcm(sound: Any) -> bytes:
    """Signed 16-bit little endian."""
    return bytes(np.clip(sound * 32767.0, -32767, 32767).astype("<i2").tobytes())
