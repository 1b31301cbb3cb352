"""What should have been said beside what was heard, word by word."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from nightdesk.narration.lexicon.entries import Lexicon
from nightdesk.narration.spoken.speaking import Sentence, spoken

_WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
_HOUR = re.compile(r"(?<![\d.])(\d{1,2})\.(\d\d)(?=\s?[ap]\.?m\b)", re.IGNORECASE)
#: Written with a capital in English, and no name.
_CAPITAL = frozenset(
    ["i", "im", "id", "ill", "ive", "january", "february", "march", "april", "may", "june",
     "july", "august", "september", "october", "november", "december", "monday", "tuesday",
     "wednesday", "thursday", "friday", "saturday", "sunday", "am", "pm", "us", "eu", "un", "uk",
     "nato"]
)  # fmt: skip
#: One sound, two spellings: a recogniser cannot know which was meant.
_ALIKE = {
    "kiev": "kyiv", "kharkov": "kharkiv", "odessa": "odesa", "lvov": "lviv", "zelenskyy": "zelensky",
    "zelenskiy": "zelensky", "zelenski": "zelensky", "for": "four", "to": "two", "too": "two", "their": "there", "ok": "okay",
    "percents": "percent", "harbour": "harbor", "colour": "color", "centre": "center",
    "metre": "meter", "metres": "meters", "kilometres": "kilometers", "grey": "gray",
}  # fmt: skip
#: Of a sentence's words that are no names so many are wrong: it is not there, or nobody understands it.
LOST = 0.6
_SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Word:
    """``text`` as it is compared; ``sentence``: its number in the story."""

    text: str
    is_name: bool
    sentence: int


@dataclass(frozen=True, slots=True)
class Mistake:
    """``said`` is empty for a word that nobody said, ``heard`` for one that was not heard. ``words``
    of those that were said are counted."""

    said: str
    heard: str
    is_name: bool
    sentence: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """``lost`` are sentences of which (nearly) nothing was heard."""

    words: int
    names: int
    mistakes: tuple[Mistake, ...]
    lost: tuple[int, ...]

    @property
    def wrong_names(self) -> int:
        return sum(one.is_name for one in self.mistakes)

    @property
    def share(self) -> float:
        return len(self.mistakes) / max(1, self.words)

    @property
    def share_without_names(self) -> float:
        return (len(self.mistakes) - self.wrong_names) / max(1, self.words - self.names)


def said(sentences: Iterable[Sentence], language: str, lexicon: Lexicon) -> list[Word]:
    """The words that a listener should hear. A name is one that stands in the lexicon, or begins
    with a capital within a sentence."""
    found = []
    for number, sentence in enumerate(sentences):
        text = spoken(sentence.written, language)
        names = {
            part
            for term in lexicon.found_in(text)
            for part in _folded(term)
            if part not in _CAPITAL
        }
        for place, match in enumerate(_WORD.finditer(text)):
            capital = place > 0 and match[0][0].isupper() and len(match[0]) > 1
            for part in _folded(match[0]):
                in_lexicon = part in names or part.removesuffix("s") in names
                is_name = in_lexicon or (capital and part not in _CAPITAL)
                found.append(Word(part, is_name, number))
    return found


def heard(text: str, language: str) -> list[str]:
    """A recogniser writes “$2.4 million” and “5.12 a.m.”; said as a newsreader would, as ours was."""
    text = _HOUR.sub(r"\1:\2", text)
    return [part for word in _WORD.findall(spoken(text, language)) for part in _folded(word)]


def compare(ours: list[Word], theirs: list[str]) -> Comparison:
    """By the least number of words that must be changed, left out or put in."""
    ours, theirs = _together(ours, theirs)
    mistakes = tuple(_mistakes(ours, theirs))
    # Of names alone nobody can tell: a list of them is misheard, and yet said.
    lengths = Counter(word.sentence for word in ours if not word.is_name)
    missed = Counter(one.sentence for one in mistakes if one.said and not one.is_name)
    lost = tuple(
        number
        for number, length in lengths.items()
        if length >= _SHORTEST and missed[number] >= LOST * length
    )
    return Comparison(len(ours), sum(word.is_name for word in ours), mistakes, lost)


def _folded(word: str) -> list[str]:
    """“The president's” and “the presidents” are heard alike; “twenty-four” is two words."""
    plain = unicodedata.normalize("NFC", word).lower()
    parts = re.split(r"[-–\s]+", re.sub("['’ʼ]", "", plain))
    return [_ALIKE.get(part, part) for part in parts if part]


def _together(ours: list[Word], theirs: list[str]) -> tuple[list[Word], list[str]]:
    """“North west” and “northwest” are heard alike: what one side writes as one word, both do."""
    whole = {word.text for word in ours}
    joined: list[str] = []
    for word in theirs:
        if joined and joined[-1] + word in whole:
            joined[-1] += word
        else:
            joined.append(word)
    whole = set(joined)
    words: list[Word] = []
    for one in ours:
        last = words[-1] if words else None
        if last and last.sentence == one.sentence and last.text + one.text in whole:
            words[-1] = Word(last.text + one.text, last.is_name or one.is_name, one.sentence)
        else:
            words.append(one)
    return words, joined


def _mistakes(ours: list[Word], theirs: list[str]) -> Iterable[Mistake]:
    """Along the cheapest way through the table of both (Levenshtein), from its end."""
    table = [list(range(len(theirs) + 1))]
    for row, word in enumerate(ours, 1):
        above, here = table[-1], [row]
        for column, other in enumerate(theirs, 1):
            here.append(
                min(
                    above[column - 1] + (word.text != other),
                    above[column] + 1,
                    here[column - 1] + 1,
                )
            )
        table.append(here)
    found = []
    row, column = len(ours), len(theirs)
    while row or column:
        here = table[row][column]
        word = ours[row - 1] if row else None
        if (
            word
            and column
            and here == table[row - 1][column - 1] + (word.text != theirs[column - 1])
        ):
            row, column = row - 1, column - 1
            if word.text != theirs[column]:
                found.append(Mistake(word.text, theirs[column], word.is_name, word.sentence))
        elif word and here == table[row - 1][column] + 1:
            row -= 1
            found.append(Mistake(word.text, "", word.is_name, word.sentence))
        else:
            column -= 1
            sentence = ours[min(row, len(ours) - 1)].sentence if ours else 0
            found.append(Mistake("", theirs[column], False, sentence))
    return reversed(found)
