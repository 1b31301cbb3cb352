"""Words that are found nowhere else, so that whoever meets one knows where it came from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from nightdesk.media.models import Picture

#: What every canary looks like; the part of the story, then the number of the version.
CANARY = re.compile(r"kanar[a-z]+\d*q")

STORY = (
    *("headline", "kicker", "standfirst", "dateline", "slug", "seo", "summary"),
    *("text", "speaker", "quote", "fact", "cell", "embed", "lead"),
    *("alt", "caption", "credit", "inside", "insidecredit"),
    *("author", "role", "bio", "portrait", "topic", "topicabout", "correction"),
)
#: What "What changed" shows of a version that readers had before.
COMPARED = ("headline", "standfirst", "text", "speaker", "quote", "fact", "cell", "embed", "lead")
BRIEF = ("headline", "text", "source", "link", "alt", "caption", "credit")
#: Never shown to anyone outside, whatever becomes of the story.
NEVER = ("file", "note")


@dataclass
class Version:
    """What one edit brought: a word for each part, and pictures of its own."""

    words: dict[str, str]
    never: tuple[str, ...]
    pictures: dict[str, Picture] = field(default_factory=dict)

    @classmethod
    def of(cls, number: int, parts: tuple[str, ...]) -> Version:
        words = {part: f"kanar{part}{number}q" for part in parts}
        return cls(words, tuple(f"kanar{part}{number}q" for part in NEVER))

    def at(self, slug: str) -> Version:
        """The same words and pictures at another address."""
        return replace(self, words={**self.words, "slug": slug})

    def __getitem__(self, part: str) -> str:
        return self.words[part]
