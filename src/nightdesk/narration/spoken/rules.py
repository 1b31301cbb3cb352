"""A language's rules, in order: each finds something written and says what is spoken for it.

Order is the whole design: what has more around it (a date, a sum of money) is said before what is
left over (a number). What a rule has said contains no digits, so no later rule finds it again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Say = Callable[[re.Match[str]], str]


@dataclass(frozen=True, slots=True)
class Rule:
    """``say`` gives what is spoken for a match; the match itself when it is none after all."""

    written: re.Pattern[str]
    say: Say


def rule(written: str, say: Say | str, flags: int = 0) -> Rule:
    return Rule(re.compile(written, flags), say if callable(say) else _constant(say))


def apply(rules: Iterable[Rule], text: str) -> str:
    for one in rules:
        text = one.written.sub(one.say, text)
    return text


def words(table: dict[str, str], *, after: str = "", ignore_case: bool = False) -> Rule:
    """Abbreviations said in full: whole words, the longest first. ``after`` must follow."""
    folded = {_folded(short, ignore_case): full for short, full in table.items()}
    shorts = "|".join(re.escape(short) for short in sorted(table, key=len, reverse=True))
    written = rf"(?<![\w.])(?:{shorts})(?!\w){after}"
    return rule(
        written,
        lambda m: folded[_folded(m[0], ignore_case)],
        re.IGNORECASE if ignore_case else 0,
    )


def _folded(short: str, ignore_case: bool) -> str:
    return short.casefold() if ignore_case else short


def _constant(text: str) -> Say:
    return lambda match: match.expand(text)
