"""Dates, years and hours in English."""

from __future__ import annotations

import re

from nightdesk.narration.spoken.en.numbers import cardinal, decade, number, ordinal, year
from nightdesk.narration.spoken.rules import Rule, rule

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_SHORT = {"Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "Jun": 6, "Jul": 7, "Aug": 8, "Sept": 9,
          "Sep": 9, "Oct": 10, "Nov": 11, "Dec": 12}  # fmt: skip
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)}|(?:{'|'.join(_SHORT)})\b\.?)"
_DAY = r"(?P<day>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?\b"
_YEAR = r"(?P<year>1\d{3}|20\d{2})\b"
_TO = r"\s?[-–]\s?"
_NOT_MORE = r"(?![\d%]|[,.]\d)"


def _month(match: re.Match[str]) -> str:
    name = match["month"].rstrip(".")
    return _MONTHS[_SHORT[name] - 1] if name in _SHORT else name


def _day(text: str) -> str:
    return ordinal(int(re.sub(r"\D", "", text)))


def _month_day(match: re.Match[str]) -> str:
    said = f"{_month(match)} {_day(match['day'])}"
    if match["until"]:
        said += f" to {_day(match['until'])}"
    said += f", {year(int(match['year']))}" if match["year"] else ""
    return said if match["more"] is None else f"{said},"


def _day_month(match: re.Match[str]) -> str:
    said = f"the {_day(match['day'])} of {_month(match)}"
    said = said.removeprefix("the ") if match["the"] else said
    return f"{match['the'] or ''}{said}" + (
        f", {year(int(match['year']))}" if match["year"] else ""
    )


def _iso(match: re.Match[str]) -> str:
    month, day = int(match["m"]), int(match["d"])
    return f"{_MONTHS[month - 1]} {ordinal(day)}, {year(int(match['year']))}"


def _years(match: re.Match[str]) -> str:
    until = match["until"]
    return f"{year(int(match['year']))} to {year(int(until)) if len(until) == 4 else number(until)}"


def _hour(match: re.Match[str]) -> str:
    hour, minute = int(match["hour"]), match["minute"]
    said = cardinal(hour)
    if minute and int(minute):
        said += f" oh {cardinal(int(minute))}" if int(minute) < 10 else f" {cardinal(int(minute))}"
    elif minute and not match["half"]:
        said = "midnight" if hour == 0 else f"{said} o'clock" if hour <= 12 else f"{said} hundred"
    return said + (f" {match['half'][0].upper()}M" if match["half"] else "")


RULES: tuple[Rule, ...] = (
    rule(rf"\b{_YEAR}-(?P<m>0[1-9]|1[0-2])-(?P<d>0[1-9]|[12]\d|3[01])\b", _iso),
    rule(
        rf"\b{_MONTH}\s{_DAY}(?:{_TO}(?P<until>\d\d?(?:st|nd|rd|th)?)\b)?{_NOT_MORE}"
        rf"(?:,?\s{_YEAR},?(?!\d))?(?P<more>(?=\s\d\d?:\d\d))?",
        _month_day,
    ),
    rule(rf"\b(?P<the>[Tt]he\s)?{_DAY}\s(?:of\s)?{_MONTH}(?!\w)(?:,?\s{_YEAR})?", _day_month),
    rule(rf"\b{_MONTH},?\s{_YEAR}", lambda m: f"{_month(m)} {year(int(m['year']))}"),
    # A month cut short that stands alone, and “May.” at a sentence's end, which is none.
    rule(r"\b(Jan|Feb|Aug|Sept|Oct|Nov|Dec)\.(?=\s[a-z0-9])", lambda m: _MONTHS[_SHORT[m[1]] - 1]),
    rule(
        r"(?<!\w)(?P<hour>[01]?\d|2[0-3])(?::(?P<minute>[0-5]\d))?\s?"
        r"(?P<half>[ap]\.m\.(?=\s+[a-z0-9,;]|[,;)])|[ap]\.m(?=\.)|[ap]m\b|[AP]M\b)",
        _hour,
    ),
    rule(r"(?<![\w:.,])(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?P<half>)(?![\d:])", _hour),
    rule(r"\b(?P<year>20\d\d)/(?P<until>\d\d)\b(?!/)", _years),
    rule(rf"\b{_YEAR}{_TO}(?P<until>1\d{{3}}|20\d{{2}}|\d\d)\b(?![-–%])", _years),
    rule(r"\b((?:1[1-9]|20)\d0)'?s\b", lambda m: decade(int(m[1]))),
    rule(r"(?<!\w)['’‘]?([2-9]0)'?s\b", lambda m: decade(int(m[1]))),
)

#: Said last, when money, units and shares have taken theirs: four digits alone are a year.
LEFT_OVER: tuple[Rule, ...] = (
    rule(r"(?<![\w.,$-])(1[1-9]\d\d|20\d\d)(?![\w%]|[.,]\d|-\w)", lambda m: year(int(m[1]))),
)
