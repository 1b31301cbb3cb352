"""Recordings as newsrooms upload them: every kind, each full of what nobody may ever see."""

from __future__ import annotations

import io
from pathlib import Path

import av
import mutagen
import mutagen.id3
import numpy as np
import soundfile

#: Stands in a title, a comment, a place, a device, an account, a picture.
SECRET = "olena-sydorenko@kharkiv 48.0N 37.8E"
KINDS = ("mp3", "m4a", "wav", "flac", "ogg", "opus")


def speech(seconds: float, rate: int = 16_000, loud: float = 0.05) -> np.ndarray:
    """A hum with the syllables and the pauses of somebody who speaks."""
    t = np.arange(round(seconds * rate)) / rate
    syllables = np.clip(np.sin(2 * np.pi * 3 * t), 0, 1) * (np.sin(2 * np.pi * 0.3 * t) > -0.6)
    tone = sum(np.sin(2 * np.pi * 180 * k * t) / k for k in (1, 2, 3, 5, 9))
    return (loud * syllables * tone).astype(np.float32)


def write(
    file: Path, kind: str = "wav", seconds: float = 3.0, rate: int = 16_000, loud: float = 0.05
) -> Path:
    if kind == "m4a":
        _m4a(file, speech(seconds, 44_100, loud))
    else:
        subtype = {"ogg": "VORBIS", "opus": "OPUS", "mp3": "MPEG_LAYER_III"}.get(kind, "PCM_16")
        container = {"opus": "OGG"}.get(kind, kind.upper())
        soundfile.write(file, speech(seconds, rate, loud), rate, format=container, subtype=subtype)
    return file


def with_secrets(file: Path, kind: str) -> Path:
    """The same with everything that programs and phones write into such a file."""
    write(file, kind)
    if kind == "m4a":
        return file  # written with them
    if kind in ("mp3", "wav"):
        found = mutagen.File(file)
        if found.tags is None:
            found.add_tags()
        picture = mutagen.id3.APIC(mime="image/jpeg", type=3, desc=SECRET, data=SECRET.encode())
        for frame in (
            mutagen.id3.TIT2(text=SECRET),
            mutagen.id3.TXXX(desc="location", text=SECRET),
            mutagen.id3.PRIV(owner=SECRET, data=SECRET.encode()),
            picture,
        ):
            found.tags.add(frame)
    else:
        found = mutagen.File(file)
        found["title"] = found["location"] = found["artist"] = SECRET
    found.save()
    return file


def _m4a(file: Path, samples: np.ndarray) -> None:
    made = io.BytesIO()
    with av.open(made, "w", format="ipod") as out:
        stream = out.add_stream("aac", rate=44_100, layout="mono")
        for name in ("title", "comment", "artist", "location"):
            out.metadata[name] = SECRET
        for start in range(0, len(samples), 1024):
            frame = av.AudioFrame.from_ndarray(
                samples[None, start : start + 1024], format="fltp", layout="mono"
            )
            frame.sample_rate, frame.pts = 44_100, start
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    file.write_bytes(made.getvalue())
