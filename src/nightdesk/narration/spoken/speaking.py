"""A paragraph of a story → its sentences, each as it is written and as it is spoken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nightdesk.narration.spoken import tidy
from nightdesk.narration.spoken.en import say as english
from nightdesk.narration.spoken.sentences import split
from nightdesk.narration.spoken.uk import say as ukrainian

_SAY: dict[str, Callable[[str], str]] = {"en": english.say, "uk": ukrainian.say}
LANGUAGES = frozenset(_SAY)


@dataclass(frozen=True, slots=True)
class Sentence:
    """``written`` is found in the page by its very characters; ``spoken`` has no digit and no sign
    that a voice would have to guess at."""

    written: str
    spoken: str


def spoken(text: str, language: str) -> str:
    """One sentence, as it is said. A language without rules is only tidied."""
    say = _SAY.get(language, lambda same: same)
    return tidy.after(say(tidy.before(text)))


def sentences(paragraph: str, language: str) -> list[Sentence]:
    """What of a paragraph is heard, in order. Whatever has nothing to be said is left out."""
    found = (Sentence(written, ended(spoken(written, language))) for written in split(paragraph))
    return [one for one in found if any(letter.isalnum() for letter in one.spoken)]


def ended(said: str) -> str:
    """A line of a list or a table of results has no full stop, and a voice would stay hanging."""
    return f"{said}." if said[-1:].isalnum() else said
