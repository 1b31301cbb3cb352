"""What of a story is heard, in order: the line about AI, headline, byline, corrections, body.

Cards, pictures with their captions and credits, embeds and tables are not; of a table it is said
that it is there. A block that an editor marked is left out; a spoken version takes the place of the
body.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from nightdesk.kernel.text import plain
from nightdesk.narration.lexicon.entries import Lexicon
from nightdesk.narration.models import Pronunciation, StoryAudio
from nightdesk.narration.spoken.speaking import sentences
from nightdesk.narration.studio import record
from nightdesk.narration.studio.record import Passage
from nightdesk.narration.voices.ports import Voice
from nightdesk.stories.models import StoryPage


@dataclass(frozen=True, slots=True)
class Script:
    """Everything that is said of a story. ``intro`` is the line about AI; ``title`` and ``signed``
    stand in the files' tags."""

    language: str
    intro: str
    title: str
    signed: str
    passages: list[Passage]

    @property
    def characters(self) -> int:
        return sum(len(one.spoken) for passage in self.passages for one in passage.sentences)

    def fingerprint(self, voice: Voice) -> str:
        """Of every word, in order, and of the voice that says it."""
        return record.spec(
            self.passages,
            voice,
            intro=self.intro,
            title=self.title,
            by=self.signed,
            language=self.language,
        )


def script(
    story: StoryPage,
    *,
    disclosure: str = "",
    left_out: frozenset[str] | None = None,
    for_eyes: bool = False,
) -> Script:
    """What is said of a story as it stands, names said as the lexicon says them. ``left_out`` are
    the blocks that are not read, in the place of those that its editor marked. ``for_eyes``: how a
    name is said stands behind it in letters, for editors, not in a voice's phonetics."""
    language = story.locale.language_code
    choice = StoryAudio.objects.filter(story=story).first()
    lexicon = lexicon_of(language)
    name = lexicon.shown if for_eyes else lexicon.apply
    with translation.override(language):
        # Translators: spoken first and shown above the player.
        intro = disclosure or gettext("This audio is created with AI assistance")
        by = byline(story)
        passages = list(_passages(story, choice, by, language, left_out))
    return Script(
        language,
        intro,
        story.told_headline,
        story.signature or settings.WAGTAIL_SITE_NAME,
        [with_names(passage, name) for passage in passages if passage.sentences],
    )


def lexicon_of(language: str, *tried: Pronunciation) -> Lexicon:
    """``tried``: names as they would be said, in the place of what is kept of them."""
    rows = [*Pronunciation.objects.filter(language=language), *tried]
    return Lexicon([row.entry for row in rows], language)


def byline(story: StoryPage) -> str:
    """Who signs it and when it came out, as it is said."""
    names = [who.name for who in story.signed_by]
    said = gettext("By %(names)s.") % {"names": _and(names)} if names else ""
    if story.first_published_at:
        day = date_format(localtime(story.first_published_at), "DATE_FORMAT")
        said = f"{said} {day}.".strip()
    return said


def _and(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return gettext("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def _passages(
    story: StoryPage,
    choice: StoryAudio | None,
    by: str,
    language: str,
    left_out: frozenset[str] | None,
) -> Iterator[Passage]:
    def passage(block: str, text: str) -> Passage:
        return Passage(block, sentences(text, language))

    yield passage("headline", _ended(story.told_headline))
    if by:
        yield passage("byline", by)
    for row in story.shown_corrections:
        kind = f"{row.get_kind_display()}, {date_format(localtime(row.moment), 'DATE_FORMAT')}."
        yield passage(f"correction-{row.anchor}", f"{kind} {row.words}")
    if choice and choice.spoken.strip():
        for paragraph in choice.spoken.split("\n\n"):
            yield passage("spoken", " ".join(paragraph.split()))
        return
    if left_out is None:
        left_out = frozenset(choice.unread if choice else ())
    if story.standfirst:
        yield passage("standfirst", _ended(story.standfirst))
    for block in story.body:
        if block.id in left_out:
            continue
        for paragraph in _paragraphs(block):
            yield passage(block.id, paragraph)


def _paragraphs(block: object) -> Iterator[str]:
    match block.block_type, block.value:
        case "text", text:
            yield from plain(text.source).splitlines()
        case "quote", quote:
            yield from quote["text"].splitlines()
            who = [quote.get(part) or "" for part in ("speaker", "role", "source")]
            if any(who):
                yield _ended(", ".join(filter(None, who)))
        case "fact_box", box:
            yield _ended(box["title"])
            yield from plain(box["text"].source).splitlines()
        case "table", _table:
            yield gettext("There is a table in the story.")


def _ended(text: str) -> str:
    """A headline has no full stop, and a voice would run on without one."""
    text = " ".join(text.split())
    return text if not text or text[-1] in ".!?…:" else f"{text}."


def with_names(passage: Passage, name: Callable[[str], str]) -> Passage:
    """As it is spoken, each name as ``name`` says it."""
    said = [replace(one, spoken=name(one.spoken)) for one in passage.sentences]
    return Passage(passage.block, said)
