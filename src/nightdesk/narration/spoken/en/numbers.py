"""Numbers as English words. Spelled out by CLDR's rules (``unicode-rbnf``)."""

from __future__ import annotations

from functools import lru_cache

from unicode_rbnf import FormatPurpose, RbnfEngine

_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
#: Beyond this many digits nobody says a number.
MOST_DIGITS = 15


@lru_cache(1)
def _engine() -> RbnfEngine:
    return RbnfEngine.for_language("en")


def cardinal(number: int) -> str:
    return str(_engine().format_number(number, FormatPurpose.CARDINAL).text)


def ordinal(number: int) -> str:
    return str(_engine().format_number(number, FormatPurpose.ORDINAL).text)


def year(number: int) -> str:
    """2023 → twenty twenty-three, 1905 → nineteen oh-five, 2000 → two thousand."""
    if 2000 <= number <= 2009:
        return cardinal(number)
    return str(_engine().format_number(number, FormatPurpose.YEAR).text)


def decade(number: int) -> str:
    """1990 → nineteen nineties, 90 → nineties, 2000 → two thousands, 2010 → twenty tens."""
    century, tens = divmod(number, 100)
    if tens == 0:
        return f"{cardinal(number)}s" if century % 10 == 0 else f"{cardinal(century)} hundreds"
    word = "tens" if tens == 10 else cardinal(tens)[:-1] + "ies"
    return f"{cardinal(century)} {word}" if century else word


def digits(text: str) -> str:
    """Each digit by itself: 007 → zero zero seven."""
    return " ".join(_DIGITS[int(digit)] for digit in text if digit.isdigit())


def number(text: str) -> str:
    """What is written with digits, thousands' commas and a point: 1,200; 2.5; 0.05; 007."""
    plain = text.replace(",", "")
    whole, point, fraction = plain.partition(".")
    if len(whole) > MOST_DIGITS or (len(whole) > 1 and whole.startswith("0")):
        return digits(plain)
    said = cardinal(int(whole or "0"))
    return f"{said} point {digits(fraction)}" if point and fraction else said


def code(text: str) -> str:
    """The number of a weapon, road or flight: 16 → sixteen, 300 → three hundred, 136 → one
    thirty-six, 101 → one oh one."""
    value = int(text)
    if len(text) == 3 and not text.startswith("0") and value % 100:
        rest = f"oh {cardinal(value % 10)}" if value % 100 < 10 else cardinal(value % 100)
        return f"{cardinal(value // 100)} {rest}"
    if len(text) == 4 and not text.startswith("0") and value % 1000:
        return year(value)
    return number(text)
