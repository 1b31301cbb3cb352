"""Where the names of a lexicon stand in a text, and what a voice is told there.

Whole words only, the longest first, and what grows on a name in English (Bakhmut's) stays on it.
``[[bɑːkmˈuːt]]`` is how a voice that knows phonetics is told; for others, and in languages that are
written as they sound, other letters take the place of the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: What may follow a name and belongs to the sentence, not to the name.
_GROWN = {"en": r"(?P<grown>'s|s'|')?"}


@dataclass(frozen=True, slots=True)
class Entry:
    """``ipa`` tells the sound; without it ``says`` is read in the place of ``term``."""

    term: str
    says: str = ""
    ipa: str = ""
    match_case: bool = True

    @property
    def in_letters(self) -> str:
        """As an editor typed it; phonetics only where nobody typed anything else."""
        return self.says or f"IPA: {self.ipa}"


class Lexicon:
    """The entries of one language, ready to be looked for in many sentences."""

    def __init__(self, entries: Iterable[Entry], language: str) -> None:
        self._exact: dict[str, Entry] = {}
        self._folded: dict[str, Entry] = {}
        for entry in entries:
            if entry.match_case:
                self._exact[entry.term] = entry
            else:
                self._folded[entry.term.casefold()] = entry
        terms = sorted({*self._exact, *self._folded}, key=len, reverse=True)
        spelled = "|".join(re.escape(term).replace(r"\ ", r"\s+") for term in terms)
        grown = _GROWN.get(language, "(?P<grown>)")
        self._pattern = (
            re.compile(rf"(?<![\w'-])(?P<term>{spelled}){grown}(?!\w)", re.IGNORECASE)
            if terms
            else None
        )

    def apply(self, spoken: str) -> str:
        """A spoken sentence with every name in the place of which something else is said."""
        return self._pattern.sub(self._say, spoken) if self._pattern else spoken

    def shown(self, spoken: str) -> str:
        """The same for the eyes of an editor, who reads no phonetics: “Bakhmut (bahk-MOOT)”."""
        return self._pattern.sub(self._show, spoken) if self._pattern else spoken

    def found_in(self, spoken: str) -> set[str]:
        """The terms that are said differently in it."""
        matches = self._pattern.finditer(spoken) if self._pattern else ()
        return {entry.term for match in matches if (entry := self._entry(match["term"]))}

    def _entry(self, written: str) -> Entry | None:
        written = " ".join(written.split())
        return self._exact.get(written) or self._folded.get(written.casefold())

    def _say(self, match: re.Match[str]) -> str:
        entry = self._entry(match["term"])
        if entry is None:
            return match[0]
        grown = match["grown"] or ""
        if not entry.ipa:
            return entry.says + grown
        return f"[[{entry.ipa}{_sound_of(grown, entry.ipa)}]]"

    def _show(self, match: re.Match[str]) -> str:
        entry = self._entry(match["term"])
        return match[0] if entry is None else f"{match[0]} ({entry.in_letters})"


#: After these an s is voiceless, after those it needs a vowel: Bakhmut's, Kyiv's, Max's.
_HISSING = ("s", "z", "ʃ", "ʒ", "tʃ", "dʒ")
_VOICELESS = ("p", "t", "k", "f", "θ")


def _sound_of(grown: str, ipa: str) -> str:
    if not grown or grown == "s'":
        return "ɪz" if grown else ""
    if grown == "'":
        return ""
    return "ɪz" if ipa.endswith(_HISSING) else "s" if ipa.endswith(_VOICELESS) else "z"


def entries(rows: Mapping[str, str]) -> list[Entry]:
    """Terms and how each is typed as it sounds → entries."""
    from nightdesk.narration.lexicon.respelling import to_ipa

    return [Entry(term, says, to_ipa(says)) for term, says in rows.items()]
