"""In the child: the letter A, which espeak-ng takes for the article and says “uh”: Mark uh Milley,
Leopard two uh six, Plan uh. Found by having stories heard by a recogniser."""

from __future__ import annotations

import re

#: Read by English rules as the letter's name, wherever it stands.
_NAME = "eigh"
#: A letter may follow these although they are written small.
_LABELLED = (
    "vitamin|hepatitis|influenza|plan|group|type|grade|level|class|section|exhibit|point|team"
    "|category|block|gate|hall|line|option|phase|platform|annex|article|part|side|zone|unit"
    "|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred"
    "|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty"
)
_LETTER = re.compile(
    # After a name, a letter or a number: Mark A Milley, U A V, two A six; before letters: A T and T.
    r"(?P<before>\b(?:[A-Z][\w'-]*|" + _LABELLED + r")\s|\]\]\s)A(?![\w'-])"
    r"|(?<!\w)A(?=\s[A-Z](?:\s|[.,;:!?]|$))"
)


def spelled(text: str, language: str) -> str:
    """The sentence with every A that is a letter written so that it is said as one."""
    if language != "en":
        return text
    while (told := _LETTER.sub(_said, text)) != text:
        text = told
    return text


def _said(match: re.Match[str]) -> str:
    return f"{match['before'] or ''}{_NAME}"
