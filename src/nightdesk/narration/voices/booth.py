"""Where a voice sits and is asked to read: one sentence in, its sound out, or why not."""

from __future__ import annotations

import json
import threading
from typing import Any

from nightdesk.narration.apart.process import Apart, Gone
from nightdesk.narration.voices import engines, text
from nightdesk.narration.voices.ports import NotRecordedError, Reason, Speech, Voice

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
    engine = engines.engine(voice.engine)
    if not engine.version():
        raise NotRecordedError(Reason.EXTRA_MISSING, spoken, f"nightdesk[{engine.extra}]")
    if voice.language not in engine.languages() and "/" not in voice.name:
        raise NotRecordedError(Reason.WRONG_LANGUAGE, spoken, voice.language)
    said, _left_out = text.fitting(spoken, voice, engine)
    child = child_of(voice, **options)
    speed = min(FASTEST, max(SLOWEST, voice.speed))
    question = {"text": said, "speed": speed, "letters": text.letters(said) / speed}
    expected = text.length(said) * SECONDS_A_CHARACTER / speed
    seconds = SECONDS + engine.patience * expected
    try:
        return _once(child, question, seconds, spoken)
    except NotRecordedError as error:
        if error.reason not in _ONCE_MORE:
            raise
        return _once(child, question, seconds, spoken)


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


def _once(child: Apart, question: dict[str, Any], seconds: float, spoken: str) -> Speech:
    try:
        answer, pcm = child.ask(question, seconds=seconds)
    except Gone as gone:
        raise NotRecordedError(_GONE[gone.how], spoken, str(gone)) from gone
    except OSError as error:  # no process could be started
        raise NotRecordedError(Reason.CRASHED, spoken, str(error)) from error
    try:
        if "refused" in answer:
            raise NotRecordedError(Reason(answer["refused"]), spoken, str(answer.get("detail", "")))
        rate = answer["rate"]
        if not isinstance(rate, int) or not 8000 <= rate <= 96_000 or len(pcm) % 2 or not pcm:
            raise ValueError(rate)
    except (ValueError, KeyError) as error:
        child.close()
        raise NotRecordedError(Reason.GARBLED, spoken, repr(error)) from error
    return Speech(pcm, rate)
