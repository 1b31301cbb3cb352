"""In the child: sentences and pauses → two MP3 files, read back and measured before they count.

One sentence is in memory at a time. lameenc and libsndfile are LGPL; they are imported here only.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import lameenc
import numpy as np
import soundfile

from nightdesk.narration.studio import sound
from nightdesk.narration.studio.loudness import Meter

RATE = sound.RATE
#: LUFS (±1) and dBFS (at most) that a file must have, read back from it.
LOUDNESS, PEAK = -16.0, -1.0
#: Nearer than this, and it is not done once more.
_NEAR = 0.7
#: What is aimed at: pauses cost a decibel of loudness, packing adds something to some peaks.
_AIM, _CEILING = -15.1, -1.8
#: Samples of silence that an MP3 decoder puts in front of everything.
DELAY = 1105
_ROUNDS = 4


class SpoiledError(Exception):
    """A sentence of the cache cannot be read."""

    def __init__(self, index: int) -> None:
        super().__init__(f"sentence {index}")
        self.index = index


class NotMasteredError(Exception):
    """The file did not come out as it must be."""


def mix(
    sentences: list[dict[str, Any]], files: list[dict[str, Any]], tag: bytes, tail: float
) -> dict[str, Any]:
    """``sentences``: ``{"file": FLAC, "pause": seconds before it}``; ``files``: ``{"file": path,
    "kbit": 64}``, all with the same sound and the same ID3 ``tag``.

    Returns each sentence's ``[start, end]`` in seconds, all ``seconds``, and the first file's
    ``loudness`` (LUFS) and highest ``peak`` (dBFS) as read back.
    """
    aim, ceiling = _AIM, _CEILING
    for _ in range(_ROUNDS):
        times, seconds = _write(sentences, files, tag, tail, aim, ceiling)
        loudness, peak = _read_back(Path(files[0]["file"]))
        peak = max(peak, *(_read_back(Path(other["file"]))[1] for other in files[1:]), -99.0)
        if abs(loudness - LOUDNESS) <= _NEAR and peak <= PEAK:
            return {"times": times, "seconds": seconds, "loudness": loudness, "peak": peak}
        if not np.isfinite(loudness):
            break
        aim += LOUDNESS - loudness
        ceiling -= max(0.0, peak - PEAK) * 1.2
    raise NotMasteredError(f"{loudness:.1f} LUFS, peak {peak:.1f} dBFS")


def _write(
    sentences: list[dict[str, Any]],
    files: list[dict[str, Any]],
    tag: bytes,
    tail: float,
    aim: float,
    ceiling: float,
) -> tuple[list[list[float]], float]:
    encoders = [_encoder(each["kbit"]) for each in files]
    times: list[list[float]] = []
    at = 0
    with contextlib.ExitStack() as opened:
        handles = [opened.enter_context(Path(each["file"]).open("wb")) for each in files]

        def put(samples: Any) -> None:
            nonlocal at
            at += len(samples)
            data = np.rint(samples * 32767).clip(-32767, 32767).astype("<i2").tobytes()
            for encoder, handle in zip(encoders, handles, strict=True):
                handle.write(encoder.encode(data))

        for handle in handles:
            handle.write(tag)
        for index, sentence in enumerate(sentences):
            put(np.zeros(round(sentence["pause"] * RATE), np.float32))
            heard = sound.finished(*_sentence(sentence["file"], index), aim, ceiling)
            start = at
            put(heard)
            times.append([(start + DELAY) / RATE, (at + DELAY) / RATE])
        put(np.zeros(round(tail * RATE), np.float32))
        for encoder, handle in zip(encoders, handles, strict=True):
            handle.write(encoder.flush())
    return times, at / RATE


def _sentence(file: str, index: int) -> tuple[Any, int]:
    try:
        samples, rate = soundfile.read(file, dtype="float32")
    except (soundfile.LibsndfileError, OSError) as error:
        raise SpoiledError(index) from error
    if samples.ndim != 1 or not len(samples):
        raise SpoiledError(index)
    return samples, int(rate)


def _encoder(kbit: int) -> Any:
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(kbit)
    encoder.set_in_sample_rate(RATE)
    encoder.set_channels(1)
    encoder.set_quality(3)
    encoder.silence()
    return encoder


def _read_back(file: Path) -> tuple[float, float]:
    """Loudness (LUFS) and highest sample (dBFS) of a file as a player decodes it."""
    meter = Meter(RATE)
    try:
        with soundfile.SoundFile(file) as player:
            if player.samplerate != RATE or player.channels != 1:
                raise NotMasteredError("another format than was written")
            # Not ``blocks()``: how many samples there are is only estimated.
            while len(block := player.read(20 * RATE, dtype="float32")):
                meter.feed(block)
    except soundfile.LibsndfileError as error:
        raise NotMasteredError(str(error)) from error
    return meter.integrated(), 20 * float(np.log10(max(meter.peak, 1e-9)))
