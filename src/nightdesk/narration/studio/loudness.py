"""In the child: how loud something is to an ear, in LUFS (ITU-R BS.1770-5, EBU R 128), mono.

The standard filters with two biquads; here their response is applied to a spectrum, which numpy
does in no time, with half a second of what came before in front of each piece, so that pieces
measure as the whole would.
"""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np

#: Seconds. A block of the standard has 0.4 s and begins every 0.1 s.
STEP = 0.1
_STEPS_A_BLOCK = 4
_CONTEXT = 0.2
#: Steps that are weighted at once.
_PIECE = 20
_ABSOLUTE_GATE, _RELATIVE_GATE = -70.0, -10.0


def weighting(count: int, rate: int) -> Any:
    """The response of the standard's two filters at the frequencies of an rfft of ``count`` samples."""
    return _weighting(count, rate)


@functools.lru_cache(maxsize=8)
def _weighting(count: int, rate: int) -> Any:
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(count))
    # The filters are given for 48 kHz; these are the analogue ones they come from.
    k = math.tan(math.pi * 1681.974450955533 / rate)
    high = 10 ** (3.999843853973347 / 20)
    band, q = high**0.4996667741545416, 0.7071752369554196
    a0 = 1 + k / q + k * k
    head = (
        (high + band * k / q + k * k)
        + 2 * (k * k - high) * z
        + (high - band * k / q + k * k) * z * z
    ) / (a0 + 2 * (k * k - 1) * z + (1 - k / q + k * k) * z * z)
    k, q = math.tan(math.pi * 38.13547087602444 / rate), 0.5003270373238773
    a0 = 1 + k / q + k * k
    low = (1 - 2 * z + z * z) / (1 + 2 * (k * k - 1) / a0 * z + (1 - k / q + k * k) / a0 * z * z)
    return (head * low).astype(np.complex64)


class Meter:
    """Takes a programme piece by piece; remembers ten numbers a second of it."""

    def __init__(self, rate: int) -> None:
        self.peak = 0.0
        self._rate = rate
        self._step = round(STEP * rate)
        self._before = np.zeros(round(_CONTEXT * rate), np.float32)
        self._rest = np.zeros(0, np.float32)
        self._powers: list[Any] = []

    def feed(self, samples: Any) -> None:
        """``samples``: float32, full scale ±1; pieces of any length."""
        if not len(samples):
            return
        self.peak = max(self.peak, float(np.abs(samples).max()))
        samples = np.concatenate([self._rest, samples])
        whole = len(samples) // self._step * self._step
        samples, self._rest = samples[:whole], samples[whole:]
        most = _PIECE * self._step
        for start in range(0, whole, most):
            piece = samples[start : start + most]
            heard = np.concatenate([self._before, piece])
            # One length, so that the response is worked out once.
            count = len(self._before) + most
            heard = np.fft.irfft(np.fft.rfft(heard, count) * weighting(count, self._rate), count)
            heard = heard[len(self._before) : len(self._before) + len(piece)]
            self._powers.append((heard.reshape(-1, self._step) ** 2).mean(axis=1, dtype=float))
            self._before = piece[-len(self._before) :]

    def integrated(self) -> float:
        """The loudness of all that was fed, both gates applied; −inf for silence."""
        powers = self._steps()
        if len(powers) < _STEPS_A_BLOCK:
            return _lufs(powers)
        blocks = np.convolve(powers, np.full(_STEPS_A_BLOCK, 1 / _STEPS_A_BLOCK), "valid")
        return _gated(blocks)

    def spoken(self) -> float:
        """The loudness of one sentence: gated by steps, so that the pauses in it do not count and
        even a single word has one."""
        return _gated(self._steps())

    def _steps(self) -> Any:
        if self._rest.size > self._step // 2:
            self.feed(np.zeros(self._step - self._rest.size, np.float32))
        return np.concatenate(self._powers) if self._powers else np.zeros(0)


def _gated(powers: Any) -> float:
    heard = powers[powers > 10 ** ((_ABSOLUTE_GATE + 0.691) / 10)]
    if not len(heard):
        return -math.inf
    return _lufs(heard[heard > heard.mean() * 10 ** (_RELATIVE_GATE / 10)])


def _lufs(powers: Any) -> float:
    return (
        -0.691 + 10 * math.log10(powers.mean()) if len(powers) and powers.mean() > 0 else -math.inf
    )
