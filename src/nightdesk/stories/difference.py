"""What is different between two texts, word by word, as readers can follow it.

Paragraphs are matched first, so that one that moved a line does not mix with its neighbours. Words
are compared within those that belong together; where hardly a word stayed, the old paragraph stands
whole before the new one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

SAME, OUT, IN = "same", "out", "in"

#: Two paragraphs that share less of their words than this are not versions of each other.
_ALIKE = 0.4
#: So few words that stayed between two changes are read more easily as changed, too.
_TOO_FEW = 3
#: Work that is not done for one pair of texts: every word against every word, and the same of
#: paragraphs.
_MOST_WORDS = 2_000_000
_MOST_PARAGRAPHS = 10_000


@dataclass(frozen=True)
class Run:
    """Words that stayed (`SAME`), were taken out (`OUT`) or added (`IN`)."""

    kind: str
    text: str


Paragraph = list[Run]


def difference(old: list[str], new: list[str]) -> list[Paragraph]:
    """The paragraphs that changed, in order; an empty one stands for those between that did not."""
    found: list[Paragraph] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for what, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if what == "equal":
            found.append([])
            continue
        for before, after in _pairs(old[old_start:old_end], new[new_start:new_end]):
            found += _changed(before, after)
    return _without_ends(found)


def _without_ends(found: list[Paragraph]) -> list[Paragraph]:
    while found and not found[0]:
        del found[0]
    while found and not found[-1]:
        del found[-1]
    return found


def _changed(before: str | None, after: str | None) -> list[Paragraph]:
    if before is not None and after is not None:
        runs = words_changed(before, after)
        if any(run.kind == SAME for run in runs):
            return [runs]
    return [[Run(kind, text)] for kind, text in ((OUT, before), (IN, after)) if text is not None]


def words_changed(before: str, after: str) -> Paragraph:
    """Two versions of one paragraph or headline as runs of words."""
    old, new = before.split(), after.split()
    if len(old) * len(new) > _MOST_WORDS:
        return [Run(OUT, before), Run(IN, after)]
    pieces: list[tuple[str, list[str], list[str]]] = []
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        pieces.append((SAME if what == "equal" else OUT, old[i:j], new[k:m]))
    last = len(pieces) - 1
    for place, (kind, was, now) in enumerate(pieces):
        if kind == SAME and 0 < place < last and len(was) < _TOO_FEW:
            pieces[place] = (OUT, was, now)
    runs: list[Run] = []
    for kind, joined in groupby(pieces, key=lambda piece: piece[0]):
        together = list(joined)
        was = [word for _kind, words, _now in together for word in words]
        now = [word for _kind, _was, words in together for word in words]
        if kind == SAME:
            runs.append(Run(SAME, " ".join(was)))
            continue
        runs += [Run(side, " ".join(words)) for side, words in ((OUT, was), (IN, now)) if words]
    return runs


def _pairs(old: list[str], new: list[str]) -> list[tuple[str | None, str | None]]:
    """Which old paragraph became which new one, in order; None for one that has no counterpart."""
    if len(old) * len(new) > _MOST_PARAGRAPHS:
        return [(text, None) for text in old] + [(None, text) for text in new]
    alike = [[_alike(before, after) for after in new] for before in old]
    # best[i][j]: the most that old[i:] and new[j:] can have in common.
    best = [[0.0] * (len(new) + 1) for _row in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            together = alike[i][j] + best[i + 1][j + 1] if alike[i][j] >= _ALIKE else 0.0
            best[i][j] = max(together, best[i + 1][j], best[i][j + 1])
    pairs: list[tuple[str | None, str | None]] = []
    i = j = 0
    while i < len(old) or j < len(new):
        here = i < len(old) and j < len(new)
        if here and alike[i][j] >= _ALIKE and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            pairs.append((old[i], new[j]))
            i, j = i + 1, j + 1
        elif i < len(old) and (j == len(new) or best[i + 1][j] >= best[i][j + 1]):
            pairs.append((old[i], None))
            i += 1
        else:
            pairs.append((None, new[j]))
            j += 1
    return pairs


def _alike(before: str, after: str) -> float:
    """The share of their words that both have: 1.0 for the same words in any order."""
    old, new = Counter(before.split()), Counter(after.split())
    longest = max(old.total(), new.total())
    return (old & new).total() / longest if longest else 1.0
