"""The parent's side: have a sound heard, in a process that comes and goes as a voice's does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nightdesk.narration.apart import walls
from nightdesk.narration.apart.process import Apart, Gone
from nightdesk.narration.listening.child import PACKAGES
from nightdesk.narration.voices import models

EXTRA = "listen"
_IDLE_SECONDS = 60.0
_SECONDS = 120.0
#: A listener on a busy machine takes as long as the sound, and some.
_PATIENCE = 6.0
_DISTRIBUTIONS = ("faster-whisper", "soundfile", *(name.replace("_", "-") for name in PACKAGES))

_ear = Apart(
    "nightdesk.narration.listening.child",
    str(_IDLE_SECONDS),
    str(walls.NICENESS),
    start_seconds=120.0,
)


class NotHeardError(Exception):
    """There is no recogniser, or it failed; the text is for whoever asked."""


@dataclass(frozen=True, slots=True)
class Heard:
    """``text``: all that was understood. ``silences``: ``[start, end]`` in seconds, too long ones;
    ``peak``: of full scale; ``clipped``: samples at it."""

    text: str
    seconds: float
    peak: float
    clipped: int
    silences: list[list[float]]


def is_there() -> bool:
    return bool(models.version(*_DISTRIBUTIONS))


def hear(file: Path, language: str, seconds: float) -> Heard:
    """``seconds``: how long the sound is, more or less. Raises NotHeardError."""
    if not is_there():
        raise NotHeardError(f"The recogniser is not installed: pip install 'nightdesk[{EXTRA}]'")
    question = {"file": str(file.absolute()), "language": language}
    try:
        answer, _nothing = _ear.ask(question, seconds=_SECONDS + _PATIENCE * seconds)
    except (Gone, OSError) as error:
        raise NotHeardError(f"The recogniser failed: {error}") from error
    if "refused" in answer:
        raise NotHeardError(f"The recogniser cannot be used: {answer['refused']}")
    return Heard(
        " ".join(text for _start, _end, text in answer["heard"]),
        answer["seconds"],
        answer["peak"],
        answer["clipped"],
        answer["silences"],
    )


def close() -> None:
    _ear.close()
