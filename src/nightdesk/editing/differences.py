"""Two texts side by side, with what differs marked."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from nightdesk.editing.text_of import Field

_PIECES = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True)
class Lines:
    """A stretch of lines: the same in both, or differing line by line."""

    same: bool
    pairs: list[tuple[SafeString, SafeString]]


@dataclass(frozen=True)
class Difference:
    label: str
    theirs: str
    mine: str

    def lines(self) -> list[Lines]:
        theirs, mine = self.theirs.split("\n"), self.mine.split("\n")
        found = []
        match = difflib.SequenceMatcher(None, theirs, mine, autojunk=False)
        for verb, a, b, c, d in match.get_opcodes():
            both = itertools.zip_longest(theirs[a:b], mine[c:d], fillvalue="")
            if verb == "equal":
                found.append(
                    Lines(True, [(format_html("{}", x), format_html("{}", y)) for x, y in both])
                )
            else:
                found.append(Lines(False, [marked(x, y) for x, y in both]))
        return found


def differing(theirs: Iterable[Field], mine: Iterable[Field]) -> list[Difference]:
    """The fields in which two forms differ, in the order of mine."""
    hers = {field.name: field for field in theirs}
    found = []
    for field in mine:
        other = hers.pop(field.name, None)
        text = other.text if other else ""
        if text != field.text:
            found.append(Difference(field.label, text, field.text))
    return found + [
        Difference(field.label, field.text, "") for field in hers.values() if field.text
    ]


def marked(theirs: str, mine: str) -> tuple[SafeString, SafeString]:
    """Both lines, escaped, each with the words that the other lacks in ``<mark>``."""
    a, b = _PIECES.findall(theirs), _PIECES.findall(mine)
    left, right = [], []
    for verb, i, j, k, m in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        left.append((verb, "".join(a[i:j])))
        right.append((verb, "".join(b[k:m])))
    return _html(left), _html(right)


def _html(pieces: list[tuple[str, str]]) -> SafeString:
    return format_html_join(
        "",
        "{}",
        (
            (text if verb == "equal" else format_html("<mark>{}</mark>", text),)
            for verb, text in pieces
            if text
        ),
    )
