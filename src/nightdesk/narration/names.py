"""A name is said differently from now on: which stories are read anew because of it."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.utils import timezone

from nightdesk.kernel.tokens import unguessable
from nightdesk.narration import flow
from nightdesk.narration.models import Narration, Pronunciation
from nightdesk.stories.models import StoryPage

#: Stories of so many days are remade by themselves; older ones by hand, or when they are edited.
DAYS = 7


def listen() -> None:
    for signal in (post_save, post_delete):
        signal.connect(_changed, sender=Pronunciation, dispatch_uid=f"narration {signal}")


def _changed(instance: Pronunciation, raw: bool = False, **_more: object) -> None:
    if not raw:
        remake(instance)


@transaction.atomic
def remake(name: Pronunciation) -> int:
    """Have the stories of the last week that say this name read anew; how many there are."""
    ids = saying(name)
    for story in StoryPage.objects.filter(pk__in=ids):
        flow.want(story, rank=Narration.NAMES)
    return len(ids)


def saying(name: Pronunciation, now: datetime.datetime | None = None) -> list[int]:
    """Stories that are heard, came out in the last week, and have the name in what is said."""
    since = (now or timezone.now()) - datetime.timedelta(days=DAYS)
    heard = Narration.objects.filter(
        shown=True,
        human=False,
        story__first_published_at__gte=since,
        story__locale__language_code=name.language,
    )
    term = name.term if name.match_case else name.term.casefold()
    found = []
    for story, cues in heard.values_list("story", "cues").iterator():
        text = " ".join(str(cue[3]) for cue in cues)
        if term in (text if name.match_case else text.casefold()):
            found.append(story)
    return found


def backfill(language: str = "") -> int:
    """Let the whole archive be read, after everything that is newer; how many stories wait now."""
    stories = StoryPage.readable().prefetch_related(None)
    stories = stories.filter(alias_of=None, narration__isnull=True)
    if language:
        stories = stories.filter(locale__language_code=language)
    now, count = timezone.now(), 0
    ids = stories.order_by("-first_published_at").values_list("pk", "first_published_at")
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
    return count
