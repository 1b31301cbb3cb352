"""Which engines there are, and which voices lie on this machine."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Iterable
from pathlib import Path

from nightdesk.narration.voices.ports import Adapter, Engine, NotRecordedError, Reason, Voice

#: In the order in which a voice is looked for; ``tone`` is for tests and is never offered.
NAMES = ("piper", "kokoro", "tone")
_OFFERED = ("piper", "kokoro")
_BY_ENDING = {".onnx": "piper", ".bin": "kokoro"}
#: Language and file of each voice of the newsroom's own (the setting NIGHTDESK_VOICES).
Own = Iterable[tuple[str, Path]]


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


def voices(own: Own = ()) -> list[Voice]:
    """What a newsroom may choose from here; its own come first. Files that cannot be used are left
    out (``unusable`` names them)."""
    found = []
    for language, file in own:
        with contextlib.suppress(NotRecordedError):
            found.append(from_file(file, language))
    for each in map(engine, _OFFERED):
        if each.version():
            found += each.voices()
    return found


def unusable(own: Own) -> list[tuple[Path, NotRecordedError]]:
    """The newsroom's own voices that cannot be used, and why."""
    wrong = []
    for language, file in own:
        try:
            from_file(file, language)
        except NotRecordedError as error:
            wrong.append((file, error))
    return wrong


def voice_for(language: str, own: Own = ()) -> Voice:
    """The first choice for a language. Raises NotRecordedError."""
    there = voices(own)
    for voice in there:
        if voice.language == language:
            return voice
    if not any(engine(name).version() for name in _OFFERED):
        raise NotRecordedError(Reason.EXTRA_MISSING)
    raise NotRecordedError(Reason.WRONG_LANGUAGE, detail=f"no voice for {language!r}")


def from_file(file: Path, language: str, speed: float = 1.0) -> Voice:
    """A voice of the newsroom's own: a Piper model (``.onnx``, its ``.onnx.json`` beside it) or a
    style of Kokoro (``.bin``). Raises NotRecordedError."""
    name = _BY_ENDING.get(file.suffix)
    if name is None:
        raise NotRecordedError(
            Reason.VOICE_MISSING, detail=f"{file.name} ends in no way known here"
        )
    chosen = engine(name)
    if not chosen.version():
        raise NotRecordedError(Reason.EXTRA_MISSING, detail=f"nightdesk[{chosen.extra}]")
    voice = Voice(
        name, str(file.absolute()), language, speed, chosen.checksum(str(file.absolute()))
    )
    if not chosen.sounds(voice):
        raise NotRecordedError(Reason.VOICE_MISSING, detail=f"{file.name} knows no sounds")
    return voice
