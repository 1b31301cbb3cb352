"""The language of a text, as far as its letters tell."""

import re


def language_of(text: str) -> str:
    """ "uk", "ru" or "en"; "" when the letters do not say. Made for whole stories, not for lines."""
    cyrillic = len(re.findall(r"[а-яіїєґё]", text, re.IGNORECASE))
    latin = len(re.findall(r"[a-z]", text, re.IGNORECASE))
    if cyrillic > latin:
        ukrainian = len(re.findall(r"[іїєґ]", text, re.IGNORECASE))
        russian = len(re.findall(r"[ыэъё]", text, re.IGNORECASE))
        return "uk" if ukrainian > russian else "ru" if russian else ""
    common = len(
        re.findall(r"\b(?:the|and|of|to|in|that|was|is|said|for|on)\b", text, re.IGNORECASE)
    )
    words = len(re.findall(r"\w+", text)) or 1
    return "en" if latin and common / words > 0.1 else ""
