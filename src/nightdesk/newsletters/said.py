"""A sentence that is written down now and read later, by an editor of perhaps another language.

The sender, the clock, or whoever took a story down writes why an edition is held; who reads it may
have chosen Ukrainian. So what is kept are the English words, by which catalogues know a sentence,
and what is filled into them: ``[["“%(title)s” was taken down.", {"title": "Bridge closed"}]]``. What
is no such list is a sentence as it is, from before this was so.
"""

from __future__ import annotations

import datetime
import json
import zoneinfo
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext, ngettext

_BEGIN = "[["


def ngettext_noop(one: str, several: str) -> tuple[str, str]:
    """Marks both for the catalogues: ``Said(*ngettext_noop(…), count=3)``."""
    return one, several


class Said:
    """``Said(gettext_noop("“%(title)s” was taken down."), title="Bridge closed")``. With
    ``several`` the words for more than one ``count``. Numbers and moments are put into words when
    it is read; a moment of another zone than the newsroom's is ``(moment, zone)``."""

    def __init__(self, words: str, several: str = "", **values: object) -> None:
        self.words, self.several, self.values = words, several, values

    def __str__(self) -> str:
        words = gettext(self.words)
        if self.several:
            words = ngettext(self.words, self.several, int(str(self.values["count"])))
        try:
            return words % {name: _in_words(value) for name, value in self.values.items()}
        except (KeyError, TypeError, ValueError):
            return words  # kept by another version, with other values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Said) and kept(self) == kept(other)

    def __hash__(self) -> int:
        return hash(kept(self))


class SaidError(ValueError):
    """``why`` says what is wrong, in sentences for editors; as a text, in the reader's language."""

    def __init__(self, *why: Said) -> None:
        super().__init__(*why)
        self.why = why

    def __str__(self) -> str:
        return " ".join(str(each) for each in self.why)


def kept(why: str | Said | Iterable[Said]) -> str:
    """For a column of text. A sentence that is given as it is stays so."""
    if isinstance(why, str):
        return why
    each = [why] if isinstance(why, Said) else list(why)
    rows = [
        [
            [one.words, one.several] if one.several else one.words,
            {name: _plain(value) for name, value in one.values.items()},
        ]
        for one in each
    ]
    return json.dumps(rows, ensure_ascii=False) if rows else ""


def read(text: str) -> str:
    """The sentences that were kept, in the language of whoever reads them now."""
    if not text.startswith(_BEGIN):
        return text
    try:
        rows = json.loads(text)
        return " ".join(
            str(Said(*([words] if isinstance(words, str) else words), **values))
            for words, values in rows
        )
    except (ValueError, TypeError):
        return text


def _plain(value: object) -> object:
    """As JSON has it. Everything that is neither number nor moment is its words."""
    if isinstance(value, tuple):
        moment, zone = value
        return {"at": moment.isoformat(), "zone": zone.key}
    if isinstance(value, datetime.datetime):
        return {"at": value.isoformat(), "zone": ""}
    return value if isinstance(value, int | dict) else str(value)


def _in_words(value: object) -> Any:
    # Both know models, whose rooms know this.
    from nightdesk.newsletters.editions import times
    from nightdesk.stories.embargo import in_words

    match _plain(value):
        case {"at": str(at), "zone": ""}:
            return in_words(datetime.datetime.fromisoformat(at))
        case {"at": str(at), "zone": str(zone)}:
            moment = datetime.datetime.fromisoformat(at)
            return times.in_words(moment, zoneinfo.ZoneInfo(zone))
        case int(count):
            return times.number(count)
        case words:
            return words
