"""In the child: one sentence as a voice gave it → as it is heard, at 44.1 kHz.

Level, take away rumble, compress, limit: what a person in a studio does, in that order. Each
sentence is done by itself. A voice is uneven from sentence to sentence, between them is silence,
and an edited sentence leaves the others as they were.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nightdesk.narration.studio.loudness import Meter

RATE = 44_100
#: Hertz. Below there is no voice, only rumble that eats loudness.
_RUMBLE = 70.0
#: LUFS to which a sentence is brought before anything else, so that the compressor finds it.
_LEVEL = -18.0
_MOST_GAIN = 30.0
#: Decibels below full scale (RMS of 50 ms) above which three become one.
_THRESHOLD, _RATIO = -20.0, 3.0
#: Silence around a sentence that is kept, seconds; the pauses are ours.
_EDGE = 0.03


def finished(sound: Any, rate: int, loudness: float, ceiling: float) -> Any:
    """``sound`` (float32) at ``loudness`` (LUFS) with no sample above ``ceiling`` (dBFS)."""
    sound = at_our_rate(trimmed(sound, rate), rate)
    sound = sound * _gain(_LEVEL - _loudness_of(sound))
    sound = compressed(sound)
    best = limited(sound, ceiling)
    # The limiter takes of the loudness what it takes of the peaks: ask for that much more.
    ask = 0.0
    for _ in range(3):
        lacking = loudness - _loudness_of(best)
        if abs(lacking) < 0.15:
            break
        ask += lacking
        best = limited(sound * _gain(ask), ceiling)
    return best


def trimmed(sound: Any, rate: int) -> Any:
    """Without the silence before and after, edges faded."""
    loud = np.flatnonzero(np.abs(sound) > max(0.003, 0.005 * float(np.abs(sound).max())))
    if not len(loud):
        return sound
    edge = round(_EDGE * rate)
    sound = sound[max(0, loud[0] - edge) : loud[-1] + edge].astype(np.float32)
    fade = np.linspace(0, 1, min(edge // 2, len(sound) // 2), dtype=np.float32)
    if len(fade):
        sound[: len(fade)] *= fade
        sound[-len(fade) :] *= fade[::-1]
    return sound


def at_our_rate(sound: Any, rate: int) -> Any:
    """Resampled, without rumble: both are one multiplication of the spectrum."""
    common = math.gcd(rate, RATE)
    unit, ours = rate // common, RATE // common
    # Room on both sides, because a spectrum bites its own tail.
    margin = -(-round(0.1 * rate) // unit) * unit
    units = _smooth(-(-(len(sound) + 2 * margin) // unit))
    padded = np.zeros(units * unit)
    padded[margin : margin + len(sound)] = sound
    spectrum = np.fft.rfft(padded)
    frequency = np.fft.rfftfreq(len(padded), 1 / rate)
    spectrum[1:] *= 1 / np.sqrt(1 + (_RUMBLE / frequency[1:]) ** 8)
    spectrum[0] = 0
    count = units * ours
    fitted = np.zeros(count // 2 + 1, complex)
    kept = min(len(fitted), len(spectrum))
    fitted[:kept] = spectrum[:kept]
    heard = np.fft.irfft(fitted, count) * (count / len(padded))
    start = margin // unit * ours
    return heard[start : start + round(len(sound) * RATE / rate)].astype(np.float32)


def compressed(sound: Any) -> Any:
    """Three decibels above the threshold become one. It sees 25 ms ahead, so nothing pumps."""
    hop = RATE // 500
    power = _by_hops(sound, hop, lambda hops: (hops**2).mean(axis=1))
    level = 10 * np.log10(_smoothed(power, 12) + 1e-10)
    decibels = -(1 - 1 / _RATIO) * np.maximum(0, level - _THRESHOLD)
    return sound * _by_samples(10 ** (_smoothed(decibels, 8) / 20), hop, len(sound))


def limited(sound: Any, ceiling: float) -> Any:
    """No sample above ``ceiling`` (dBFS); the gain moves slower than a voice vibrates."""
    top, hop = 10 ** (ceiling / 20), RATE // 1000
    if float(np.abs(sound).max(initial=0)) <= top:
        return sound
    peaks = _by_hops(sound, hop, lambda hops: np.abs(hops).max(axis=1))
    need = np.minimum(1, top / np.maximum(peaks, 1e-9))
    radius = 15
    # The lowest need of one hop more than is averaged: the average stays below every need.
    padded = np.pad(need, radius + 1, mode="edge")
    lowest = np.lib.stride_tricks.sliding_window_view(padded, 2 * radius + 3).min(axis=1)
    return sound * _by_samples(_smoothed(lowest, radius), hop, len(sound))


def _gain(decibels: float) -> float:
    return float(10 ** (min(_MOST_GAIN, decibels) / 20)) if math.isfinite(decibels) else 1.0


def _loudness_of(sound: Any) -> float:
    meter = Meter(RATE)
    meter.feed(sound)
    return meter.spoken()


def _by_hops(sound: Any, hop: int, measure: Any) -> Any:
    hops = -(-len(sound) // hop)
    padded = np.zeros(hops * hop, np.float32)
    padded[: len(sound)] = sound
    return measure(padded.reshape(hops, hop))


def _by_samples(hops: Any, hop: int, count: int) -> Any:
    """A value for every sample, from one for the middle of every hop."""
    middles = np.arange(len(hops)) * hop + hop / 2
    return np.interp(np.arange(count), middles, hops).astype(np.float32)


def _smoothed(values: Any, radius: int) -> Any:
    width = 2 * radius + 1
    return np.convolve(np.pad(values, radius, mode="edge"), np.full(width, 1 / width), "valid")


def _smooth(count: int) -> int:
    """The next number without a large prime factor: spectra of such lengths are quick."""
    while True:
        rest = count
        for prime in (2, 3, 5, 7):
            while rest % prime == 0:
                rest //= prime
        if rest == 1:
            return count
        count += 1
