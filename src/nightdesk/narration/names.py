"""A name is said differently from now on: which stories are read anew because of it."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.utils import timezone

from nightdesk.narration import flow
from nightdesk.narration.lexicon.entries import Entry, Lexicon
from nightdesk.narration.models import Narration, Pronunciation
from nightdesk.narration.spoken import tidy
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
    # As it is looked for when it is read: a whole word, with what grows on it.
    lexicon = Lexicon([Entry(name.term, match_case=name.match_case)], name.language)
    found = []
    for story, cues in heard.values_list("story", "cues").iterator():
        if any(lexicon.found_in(tidy.before(str(cue[3]))) for cue in cues):
            found.append(story)
    return found
