"""In the child: names given in sounds, ``[[ɑvdˈijiwkɐ]]``, in the middle of words that espeak-ng sounds.

espeak-ng must see the whole sentence, or it stresses every “in” that stands before a gap and says
“ess” for an “'s” behind it. So it gets a word that nobody ever wrote instead of the name, one that
begins and ends like it, and the sounds of that word are exchanged for those that were given.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from nightdesk.narration.voices import letters

GIVEN = re.compile(r"\[\[(.*?)\]\]")
_SIBILANT, _VOICELESS = "szʃʒʧʤ", "ptkfθxχ"
_VOWELS = "aeiouɑɐɒæʌəɚɛɜɪɔʊyøœɨʉɯɤAIOWY"
_MARKS = "ˈˌ.ː ʲ"
#: After these something is said that belongs to the name's end: a pause, nothing else.
_PAUSES = re.compile(r"^\s*([,;:.!?])\s*")


def stand_in(sounds: str, language: str) -> str:
    """A word that begins and ends as these sounds do."""
    bare = sounds.strip(_MARKS)
    if language == "uk":
        return "Ґомбуд"
    end = "sh" if bare[-1:] in _SIBILANT else "p" if bare[-1:] in _VOICELESS else "b"
    return ("Omgu" if bare[:1] in _VOWELS else "Womgu") + end


def phonemes(text: str, language: str, espeak: Callable[[str], str]) -> str:
    """The sounds of a sentence, the given ones among them as they were given."""
    text = letters.spelled(text, language)
    given = [unicodedata.normalize("NFD", sounds).strip() for sounds in GIVEN.findall(text)]
    if not given:
        return espeak(text)
    words = iter([stand_in(sounds, language) for sounds in given])
    said = espeak(GIVEN.sub(lambda _sounds: next(words), text))
    at = 0
    for sounds in given:
        instead = espeak(stand_in(sounds, language)).strip()
        found = said.find(instead, at) if instead else -1
        if found < 0:
            return _piece_by_piece(text, espeak)
        said = said[:found] + sounds + said[found + len(instead) :]
        at = found + len(sounds)
    return said


def _piece_by_piece(text: str, espeak: Callable[[str], str]) -> str:
    """For a language that sounds the stand-in differently each time: what is between the names by
    itself, with its pauses."""
    said = ""
    for n, part in enumerate(GIVEN.split(text)):
        if n % 2:
            said += unicodedata.normalize("NFD", part).strip()
            continue
        if pause := _PAUSES.match(part) if n else None:
            said += pause[1] + " "
            part = part[pause.end() :]
        lead = " " if part[:1].isspace() else ""
        trail = " " if part[-1:].isspace() else ""
        said += lead + espeak(part).strip() + trail if part.strip() else part
    return re.sub(r"\s+", " ", said).strip()
