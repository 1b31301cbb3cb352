"""From what a reader types to a search that no database can stumble over.

Only words reach the index. Everything that a query language might mean something by (quotes,
brackets, ``*``, ``NEAR``, ``%``, NUL) parts words and is otherwise dropped; ``AND`` and ``OR``
are words like any other. All words must be found.
"""

from __future__ import annotations

import re
import unicodedata

from modelsearch.query import And, Or, Phrase, PlainText, SearchQuery

#: Longer queries are cut: nobody types them, and each word costs a look into the index.
LONGEST = 200
MOST_WORDS = 12

_APOSTROPHES = "'’ʼ‘`´＇"
_APOSTROPHE = re.compile(f"[{_APOSTROPHES}]")
_WORD = re.compile(rf"\w+(?:[{_APOSTROPHES}]\w+)*")


def tidy(typed: str) -> str:
    """What the page shows as asked for: one line without control characters, at most `LONGEST`
    characters."""
    printable = "".join(
        " " if unicodedata.category(letter)[0] in "CZ" else letter
        for letter in typed[: LONGEST * 4]
    )
    return " ".join(printable.split())[:LONGEST].strip()


def words(asked: str) -> list[str]:
    """The words of a query, each once, in order."""
    found = _WORD.findall(unicodedata.normalize("NFC", asked))
    return list(dict.fromkeys(found))[:MOST_WORDS]


def compiled(asked: str) -> SearchQuery | None:
    """The search for all words of ``asked``; None when it has none."""
    parts = [_one(word) for word in words(asked)]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else And(parts)


def _one(word: str) -> SearchQuery:
    """A word, whichever apostrophe it is typed with.

    Databases take ``ʼ`` (U+02BC) for a letter and the other apostrophes for an end of word, so
    «пʼять» is one word to them and «п'ять» two. A story may have been written with either.
    """
    halves = _APOSTROPHE.split(word)
    if len(halves) == 1:
        return PlainText(word, operator="and")
    return Or([PlainText("ʼ".join(halves), operator="and"), Phrase(" ".join(halves))])
