"""Why a story is not read, in the language of whoever looks.

It is found out by a process that nobody looks over the shoulder of, and is kept in the words of the
source; the same row is read by editors of several languages.
"""

from __future__ import annotations

import functools
import re

from django.utils.translation import gettext, gettext_noop

#: In which it is kept.
LANGUAGE = "en"
#: Sentences with something filled in, which no catalogue finds by their words.
_FILLED_IN = (
    gettext_noop("The voice “%(voice)s” is not installed. Choose another under Voices."),
    gettext_noop(
        "The story has %(count)d characters; up to %(most)d are read. A shorter spoken version can "
        "be read in its place."
    ),
    gettext_noop(
        "This file is larger than %(most)d MB. Export it as MP3 (128 kbit/s is plenty for a voice) "
        "and upload that."
    ),
    gettext_noop(
        "This recording is longer than %(most)d minutes, or has no end. Upload a shorter one."
    ),
)
_WITH_ITS_SENTENCE = re.compile(r"(?P<why>.+?[.!]) \((?P<sentence>.*)\)", re.DOTALL)
_HOLE = re.compile(r"%\((\w+)\)[sd]")


def told(kept: str) -> str:
    said = gettext(kept) if kept else ""
    if said != kept:
        return said
    for words in _FILLED_IN:
        found = _pattern(words).fullmatch(kept)
        if found:
            return _HOLE.sub(lambda hole, found=found: found[hole[1]], gettext(words))
    found = _WITH_ITS_SENTENCE.fullmatch(kept)
    return f"{gettext(found['why'])} ({found['sentence']})" if found else kept


@functools.cache
def _pattern(words: str) -> re.Pattern[str]:
    parts = _HOLE.split(words)
    spelled = [
        f"(?P<{part}>.*)" if number % 2 else re.escape(part) for number, part in enumerate(parts)
    ]
    return re.compile("".join(spelled))
