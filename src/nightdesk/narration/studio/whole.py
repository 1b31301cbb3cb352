"""In the child: a person's whole recording → two MP3 files, as loud as what voices read.

The same steps as for a sentence (``sound``), ten seconds at a time. A person is even enough to be
levelled once; the gain is found by trying, because compressor and limiter change what is measured.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import lameenc
import numpy as np

from nightdesk.narration.studio import decoding, mixing, sound
from nightdesk.narration.studio.loudness import Meter
from nightdesk.narration.studio.pieces import windows
from nightdesk.narration.studio.refusals import Refusal, RefusedError

RATE = sound.RATE
#: Both are whole numbers of the compressor's and the limiter's steps.
_STEP, _MARGIN = 440_000, 44_000
#: LUFS: quieter than this it is noise that would be heard, once it is made as loud as speech.
_QUIETEST = -50.0
_LEVEL = -18.0
_CEILING = -1.5
#: Nearer than this to the loudness that is wanted, and no other gain is tried.
_NEAR = 0.2
_ROUNDS = 3


def take_in(file: Path, bench: Path, outputs: list[tuple[Path, int]]) -> dict[str, Any]:
    """``outputs``: each a file to write and its kbit/s. Returns ``seconds``, ``loudness`` (LUFS) and
    ``peak`` (dBFS), read back from them. Raises RefusedError."""
    raw = bench / "sound"
    meter, samples = Meter(RATE), 0
    with raw.open("wb") as kept:
        for piece in decoding.heard(decoding.source(file)):
            meter.feed(piece)
            samples += len(piece)
            kept.write(piece.astype("<f4").tobytes())
    before = meter.integrated()
    if not before >= _QUIETEST:
        raise RefusedError(Refusal.TOO_QUIET, f"{before:.1f} LUFS")
    level = _gain(_LEVEL - before)
    make_up, ceiling = _make_up(raw, level), _CEILING
    for _ in range(_ROUNDS):
        _write(_mastered(raw, level, make_up, ceiling), outputs)
        measured = [mixing.read_back(where) for where, _kbit in outputs]
        loudness, peak = measured[0][0], max(one[1] for one in measured)
        off = mixing.LOUDNESS - loudness
        if abs(off) <= mixing.TOLERANCE and peak <= mixing.PEAK:
            return {"seconds": samples / RATE, "loudness": loudness, "peak": peak}
        if not math.isfinite(off):
            break
        # Packing adds to some peaks: limit lower where it does.
        ceiling -= max(0.0, peak - mixing.PEAK + 0.1)
        make_up += off
    raise RefusedError(Refusal.NOT_MASTERED, f"{loudness:.1f} LUFS, peak {peak:.1f} dBFS")


def _make_up(raw: Path, level: float) -> float:
    """Decibels after the compressor."""
    make_up = 0.0
    for _ in range(_ROUNDS):
        meter = Meter(RATE)
        for piece in _mastered(raw, level, make_up, _CEILING):
            meter.feed(piece)
        off = mixing.LOUDNESS - meter.integrated()
        if not math.isfinite(off):
            break
        make_up += off
        if abs(off) < _NEAR:
            break
    return make_up


def _mastered(raw: Path, level: float, make_up: float, ceiling: float) -> Iterator[Any]:
    gain = _gain(make_up)
    for window, before, count in windows(_read(raw), _STEP, _MARGIN):
        done = sound.limited(sound.compressed(window * level) * gain, ceiling)
        yield done[before : before + count]


def _read(raw: Path) -> Iterator[Any]:
    with raw.open("rb") as handle:
        while block := handle.read(4 * _STEP):
            yield np.frombuffer(block, "<f4")


def _write(pieces: Iterator[Any], outputs: list[tuple[Path, int]]) -> None:
    encoders = [_encoder(kbit) for _where, kbit in outputs]
    with contextlib.ExitStack() as opened:
        handles = [opened.enter_context(where.open("wb")) for where, _kbit in outputs]

        def put(made: Callable[[Any], bytes]) -> None:
            for handle, encoder in zip(handles, encoders, strict=True):
                handle.write(bytes(made(encoder)))

        for piece in pieces:
            pcm = np.rint(piece * 32767).clip(-32767, 32767).astype("<i2").tobytes()
            put(lambda encoder, pcm=pcm: encoder.encode(pcm))
        put(lambda encoder: encoder.flush())


def _encoder(kbit: int) -> Any:
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(kbit)
    encoder.set_in_sample_rate(RATE)
    encoder.set_channels(1)
    encoder.set_quality(3)
    encoder.silence()
    return encoder


def _gain(decibels: float) -> float:
    return float(10 ** (decibels / 20))
