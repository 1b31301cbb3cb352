"""Which engines there are, and which voices lie on this machine."""

from __future__ import annotations

import importlib
from pathlib import Path

from nightdesk.narration.voices.ports import Adapter, Engine, NotRecordedError, Reason, Voice

#: In the order in which a voice is looked for; ``tone`` is for tests and is never offered.
NAMES = ("piper", "kokoro", "tone")
_OFFERED = ("piper", "kokoro")


def adapter(name: str) -> Adapter:
    """The module that knows this engine. Imports nothing of the engine itself."""
    if name not in NAMES:
        raise NotRecordedError(Reason.VOICE_MISSING, detail=f"no engine {name!r}")
    return importlib.import_module(f"nightdesk.narration.voices.adapters.{name}")  # type: ignore[return-value]


def engine(name: str) -> Engine:
    return adapter(name).ENGINE


def installed() -> list[Engine]:
    """Engines that could speak here, tests' included."""
    return [each for each in map(engine, NAMES) if each.version()]


def voices() -> list[Voice]:
    """What a newsroom may choose from here."""
    return [voice for each in map(engine, _OFFERED) if each.version() for voice in each.voices()]


def voice_for(language: str) -> Voice:
    """The first choice for a language. Raises NotRecordedError."""
    there = voices()
    for voice in there:
        if voice.language == language:
            return voice
    if not any(engine(name).version() for name in _OFFERED):
        raise NotRecordedError(Reason.EXTRA_MISSING)
    raise NotRecordedError(Reason.WRONG_LANGUAGE, detail=f"no voice for {language!r}")


def from_file(engine_name: str, file: Path, language: str, speed: float = 1.0) -> Voice:
    """A voice of the operator's own, from a file on this machine. Raises NotRecordedError."""
    name = str(file)
    return Voice(engine_name, name, language, speed, engine(engine_name).checksum(name))
