"""Bytes into text, also when nobody says in which encoding they were saved."""

import codecs
import re

from .unreadable import SourceUnreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)""", re.I
)
_GUESSES = {"windows-1251": "Windows-1251", "koi8_u": "KOI8-U", "windows-1252": "Windows-1252"}


def decode(data: bytes, declared: str = "") -> tuple[str, str]:
    """(text, name of the encoding when it had to be guessed, else "").

    In this order: a byte-order mark, UTF-8 if it fits, what the page or the server declares, and
    the old Cyrillic and Western encodings, of which the one that gives the most natural words wins.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace"), ""
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        pass
    in_page = _DECLARED.search(data[:4096])
    for name in (in_page[1].decode("ascii") if in_page else "", declared):
        if name and _is_known(name) and codecs.lookup(name).name != "utf-8":
            return data.decode(name, "replace"), ""
    if b"\0" in data[:4096]:
        raise SourceUnreadable("it is no text: it holds zero bytes")
    best = max(_GUESSES, key=lambda encoding: _naturalness(data.decode(encoding, "replace")))
    return data.decode(best, "replace"), _GUESSES[best]


def _is_known(name: str) -> bool:
    try:
        return codecs.lookup(name)._is_text_encoding
    except LookupError:
        return False


def _naturalness(text: str) -> float:
    """Words of one script in natural case, less words that mix scripts or have capitals inside."""
    text = text[:200_000]
    good = len(re.findall(r"\b[А-ЯІЇЄҐ]?[а-яіїєґ’']{2,}\b", text))
    good += len(re.findall(r"\b[A-Z]?[a-zà-öø-ÿ’']{2,}\b", text))
    bad = len(re.findall(r"[A-Za-zÀ-ÿ][А-яіїєґІЇЄҐ]|[А-яіїєґІЇЄҐ][A-Za-zÀ-ÿ]", text))
    bad += len(re.findall(r"[а-яіїєґ][А-ЯІЇЄҐ]|[a-zà-öø-ÿ][A-ZÀ-ÖØ-Þ]|\ufffd", text))
    return good - 2 * bad
