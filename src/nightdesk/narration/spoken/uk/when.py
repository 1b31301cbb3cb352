"""Dates, years, centuries and hours in Ukrainian."""

from __future__ import annotations

import re

from nightdesk.narration.spoken.rules import Rule, rule
from nightdesk.narration.spoken.uk.numbers import (
    FEMININE,
    GENITIVE,
    LOCATIVE,
    MASCULINE,
    NOMINATIVE,
    PLURAL,
    cardinal,
    compound,
    ordinal,
)

_MONTHS = (
    "січня", "лютого", "березня", "квітня", "травня", "червня", "липня", "серпня", "вересня",
    "жовтня", "листопада", "грудня",
)  # fmt: skip
_MONTH = "|".join(_MONTHS)
_YEAR = r"1\d{3}|20\d{2}"
_TO = r"\s?[-–—]\s?"
#: The word for year, and the case it puts the number in.
_YEAR_WORDS = {
    "рік": (MASCULINE, NOMINATIVE), "року": (MASCULINE, GENITIVE), "р.": (MASCULINE, GENITIVE),
    "році": (MASCULINE, LOCATIVE), "роком": (MASCULINE, "i"), "роки": (PLURAL, NOMINATIVE),
    "років": (PLURAL, GENITIVE), "рр.": (PLURAL, GENITIVE), "роках": (PLURAL, LOCATIVE),
}  # fmt: skip
_WORDS = "рік|року|році|роком|роках|роки|років|рр\\.|р\\."
_CENTURY_WORDS = {
    "століття": GENITIVE, "ст.": GENITIVE, "сторіччя": GENITIVE, "столітті": LOCATIVE,
    "сторіччі": LOCATIVE,
}  # fmt: skip
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "І": 1, "Х": 10, "С": 100}


def roman(text: str) -> int:
    """XXI → 21, in Latin letters or in the Cyrillic ones that look the same."""
    values = [_ROMAN[letter] for letter in text]
    after = [*values[1:], 0]
    return sum(-one if one < more else one for one, more in zip(values, after, strict=True))


def _year_word(word: str) -> str:
    return {"р.": "року", "рр.": "років"}.get(word, word)


def _year(match: re.Match[str]) -> str:
    gender, case = _YEAR_WORDS[match["word"]]
    if gender == PLURAL:  # 5 років is a span of time, and not said here
        return match[0]
    return f"{ordinal(int(match['year']), gender, case)} {_year_word(match['word'])}"


def _at_year(match: re.Match[str]) -> str:
    return f"{match['at']}{ordinal(int(match['year']), MASCULINE, LOCATIVE)} році"


def _years(match: re.Match[str]) -> str:
    case = _YEAR_WORDS[match["word"]][1]
    until = match["until"]
    last = int(until) if len(until) == 4 else int(match["year"][:2] + until)
    # Each is one year, though together they are years: у 2014–2022 роках.
    first, last_said = (ordinal(one, MASCULINE, case) for one in (int(match["year"]), last))
    return f"{first}, {last_said} {_year_word(match['word'])}"


def _date(match: re.Match[str]) -> str:
    day = ordinal(int(match["day"]), "n", GENITIVE)
    until = f", {ordinal(int(match['until']), 'n', GENITIVE)}" if match["until"] else ""
    year = f" {ordinal(int(match['year']), MASCULINE, GENITIVE)} року" if match["year"] else ""
    return f"{day}{until} {match['month']}{year}"


def _digits_date(match: re.Match[str]) -> str:
    day, month = int(match["d"]), int(match["m"])
    return (
        f"{ordinal(day, 'n', GENITIVE)} {_MONTHS[month - 1]} "
        f"{ordinal(int(match['year']), MASCULINE, GENITIVE)} року"
    )


def _decade(match: re.Match[str]) -> str:
    number, ending = int(match["number"]), match["ending"]
    case = {"ті": "n", "х": "g", "ми": "i", "тих": "g", "их": "g", "м": "d"}[ending]
    if number >= 100 and number % 100:
        before, last = number // 100 * 100, number % 100
        return f"{cardinal(before)} {ordinal(last, PLURAL, case)}"
    return ordinal(number, PLURAL, case)


def _century(match: re.Match[str]) -> str:
    case = _CENTURY_WORDS[match["word"]]
    word = "століття" if match["word"] == "ст." else match["word"]
    until = f", {ordinal(roman(match['until']), 'n', case)}" if match["until"] else ""
    return f"{match['before'] or ''}{ordinal(roman(match['roman']), 'n', case)}{until} {word}"


def _hour(match: re.Match[str]) -> str:
    hour, minute = int(match["hour"]), int(match["minute"])
    before = (match["before"] or "").strip()
    case = {"о": LOCATIVE, "об": LOCATIVE, "після": GENITIVE, "до": GENITIVE, "від": GENITIVE,
            "з": GENITIVE, "із": GENITIVE, "близько": GENITIVE}.get(before.lower(), NOMINATIVE)  # fmt: skip
    said = ordinal(hour, FEMININE, case)
    if minute:
        said += f" {'нуль ' if minute < 10 else ''}{cardinal(minute, FEMININE)}"
    elif not before:
        said += " година"
    return f"{before} {said}".strip()


RULES: tuple[Rule, ...] = (
    rule(rf"\b(?P<year>{_YEAR})-(?P<m>0[1-9]|1[0-2])-(?P<d>0[1-9]|[12]\d|3[01])\b", _digits_date),
    rule(
        rf"(?<![\d.])(?P<d>0?[1-9]|[12]\d|3[01])\.(?P<m>0[1-9]|1[0-2])\.(?P<year>{_YEAR})(?:\s?(?:року|р\.))?(?!\d)",
        _digits_date,
    ),
    rule(
        rf"(?<![\w.,])(?P<day>[12]\d|3[01]|0?[1-9])(?:{_TO}(?P<until>[12]\d|3[01]|[1-9]))?\s(?P<month>{_MONTH})\b"
        rf"(?:\s(?P<year>{_YEAR})\b(?:\s?(?:року\b|р\.))?)?",
        _date,
    ),
    rule(
        rf"(?<![\w.,])(?P<year>{_YEAR}){_TO}(?P<until>{_YEAR}|\d\d)\s?(?P<word>{_WORDS})(?!\w)",
        _years,
    ),
    rule(rf"(?P<at>\b[УуВв]\s)(?P<year>{_YEAR})\s?р\.(?!\w)", _at_year),
    rule(rf"(?<![\w.,])(?P<year>{_YEAR})\s?(?P<word>{_WORDS})(?!\w)", _year),
    rule(
        r"(?<![\w.,])(?P<number>(?:1[1-9]|20)\d0|[1-9]0)-(?P<ending>ті|тих|их|х|ми|м)\b(?=.?\s(?:рок|рр)|\b)",
        _decade,
    ),
    rule(
        r"(?P<before>(?:[Уу]|[Вв])\s)?(?<!\w)(?P<roman>[IVXІХ]+)(?:\s?[-–—]\s?(?P<until>[IVXІХ]+))?\s"
        r"(?P<word>століття|столітті|сторіччя|сторіччі|ст\.)(?!\w)",
        _century,
    ),
    rule(
        r"(?P<before>\b(?:[Оо]б?|[Пп]ісля|[Дд]о|[Вв]ід|[Зз]|[Іі]з|[Бб]лизько)\s)?"
        r"(?<![\w:.,])(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?![\d:])",
        _hour,
    ),
)

#: 10-річний, 25-кілометровий, 40-тонний: one word.
COMPOUNDS: tuple[Rule, ...] = (
    rule(
        r"(?<![\w.,])(?P<number>\d{1,4})-(?P<rest>(?:ми|ти)?(?:річ|кілометр|метр|тонн|тисячн|поверхов|мільйонн|мільярдн|годинн|денн|хвилинн|відсотков|місячн|міліметров|градусн|ствольн|бальн|кратн)\w*)",
        lambda m: compound(int(m["number"])) + re.sub(r"^(?:ми|ти)(?=\w)", "", m["rest"]),
    ),
)

_ENDINGS = {
    "й": ("m", "n"), "ий": ("m", "n"), "ій": ("f", "l"), "го": ("m", "g"), "ого": ("m", "g"),
    "му": ("m", "l"), "ому": ("m", "l"), "м": ("m", "i"), "им": ("m", "i"), "та": ("f", "n"),
    "а": ("f", "n"), "ша": ("f", "n"), "га": ("f", "n"), "тя": ("f", "n"), "я": ("f", "n"),
    "ма": ("f", "n"), "ї": ("f", "g"), "ої": ("f", "g"), "ту": ("f", "a"), "у": ("f", "a"),
    "ю": ("f", "a"), "шу": ("f", "a"), "гу": ("f", "a"), "ою": ("f", "i"),
    "є": ("n", "n"),
    "те": ("n", "n"), "е": ("n", "n"), "ше": ("n", "n"), "ге": ("n", "n"), "тє": ("n", "n"),
    "ті": ("p", "n"), "і": ("p", "n"), "х": ("p", "g"), "их": ("p", "g"), "ми": ("p", "i"),
}  # fmt: skip


def _ordinal(match: re.Match[str]) -> str:
    gender, case = _ENDINGS[match["ending"]]
    return ordinal(int(match["number"]), gender, case)


#: 5-й, 93-тя, 24-го, 3-ї.
ORDINALS: tuple[Rule, ...] = (
    rule(
        r"(?<![\w.,-])(?P<number>\d{1,6})-(?P<ending>"
        + "|".join(sorted(_ENDINGS, key=len, reverse=True))
        + r")(?![\w'])",
        _ordinal,
    ),
)
