"""In the child: an uploaded file → its sound, piece by piece, in one channel at 44.1 kHz.

What a file is, its first bytes say and never its name. Nothing but samples is taken out of it, so
nothing else (a title, a picture, a place, a device) can come out at the other end. libsndfile
(LGPL) reads WAV, FLAC, MP3, Ogg and Opus; FFmpeg, through PyAV, reads only what phones make, AAC
and Apple Lossless in MPEG-4.
"""

from __future__ import annotations

import contextlib
import itertools
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from nightdesk.narration.studio import sound
from nightdesk.narration.studio.pieces import windows
from nightdesk.narration.studio.refusals import LONGEST, Refusal, RefusedError

RATE = sound.RATE
_SHORTEST = 1.0
_RATES = range(8_000, 192_001)
_CHANNELS = 8
#: Seconds that are brought to our rate at once (fewer of many samples: a spectrum of them must be
#: held), and of what lies on either side of them.
_STEP, _SHORT_STEP, _MARGIN = 10, 3, 1
_MANY = 96_000
#: Below that share of what a file promises, something of it is missing.
_WHOLE = 0.98
#: Of what libsndfile reads, only this; it would look into two dozen formats.
_FORMATS = {"WAV", "WAVEX", "RF64", "FLAC", "OGG", "MP3"}
_CODECS = {"aac", "alac", "mp3"}
_ONE_PAGE = 65_536


@dataclass(frozen=True, slots=True)
class Source:
    """``blocks`` yields float32 of one channel at ``rate``; ``promised``: seconds that the file
    says it has, 0 when it does not say."""

    rate: int
    promised: float
    blocks: Callable[[], Iterator[Any]]


def source(file: Path) -> Source:
    with file.open("rb") as handle:
        head = handle.read(64)
    if not head:
        raise RefusedError(Refusal.EMPTY)
    if head[4:8] == b"ftyp":
        return _checked(_mpeg4(file))
    if not _is_known(head):
        raise RefusedError(Refusal.OTHER_SOUND if _is_other(head) else Refusal.NOT_SOUND)
    if _is_cut(file, head):
        raise RefusedError(Refusal.CUT_OFF)
    return _checked(_libsndfile(file))


def heard(what: Source, longest: float = LONGEST) -> Iterator[Any]:
    """All of it at 44.1 kHz. Raises when it has no end, or ends before it should."""
    got = 0

    def counted() -> Iterator[Any]:
        nonlocal got
        for block in what.blocks():
            got += len(block)
            if got > longest * what.rate:
                raise RefusedError(Refusal.TOO_LONG)
            yield block

    step = (_STEP if what.rate <= _MANY else _SHORT_STEP) * what.rate
    for window, before, count in windows(counted(), step, _MARGIN * what.rate):
        ours = sound.at_our_rate(window, what.rate)
        start = round(before * RATE / what.rate)
        yield ours[start : start + round(count * RATE / what.rate)]
    seconds = got / what.rate
    if seconds < min(what.promised, longest) * _WHOLE - 1:
        raise RefusedError(Refusal.CUT_OFF, f"{seconds:.1f} of {what.promised:.1f} s")
    if seconds < _SHORTEST:
        raise RefusedError(Refusal.TOO_SHORT)


def _checked(what: Source) -> Source:
    if what.rate not in _RATES:
        raise RefusedError(Refusal.DAMAGED, f"{what.rate} samples a second")
    return what


def _is_known(head: bytes) -> bool:
    if head[:4] in (b"RIFF", b"RF64"):
        return head[8:12] == b"WAVE"
    return head.startswith((b"fLaC", b"OggS", b"ID3")) or _is_mp3_frame(head)


def _is_mp3_frame(head: bytes) -> bool:
    """Layer III of MPEG 1, 2 or 2.5: ISO/IEC 11172-3, 2.4.1.3."""
    return len(head) > 3 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2 and head[1] & 0x18 != 0x08


_OTHERS = (
    b"\x1aE\xdf\xa3", b"FORM", b"caff", b"#!AMR", b"0&\xb2u", b"MThd", b".snd", b"wvpk", b"MAC ",
    b"\xff\xf1", b"\xff\xf9",
)  # fmt: skip


def _is_other(head: bytes) -> bool:
    return head.startswith(_OTHERS)


def _is_cut(file: Path, head: bytes) -> bool:
    """Whether the end is missing, where a decoder would silently do without it."""
    size = file.stat().st_size
    if head[:4] == b"RIFF":
        (promised,) = struct.unpack("<I", head[4:8])
        # What was written into a pipe promises nothing, or everything.
        return promised not in (0, 0xFFFFFFFF) and promised < 0xFFFFFF00 and promised + 8 > size + 1
    if head[:4] == b"OggS":
        with file.open("rb") as handle:
            handle.seek(max(0, size - _ONE_PAGE - 300))
            end = handle.read()
        at = end.rfind(b"OggS")
        if at < 0 or len(end) < at + 27:
            return True
        segments = end[at + 26]
        table = end[at + 27 : at + 27 + segments]
        return len(table) < segments or len(end) < at + 27 + segments + sum(table)
    return False


def _libsndfile(file: Path) -> Source:
    try:
        with soundfile.SoundFile(file) as player:
            kind, rate = player.format, player.samplerate
            channels, frames = player.channels, player.frames
            if kind not in _FORMATS or not 0 < channels <= _CHANNELS:
                raise RefusedError(Refusal.OTHER_SOUND, f"{kind}, {channels} channels")
    except (soundfile.LibsndfileError, ValueError, TypeError) as error:
        raise RefusedError(Refusal.DAMAGED, str(error)) from error

    def blocks() -> Iterator[Any]:
        try:
            with soundfile.SoundFile(file) as opened:
                while len(block := opened.read(rate, dtype="float32", always_2d=True)):
                    yield _one_channel(block)
        except (soundfile.LibsndfileError, ValueError) as error:
            raise RefusedError(Refusal.DAMAGED, str(error)) from error

    # More than any real file has: it was not known, or somebody made it up.
    known = rate and 0 < frames < 1 << 40 and (kind != "MP3" or _says_its_length(file))
    return Source(rate, frames / rate if known else 0.0, blocks)


def _says_its_length(file: Path) -> bool:
    """Whether an MP3's first frame counts the others; without it the length is a guess."""
    with file.open("rb") as handle:
        head = handle.read(10)
        if head[:3] == b"ID3" and len(head) == 10:
            size = sum(
                (byte & 0x7F) << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=True)
            )
            handle.seek(10 + size)
        else:
            handle.seek(0)
        frame = handle.read(2048)
    return any(mark in frame for mark in (b"Xing", b"Info", b"VBRI"))


def _mpeg4(file: Path) -> Source:
    try:
        import av
    except ImportError as error:
        raise RefusedError(Refusal.NO_M4A, str(error)) from error

    @contextlib.contextmanager
    def opened() -> Iterator[Any]:
        # A handle, not a name: whatever the file refers to elsewhere cannot be opened.
        options = {"enable_drefs": "0"}
        with file.open("rb") as handle, av.open(handle, format="mp4", options=options) as found:
            yield found

    try:
        with opened() as container:
            if not container.streams.audio:
                raise RefusedError(Refusal.NOT_SOUND)
            stream = container.streams.audio[0]
            codec = stream.codec_context
            if codec.name not in _CODECS:
                raise RefusedError(Refusal.OTHER_SOUND, codec.name)
            if not 0 < codec.channels <= _CHANNELS:
                raise RefusedError(Refusal.DAMAGED, f"{codec.channels} channels")
            rate = int(codec.sample_rate)
            seconds = float((stream.duration or 0) * (stream.time_base or 0))
    except (av.FFmpegError, ValueError, OSError) as error:
        raise RefusedError(Refusal.DAMAGED, str(error)) from error

    def blocks() -> Iterator[Any]:
        try:
            with opened() as container:
                stream = container.streams.audio[0]
                stream.codec_context.thread_count = 1
                resampler = av.AudioResampler(format="flt", layout="mono", rate=rate)
                frames = itertools.chain(container.decode(stream), [None])
                for frame in frames:
                    for one in resampler.resample(frame):
                        yield _clean(one.to_ndarray()[0])
        except (av.FFmpegError, ValueError, OSError) as error:
            raise RefusedError(Refusal.DAMAGED, str(error)) from error

    return Source(rate, seconds if 0 < seconds < 1e6 else 0.0, blocks)


def _one_channel(block: Any) -> Any:
    return _clean(block.mean(axis=1) if block.shape[1] > 1 else block[:, 0])


def _clean(samples: Any) -> Any:
    """What a damaged file may hold besides sound; twice full scale is nobody's voice."""
    return np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0).clip(-2, 2).astype(np.float32)
