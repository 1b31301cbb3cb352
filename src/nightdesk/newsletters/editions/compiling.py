"""An edition → the subject, HTML and text that its readers get.

The reader's own token stands in two links. Until everything else is written a word that nobody can
guess stands there; then whatever an editor wrote that looks like the mark is taken out, and only
after that the mark comes in. So no headline can hold a reader's token, and no link to elsewhere.
"""

from __future__ import annotations

import datetime
import secrets
from dataclasses import dataclass, replace

from django.utils import timezone

from nightdesk.newsletters import tokens
from nightdesk.newsletters.editions import contents as reading
from nightdesk.newsletters.editions import mail_html, mail_text
from nightdesk.newsletters.editions.contents import Card, Contents, Text
from nightdesk.newsletters.editions.rich_text import as_plain
from nightdesk.newsletters.editions.words import furniture, in_its_language
from nightdesk.newsletters.models import Edition

#: Links of an edition that carry a token: unsubscribe and preferences.
LINKS_WITH_TOKEN = 2


@dataclass(frozen=True)
class Compiled:
    subject: str
    html: str
    text: str
    contents: Contents

    @property
    def size(self) -> int:
        """Bytes of HTML."""
        return len(self.html.encode())

    @property
    def is_too_large(self) -> bool:
        return self.size > mail_html.MOST_BYTES


def compile_edition(edition: Edition, now: datetime.datetime | None = None) -> Compiled:
    """As it stands now; what readers may not have is left out (`Contents.troubles`)."""
    now = now or timezone.now()
    token = "t" + secrets.token_hex(16)
    contents = reading.read(edition)
    with in_its_language(edition):
        around = furniture(edition, token, _beginning(contents), now)
        around = replace(around, subject=" ".join(edition.subject.split()))
        html = mail_html.write(contents, around)
        text = mail_text.write(contents, around)
    return Compiled(
        without_mark(around.subject),
        _with_mark(html, token),
        _with_mark(text, token),
        contents,
    )


def without_mark(words: str) -> str:
    """Taking one out may make another of what stood around it."""
    while tokens.MARK in words:
        words = words.replace(tokens.MARK, "")
    return words


def _with_mark(words: str, token: str) -> str:
    marked = without_mark(words).replace(token, tokens.MARK)
    if marked.count(tokens.MARK) != LINKS_WITH_TOKEN:
        raise ValueError("The reader's links are not where they should be.")
    return marked


def _beginning(contents: Contents) -> str:
    """The preview line of an edition that has none of its own."""
    said: list[str] = []
    for part in contents.parts:
        if isinstance(part, Card):
            said.append(part.headline or part.words[0])
        elif isinstance(part, Text):
            said.append(as_plain(part.html))
    words = " ".join(" · ".join(said).split())
    return words if len(words) <= 140 else words[:139].rsplit(" ", 1)[0] + "…"
