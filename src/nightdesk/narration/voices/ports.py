"""What the newsroom asks of whatever speaks.

An *engine* (``adapters/``) comes in two halves. ``Engine`` is what is known of it here, without
importing it: which voices lie on this machine, their languages and licences. ``Speaker`` is the
voice itself and exists only in the child process (``voices.child``), because it is heavy, may crash,
and may carry a licence that is stricter than ours. One contract suite runs over every engine that
is installed.

What cannot be spoken is an answer, not an accident: every failure is one ``NotRecordedError`` with
a ``Reason``, and the story simply has no new audio.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


class Reason(enum.Enum):
    """Why there is no audio; the value is what is kept in a database."""

    EXTRA_MISSING = "extra missing"
    VOICE_MISSING = "voice missing"
    VOICE_CHANGED = "voice changed"
    WRONG_LANGUAGE = "wrong language"
    TOO_LONG = "too long"
    WRONG_SCRIPT = "wrong script"
    UNKNOWN_SOUND = "unknown sound"
    NOTHING_TO_SAY = "nothing to say"
    CRASHED = "crashed"
    TOO_SLOW = "too slow"
    GARBLED = "garbled"
    SILENT = "silent"
    BROKEN_SOUND = "broken sound"
    CLIPPED = "clipped"
    DISK_FULL = "disk full"
    NOT_MASTERED = "not mastered"


def gettext_noop(words: str) -> str:
    """Marked for translators; voices know no Django, so whoever shows it translates it."""
    return words


_ = gettext_noop


#: What happened, what it means, what to do: for the admin.
WORDS = {
    Reason.EXTRA_MISSING: _(
        "The programs that speak are not installed here, so no story is narrated. "
        "Install Nightdesk with its extra “audio”."
    ),
    Reason.VOICE_MISSING: _(
        "This voice is not on this machine. Choose another or install it again."
    ),
    Reason.VOICE_CHANGED: _(
        "The voice's file is not the one that was checked, so it is not used. Install it again."
    ),
    Reason.WRONG_LANGUAGE: _("There is no voice for the language of this story."),
    Reason.TOO_LONG: _("The story is too long to be narrated."),
    Reason.WRONG_SCRIPT: _(
        "A sentence is written in letters that this voice cannot read. Give it a spoken version, "
        "or leave it out."
    ),
    Reason.UNKNOWN_SOUND: _(
        "A pronunciation uses a sign that this voice does not know. Correct it in the list of "
        "pronunciations."
    ),
    Reason.NOTHING_TO_SAY: _("There is nothing to be read aloud in this story."),
    Reason.CRASHED: _("The program that speaks stopped twice at this sentence. Try again later."),
    Reason.TOO_SLOW: _(
        "The program that speaks took too long for this sentence. The machine may be busy; try "
        "again later."
    ),
    Reason.GARBLED: _("The program that speaks gave no usable answer. Try again later."),
    Reason.SILENT: _("The voice swallowed a sentence. Word it differently, or try again."),
    Reason.BROKEN_SOUND: _(
        "The voice made a noise that is no speech. Word the sentence differently."
    ),
    Reason.CLIPPED: _(
        "The voice was distorted in this sentence. Word it differently, or try again."
    ),
    Reason.DISK_FULL: _("The disk is full. The audio that there was is kept."),
    Reason.NOT_MASTERED: _("The sound could not be made into a file that is fit to be published."),
}


class NotRecordedError(Exception):
    """There is no (new) audio; every file that there was is untouched.

    ``sentence`` is the spoken sentence it failed at, or empty; ``detail`` is technical small print.
    """

    def __init__(self, reason: Reason, sentence: str = "", detail: str = "") -> None:
        super().__init__(WORDS[reason])
        self.reason = reason
        self.sentence = sentence
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice as it is used. ``name`` is one that the engine brings, or the path of a file that
    the operator gave. ``speed`` 1.0 is a newsreader's pace, about 165 words a minute.
    ``checksum`` is the sha256 of its model: another one is another voice."""

    engine: str
    name: str
    language: str
    speed: float = 1.0
    checksum: str = ""

    @property
    def id(self) -> str:
        """For a table or a log: ``piper:en_US-joe-medium``."""
        return f"{self.engine}:{Path(self.name).stem if '/' in self.name else self.name}"


@dataclass(frozen=True, slots=True)
class Licence:
    """In plain words, for whoever decides whether readers hear this voice."""

    program: str
    voice: str
    disputed: str = ""


@dataclass(frozen=True, slots=True)
class Speech:
    """One mono sound: ``pcm`` is signed 16-bit little endian, ``rate`` in samples a second."""

    pcm: bytes
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.pcm) / 2 / self.rate


class Engine(Protocol):
    """Asked in the parent; imports nothing of the engine."""

    id: str
    #: What to install when ``version()`` is empty: ``nightdesk[EXTRA]``.
    extra: str
    #: Of one sentence. Memory grows with it.
    max_chars: int
    #: May the text contain ``[[ˈbɑxmut]]``, sounds instead of a spelling?
    supports_ipa: bool
    #: Private writable memory that the child may have.
    data_bytes: int
    #: Seconds of waiting for each second of sound, beside the ten that every sentence gets.
    patience: float

    def version(self) -> str:
        """Of the program; empty if it is not installed."""
        ...

    def voices(self) -> list[Voice]:
        """What lies on this machine, the default of each language first, checksums filled in."""
        ...

    def languages(self) -> frozenset[str]:
        """Of the voices that lie on this machine."""
        ...

    def licence(self, voice: Voice) -> Licence: ...

    def checksum(self, name: str) -> str:
        """The sha256 of this voice's model as it lies on the disk; raises NotRecordedError."""
        ...

    def sounds(self, voice: Voice) -> frozenset[str]:
        """The signs that may stand in ``[[…]]``; empty without ``supports_ipa``."""
        ...


class Speaker(Protocol):
    """Exists in the child only."""

    rate: int

    def say(self, text: str, speed: float) -> Sequence[float] | Any:
        """One sentence as a one-dimensional array of float32, full scale ±1, at ``rate``."""
        ...

    def phonemes(self, text: str) -> str:
        """How it would be said, in the engine's own signs (IPA, more or less)."""
        ...


class Adapter(Protocol):
    """A module of ``adapters/``."""

    ENGINE: Engine

    def load(self, name: str, options: dict[str, Any]) -> Speaker:
        """In the child: make the voice ready. Raises NotRecordedError or anything else."""
        ...
