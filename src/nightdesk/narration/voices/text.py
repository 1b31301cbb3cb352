"""Does a sentence fit a voice? Asked before anything is started."""

from __future__ import annotations

import re
import unicodedata

from nightdesk.narration.voices.ports import Engine, NotRecordedError, Reason, Voice

_SOUNDS = re.compile(r"\[\[(.*?)\]\]")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
#: More letters than this that the voice cannot read, and the sentence would not be understood.
FOREIGN = 0.20
_SCRIPTS = {
    "ar": "ARABIC",
    "fa": "ARABIC",
    "be": "CYRILLIC",
    "bg": "CYRILLIC",
    "ru": "CYRILLIC",
    "uk": "CYRILLIC",
    "he": "HEBREW",
    "ka": "GEORGIAN",
}


def fitting(spoken: str, voice: Voice, engine: Engine) -> tuple[str, list[str]]:
    """``spoken`` as the voice can say it, and the words it leaves out: an English voice would spell
    a Ukrainian word as “cyrillic letter…”. Latin letters are foreign to nobody: a Ukrainian voice
    reads “Facebook” as English, as people do. Raises NotRecordedError."""
    for sounds in _SOUNDS.findall(spoken):
        check_sounds(sounds, voice, engine, spoken)
    plain = _SOUNDS.sub(" ", spoken)
    letters = [letter for letter in plain if letter.isalpha()]
    if not letters and not _SOUNDS.search(spoken):
        raise NotRecordedError(Reason.NOTHING_TO_SAY, spoken)
    foreign = [letter for letter in letters if _is_foreign(letter, voice.language)]
    if len(foreign) > FOREIGN * len(letters):
        raise NotRecordedError(Reason.WRONG_SCRIPT, spoken, f"letters such as {foreign[0]!r}")
    left_out = [
        word
        for word in (_WORD.findall(plain) if foreign else ())
        if any(_is_foreign(letter, voice.language) for letter in word)
    ]
    for word in left_out:
        spoken = spoken.replace(word, "", 1)
    if left_out:
        spoken = re.sub(r"\s+", " ", spoken).strip()
    if length(spoken) > engine.max_chars:
        raise NotRecordedError(Reason.TOO_LONG, spoken, f"more than {engine.max_chars} characters")
    return spoken, left_out


def check_sounds(sounds: str, voice: Voice, engine: Engine, sentence: str = "") -> None:
    """May this stand in ``[[…]]``? An engine drops a sign that it does not know without a word, so
    the name would come out mangled. Raises NotRecordedError."""
    if not engine.supports_ipa:
        raise NotRecordedError(Reason.UNKNOWN_SOUND, sentence, "this voice takes no IPA")
    known = engine.sounds(voice)
    unknown = sorted(set(unicodedata.normalize("NFD", sounds)) - known)
    if unknown or not sounds.strip():
        raise NotRecordedError(Reason.UNKNOWN_SOUND, sentence, " ".join(unknown) or "nothing")


def length(spoken: str) -> int:
    """In characters that are heard: a name given in sounds counts by its sounds."""
    return len(_SOUNDS.sub(r"\1", spoken))


def letters(spoken: str) -> int:
    return sum(sign.isalnum() for sign in _SOUNDS.sub(r"\1", spoken))


def foreign_share(text: str, language: str) -> float:
    """How much of its letters a voice of this language cannot read, from 0 to 1."""
    letters = [letter for letter in text if letter.isalpha()]
    foreign = sum(_is_foreign(letter, language) for letter in letters)
    return foreign / len(letters) if letters else 0.0


def _is_foreign(letter: str, language: str) -> bool:
    if not letter.isalpha():
        return False
    script = _SCRIPTS.get(language, "LATIN")
    known = (script, "LATIN", "MODIFIER LETTER", "MASCULINE", "FEMININE")
    return not unicodedata.name(letter, "").startswith(known)
