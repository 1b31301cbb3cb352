"""Abbreviations, titles, initials, Roman numbers, addresses of the web in English."""

from __future__ import annotations

import re

from nightdesk.narration.spoken.en.numbers import cardinal, code, digits, number, ordinal
from nightdesk.narration.spoken.rules import Rule, rule, words

_TITLES = {
    "Lt. Gen.": "Lieutenant General", "Maj. Gen.": "Major General", "Brig. Gen.": "Brigadier General",
    "Lt. Col.": "Lieutenant Colonel", "Gen.": "General", "Col.": "Colonel", "Maj.": "Major",
    "Capt.": "Captain", "Lt.": "Lieutenant", "Sgt.": "Sergeant", "Cpl.": "Corporal",
    "Pvt.": "Private", "Adm.": "Admiral", "Cmdr.": "Commander", "Sen.": "Senator",
    "Sens.": "Senators", "Rep.": "Representative", "Reps.": "Representatives", "Gov.": "Governor",
    "Dr.": "Doctor", "Mr.": "Mister", "Mrs.": "Missus", "Ms.": "Miz", "Prof.": "Professor",
    "Rev.": "Reverend", "Fr.": "Father", "Amb.": "Ambassador", "Pres.": "President",
    "Vice Adm.": "Vice Admiral", "Mt.": "Mount", "Ft.": "Fort",
}  # fmt: skip
_SHORT = {
    "vs.": "versus", "v.": "versus", "etc.": "et cetera", "e.g.": "for example",
    "i.e.": "that is", "approx.": "approximately", "a.k.a.": "also known as",
    "Inc.": "Incorporated", "Ltd.": "Limited", "Corp.": "Corporation", "Jr.": "Junior",
    "Sr.": "Senior", "Ave.": "Avenue", "Blvd.": "Boulevard", "dept.": "department",
    "Dept.": "Department", "govt.": "government", "est.": "established", "incl.": "including",
    "w/o": "without", "w/": "with",
}  # fmt: skip
#: Said by letters, with the dots gone so that no sentence ends there.
_INITIALS = r"(?<![\w.])(?:[A-Z]\.){2,}(?:[A-Z]\b(?!\.))?"
#: Words that begin a sentence far oftener than they follow “the U.S.” inside one.
_OPENERS = (
    "He|She|It|They|We|You|I|The|This|That|These|Those|There|But|And|However|Meanwhile|In|On|At"
    "|According|After|Before|Since|When|While|As|If|His|Her|Their|Our|Its|Some|Many|Most|Both|Earlier|Later"
)
_BODIES = {"US", "UK", "UN", "EU", "DC", "USA", "UAE", "AI", "USSR", "NATO", "PR", "LA", "NY", "TV"}
_ROMAN_AFTER = (
    "War|Chapter|Part|Volume|Act|Phase|Book|Title|Article|Section|Appendix|Type|Class|Grade|Minsk"
    "|Bowl|Level|Category|Step|Stage|Annex|Round"
)
_RULERS = (
    "Elizabeth|Charles|Paul|Benedict|Pius|Louis|Henry|Nicholas|Alexander|Catherine|Peter|Philip"
    "|William|George|Leo|Francis|James|Edward|Frederick|Wilhelm|Ivan|Kirill|Felipe|Harald"
)
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_ROMAN = r"(?P<roman>[IVXLC]+)\b"


def roman(text: str) -> int:
    """XIV → 14; 0 for what is no Roman number."""
    if not re.fullmatch(
        r"(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})|C{1,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})", text
    ):
        return 0
    values = [_VALUES[letter] for letter in text]
    after = [*values[1:], 0]
    return sum(
        -one if one < following else one for one, following in zip(values, after, strict=True)
    )


def _initials(written: str) -> str:
    """U.S. → US, which a voice spells; J.K. (Rowling) → J K."""
    letters = written.replace(".", "")
    return letters if letters in _BODIES else " ".join(letters)


def _counted(match: re.Match[str]) -> str:
    value = roman(match["roman"])
    return f"{match['what']} {cardinal(value)}" if value else match[0]


def _ruler(match: re.Match[str]) -> str:
    value = roman(match["roman"])
    return f"{match['who']} the {ordinal(value)}" if value > 1 or match["who"] else match[0]


def _site(match: re.Match[str]) -> str:
    name = match["name"].rstrip(".")
    return name.replace("-", " dash ").replace(".", " dot ")


def _address(match: re.Match[str]) -> str:
    who = re.sub(
        r"[._-]",
        lambda sign: {".": " dot ", "_": " underscore ", "-": " dash "}[sign[0]],
        match["who"],
    )
    return f"{who} at {match['where'].replace('.', ' dot ')}"


_TOP = "com|org|net|ua|gov|info|news|media|eu|uk|de|fr|pl|io|tv|edu|int|me|co"

#: Before anything with digits is looked at.
EARLY: tuple[Rule, ...] = (
    rule(r"(?<!\w)(?P<who>[\w.+-]+)@(?P<where>[\w-]+(?:\.[\w-]+)+)", _address),
    rule(r"\bhttps?://(?:www\.)?(?P<name>[\w-]+(?:\.[\w-]+)+)(?:[/?#][^\s,;)]*)?", _site),
    rule(rf"\b(?:www\.)?(?P<name>(?:[\w-]+\.)+(?:{_TOP}))\b(?:/[^\s,;)]*)?(?!\.?\w)", _site),
    rule(r"(?<!\w)@(\w+)", r"at \1"),
    rule(r"(?<!\w)#(\d+)\b", lambda m: f"number {number(m[1])}"),
    rule(r"(?<!\w)#(\w+)", r"hashtag \1"),
    words(_TITLES, after=r"(?=\s+[A-Z])"),
    words(_SHORT),
    rule(r"\bSt\.(?=\s+[A-Z])", "Saint"),
    rule(r"\bSt\.", "Street"),
    rule(r"\b[Nn]os?\.\s?(?=\d)|№\s?", "number "),
    rule(r"\bArt\.\s?(?=\d)", "Article "),
    rule(r"\bpp?\.\s?(?=\d)", "page "),
    rule(r"\s&\s", " and "),
    rule(r"\bAT&T\b", "A T and T"),
    rule(r"(?<=\w)&(?=\w)", " and "),
    # J. K. Rowling, Mark A. Milley: an initial ends no sentence.
    rule(rf"{_INITIALS}(?=\s+(?:{_OPENERS})\b)", lambda m: _initials(m[0]) + "."),
    rule(rf"{_INITIALS}(?=\s+[A-Z]?[a-z]|\s+\d|['’]|[,;:)-]|\s+[A-Z])", lambda m: _initials(m[0])),
    rule(rf"{_INITIALS}(?=$|\s*$)", lambda m: _initials(m[0]) + "."),
    rule(_INITIALS, lambda m: _initials(m[0])),
    rule(
        r"(?<=[A-Z][a-z]\s)([A-Z])\.(?=\s+[A-Z])|(?<=[a-z]\s)([A-Z])\.(?=\s+[A-Z][a-z])",
        lambda m: m[1] or m[2],
    ),
    rule(rf"\b(?P<what>{_ROMAN_AFTER})\s{_ROMAN}", _counted),
    rule(rf"\b(?P<who>{_RULERS})\s{_ROMAN}(?!\.)", _ruler),
)

#: The numbers of things: F-16, S-300, M777, COVID-19, G7, 93rd.
CODES: tuple[Rule, ...] = (
    rule(r"(?<!\w)\+\d[\d\s()-]{6,}\d", lambda m: f"plus {digits(m[0])}"),
    rule(
        r"(?<![\w.,])(\d{1,3}(?:,\d{3})*)(?:st|nd|rd|th)\b",
        lambda m: ordinal(int(m[1].replace(",", ""))),
    ),
    rule(
        r"(?<![\w-])([A-Za-z]{1,12})-(\d{1,4})(?![\d.,]*\d)(?=[A-Za-z]?\b)",
        lambda m: f"{m[1]} {code(m[2])}",
    ),
    rule(
        r"(?<![\w-])(\d{1,4})([A-Z]{1,3})(\d{1,4})?(?!\w)",
        lambda m: " ".join(filter(None, (code(m[1]), m[2], code(m[3]) if m[3] else ""))),
    ),
    rule(r"(?<![\w-])([A-Z]{1,4})(\d{1,4})(?=[A-Z]?\b)(?!,\d)", lambda m: f"{m[1]} {code(m[2])}"),
)
