"""What readers get of a story's sound: for the page, for machines, for podcasts."""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext

from nightdesk.narration.choosing import disclosure_of
from nightdesk.narration.models import Narration
from nightdesk.stories.models import StoryPage

#: IPTC's word for sound that a machine made from text (cv.iptc.org, digital source type).
BY_MACHINE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
BY_A_PERSON = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"


@dataclass(frozen=True, slots=True)
class Heard:
    """Addresses are paths on the site. ``disclosure`` is empty for a person's recording, which
    has ``read_by`` in its place."""

    url: str
    timings: str
    seconds: float
    size: int
    disclosure: str
    podcast: str
    podcast_size: int
    transcript: str
    read_by: str = ""

    @property
    def line(self) -> str:
        """What stands above the player and in the feed: how it was made."""
        if self.disclosure:
            return self.disclosure
        if self.read_by:
            return gettext("Read by %(name)s") % {"name": self.read_by}
        return gettext("Read by a person")

    @property
    def minutes(self) -> int:
        return max(1, math.ceil(self.seconds / 60))

    @property
    def source_type(self) -> str:
        return BY_MACHINE if self.disclosure else BY_A_PERSON

    @property
    def iso_length(self) -> str:
        """ISO 8601: ``PT3M7S``."""
        whole = round(self.seconds)
        return f"PT{whole // 60}M{whole % 60}S"


def heard(story: StoryPage) -> Heard | None:
    """The sound of a published story; None when there is none. A draft has none, whatever its
    published version has."""
    if not story.live or story.pk is None:
        return None
    source = story.alias_of_id or story.pk
    row = Narration.objects.filter(story_id=source).first()
    return of(row, story.locale.language_code) if row else None


def of(row: Narration, language: str) -> Heard | None:
    if not row.shown or not row.audio:
        return None
    line = disclosure_of(language) or gettext("This audio is created with AI assistance")
    return Heard(
        url=_address(row.audio),
        timings=_address(row.timings),
        seconds=row.seconds,
        size=row.audio_bytes,
        disclosure="" if row.human else line,
        podcast=_address(row.podcast),
        podcast_size=row.podcast_bytes,
        transcript=_address(row.transcript),
        read_by=row.read_by if row.human else "",
    )


def _address(name: str) -> str:
    return f"{settings.MEDIA_URL}{name}" if name else ""
