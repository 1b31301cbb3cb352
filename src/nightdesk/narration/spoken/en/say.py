"""The order in which English is said."""

from __future__ import annotations

from nightdesk.narration.spoken.en import amounts, names, when
from nightdesk.narration.spoken.en.numbers import number
from nightdesk.narration.spoken.rules import Rule, apply, rule

_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"

_NUMBERS: tuple[Rule, ...] = (
    rule(
        rf"(?<![\w.,-])({_NUMBER})\s?[-–]\s?({_NUMBER})(?![\w-]|[.,]\d)",
        lambda m: f"{number(m[1])} to {number(m[2])}",
    ),
    rule(rf"(?<=\s)-(?={_NUMBER})|^-(?={_NUMBER})", "minus "),
    rule(r"(?<!\w)\+(?=\d)", "plus "),
    rule(r"(?<=\d)\s?[x×]\s?(?=\d)", " by "),
    rule(rf"({_NUMBER})x\b", lambda m: f"{number(m[1])} times"),
    rule(r"(?<!\d)(\d+),(?=\d)(?!\d{3}(?!\d))", r"\1, "),
    rule(r"\d+(?:\.\d+){2,}", lambda m: " point ".join(number(part) for part in m[0].split("."))),
    rule(_NUMBER, lambda m: number(m[0])),
    rule(r"\d+", lambda m: number(m[0])),
    rule(r"%", " percent"),
    rule(r"°", " degrees"),
    rule(r"(?<=\w)/(?=\w)", " "),
    rule(r"[$€£₴#@+=]", " "),
    # A word that is grown together with what was said: 10-member, mid-2022.
    rule(r"(?<=\w)-\s+(?=\w)", "-"),
)

RULES: tuple[Rule, ...] = (
    *names.EARLY,
    *when.RULES,
    *amounts.RULES,
    *names.CODES,
    *when.LEFT_OVER,
    *_NUMBERS,
)


def say(text: str) -> str:
    return apply(RULES, text)
