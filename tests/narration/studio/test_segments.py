"""Packed sentences put one behind the other sound as if they had been packed as one."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile

from nightdesk.narration.studio import segments
from tests.narration.studio.test_sound import speechlike, tone

RATE = segments.RATE


def decoded(data: bytes):
    samples = []
    with soundfile.SoundFile(io.BytesIO(data)) as file:
        while len(block := file.read(RATE, dtype="float32")):
            samples.append(block)
    return np.concatenate(samples)


def made(samples, pause: float = 0.38, kbits=(64,)):
    return segments._make(samples, pause, kbits)


SENTENCES = [
    tone(300, 1.3, RATE, 0.3),
    speechlike(2.1, RATE, 0.05),
    tone(700, 0.2, RATE, 0.8),
    speechlike(0.9, RATE, 0.05, seed=9),
]


@pytest.mark.parametrize("kbit", [64, 96])
def test_every_sentence_is_heard_whole_at_its_time_and_between_them_is_silence(kbit):
    parts = [made(samples, kbits=(kbit,)) for samples in SENTENCES]
    heard = decoded(b"".join(part.frames[0] for part in parts))
    at = 0
    for part, samples in zip(parts, SENTENCES, strict=True):
        start, end = (at + place + segments.DELAY for place in (part.start, part.end))
        alone = decoded(part.frames[0] + segments.silence(0.1, (kbit,)).frames[0])
        assert np.allclose(heard[start:end], alone[start - at : end - at], atol=2e-4)
        likeness = np.dot(heard[start:end], samples) / (
            np.linalg.norm(heard[start:end]) * np.linalg.norm(samples)
        )
        assert likeness > (0.99 if samples is SENTENCES[0] or samples is SENTENCES[2] else 0.6)
        assert np.abs(heard[at + segments.DELAY : start - 600]).max() < 0.003
        at += part.total


def test_the_times_are_right_to_the_sample():
    part = made(tone(300, 1.0, RATE, 0.3))
    heard = decoded(part.frames[0] + segments.silence(0.1, (64,)).frames[0])
    shifts = range(-60, 61)
    start, source = part.start + segments.DELAY, tone(300, 1.0, RATE, 0.3)[2000:-2000]
    fits = [
        np.dot(heard[start + 2000 + s : start + 2000 + s + len(source)], source) for s in shifts
    ]
    assert shifts[int(np.argmax(fits))] == 0


def test_a_first_frame_borrows_nothing_from_the_one_before():
    for samples in SENTENCES:
        for frames in made(samples, kbits=(64, 96)).frames:
            begins = frames[4] << 1 | frames[5] >> 7  # main_data_begin, 9 bits
            assert begins == 0


def test_frames_are_counted_and_whole():
    part = made(SENTENCES[1], kbits=(64, 96))
    for frames in part.frames:
        at = count = 0
        while at < len(frames):
            at += segments.frame_length(frames, at)
            count += 1
        assert at == len(frames)
        assert count * segments.FRAME == part.total
    assert segments._PAD <= part.total - part.end <= segments._PAD + segments.FRAME


def test_a_peak_that_packing_adds_goes_even_if_limiting_lower_does_not_help():
    """Found in a real sentence: what the encoder adds to a peak jumps with every change of the
    sound, so three lower limits in a row were no lower."""
    sentence = speechlike(1.5, RATE, 0.05)
    sentence = sentence / np.abs(sentence).max()
    asked = []

    def stubborn(ceiling, gain):
        asked.append((ceiling, gain))
        return made(sentence * gain, kbits=(64, 96))

    found = segments._below(-1.1, -1.5, stubborn)
    assert max(segments._peak(frames) for frames in found.frames) <= -1.1
    assert asked[0] == (-1.5, 1.0)
    assert asked[-1][1] > 0.7  # a little quieter, not silent


def test_of_attempts_that_all_fail_the_best_is_taken():
    parts = [made(tone(300, 0.3, RATE, loud)) for loud in (0.99, 0.8, 0.9, 0.99, 0.99, 0.99)]
    attempts = iter(parts)
    assert segments._below(-6.0, -1.5, lambda _ceiling, _gain: next(attempts)) is parts[1]
