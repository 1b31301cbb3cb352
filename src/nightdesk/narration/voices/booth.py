"""Where a voice sits and is asked to read: one sentence in, its sound out, or why not."""

from __future__ import annotations

import contextlib
import json
import threading
from typing import Any

from nightdesk.narration.apart.process import Apart, Gone
from nightdesk.narration.voices import engines, text
from nightdesk.narration.voices.ports import Engine, NotRecordedError, Reason, Speech, Voice

#: Every sentence gets so long, and its own length besides (times the engine's patience).
SECONDS = 10.0
#: A slow reader's seconds for one character, to know beforehand how long a sentence will be.
SECONDS_A_CHARACTER = 0.09
SLOWEST, FASTEST = 0.5, 2.0
_GONE = {
    "crashed": Reason.CRASHED,
    "left": Reason.CRASHED,
    "late": Reason.TOO_SLOW,
    "garbled": Reason.GARBLED,
}
#: What may be an accident, or differ the next time: a voice breathes at random.
_ONCE_MORE = frozenset(
    {
        Reason.CRASHED,
        Reason.TOO_SLOW,
        Reason.GARBLED,
        Reason.SILENT,
        Reason.BROKEN_SOUND,
        Reason.CLIPPED,
    }
)

_children: dict[tuple[str, str, str], Apart] = {}
_lock = threading.Lock()


def speak(voice: Voice, spoken: str, **options: Any) -> Speech:
    """The sound of one sentence. Raises NotRecordedError and nothing else, and always ends.

    ``options`` are the adapter's own: ``quiet=True`` takes chance out of Piper, for tests.
    """
    engine = _fit(voice, spoken)
    said, _left_out = text.fitting(spoken, voice, engine)
    speed = min(FASTEST, max(SLOWEST, voice.speed))
    question = {"text": said, "speed": speed, "letters": text.letters(said) / speed}
    expected = text.length(said) * SECONDS_A_CHARACTER / speed
    seconds = SECONDS + engine.patience * expected
    for tries in (2, 1):
        try:
            answer, pcm = _ask(voice, question, seconds, spoken, options)
            return _speech(answer, pcm, spoken)
        except NotRecordedError as error:
            if tries == 1 or error.reason not in _ONCE_MORE:
                raise
    raise AssertionError("unreachable")


def begin(voice: Voice, **options: Any) -> None:
    """Let the voice come, if it is not there: in a moment it is asked to speak. Says nothing about
    whether it can."""
    if engines.engine(voice.engine).version():
        with contextlib.suppress(OSError):
            child_of(voice, **options).begin()


def phonemes(voice: Voice, spoken: str, **options: Any) -> str:
    """How this voice would say it, in IPA. Raises NotRecordedError and nothing else."""
    said, _left_out = text.fitting(spoken, voice, _fit(voice, spoken))
    answer, _pcm = _ask(voice, {"phonemes": said}, SECONDS, spoken, options)
    return str(answer.get("phonemes", ""))


def left_out(voice: Voice, spoken: str) -> list[str]:
    """Words that this voice cannot read and will not say. Raises NotRecordedError."""
    return text.fitting(spoken, voice, engines.engine(voice.engine))[1]


def child_of(voice: Voice, **options: Any) -> Apart:
    """The process that speaks with this voice; started by its first sentence."""
    options.setdefault("checksum", voice.checksum)
    options.setdefault("language", voice.language)
    key = (voice.engine, voice.name, json.dumps(options, sort_keys=True))
    with _lock:
        if key not in _children:
            _children[key] = Apart("nightdesk.narration.voices.child", *key)
        return _children[key]


def close() -> None:
    """Let every voice go at once. Nobody needs to call it: idle ones leave by themselves."""
    with _lock:
        for child in _children.values():
            child.close()
        _children.clear()


def _fit(voice: Voice, spoken: str) -> Engine:
    engine = engines.engine(voice.engine)
    if not engine.version():
        raise NotRecordedError(Reason.EXTRA_MISSING, spoken, f"nightdesk[{engine.extra}]")
    if voice.language not in engine.languages() and "/" not in voice.name:
        raise NotRecordedError(Reason.WRONG_LANGUAGE, spoken, voice.language)
    return engine


def _ask(
    voice: Voice, question: dict[str, Any], seconds: float, spoken: str, options: dict[str, Any]
) -> tuple[dict[str, Any], bytes]:
    try:
        answer, pcm = child_of(voice, **options).ask(question, seconds=seconds)
    except Gone as gone:
        raise NotRecordedError(_GONE[gone.how], spoken, str(gone)) from gone
    except OSError as error:  # no process could be started
        raise NotRecordedError(Reason.CRASHED, spoken, str(error)) from error
    if "refused" not in answer:
        return answer, pcm
    reason = next((one for one in Reason if one.value == answer["refused"]), Reason.GARBLED)
    raise NotRecordedError(reason, spoken, str(answer.get("detail", "")))


def _speech(answer: dict[str, Any], pcm: bytes, spoken: str) -> Speech:
    rate = answer.get("rate")
    if not isinstance(rate, int) or not 8000 <= rate <= 96_000 or len(pcm) % 2 or not pcm:
        raise NotRecordedError(Reason.GARBLED, spoken, f"{len(pcm)} bytes at {rate!r}")
    return Speech(pcm, rate)
