"""Clipping, long silences, peaks: measured in the sound itself."""

import numpy as np
import pytest

from nightdesk.narration.listening import faults

RATE = 44_100


def tone(seconds, hertz=220.0, loud=0.5, rate=RATE):
    time = np.arange(round(seconds * rate)) / rate
    return (loud * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def silence(seconds):
    return np.zeros(round(seconds * RATE), np.float32)


def test_a_silence_that_is_too_long_is_told_with_its_place():
    told = faults.measured(np.concatenate([tone(1), silence(1.5), tone(1)]), RATE)
    assert len(told["silences"]) == 1
    start, end = told["silences"][0]
    assert start == pytest.approx(1.0, abs=0.05)
    assert end == pytest.approx(2.5, abs=0.05)


def test_pauses_between_paragraphs_are_none():
    sound = np.concatenate([tone(1), silence(0.9), tone(1), silence(0.4), tone(1)])
    assert faults.measured(sound, RATE)["silences"] == []


def test_a_silence_at_the_end_is_told():
    told = faults.measured(np.concatenate([tone(1), silence(2)]), RATE)
    assert told["silences"][0][1] == pytest.approx(3.0, abs=0.05)


def test_samples_at_full_scale_are_counted():
    told = faults.measured(np.clip(tone(1, loud=1.5), -1, 1), RATE)
    assert told["clipped"] > 1000
    assert told["peak"] == 1.0
    assert faults.measured(tone(1), RATE)["clipped"] == 0


@pytest.mark.parametrize("seconds", [0.3, 30.0, 61.7])
def test_a_listener_gets_the_same_sound_at_its_own_rate(seconds):
    heard = faults.resampled(tone(seconds), RATE, 16_000)
    wanted = tone(seconds, rate=16_000)
    assert abs(len(heard) - len(wanted)) <= 2
    inside = slice(400, min(len(heard), len(wanted)) - 400)
    assert np.abs(heard[inside] - wanted[inside]).max() < 0.02
