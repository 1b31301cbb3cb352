"""Where a sentence ends, in the text as it is written: each is heard, timed and lit up by itself.

“U.S. Defense Secretary”, “Gen. Milley”, “4 p.m. in Kyiv” and “ген. Залужний” end none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_END = re.compile(
    r"""[.!?…]+[\"'”’»)\]]*(?=\s+[\"'“‘„«(\[—–-]*\s*[^\W_a-zа-яіїєґ]|\s*$)""", re.VERBOSE
)
_WORD_BEFORE = re.compile(r"(\S+)$")
_INITIALS = re.compile(r"[\"'“‘„«(\[]*(?:[^\W\d_]\.)+")
#: After these dots something follows that they belong to.
_HOLDING = frozenset(
    [
        "gen.",
        "col.",
        "maj.",
        "capt.",
        "lt.",
        "sgt.",
        "cpl.",
        "pvt.",
        "adm.",
        "cmdr.",
        "sen.",
        "sens.",
        "rep.",
        "reps.",
        "gov.",
        "dr.",
        "mr.",
        "mrs.",
        "ms.",
        "prof.",
        "rev.",
        "fr.",
        "amb.",
        "pres.",
        "st.",
        "mt.",
        "ft.",
        "vs.",
        "v.",
        "approx.",
        "e.g.",
        "i.e.",
        "art.",
        "p.",
        "pp.",
        "brig.",
        "vice.",
        "jan.",
        "feb.",
        "mar.",
        "apr.",
        "jun.",
        "jul.",
        "aug.",
        "sept.",
        "sep.",
        "oct.",
        "nov.",
        "dec.",
        "est.",
        "ген.",
        "полк.",
        "підполк.",
        "кап.",
        "проф.",
        "акад.",
        "доц.",
        "ім.",
        "м.",
        "с.",
        "вул.",
        "просп.",
        "пл.",
        "бул.",
        "о.",
        "оз.",
        "св.",
        "гр.",
        "п.",
        "див.",
        "напр.",
        "ст.",
        "тис.",
        "т.",
        "кв.",
        "прим.",
    ]
)
#: Belongs to a number, “No. 5”; else it is an answer, and ends: “No. He met nobody.”
_NUMBERED = re.compile(r"[\"'“‘„«(\[]*nos?\.", re.I)
_NUMBER = re.compile(r"\s+(?:[#№]?\d|[IVXLC]{2,}\b)")
#: May end a sentence; do so when one of the openers follows.
_PERHAPS = re.compile(
    r"[\"'“(]*(?:(?:[A-Z]\.){2,}|[ap]\.m\.|(?:Inc|Ltd|Corp|Co|Jr|Sr|etc)\.)[\"'”)]*", re.I
)
_OPENER = re.compile(
    r"\s+[\"'“‘(]*(?:He|She|It|They|We|You|I|The|This|That|These|Those|There|But|And|However|Meanwhile|In"
    r"|On|At|According|After|Before|Since|When|While|As|If|His|Her|Their|Our|Its|Some|Many|Most|Both|A"
    r"|An|Earlier|Later|No|Not|So|Then|For|From|With)\b"
)


def split(text: str) -> list[str]:
    """The sentences of one paragraph, in order; joined by spaces they are the paragraph again."""
    return [sentence for sentence in (part.strip() for part in _parts(text)) if sentence]


def _parts(text: str) -> Iterator[str]:
    start = 0
    for end in _END.finditer(text):
        if _ends(text, end):
            yield text[start : end.end()]
            start = end.end()
    yield text[start:]


def _ends(text: str, end: re.Match[str]) -> bool:
    if not end[0].startswith(".") or len(end[0].rstrip("\"'”’»)]")) > 1:
        return True
    word = _WORD_BEFORE.search(text[: end.end()])
    if word is None:
        return True
    last = word[1]
    if _NUMBERED.fullmatch(last):
        return not _NUMBER.match(text, end.end())
    if _PERHAPS.fullmatch(last):
        return end.end() == len(text) or bool(_OPENER.match(text, end.end()))
    if end.end() >= len(text.rstrip()):
        return True
    return last.lower().lstrip("\"'“‘„«([") not in _HOLDING and not _INITIALS.fullmatch(last)


#: A voice is asked for at most so many characters at once: memory grows with them.
LONGEST = 250


def breaths(spoken: str, longest: int = LONGEST) -> list[str]:
    """A sentence that is too long for one breath, parted at its commas and semicolons, else at
    spaces."""
    if len(spoken) <= longest:
        return [spoken]
    for sign in (";", ":", ",", " "):
        middle = len(spoken) // 2
        places = [
            m.end()
            for m in re.finditer(re.escape(sign) + r"(?:\s|$)" if sign != " " else r"\s", spoken)
        ]
        places = [place for place in places if 20 < place < len(spoken) - 20]
        if places:
            place = min(places, key=lambda one: abs(one - middle))
            return [
                *breaths(spoken[:place].strip(), longest),
                *breaths(spoken[place:].strip(), longest),
            ]
    return [spoken]
