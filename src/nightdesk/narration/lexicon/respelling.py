"""A name typed as it sounds, ``bahk-MOOT``, in the alphabet of phonetics, ``bɑːkmˈuːt``.

It is the way that English newsrooms write pronouncers on their wires: syllables parted by hyphens,
the stressed one in capitals, every letter said. Nobody has to know IPA to mend a name.
"""

from __future__ import annotations

import re


class RespellingError(ValueError):
    """Something in it stands for no sound. The message names it, for whoever typed it."""

    def __init__(self, syllable: str, rest: str) -> None:
        super().__init__(f"{syllable}: {rest}")
        self.syllable = syllable
        self.rest = rest


#: Longest first within a syllable. What voices trained on American English know.
_VOWELS = {
    "ough": "oʊ", "eye": "aɪ", "igh": "aɪ", "air": "ɛɹ", "eer": "ɪɹ", "ire": "aɪɚ", "our": "aʊɚ",
    "aw": "ɔː", "ah": "ɑː", "ar": "ɑːɹ", "ay": "eɪ", "ai": "eɪ", "ee": "iː", "ea": "iː", "eh": "ɛ",
    "er": "ɚ", "ur": "ɜː", "ih": "ɪ", "ir": "ɪɹ", "oh": "oʊ", "oo": "uː", "or": "ɔːɹ", "ow": "aʊ",
    "ou": "aʊ", "oy": "ɔɪ", "oi": "ɔɪ", "uh": "ə", "uu": "ʊ", "yoo": "juː", "a": "æ", "e": "ɛ",
    "i": "ɪ", "o": "ɑː", "u": "ʌ", "y": "aɪ",
}  # fmt: skip
_CONSONANTS = {
    "tch": "tʃ", "ch": "tʃ", "sh": "ʃ", "zh": "ʒ", "kh": "k", "gh": "ɡ", "th": "θ", "dh": "ð",
    "ng": "ŋ", "ck": "k", "ph": "f", "ts": "ts", "dz": "dz", "b": "b", "c": "k", "d": "d",
    "f": "f", "g": "ɡ", "h": "h", "j": "dʒ", "k": "k", "l": "l", "m": "m", "n": "n", "p": "p",
    "q": "k", "r": "ɹ", "s": "s", "t": "t", "v": "v", "w": "w", "x": "ks", "z": "z",
}  # fmt: skip
_VOWEL = re.compile("|".join(sorted(_VOWELS, key=len, reverse=True)))
_CONSONANT = re.compile("|".join(sorted(_CONSONANTS, key=len, reverse=True)))
_GLIDE = re.compile(r"y(?=[aeiou])")


def to_ipa(typed: str) -> str:
    """``bahk-MOOT`` → ``bɑːkmˈuːt``; several words stay apart. Raises ``RespellingError``."""
    return " ".join(_word(word) for word in typed.split())


def _word(word: str) -> str:
    syllables = [part for part in word.split("-") if part]
    stressed = any(part.isupper() for part in syllables)
    said = []
    for place, part in enumerate(syllables):
        # A word with no capitals is stressed on its only, else its last but one syllable.
        has_stress = part.isupper() if stressed else place == max(0, len(syllables) - 2)
        said.append(_syllable(part, has_stress))
    return "".join(said)


def _syllable(written: str, has_stress: bool) -> str:
    rest, said, has_vowel = written.lower(), "", False
    while rest:
        if _GLIDE.match(rest):
            said, rest = said + "j", rest[1:]
            continue
        vowel = _VOWEL.match(rest)
        consonant = _CONSONANT.match(rest)
        # “y” after a vowel has gone into it; between consonants it is one.
        found = vowel or consonant
        if found is None:
            raise RespellingError(written, rest[0])
        sound = _VOWELS[found[0]] if vowel else _CONSONANTS[found[0]]
        if vowel and has_stress and not has_vowel:
            said += "ˈ"
        has_vowel = has_vowel or bool(vowel)
        said += sound
        rest = rest[found.end() :]
    if has_stress and not has_vowel:
        raise RespellingError(written, written)
    return said
