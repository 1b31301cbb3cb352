"""Questions about plain text: how many words, are two headlines the same, how long to read."""

from __future__ import annotations

import html
import math
import re
import unicodedata

_TAG = re.compile(r"<[^>]*>")
_BREAKING_TAG = re.compile(r"</?(?:p|h[1-6]|li|ul|ol|br|hr|div|blockquote|td|th|tr)\b[^>]*>", re.I)
_WORD = re.compile(r"\w+(?:[-'’ʼ.,]\w+)*")
_NOT_WORDS = re.compile(r"[^\w]+")


def plain(markup: str) -> str:
    """HTML → its text, blocks parted by newlines, entities resolved."""
    broken = _BREAKING_TAG.sub("\n", markup)
    text = html.unescape(_TAG.sub("", broken))
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def count_words(text: str) -> int:
    """Words as a reader counts them: "25,000", "U.S" and "weren't" are one word each."""
    return len(_WORD.findall(text))


def minutes_to_read(words: int, words_per_minute: int) -> int:
    """Whole minutes, rounded up; a story with any word at all takes one."""
    return max(1, math.ceil(words / words_per_minute)) if words else 0


def fold(headline: str) -> str:
    """What stays of a headline when typing differs: case, quotes, dashes, spaces, accents' form.

    Two headlines that fold to the same string are the same headline.
    """
    text = unicodedata.normalize("NFKC", html.unescape(headline)).casefold()
    return _NOT_WORDS.sub(" ", text).strip()


#: Letters and marks that nobody sees, beside all of the kinds below.
_UNSEEN = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")


def in_sight(text: str) -> str:
    """What turns the direction of writing, or is not seen, shown as its number: ``[U+202E]``. An
    address with such a character looks like another one."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"[U+{ord(each):04X}]" if _is_out_of_sight(each) else each for each in text)


def _is_out_of_sight(character: str) -> bool:
    if character in "\n\t":
        return False
    kind = unicodedata.category(character)
    return kind in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") or character in _UNSEEN
