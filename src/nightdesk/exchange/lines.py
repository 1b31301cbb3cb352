"""The lines of copied text, tidied: invisible characters gone, hard-wrapped paragraphs joined."""

import re
from dataclasses import dataclass
from itertools import pairwise

_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200e\u200f\u2060\ufeff\ufffc]")
_SPACES = re.compile("[\\s\u00a0\u202f\u2009]+")
_WIDEST_WRAP = 110
_BULLET = re.compile(r"^(?:[•●▪‣◦∙·*–—-]|(?P<number>\d{1,2})[.)])\s+(?=\S)")
_CLOSERS = "\"'”’»›)]"


@dataclass(frozen=True)
class Line:
    """One line of text; `gap` when blank lines stood before it, `stamp` when a time of day did."""

    text: str
    gap: bool = False

    @property
    def words(self) -> int:
        return len(re.findall(r"\w[\w’'ʼ.-]*", self.text))

    @property
    def has_closing_mark(self) -> bool:
        """Ends as sentences end: . ! ? … or : ; with closing quotes and brackets looked through."""
        return self.text.rstrip(_CLOSERS)[-1:] in set(".!?…:;,")

    @property
    def is_prose(self) -> bool:
        """A sentence or more, as paragraphs of a story are."""
        bare = self.text.rstrip(_CLOSERS)
        if bare[-1:] in {".", "…"}:
            return self.words >= 2
        if bare[-1:] in {"!", "?"}:
            return self.words >= 10 or len(re.findall(r"[.!?…]", bare)) > 1
        if bare[-1:] in {":", ","}:
            return self.words >= 4
        return self.words >= 30 or (
            self.words >= 12 and bool(re.search(r"[.!?…][”\"»]?\s+\w", bare))
        )

    @property
    def is_headline_like(self) -> bool:
        """Some words without a closing mark (a question mark may be), as headlines are."""
        bare = self.text.rstrip(_CLOSERS)
        letters = sum(letter.isalpha() for letter in bare)
        return (
            bool(bare)
            and bare[-1] not in ".:;,"
            and not self.is_prose
            and letters >= len(bare) / 2
            and len(self.text) <= 220
        )


def read_lines(text: str) -> list[Line]:
    """The lines that hold something, in order, each knowing whether a blank line stood before it."""
    groups: list[list[str]] = [[]]
    for raw in text.splitlines():
        line = _SPACES.sub(" ", _INVISIBLE.sub("", raw)).strip()
        if line:
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    width = max((len(line) for group in groups for line in group), default=0)
    lines: list[Line] = []
    for group in groups:
        if len(group) > 1 and width <= _WIDEST_WRAP and _is_wrapped(group, width):
            group = [" ".join(group)]
        lines += [Line(line, gap=number == 0) for number, line in enumerate(group)]
    return lines


def bullet(text: str) -> tuple[str, str] | None:
    """("ul" or "ol", the item) for a line that begins with a bullet or "1.", else None."""
    match = _BULLET.match(text)
    return ("ol" if match["number"] else "ul", text[match.end() :]) if match else None


def _is_wrapped(group: list[str], width: int) -> bool:
    """True when every line broke only because the next word did not fit into the width."""
    if any(_BULLET.match(line) for line in group):
        return False
    joints = [
        len(line) + 1 + len(following.split(" ", 1)[0]) > width - 4
        for line, following in pairwise(group)
    ]
    return all(joints)
