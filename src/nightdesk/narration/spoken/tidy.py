"""What is the same in every language: signs that nobody says, and signs that are a pause."""

from __future__ import annotations

import unicodedata

from nightdesk.narration.spoken.rules import apply, rule

_BEFORE = (
    rule("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]", ""),
    rule(r"[\u00a0\u2000-\u200a\u202f\u3000\t\r\n]+", " "),
    # One apostrophe, one minus, one hyphen; double quotes are not spoken.
    rule("(?<=\\w)[’ʼ‘`´′](?=\\w)", "'"),
    rule('[«»“”„‟"]', ""),
    rule("[‐‑]", "-"),
    rule("−", "-"),
)
_AFTER = (
    rule(r"[\U0001F000-\U0001FAFF\u2600-\u27BF\uFE0F\u20E3]+", " "),  # pictures are not spoken
    rule(r"\s*(?:…|\.{3,})\s*$", "."),
    rule(r"\s*(?:…|\.{3,})\s*", ", "),
    rule(r"\s+[—–]\s+|\s+-\s+|—", ", "),
    rule(r"\s*[\(\[]\s*([^()\[\]]*?)\s*[\)\]]\s*(?=[.,;:!?]|$)", r", \1"),
    rule(r"\s*[\(\[]\s*([^()\[\]]*?)\s*[\)\]]\s*", r", \1, "),
    rule(r"[\[\]()*_|<>{}~^\\]", " "),
    rule(r"\s+", " "),
    rule(r"\s+([.,;:!?])", r"\1"),
    rule(r"([,;:])(?:\s*,)+", r"\1"),
    rule(r",\s*([.;:!?])", r"\1"),
    rule(r"^[\s,;:.]+|\s+$", ""),
)


def before(text: str) -> str:
    """Done first: forms that only look different become one."""
    return apply(_BEFORE, unicodedata.normalize("NFC", text)).strip()


def after(text: str) -> str:
    """Done last: dashes, brackets and dots become pauses, and what is left is dropped."""
    return apply(_AFTER, text)
