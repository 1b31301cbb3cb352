"""In the child: sentences and pauses → two MP3 files, read back and measured before they count.

One sentence is in memory at a time. lameenc and libsndfile are LGPL; they are imported here only.
"""

from __future__ import annotations

import contextlib
import functools
import math
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from nightdesk.narration.studio import segments
from nightdesk.narration.studio.loudness import Meter
from nightdesk.narration.studio.segments import Segment

RATE = segments.RATE
#: LUFS and dBFS that a file must have, read back from it.
LOUDNESS, TOLERANCE, PEAK = -16.0, 1.0, -1.0
#: Nearer than this, and it is not done once more.
_NEAR = 0.7
#: What is aimed at for a sentence: pauses cost a decibel of loudness.
_AIM, _CEILING, _PEAK = -15.1, -1.5, -1.1
_ROUNDS = 3


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
    aim = _AIM
    for _ in range(_ROUNDS):
        times, seconds = _write(sentences, files, tag, tail, aim)
        loudness, peak = read_back(Path(files[0]["file"]))
        peak = max(peak, *(read_back(Path(other["file"]))[1] for other in files[1:]), -99.0)
        if abs(loudness - LOUDNESS) <= _NEAR:
            break
        if math.isfinite(loudness):
            aim += LOUDNESS - loudness
    if not abs(loudness - LOUDNESS) <= TOLERANCE or peak > PEAK:
        raise NotMasteredError(f"{loudness:.1f} LUFS, peak {peak:.1f} dBFS")
    return {"times": times, "seconds": seconds, "loudness": loudness, "peak": peak}


def _write(
    sentences: list[dict[str, Any]],
    files: list[dict[str, Any]],
    tag: bytes,
    tail: float,
    aim: float,
) -> tuple[list[list[float]], float]:
    kbits = tuple(each["kbit"] for each in files)
    times: list[list[float]] = []
    at = 0
    with contextlib.ExitStack() as opened:
        handles = [opened.enter_context(Path(each["file"]).open("wb")) for each in files]

        def put(segment: Segment) -> None:
            nonlocal at
            at += segment.total
            for handle, frames in zip(handles, segment.frames, strict=True):
                handle.write(frames)

        for handle in handles:
            handle.write(tag)
        for index, one in enumerate(sentences):
            read = functools.partial(_sentence, one["file"], index)
            made = segments.segment(
                Path(one["file"]), one["pause"], kbits, read, aim=aim, ceiling=_CEILING, peak=_PEAK
            )
            times.append([(at + place + segments.DELAY) / RATE for place in (made.start, made.end)])
            put(made)
        put(segments.silence(tail, kbits))
    return times, at / RATE


def _sentence(file: str, index: int) -> tuple[Any, int]:
    try:
        samples, rate = soundfile.read(file, dtype="float32")
    except (soundfile.LibsndfileError, OSError) as error:
        raise SpoiledError(index) from error
    if samples.ndim != 1 or not len(samples):
        raise SpoiledError(index)
    return samples, int(rate)


def read_back(file: Path) -> tuple[float, float]:
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
