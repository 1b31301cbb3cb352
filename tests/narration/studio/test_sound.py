"""A sentence as a voice gave it becomes one that is even, clean and nowhere too loud."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nightdesk.narration.studio import sound
from nightdesk.narration.studio.loudness import Meter

RATE = sound.RATE


def tone(hertz: float, seconds: float = 1.0, rate: int = 22_050, level: float = 0.2):
    time = np.arange(round(seconds * rate)) / rate
    return (level * np.sin(2 * math.pi * hertz * time)).astype(np.float32)


def speechlike(seconds: float = 4.0, rate: int = 22_050, level: float = 0.1, seed: int = 3):
    """Noise in syllables, with peaks far above its mean, as speech has them."""
    generator = np.random.default_rng(seed)
    count = round(seconds * rate)
    noise = generator.standard_normal(count)
    syllables = np.maximum(0, np.sin(2 * math.pi * 4 * np.arange(count) / rate))
    peaks = 1 + 6 * (generator.random(count) > 0.999)
    return (level * noise * syllables * peaks).astype(np.float32)


def strength(samples, hertz: float, rate: int = RATE) -> float:
    time = np.arange(len(samples)) / rate
    return 2 * abs(np.mean(samples * np.exp(-2j * math.pi * hertz * time)))


def loudness(samples) -> float:
    meter = Meter(RATE)
    meter.feed(samples)
    return meter.spoken()


@pytest.mark.parametrize("level", [0.003, 0.05, 0.5])
@pytest.mark.parametrize("rate", [22_050, 24_000])
def test_however_loud_a_sentence_was_it_is_as_loud_as_the_others(level, rate):
    heard = sound.finished(speechlike(rate=rate, level=level), rate, -15.0, -1.8)
    assert loudness(heard) == pytest.approx(-15.0, abs=0.5)
    assert np.abs(heard).max() <= 10 ** (-1.8 / 20) * 1.0001


def test_a_single_word_too():
    heard = sound.finished(speechlike(0.25), 22_050, -15.0, -1.8)
    assert loudness(heard) == pytest.approx(-15.0, abs=0.7)


@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 44_100, 48_000])
def test_another_rate_keeps_pitch_and_length(rate):
    heard = sound.at_our_rate(tone(440, rate=rate), rate)
    assert len(heard) == pytest.approx(RATE, abs=2)
    middle = heard[RATE // 4 : -RATE // 4]
    assert strength(middle, 440) == pytest.approx(0.2, rel=0.01)
    assert np.abs(middle).max() == pytest.approx(0.2, rel=0.01)


def test_rumble_goes_and_the_voice_stays():
    rumble, voice = tone(30), tone(200)
    heard = sound.at_our_rate(rumble + voice, 22_050)[RATE // 4 : -RATE // 4]
    assert strength(heard, 30) < 0.2 * 0.05
    assert strength(heard, 200) == pytest.approx(0.2, rel=0.02)


def test_silence_around_a_sentence_goes():
    quiet = np.zeros(22_050, np.float32)
    heard = sound.trimmed(np.concatenate([quiet, tone(300), quiet]), 22_050)
    assert len(heard) / 22_050 == pytest.approx(1.06, abs=0.01)
    assert heard[0] == heard[-1] == 0


def test_loud_and_soft_parts_come_nearer_and_a_steady_tone_stays_one():
    loud, soft = tone(300, 2, RATE, 0.5), tone(300, 2, RATE, 0.1)
    heard = sound.compressed(np.concatenate([loud, soft]))
    before = 20 * math.log10(0.5 / 0.1)
    after = 20 * math.log10(
        strength(heard[RATE // 2 : RATE], 300) / strength(heard[3 * RATE : -RATE // 2], 300)
    )
    assert after < before - 3
    steady = heard[RATE // 2 : RATE]
    assert strength(steady, 900) < 0.01 * strength(steady, 300)


def test_nothing_passes_the_limiter_and_what_is_low_enough_passes_as_it_was():
    spiky = speechlike(level=0.5, rate=RATE)
    heard = sound.limited(spiky, -1.8)
    assert np.abs(spiky).max() > 1
    assert np.abs(heard).max() <= 10 ** (-1.8 / 20) * 1.0001
    assert sound.limited(spiky * 0.1, -1.8) is not None
    low = tone(300, level=0.5)
    assert np.array_equal(sound.limited(low, -1.8), low)


def test_a_limited_tone_is_lower_not_distorted():
    heard = sound.limited(tone(110, 1, RATE, 1.4), -1.8)[RATE // 4 : -RATE // 4]
    assert strength(heard, 330) < 0.01 * strength(heard, 110)


def test_silence_is_no_error():
    assert not np.abs(sound.finished(np.zeros(5000, np.float32), 22_050, -15, -1.8)).any()
