"""What is listened to: a story as readers have it, or a text that is read aloud for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext

from nightdesk.narration import choosing, flow, passages
from nightdesk.narration.models import Narration
from nightdesk.narration.spoken.speaking import Sentence, sentences
from nightdesk.narration.studio import record
from nightdesk.narration.studio.record import Passage, Recording
from nightdesk.narration.voices.ports import Voice

_INTRO = "This audio is created with AI assistance"


@dataclass(frozen=True, slots=True)
class Sound:
    title: str
    file: Path
    language: str
    seconds: float
    sentences: list[Sentence]


def of_story(asked: str) -> Sound | None:
    """By number or path; None if there is no such story or nobody hears it."""
    rows = _heard()
    if asked.isdigit():
        row = rows.filter(story_id=int(asked)).first()
    else:
        slug = asked.rstrip("/").rpartition("/")[2]
        row = next((one for one in rows.filter(story__slug=slug) if _is_at(one, asked)), None)
    return _sound(row) if row else None


def newest(count: int, language: str = "") -> Iterator[Sound]:
    rows = _heard().order_by("-story__first_published_at", "-pk")
    if language:
        rows = rows.filter(story__locale__language_code=language)
    for row in rows[:count]:
        yield _sound(row)


def of_text(text: str, voice: Voice, folder: Path) -> Sound:
    """Read aloud for it as a story is: the line about AI first, names as this newsroom says them.
    Empty lines part paragraphs. Raises NotRecordedError."""
    intro = choosing.disclosure_of(voice.language) or gettext(_INTRO)
    lexicon = passages.lexicon_of(voice.language)
    blocks = [" ".join(block.split()) for block in text.split("\n\n")]
    read = [
        passages.with_names(Passage(f"p{n}", sentences(block, voice.language)), lexicon.apply)
        for n, block in enumerate(blocks)
    ]
    made: Recording = record.record(
        read,
        voice,
        folder,
        flow.workshop() / "sentences",
        intro=intro,
        title=blocks[0] if blocks else "",
        by="",
        language=voice.language,
    )
    title = blocks[0][:60] if blocks else ""
    written = [Sentence(cue.written, "") for cue in made.cues]
    return Sound(title, made.file, voice.language, made.seconds, written)


def _heard():  # noqa: ANN202 - a query set
    return Narration.objects.filter(shown=True, human=False).select_related("story__locale")


def _is_at(row: Narration, asked: str) -> bool:
    path = row.story.get_url() or ""
    return "/" not in asked.strip("/") or path.strip("/").endswith(asked.strip("/"))


def _sound(row: Narration) -> Sound:
    return Sound(
        row.story.told_headline,
        Path(settings.MEDIA_ROOT) / row.audio,
        row.story.locale.language_code,
        row.seconds,
        [Sentence(str(cue[3]), "") for cue in row.cues],
    )
