"""The meter, beside the signals by which EBU Tech 3341 (table 1) and ITU-R BS.2217 try meters.

Theirs are stereo with the same sound in both channels, which counts double (3.01 LU): one channel
3.01 dB louder measures the same.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from nightdesk.narration.studio.loudness import Meter

RATE = 48_000
BOTH = 3.01


def sine(decibels: float, seconds: float, hertz: float = 1000.0, rate: int = RATE):
    time = np.arange(round(seconds * rate)) / rate
    return (10 ** (decibels / 20) * np.sin(2 * math.pi * hertz * time)).astype(np.float32)


def programme(*parts: tuple[float, float]):
    return np.concatenate([sine(decibels + BOTH, seconds) for decibels, seconds in parts])


def measured(samples, rate: int = RATE, piece: int = 10_007) -> float:
    meter = Meter(rate)
    for start in range(0, len(samples), piece):
        meter.feed(samples[start : start + piece])
    return meter.integrated()


@pytest.mark.parametrize(
    ("parts", "lufs"),
    [
        ([(-23, 20)], -23.0),  # 3341-1
        ([(-33, 20)], -33.0),  # 3341-2
        ([(-36, 10), (-23, 60), (-36, 10)], -23.0),  # 3341-3: the relative gate
        ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23.0),  # 3341-4: both gates
        ([(-26, 20), (-20, 20.1), (-26, 20)], -23.0),  # 3341-5
    ],
)
def test_ebus_signals_measure_what_ebu_says(parts, lufs):
    assert measured(programme(*parts)) == pytest.approx(lufs, abs=0.1)


#: BS.1770-5, tables 1 and 2: the two filters at 48 kHz.
HEAD = (
    [1.53512485958697, -2.69169618940638, 1.19839281085285],
    [1, -1.69065929318241, 0.73248077421585],
)
LOW = ([1, -2, 1], [1, -1.99004745483398, 0.99007225036621])


def standard(hertz: float) -> float:
    """The gain of the standard's own filters, in decibels."""
    z = np.exp(-2j * math.pi * hertz / 48_000) ** np.arange(3)
    return 20 * math.log10(
        abs(math.prod(np.dot(above, z) / np.dot(below, z) for above, below in (HEAD, LOW)))
    )


@pytest.mark.parametrize("hertz", [25, 50, 100, 250, 500, 2000, 5000, 10_000, 15_000])
def test_every_pitch_counts_as_the_standards_filters_say(hertz):
    beside = measured(sine(-20, 5, hertz)) - measured(sine(-20, 5))
    assert beside == pytest.approx(standard(hertz) - standard(1000), abs=0.1)


@pytest.mark.parametrize("rate", [22_050, 24_000, 44_100])
def test_the_rate_does_not_matter(rate):
    assert measured(sine(-20, 5, rate=rate), rate) == pytest.approx(-23.0, abs=0.1)


def test_how_a_programme_is_cut_into_pieces_does_not_matter():
    generator = np.random.default_rng(7)
    samples = (generator.standard_normal(6 * RATE) * 0.1).astype(np.float32)
    whole = measured(samples, piece=len(samples))
    assert measured(samples, piece=777) == pytest.approx(whole, abs=0.001)


def test_silence_and_nothing_have_no_loudness():
    assert measured(np.zeros(RATE * 2, np.float32)) == -math.inf
    assert measured(np.zeros(0, np.float32)) == -math.inf


def test_pauses_in_a_sentence_do_not_make_it_quieter():
    word, pause = sine(-20, 0.5), np.zeros(RATE // 2, np.float32)
    meter = Meter(RATE)
    meter.feed(np.concatenate([word, pause, word]))
    assert meter.spoken() == pytest.approx(-23, abs=0.2)
    single = Meter(RATE)
    single.feed(sine(-20, 0.25))
    assert single.spoken() == pytest.approx(-23, abs=0.5)
