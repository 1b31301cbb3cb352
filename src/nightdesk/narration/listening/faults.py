"""In the child: what can be measured of a sound without understanding it."""

from __future__ import annotations

from typing import Any

import numpy as np

#: Nobody pauses so long; the longest of ours is 0.75 s, and a voice adds a little. Seconds.
LONGEST_SILENCE = 1.2
#: Full scale ±1, in a window of 20 ms: −50 dB.
_QUIET = 0.003
_WINDOW = 0.02
_FULL = 0.999


def measured(sound: Any, rate: int) -> dict[str, Any]:
    """``sound`` is mono float32. ``silences`` are ``[start, end]`` in seconds, longer than
    ``LONGEST_SILENCE``; ``clipped`` counts samples at full scale."""
    loudest = np.abs(sound)
    return {
        "seconds": round(len(sound) / rate, 2),
        "peak": float(loudest.max(initial=0.0)),
        "clipped": int((loudest >= _FULL).sum()),
        "silences": _silences(loudest, rate),
    }


def _silences(loudest: Any, rate: int) -> list[list[float]]:
    hop = round(_WINDOW * rate)
    hops = len(loudest) // hop
    quiet = loudest[: hops * hop].reshape(hops, hop).max(axis=1) < _QUIET
    edges = np.flatnonzero(np.diff(np.concatenate(([False], quiet, [False])).astype(np.int8)))
    return [
        [round(float(start) * _WINDOW, 2), round(float(end) * _WINDOW, 2)]
        for start, end in edges.reshape(-1, 2)
        if (end - start) * _WINDOW > LONGEST_SILENCE
    ]


def resampled(sound: Any, rate: int, wanted: int) -> Any:
    """By the spectrum, half a minute at a time: a long sound's would be a gigabyte."""
    if rate == wanted:
        return sound
    piece = 30 * rate
    margin = rate // 10  # a spectrum bites its own tail
    parts = []
    for start in range(0, len(sound), piece):
        before = min(margin, start)
        part = sound[start - before : start + piece + margin]
        count = round(len(part) * wanted / rate)
        spectrum = np.fft.rfft(part)[: count // 2 + 1]
        heard = np.fft.irfft(spectrum, count) * (count / len(part))
        length = min(piece, len(sound) - start)
        begin = round(before * wanted / rate)
        parts.append(heard[begin : begin + round(length * wanted / rate)].astype(np.float32))
    return np.concatenate(parts) if parts else sound
