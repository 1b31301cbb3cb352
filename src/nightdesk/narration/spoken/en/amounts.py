"""Money, shares, measures and fractions in English."""

from __future__ import annotations

import re

from nightdesk.narration.spoken.en.numbers import number
from nightdesk.narration.spoken.rules import Rule, rule

_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_TO = r"\s?(?:-|–|to)\s?"
_SCALES = {
    "k": "thousand", "thousand": "thousand", "m": "million", "mn": "million", "mln": "million",
    "million": "million", "b": "billion", "bn": "billion", "bln": "billion", "billion": "billion",
    "t": "trillion", "tn": "trillion", "trillion": "trillion",
}  # fmt: skip
_SCALE = r"(?P<scale>\s?(?:thousand|million|billion|trillion)|k|K|mln|mn|M|m|bln|bn|B|b|tn|T)"
_CURRENCIES = {
    "$": ("dollar", "dollars", "cent"), "US$": ("dollar", "dollars", "cent"),
    "€": ("euro", "euros", "cent"), "£": ("pound", "pounds", "penny"),
    "₴": ("hryvnia", "hryvnias", "kopiyka"), "Hr": ("hryvnia", "hryvnias", "kopiyka"),
    "UAH": ("hryvnia", "hryvnias", "kopiyka"), "¥": ("yen", "yen", ""),
    "₽": ("ruble", "rubles", "kopeck"), "zł": ("zloty", "zlotys", "grosz"),
    "USD": ("dollar", "dollars", "cent"), "EUR": ("euro", "euros", "cent"),
    "C$": ("Canadian dollar", "Canadian dollars", "cent"),
    "A$": ("Australian dollar", "Australian dollars", "cent"),
    "CHF": ("Swiss franc", "Swiss francs", "centime"),
}  # fmt: skip
_MANY_SMALL = {"penny": "pence", "grosz": "groszy"}
_CURRENCY = (
    "(?P<currency>"
    + "|".join(re.escape(sign) for sign in sorted(_CURRENCIES, key=len, reverse=True))
    + ")"
)
_UNITS = {
    "km/h": ("kilometer per hour", "kilometers per hour"), "kph": ("kilometer per hour", "kilometers per hour"),
    "mph": ("mile per hour", "miles per hour"), "m/s": ("meter per second", "meters per second"),
    "km²": ("square kilometer", "square kilometers"), "sq km": ("square kilometer", "square kilometers"),
    "sq. km": ("square kilometer", "square kilometers"), "m²": ("square meter", "square meters"),
    "km": ("kilometer", "kilometers"), "cm": ("centimeter", "centimeters"),
    "mm": ("millimeter", "millimeters"), "m": ("meter", "meters"), "mi": ("mile", "miles"),
    "ft": ("foot", "feet"), "kg": ("kilogram", "kilograms"), "g": ("gram", "grams"),
    "lbs": ("pound", "pounds"), "lb": ("pound", "pounds"), "t": ("ton", "tons"), "ha": ("hectare", "hectares"),
    "kWh": ("kilowatt hour", "kilowatt hours"), "MWh": ("megawatt hour", "megawatt hours"),
    "kW": ("kilowatt", "kilowatts"), "MW": ("megawatt", "megawatts"), "GW": ("gigawatt", "gigawatts"),
    "kV": ("kilovolt", "kilovolts"), "Hz": ("hertz", "hertz"), "GB": ("gigabyte", "gigabytes"),
    "MB": ("megabyte", "megabytes"), "TB": ("terabyte", "terabytes"), "l": ("liter", "liters"),
    "°C": ("degree Celsius", "degrees Celsius"), "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "°": ("degree", "degrees"),
}  # fmt: skip
_UNIT = "(?P<unit>" + "|".join(re.escape(u) for u in sorted(_UNITS, key=len, reverse=True)) + ")"
_FRACTIONS = {
    "½": "one half", "¼": "one quarter", "¾": "three quarters", "⅓": "one third", "⅔": "two thirds",
    "1/2": "one half", "1/3": "one third", "2/3": "two thirds", "1/4": "one quarter",
    "3/4": "three quarters", "1/5": "one fifth", "1/10": "one tenth",
}  # fmt: skip


def _scale(match: re.Match[str]) -> str:
    written = (match["scale"] or "").strip()
    return f" {_SCALES[written.lower()]}" if written else ""


def _sum(match: re.Match[str]) -> str:
    one, many, _small = _CURRENCIES[match["currency"]]
    amount, until, scale = match["amount"], match["until"], _scale(match)
    said = number(amount)
    if until and not scale and "." in amount + until:
        return f"{_alone(amount, match['currency'])} to {_alone(until, match['currency'])}"
    if until:
        return f"{said} to {number(until)}{scale} {many}"
    if match["noun"]:  # a $5-million-a-year job: one thing, so no plural
        return f"{said}{scale} {one} "
    if match["joined"]:
        return f"{said}{scale} {one}"
    return f"{said}{scale} {many}" if scale else _alone(amount, match["currency"])


def _alone(amount: str, currency: str) -> str:
    one, many, small = _CURRENCIES[currency]
    whole, point, fraction = amount.replace(",", "").partition(".")
    if point and len(fraction) == 2 and small:
        return _with_small(int(whole), int(fraction), (one, many, small))
    return f"{number(amount)} {one if amount == '1' else many}"


def _with_small(whole: int, rest: int, names: tuple[str, str, str]) -> str:
    one, many, small = names
    smalls = small if rest == 1 else _MANY_SMALL.get(small, f"{small}s")
    parts = []
    if whole or not rest:
        parts.append(f"{number(str(whole))} {one if whole == 1 else many}")
    if rest:
        parts.append(f"{number(str(rest))} {smalls}")
    return " and ".join(parts)


def _measure(match: re.Match[str]) -> str:
    one, many = _UNITS[match["unit"]]
    sign = "minus " if match["sign"] else ""
    said = sign + number(match["amount"])
    if match["until"]:
        said += f" to {number(match['until'])}"
    singular = match["amount"] == "1" and not match["until"]
    return f"{said} {one if singular or match['joined'] else many}"


def _share(match: re.Match[str]) -> str:
    sign = {"-": "minus ", "+": "plus "}.get(match["sign"] or "", "")
    until = f" to {number(match['until'])}" if match["until"] else ""
    return f"{sign}{number(match['amount'])}{until} percent"


RULES: tuple[Rule, ...] = (
    rule(
        rf"(?<![\w]){_CURRENCY}\s?(?P<amount>{_NUMBER})(?:{_TO}(?:[$€£₴])?(?P<until>{_NUMBER}))?"
        rf"(?:(?P<joined>-)?{_SCALE}(?![\w]))?(?P<noun>-(?=[a-z]))?",
        _sum,
    ),
    rule(
        rf"(?<![\w.,])(?P<amount>{_NUMBER})(?:{_TO}(?P<until>{_NUMBER}))?(?:{_SCALE}(?!\w))?\s?"
        rf"(?P<currency>€|₴|£|zł|UAH|EUR|USD|CHF)(?!\w)(?P<noun>)(?P<joined>)",
        _sum,
    ),
    rule(
        rf"(?<![\w.,])(?P<sign>[-+](?=\d))?(?P<amount>{_NUMBER})%?(?:{_TO}(?P<until>{_NUMBER}))?\s?"
        r"(?:%|(?:percent|per cent)\b)",
        _share,
    ),
    rule(
        rf"(?<![\w.,])(?P<sign>-(?=\d))?(?P<amount>{_NUMBER})(?:{_TO}(?P<until>{_NUMBER}))?"
        rf"(?:(?P<joined>-)|\s?){_UNIT}(?![\w/²'])",
        _measure,
    ),
    rule(r"(?<![\w/])24/7(?![\w/])", "twenty-four seven"),
    rule(r"(?<![\w/])9/11(?![\w/])", "nine eleven"),
    rule(
        r"(?<=\d)(?:\s?([½¼¾⅓⅔])|\s(1/2|1/3|2/3|1/4|3/4)(?![\w/]))",
        lambda m: f" and {_FRACTIONS[m[1] or m[2]].replace('one half', 'a half')}",
    ),
    rule(
        r"(?<![\w/.,])(?:[½¼¾⅓⅔]|1/2|1/3|2/3|1/4|3/4|1/5|1/10)(?![\w/])",
        lambda m: _FRACTIONS[m[0]],
    ),
    # 300K troops, 1.2M people: a scale that is glued to its number.
    rule(
        rf"(?<![\w.,])(?P<amount>{_NUMBER})(?P<scale>k|K|mln|mn|M|bln|bn|B)(?!\w)",
        lambda m: f"{number(m['amount'])}{_scale(m)}",
    ),
)
