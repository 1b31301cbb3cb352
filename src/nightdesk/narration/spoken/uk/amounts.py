"""Money, shares and measures in Ukrainian: a name agrees with its number."""

from __future__ import annotations

import re

from nightdesk.narration.spoken.rules import Rule, rule
from nightdesk.narration.spoken.uk.numbers import (
    FEMININE,
    GENITIVE,
    MASCULINE,
    NEUTER,
    NOMINATIVE,
    counted,
    number,
)

Forms = tuple[str, str, str, str]
NUMBER = r"\d{1,3}(?:[ ]\d{3})+(?:[,.]\d+)?|\d+(?:[,.]\d+)?"
_TO = r"\s?[-–—]\s?"
_SCALES: dict[str, tuple[str, Forms]] = {
    "тис": (FEMININE, ("тисяча", "тисячі", "тисяч", "тисячі")),
    "млн": (MASCULINE, ("мільйон", "мільйони", "мільйонів", "мільйона")),
    "млрд": (MASCULINE, ("мільярд", "мільярди", "мільярдів", "мільярда")),
    "трлн": (MASCULINE, ("трильйон", "трильйони", "трильйонів", "трильйона")),
}
_LONG = {"тисяч": "тис", "мільйон": "млн", "мільярд": "млрд", "трильйон": "трлн"}
_SCALE = r"(?P<scale>(?:тис|млн|млрд|трлн)\b\.?|(?:тисяч|мільйон|мільярд|трильйон)\w*)"
_DOLLAR: Forms = ("долар", "долари", "доларів", "долара")
_EURO: Forms = ("євро", "євро", "євро", "євро")
_HRYVNIA: Forms = ("гривня", "гривні", "гривень", "гривні")
_POUND: Forms = ("фунт", "фунти", "фунтів", "фунта")
_CURRENCIES: dict[str, tuple[str, Forms]] = {
    "$": (MASCULINE, _DOLLAR), "USD": (MASCULINE, _DOLLAR), "дол": (MASCULINE, _DOLLAR),
    "€": (MASCULINE, _EURO), "EUR": (MASCULINE, _EURO), "£": (MASCULINE, _POUND),
    "₴": (FEMININE, _HRYVNIA), "грн": (FEMININE, _HRYVNIA), "UAH": (FEMININE, _HRYVNIA),
    "zł": (MASCULINE, ("злотий", "злоті", "злотих", "злотого")),
    "руб": (MASCULINE, ("рубль", "рублі", "рублів", "рубля")),
}  # fmt: skip
_SHARE: Forms = ("відсоток", "відсотки", "відсотків", "відсотка")
_M, _F, _N = MASCULINE, FEMININE, NEUTER
_UNITS: dict[str, tuple[str, Forms]] = {
    "км/год": (_M, ("кілометр на годину", "кілометри на годину", "кілометрів на годину", "кілометра на годину")),
    "м/с": (_M, ("метр на секунду", "метри на секунду", "метрів на секунду", "метра на секунду")),
    "кв. км": (_M, ("квадратний кілометр", "квадратні кілометри", "квадратних кілометрів", "квадратного кілометра")),
    "км²": (_M, ("квадратний кілометр", "квадратні кілометри", "квадратних кілометрів", "квадратного кілометра")),
    "кв. м": (_M, ("квадратний метр", "квадратні метри", "квадратних метрів", "квадратного метра")),
    "м²": (_M, ("квадратний метр", "квадратні метри", "квадратних метрів", "квадратного метра")),
    "км": (_M, ("кілометр", "кілометри", "кілометрів", "кілометра")),
    "см": (_M, ("сантиметр", "сантиметри", "сантиметрів", "сантиметра")),
    "мм": (_M, ("міліметр", "міліметри", "міліметрів", "міліметра")),
    "м": (_M, ("метр", "метри", "метрів", "метра")),
    "кг": (_M, ("кілограм", "кілограми", "кілограмів", "кілограма")),
    "г": (_M, ("грам", "грами", "грамів", "грама")),
    "т": (_F, ("тонна", "тонни", "тонн", "тонни")),
    "л": (_M, ("літр", "літри", "літрів", "літра")),
    "га": (_M, ("гектар", "гектари", "гектарів", "гектара")),
    "хв": (_F, ("хвилина", "хвилини", "хвилин", "хвилини")),
    "год": (_F, ("година", "години", "годин", "години")),
    "кВт·год": (_F, ("кіловат-година", "кіловат-години", "кіловат-годин", "кіловат-години")),
    "кВт": (_M, ("кіловат", "кіловати", "кіловатів", "кіловата")),
    "МВт": (_M, ("мегават", "мегавати", "мегаватів", "мегавата")),
    "ГВт": (_M, ("гігават", "гігавати", "гігаватів", "гігавата")),
    "кВ": (_M, ("кіловольт", "кіловольти", "кіловольтів", "кіловольта")),
    "°C": (_M, ("градус Цельсія", "градуси Цельсія", "градусів Цельсія", "градуса Цельсія")),
    "°": (_M, ("градус", "градуси", "градусів", "градуса")),
}  # fmt: skip
_UNIT = "(?P<unit>" + "|".join(re.escape(u) for u in sorted(_UNITS, key=len, reverse=True)) + ")"
_CURRENCY = "(?P<currency>[$€£₴]|USD|EUR|UAH|грн\\b\\.?|дол\\b\\.?|руб\\b\\.?|zł)"
#: What puts the number after it into the genitive.
BEFORE = (
    r"(?P<before>(?<!\w)(?:[Вв]ід|[Дд]о|[Бб]лизько|[Пп]ісля|[Бб]ез|[Бб]ільше|[Мм]енше|[Пп]роти"
    r"|[Нн]е більше|[Нн]е менше|[Зз]|[Іі]з|[Зз]і|[Пп]ротягом|[Сс]еред|[Уу]продовж|[Дд]ля)\s)?"
)


def _case(match: re.Match[str]) -> str:
    return GENITIVE if match["before"] else NOMINATIVE


def say_range(first: str, until: str, named: str) -> str:
    """Від п'яти до десяти: what a dash between numbers means."""
    return f"від {number(first, MASCULINE, GENITIVE)} до {named}"


def _named(amount: str, until: str | None, gender: str, forms: Forms, case: str) -> str:
    if until:
        return say_range(amount, until, counted(until, forms, gender, GENITIVE))
    return counted(amount, forms, gender, case)


def _scaled(match: re.Match[str], case: str) -> str:
    written = match["scale"].rstrip(".")
    short = next((short for long, short in _LONG.items() if written.startswith(long)), written)
    gender, forms = _SCALES[short]
    return _named(match["amount"], match["until"], gender, forms, case)


def _sum(match: re.Match[str]) -> str:
    sign = match["currency"].rstrip(".")
    gender, forms = _CURRENCIES[sign]
    case, before = _case(match), match["before"] or ""
    if match["scale"]:
        return f"{before}{_scaled(match, case)} {forms[2]}"
    return before + _named(match["amount"], match["until"], gender, forms, case)


def _share(match: re.Match[str]) -> str:
    before = match["before"] or ""
    return before + _named(match["amount"], match["until"], MASCULINE, _SHARE, _case(match))


def _measure(match: re.Match[str]) -> str:
    gender, forms = _UNITS[match["unit"]]
    sign = "мінус " if match["sign"] else ""
    before = match["before"] or ""
    return before + sign + _named(match["amount"], match["until"], gender, forms, _case(match))


def _scale_alone(match: re.Match[str]) -> str:
    return (match["before"] or "") + _scaled(match, _case(match))


RULES: tuple[Rule, ...] = (
    rule(
        rf"{BEFORE}(?<![\w])(?P<currency>[$€£₴])\s?(?P<amount>{NUMBER})(?:{_TO}[$€£₴]?(?P<until>{NUMBER}))?(?:\s?{_SCALE})?",
        _sum,
    ),
    rule(
        rf"{BEFORE}(?<![\w.,])(?P<amount>{NUMBER})(?:{_TO}(?P<until>{NUMBER}))?(?:\s?{_SCALE})?\s?{_CURRENCY}(?!\w)",
        _sum,
    ),
    rule(
        rf"{BEFORE}(?<![\w.,])(?P<amount>{NUMBER})%?(?:{_TO}(?P<until>{NUMBER}))?\s?(?:%|відсотк\w+|відсоток)",
        _share,
    ),
    rule(
        rf"{BEFORE}(?<![\w.,])(?P<sign>-(?=\d))?(?P<amount>{NUMBER})(?:{_TO}(?P<until>{NUMBER}))?[\s-]?{_UNIT}(?![\w/²·'])\.?(?=\s+[а-яіїєґ0-9,;:]|[,;:)]|$|\s*$|\s)",
        _measure,
    ),
    rule(
        rf"{BEFORE}(?<![\w.,])(?P<amount>{NUMBER})(?:{_TO}(?P<until>{NUMBER}))?\s?{_SCALE}",
        _scale_alone,
    ),
)
