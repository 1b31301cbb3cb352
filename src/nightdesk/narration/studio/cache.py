"""Sentences that were spoken before, by what they are: an edited story has only its new ones spoken.

Beside each ``.flac`` lie ``.seg`` files of the same name: the sentence packed (``segments``). A
file's name is made from everything that its sound depends on; no text stands in it. What nobody
asked for in thirty days goes, and the oldest go when there is too much.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Iterable
from pathlib import Path

from nightdesk.narration.voices import engines
from nightdesk.narration.voices.ports import Voice

DAYS = 30.0
#: Some thirty hours of speech: 20 kB a second as FLAC, 20 packed.
MOST_BYTES = 4 * 1000**3
_PRUNED_EVERY = 3600.0


def place(folder: Path, voice: Voice, spoken: str) -> Path:
    """Where the sound of this sentence lies, or would lie."""
    engine = engines.engine(voice.engine)
    what = [voice.engine, engine.version(), voice.name, voice.checksum, voice.speed, spoken]
    name = hashlib.sha256(json.dumps(what).encode()).hexdigest()
    return folder / name[:2] / f"{name[2:]}.flac"


def has(file: Path) -> bool:
    """Whether it is there; if so it counts as used just now."""
    try:
        os.utime(file)
    except OSError:
        return False
    return True


def forget(folder: Path, voice: Voice, spoken: Iterable[str]) -> None:
    """Remove these sentences, because what they say shall not be kept."""
    for sentence in spoken:
        spoken_file = place(folder, voice, sentence)
        for file in spoken_file.parent.glob(f"{spoken_file.stem}.*"):
            file.unlink(missing_ok=True)


def prune(folder: Path, *, days: float = DAYS, most_bytes: int = MOST_BYTES) -> int:
    """Remove what was not used for so long, then the longest unused until the rest is small enough.
    Returns how many files went."""
    there = []
    for file in folder.glob("*/*"):
        with contextlib.suppress(OSError):
            used = file.stat().st_mtime
            if file.name.startswith("."):  # left by a process that was killed: a day is enough
                used -= (days - 1) * 86_400
            there.append((used, file.stat().st_size, file))
    total = sum(size for _used, size, _file in there)
    gone = 0
    for used, size, file in sorted(there, key=lambda one: one[0]):
        if used > time.time() - days * 86_400 and total <= most_bytes:
            break
        with contextlib.suppress(OSError):
            file.unlink()
        total -= size
        gone += 1
    return gone


def prune_now_and_then(folder: Path) -> None:
    """``prune``, once an hour however often it is called."""
    mark = folder / ".pruned"
    with contextlib.suppress(OSError):
        if mark.exists() and time.time() - mark.stat().st_mtime < _PRUNED_EVERY:
            return
        folder.mkdir(parents=True, exist_ok=True)
        mark.touch()
        prune(folder)
