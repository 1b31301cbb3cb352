"""The order in which Ukrainian is said."""

from __future__ import annotations

from nightdesk.narration.spoken.rules import Rule, apply, rule
from nightdesk.narration.spoken.uk import amounts, names, when
from nightdesk.narration.spoken.uk.amounts import BEFORE, NUMBER, say_range
from nightdesk.narration.spoken.uk.numbers import (
    FEMININE,
    GENITIVE,
    MASCULINE,
    NOMINATIVE,
    digits,
    number,
)

#: What news counts by ones and twos, and what is feminine: дві ракети, двадцять одна особа.
_FEMININE = (
    "жінк|особ|людин[аи]|країн|годин|хвилин|секунд|тонн|ракет|бомб|машин|гривн|позиці|атак|област"
    "|громад|бригад|арм|дивізі|груп|сім|родин|дівчин|школ|лікар(?:ня|ні)|квартир|частин|копі|мін[аи]"
    "|цистерн|гармат|гаубиц|установ|компан|парті|фракці|справ[аи]|сесі|угод|лінії|лінія|спроб"
)

_CODE = rule(
    r"(?<![\w-])([A-Za-zА-ЯІЇЄҐа-яіїєґ]{1,12})-(\d{1,4})(?![\d.,]*\d)(?=[A-Za-zА-ЯІЇЄҐа-яіїєґ]{0,2}\b)(?!-)",
    lambda m: f"{m[1]} {number(m[2])}",
)

_NUMBERS: tuple[Rule, ...] = (
    rule(r"(?<!\w)\+\d[\d\s()-]{6,}\d", lambda m: f"плюс {digits(m[0])}"),
    rule(
        rf"(?<![\w.,-])({NUMBER})\s?[-–]\s?({NUMBER})(?![\w-]|[.,]\d)",
        lambda m: say_range(m[1], m[2], number(m[2], MASCULINE, GENITIVE)),
    ),
    rule(rf"(?<=\s)-(?={NUMBER})|^-(?=\d)", "мінус "),
    rule(
        rf"(?<![\w.,])(?P<amount>{NUMBER})(?=\s(?:\w+[ії]\s)?(?:{_FEMININE}))",
        lambda m: number(m["amount"], FEMININE),
    ),
    rule(
        rf"{BEFORE}(?<![\w.,])(?P<amount>{NUMBER})(?!\w)",
        lambda m: (
            (m["before"] or "")
            + number(m["amount"], MASCULINE, GENITIVE if m["before"] else NOMINATIVE)
        ),
    ),
    rule(NUMBER, lambda m: f" {number(m[0])} "),
    rule(r"\d+", lambda m: f" {number(m[0])} "),
    rule(r"%", " відсотків"),
    rule(r"°", " градусів"),
    rule(r"(?<=\w)/(?=\w)", " "),
    rule(r"[$€£₴#@+=&]", " "),
)

RULES: tuple[Rule, ...] = (
    *names.EARLY,
    *when.RULES,
    *when.COMPOUNDS,
    *amounts.RULES,
    *when.ORDINALS,
    _CODE,
    *_NUMBERS,
    *names.LATE,
)


def say(text: str) -> str:
    return apply(RULES, text)
