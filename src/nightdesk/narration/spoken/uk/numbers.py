"""Numbers as Ukrainian words, in the cases that news needs.

CLDR spells only the nominative, and no ordinals; a date needs the genitive, a year the locative, a
range “від … до …”. Grammar after the orthography of 2019 (§§ 104–109).
"""

from __future__ import annotations

from collections.abc import Iterator

#: Cases: nominative (as accusative of things), genitive, locative.
NOMINATIVE, GENITIVE, LOCATIVE = "n", "g", "l"
#: Genders, and the plural.
MASCULINE, FEMININE, NEUTER, PLURAL = "m", "f", "n", "p"

_ONE = {
    "n": {"m": "один", "f": "одна", "n": "одне", "p": "одні"},
    "g": {"m": "одного", "f": "однієї", "n": "одного", "p": "одних"},
    "l": {"m": "одному", "f": "одній", "n": "одному", "p": "одних"},
}
_TWO = {"n": {"m": "два", "f": "дві", "n": "два", "p": "два"}}
_CARDINALS: dict[int, tuple[str, str, str]] = {
    0: ("нуль", "нуля", "нулі"), 2: ("два", "двох", "двох"), 3: ("три", "трьох", "трьох"),
    4: ("чотири", "чотирьох", "чотирьох"), 5: ("п'ять", "п'яти", "п'яти"),
    6: ("шість", "шести", "шести"), 7: ("сім", "семи", "семи"), 8: ("вісім", "восьми", "восьми"),
    9: ("дев'ять", "дев'яти", "дев'яти"), 10: ("десять", "десяти", "десяти"),
    11: ("одинадцять", "одинадцяти", "одинадцяти"), 12: ("дванадцять", "дванадцяти", "дванадцяти"),
    13: ("тринадцять", "тринадцяти", "тринадцяти"),
    14: ("чотирнадцять", "чотирнадцяти", "чотирнадцяти"),
    15: ("п'ятнадцять", "п'ятнадцяти", "п'ятнадцяти"),
    16: ("шістнадцять", "шістнадцяти", "шістнадцяти"),
    17: ("сімнадцять", "сімнадцяти", "сімнадцяти"),
    18: ("вісімнадцять", "вісімнадцяти", "вісімнадцяти"),
    19: ("дев'ятнадцять", "дев'ятнадцяти", "дев'ятнадцяти"),
    20: ("двадцять", "двадцяти", "двадцяти"), 30: ("тридцять", "тридцяти", "тридцяти"),
    40: ("сорок", "сорока", "сорока"), 50: ("п'ятдесят", "п'ятдесяти", "п'ятдесяти"),
    60: ("шістдесят", "шістдесяти", "шістдесяти"), 70: ("сімдесят", "сімдесяти", "сімдесяти"),
    80: ("вісімдесят", "вісімдесяти", "вісімдесяти"), 90: ("дев'яносто", "дев'яноста", "дев'яноста"),
    100: ("сто", "ста", "ста"), 200: ("двісті", "двохсот", "двохстах"),
    300: ("триста", "трьохсот", "трьохстах"), 400: ("чотириста", "чотирьохсот", "чотирьохстах"),
    500: ("п'ятсот", "п'ятисот", "п'ятистах"), 600: ("шістсот", "шестисот", "шестистах"),
    700: ("сімсот", "семисот", "семистах"), 800: ("вісімсот", "восьмисот", "восьмистах"),
    900: ("дев'ятсот", "дев'ятисот", "дев'ятистах"),
}  # fmt: skip
#: value, gender, (one, few, many) by case.
_SCALES = (
    (10**12, "m", {"n": ("трильйон", "трильйони", "трильйонів"), "g": ("трильйона", "трильйонів", "трильйонів"), "l": ("трильйоні", "трильйонах", "трильйонах")}),
    (10**9, "m", {"n": ("мільярд", "мільярди", "мільярдів"), "g": ("мільярда", "мільярдів", "мільярдів"), "l": ("мільярді", "мільярдах", "мільярдах")}),
    (10**6, "m", {"n": ("мільйон", "мільйони", "мільйонів"), "g": ("мільйона", "мільйонів", "мільйонів"), "l": ("мільйоні", "мільйонах", "мільйонах")}),
    (10**3, "f", {"n": ("тисяча", "тисячі", "тисяч"), "g": ("тисячі", "тисяч", "тисяч"), "l": ("тисячі", "тисячах", "тисячах")}),
)  # fmt: skip
#: Stem of the ordinal; “трет” alone is soft.
_ORDINALS = {
    0: "нульов", 1: "перш", 2: "друг", 3: "трет", 4: "четверт", 5: "п'ят", 6: "шост", 7: "сьом",
    8: "восьм", 9: "дев'ят", 10: "десят", 11: "одинадцят", 12: "дванадцят", 13: "тринадцят",
    14: "чотирнадцят", 15: "п'ятнадцят", 16: "шістнадцят", 17: "сімнадцят", 18: "вісімнадцят",
    19: "дев'ятнадцят", 20: "двадцят", 30: "тридцят", 40: "сороков", 50: "п'ятдесят",
    60: "шістдесят", 70: "сімдесят", 80: "вісімдесят", 90: "дев'яност", 100: "сот", 200: "двохсот",
    300: "трьохсот", 400: "чотирьохсот", 500: "п'ятисот", 600: "шестисот", 700: "семисот",
    800: "восьмисот", 900: "дев'ятисот",
}  # fmt: skip
_HARD = {
    "n": {"m": "ий", "f": "а", "n": "е", "p": "і"},
    "g": {"m": "ого", "f": "ої", "n": "ого", "p": "их"},
    "d": {"m": "ому", "f": "ій", "n": "ому", "p": "им"},
    "a": {"m": "ий", "f": "у", "n": "е", "p": "і"},
    "i": {"m": "им", "f": "ою", "n": "им", "p": "ими"},
    "l": {"m": "ому", "f": "ій", "n": "ому", "p": "их"},
}
_SOFT = {
    "n": {"m": "ій", "f": "я", "n": "є", "p": "і"},
    "g": {"m": "ього", "f": "ьої", "n": "ього", "p": "іх"},
    "d": {"m": "ьому", "f": "ій", "n": "ьому", "p": "ім"},
    "a": {"m": "ій", "f": "ю", "n": "є", "p": "і"},
    "i": {"m": "ім", "f": "ьою", "n": "ім", "p": "іми"},
    "l": {"m": "ьому", "f": "ій", "n": "ьому", "p": "іх"},
}
#: Beyond this many digits nobody says a number.
MOST_DIGITS = 15


def form(number: int, forms: tuple[str, str, str]) -> str:
    """Of (one, few, many) the one that stands after ``number``: 1 рік, 2 роки, 5 років."""
    if number % 100 in range(11, 15):
        return forms[2]
    return forms[0] if number % 10 == 1 else forms[1] if number % 10 in (2, 3, 4) else forms[2]


def cardinal(number: int, gender: str = MASCULINE, case: str = NOMINATIVE) -> str:
    return " ".join(_cardinal(number, gender, case))


def _cardinal(number: int, gender: str, case: str) -> Iterator[str]:
    if number == 0:
        yield _CARDINALS[0]["ngl".index(case)]
        return
    for value, scale_gender, forms in _SCALES:
        count, number = divmod(number, value)
        if count == 1:
            yield forms[case][0]  # тисяча сто, not одна тисяча сто
        elif count:
            yield from _below_thousand(count, scale_gender, case)
            yield form(count, forms[case])
    yield from _below_thousand(number, gender, case)


def _below_thousand(number: int, gender: str, case: str) -> Iterator[str]:
    place = "ngl".index(case)
    for step in (100, 10, 1):
        if step == 10 and number < 20 and number > 2:
            yield _CARDINALS[number][place]
            return
        part = number // step * step
        number -= part
        if part == 1:
            yield _ONE[case][gender]
        elif part == 2 and case == NOMINATIVE:
            yield _TWO["n"][gender]
        elif part:
            yield _CARDINALS[part][place]


def ordinal(number: int, gender: str = MASCULINE, case: str = NOMINATIVE) -> str:
    """2023 → дві тисячі двадцять третій, 2000 → двотисячний, 1000000 → мільйонний."""
    before, last = _last(number)
    said = [cardinal(before)] if before else []
    if last >= 1000:
        return " ".join([*said, f"{_round_stem(last)}{_HARD[case][gender]}"])
    ending = (_SOFT if last == 3 else _HARD)[case][gender]
    return " ".join([*said, f"{_ORDINALS[last]}{ending}"])


def _last(number: int) -> tuple[int, int]:
    """What stays a cardinal, and the part that becomes an ordinal: 2023 → (2020, 3)."""
    if number == 0:
        return 0, 0
    for step in (100, 1000, 10**6, 10**9):
        rest = number % step
        if step == 100 and rest:
            last = rest if rest <= 20 or rest % 10 == 0 else rest % 10
            return number - last, last
        if step == 1000 and rest:
            return number - rest, rest
        if step > 1000 and rest:
            return number - rest, rest
    return 0, number


def _round_stem(number: int) -> str:
    for value, stem in ((10**9, "мільярдн"), (10**6, "мільйонн"), (10**3, "тисячн")):
        if number % value == 0:
            count = number // value
            return stem if count == 1 else compound(count) + stem
    raise ValueError(number)


def compound(number: int) -> str:
    """The first part of a word such as десятирічний, двадцятип'ятикілометровий, двотисячний."""
    if number == 1:
        return "одно"
    parts = list(_below_thousand(number % 1000, MASCULINE, GENITIVE))
    if number >= 1000:
        parts = [f"{compound(number // 1000)}тисячо" if number >= 2000 else "тисячо", *parts]
    glued = []
    for place, part in enumerate(parts):
        last = place == len(parts) - 1
        glued.append(_GLUED.get(part, part) if last or part not in _WHOLE else _WHOLE[part])
    return "".join(glued)


_GLUED = {
    "двох": "дво", "трьох": "три", "чотирьох": "чотири", "ста": "сто", "дев'яноста": "дев'яносто",
    "одного": "одно",
}  # fmt: skip
_WHOLE = {"ста": "сто", "дев'яноста": "дев'яносто"}


def digits(text: str) -> str:
    return " ".join(_CARDINALS[int(d)][0] if d not in "1" else "один" for d in text if d.isdigit())


def is_fraction(text: str) -> bool:
    return "," in text or "." in text


def number(text: str, gender: str = MASCULINE, case: str = NOMINATIVE) -> str:
    """What is written with digits, thousands' spaces and a decimal comma: 1 200; 2,5; 0,05; 007."""
    whole, fraction = _parts(text)
    if len(whole) > MOST_DIGITS or (len(whole) > 1 and whole.startswith("0")):
        return digits(whole + fraction)
    if not fraction:
        return cardinal(int(whole), gender, case)
    if fraction == "5" and case == NOMINATIVE and int(whole):
        half = "півтори" if gender == FEMININE else "півтора"
        return half if whole == "1" else f"{cardinal(int(whole), gender)} з половиною"
    return _decimal(int(whole), fraction, case)


def _decimal(whole: int, fraction: str, case: str) -> str:
    """0,05 → нуль цілих п'ять сотих."""
    if len(fraction) > 3:
        return f"{cardinal(whole)} кома {digits(fraction)}"
    part = int(fraction)
    one = whole % 10 == 1 and whole % 100 != 11
    wholes = ("ціла" if one else "цілих") if case == NOMINATIVE else ("цілої" if one else "цілих")
    ones = part % 10 == 1 and part % 100 != 11
    stem = {1: "десят", 2: "сот", 3: "тисячн"}[len(fraction)]
    ending = ("а" if case == NOMINATIVE else "ої") if ones else "их"
    return f"{cardinal(whole, FEMININE, case)} {wholes} {cardinal(part, FEMININE, case)} {stem}{ending}"


def value(text: str) -> int | None:
    """The whole number that is written, None for a fraction."""
    whole, fraction = _parts(text)
    return None if fraction else int(whole)


def _parts(text: str) -> tuple[str, str]:
    plain = text.replace(" ", "")
    if plain.count(",") == 1 and "." not in plain:
        whole, _, fraction = plain.partition(",")
        return whole or "0", fraction
    whole, _, fraction = plain.replace(",", "").partition(".")
    return whole or "0", fraction


def counted(
    text: str, forms: tuple[str, str, str, str], gender: str = MASCULINE, case: str = NOMINATIVE
) -> str:
    """A number with what it counts: (один), (два), (п'ять), and after a fraction: відсоток,
    відсотки, відсотків, відсотка."""
    exact = value(text)
    said = number(text, gender, case)
    if exact is None:
        name = (
            forms[2]
            if case == NOMINATIVE
            and "з половиною" in said
            and (_whole(text) >= 5 or _whole(text) == 0)
            else forms[3]
        )
        if "з половиною" in said:
            name = form(_whole(text), (forms[0], forms[1], forms[2]))
        return f"{said} {name}"
    if case == NOMINATIVE:
        return f"{said} {form(exact, (forms[0], forms[1], forms[2]))}"
    one = exact % 10 == 1 and exact % 100 != 11
    return f"{said} {forms[3] if one else forms[2]}"


def _whole(text: str) -> int:
    return int(_parts(text)[0])
