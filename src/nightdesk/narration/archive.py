"""What came out before it could be read: before there was a voice, or while it was switched off."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from nightdesk.kernel.tokens import unguessable
from nightdesk.narration import choosing, flow
from nightdesk.narration.models import Narration, SectionAudio, StoryAudio
from nightdesk.stories.models import StoryPage

State = Narration.State
#: Why a story was not read that may be read now. What was pulled or taken down stays away.
_MAY_HAVE_CHANGED = ("no voice", "not chosen", "missing", "off", "switched off")


def unread(language: str = "") -> QuerySet[StoryPage]:
    """Stories without a sound that would be read if they were asked for."""
    speaking = [
        code
        for code, _name in settings.LANGUAGES
        if language in ("", code) and not isinstance(choosing.voice_of(code), choosing.NotRead)
    ]
    never = Q(narration__isnull=True)
    not_then = Q(narration__state=State.SKIPPED, narration__reason__in=_MAY_HAVE_CHANGED)
    silent = Q(pk__in=[])
    for section in SectionAudio.objects.filter(read=False).select_related("page"):
        silent |= Q(path__startswith=section.page.path)
    chosen = StoryAudio.objects.values("story")
    silent &= ~Q(pk__in=chosen.filter(choice=StoryAudio.Choice.YES))
    return (
        StoryPage.readable()
        .filter(never | not_then, alias_of=None, locale__language_code__in=speaking)
        .exclude(silent)
        .exclude(pk__in=chosen.filter(choice=StoryAudio.Choice.NO))
        .prefetch_related(None)
    )


def backfill(language: str = "") -> int:
    """Let the whole archive be read, after everything that is newer; how many stories wait now."""
    now, count = timezone.now(), 0
    stories = unread(language).order_by("-first_published_at")
    asked = list(stories.filter(narration__isnull=False).values_list("pk", flat=True))
    ids = stories.filter(narration__isnull=True).values_list("pk", "first_published_at")
    batch = []
    for pk, at in ids.iterator():
        batch.append(
            Narration(
                story_id=pk,
                token=unguessable(),
                rank=Narration.ARCHIVE,
                wanted_at=at,
                not_before=now,
            )
        )
        if len(batch) == 500:
            count += len(Narration.objects.bulk_create(batch, ignore_conflicts=True))
            batch = []
    count += len(Narration.objects.bulk_create(batch, ignore_conflicts=True))
    for first in range(0, len(asked), 500):
        # Somebody may have asked for one of them meanwhile.
        still = Narration.objects.filter(
            story__in=asked[first : first + 500], state=State.SKIPPED, reason__in=_MAY_HAVE_CHANGED
        )
        count += still.update(
            state=State.WAITING,
            reason="",
            because="",
            rank=Narration.ARCHIVE,
            not_before=now,
            attempt=0,
        )
    return count


def again() -> int:
    """Let everything be tried once more that could not be read; how many stories there are."""
    failed = Narration.objects.filter(state=State.FAILED).select_related("story")
    stories = [row.story for row in failed]
    for story in stories:
        flow.want(story, rank=Narration.ARCHIVE)
    return len(stories)


@dataclass(frozen=True, slots=True)
class Progress:
    done: int
    all: int

    @property
    def waits(self) -> bool:
        return self.done < self.all


def progress() -> Progress:
    """How far the archive has come. A story that changed meanwhile is new, and not of it."""
    counts = Narration.objects.filter(rank=Narration.ARCHIVE).aggregate(
        all=Count("pk"), done=Count("pk", filter=~Q(state__in=(State.WAITING, State.WORKING)))
    )
    return Progress(**counts)
