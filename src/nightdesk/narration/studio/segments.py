"""In the child: one sentence with the silence before it as MP3 frames, which can be put one behind
the other.

Packing is most of the work, so it is kept as well: one edited word of a story of ten minutes costs one
sentence. Frames of different encoders may follow each other when two things hold. The first frame
of each borrows no bytes from the frame before it: an encoder's first never does. And sound does not
reach over the seam: each segment ends in more silence than a decoder is late (1,105 samples). So
whatever an encoder wants to say after its last whole frame is silence, and is left out.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import json
import math
import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lameenc
import numpy as np
import soundfile

from nightdesk.narration.studio import sound

RATE = sound.RATE
#: Samples of one frame, MPEG-1 layer III.
FRAME = 1152
#: Samples that a decoder is late.
DELAY = 1105
#: Silence behind the sentence: at least so much, on average half a frame more.
_PAD = 1200
_AVERAGE_PAD = _PAD + FRAME // 2
#: Attempts at a sentence whose peaks are too high once it is packed.
_TRIES = 6
#: Rises when the same sentence would be packed differently.
_VERSION = 2


@dataclass(frozen=True, slots=True)
class Segment:
    """Where in it the sentence begins and ends, and how long it is, in samples; its frames for each
    bit rate, in the order asked for."""

    start: int
    end: int
    total: int
    frames: tuple[bytes, ...]


def segment(
    file: Path,
    pause: float,
    kbits: tuple[int, ...],
    read: Callable[[], tuple[Any, int]],
    *,
    aim: float,
    ceiling: float,
    peak: float,
) -> Segment:
    """Of the sentence in ``file``, ``pause`` seconds before it; from the cache, or made from ``read()``,
    the sentence's samples and their rate. ``aim`` is its loudness (LUFS), ``ceiling`` the limiter's
    (dBFS), ``peak`` what no sample may exceed after packing."""
    what = [_VERSION, pause, kbits, round(aim, 2), round(ceiling, 2), peak]
    mark = hashlib.sha256(json.dumps(what).encode()).hexdigest()[:16]
    kept = file.with_name(f"{file.stem}.{mark}.seg")
    found = _load(kept)
    if found is None:
        found = _below(
            peak,
            ceiling,
            lambda top, gain: _make(sound.finished(*read(), aim, top) * gain, pause, kbits),
        )
        _keep(kept, found)
    return found


def _below(peak: float, ceiling: float, make: Callable[[float, float], Segment]) -> Segment:
    """Packing adds to some peaks, as much as a decibel: limit lower where it does. What it adds
    jumps with every change of the sound, so a lower limit may be worse; then the sentence is made a
    little quieter as a whole, and the best is taken."""
    best, least, decibels = None, math.inf, 0.0
    for tried in range(_TRIES):
        made = make(ceiling, 10 ** (decibels / 20))
        over = max(_peak(frames) for frames in made.frames) - peak
        if over < least:
            best, least = made, over
        if over <= 0:
            break
        if tried == 0:
            ceiling -= over + 0.1
        else:
            decibels -= over + 0.2
    assert best is not None
    return best


def _peak(frames: bytes) -> float:
    """dBFS of the highest sample, as a player decodes it."""
    highest = 1e-9
    with soundfile.SoundFile(io.BytesIO(frames)) as player:
        while len(block := player.read(20 * RATE, dtype="float32")):
            highest = max(highest, float(np.abs(block).max()))
    return 20 * math.log10(highest)


@functools.lru_cache(maxsize=8)
def silence(seconds: float, kbits: tuple[int, ...]) -> Segment:
    return _make(np.zeros(0, np.float32), seconds, kbits)


def _make(samples: Any, pause: float, kbits: tuple[int, ...]) -> Segment:
    start = max(0, round(pause * RATE) - (_AVERAGE_PAD if len(samples) else 0))
    end = start + len(samples)
    total = -(-(end + _PAD) // FRAME) * FRAME
    whole = np.zeros(total, np.float32)
    whole[start:end] = samples
    pcm = np.rint(whole * 32767).clip(-32767, 32767).astype("<i2").tobytes()
    return Segment(
        start,
        end,
        total,
        tuple(_first_frames(_packed(pcm, kbit), total // FRAME) for kbit in kbits),
    )


def _packed(pcm: bytes, kbit: int) -> bytes:
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(kbit)
    encoder.set_in_sample_rate(RATE)
    encoder.set_channels(1)
    encoder.set_quality(3)
    encoder.silence()
    return bytes(encoder.encode(pcm)) + bytes(encoder.flush())


def _first_frames(data: bytes, count: int) -> bytes:
    at = 0
    for _ in range(count):
        at += frame_length(data, at)
    if at > len(data):
        raise ValueError("fewer frames than sound")
    return data[:at]


_KBITS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)


def frame_length(data: bytes, at: int) -> int:
    """In bytes, of the frame that begins there (ISO/IEC 11172-3, 2.4.1.3)."""
    if data[at : at + 2] != b"\xff\xfb" or (data[at + 2] >> 2 & 3) != 0:
        raise ValueError("no frame of MPEG-1 layer III at 44.1 kHz")
    return 144 * _KBITS[data[at + 2] >> 4] * 1000 // RATE + (data[at + 2] >> 1 & 1)


def _keep(file: Path, made: Segment) -> None:
    data = b"".join(made.frames)
    about = {
        "at": [made.start, made.end, made.total],
        "sizes": [len(each) for each in made.frames],
        "sum": zlib.crc32(data),
    }
    unfinished = file.with_name(f".{file.name}-{os.getpid()}")
    try:
        unfinished.write_bytes(json.dumps(about).encode() + b"\n" + data)
        unfinished.replace(file)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


def _load(file: Path) -> Segment | None:
    """None if it is not there or not whole."""
    try:
        line, _, data = file.read_bytes().partition(b"\n")
        about = json.loads(line)
        if about["sum"] != zlib.crc32(data) or sum(about["sizes"]) != len(data):
            return None
        frames, at = [], 0
        for size in about["sizes"]:
            frames.append(data[at : at + size])
            at += size
        start, end, total = about["at"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    with contextlib.suppress(OSError):
        os.utime(file)
    return Segment(start, end, total, tuple(frames))
