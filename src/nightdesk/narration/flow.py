"""From a published story to its sound: who asks for it, who makes it, when readers get it.

A story has one row, so ten saves in a minute are one job, and the last one counts. Publishing only
marks the row; the process beside the worker (``reader.py``) claims it by a lease, makes the files
and flips the pointer, if the story still says what was read.
"""

from __future__ import annotations

import datetime
import logging
import os
import re
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop
from wagtail.models import PageViewRestriction

from nightdesk.kernel.tokens import unguessable
from nightdesk.narration import room
from nightdesk.narration.models import Narration
from nightdesk.narration.studio import cache
from nightdesk.press import outbox
from nightdesk.press.learn import changing
from nightdesk.stories.models import StoryPage

log = logging.getLogger("nightdesk.narration")

State = Narration.State

#: So long nothing is made of a story that was just saved; the voice is started meanwhile.
PAUSE = datetime.timedelta(seconds=1)
#: Typing on, an editor saves again: who saved within the last minute will save once more.
PAUSE_AGAIN, SAVED_AGAIN = datetime.timedelta(seconds=5), datetime.timedelta(minutes=1)
#: A reader that says nothing for so long has died. It speaks up before each sentence.
LEASE = datetime.timedelta(minutes=2)
#: Tried so often, then an editor has to ask.
MOST_ATTEMPTS = 2
#: A story's token and a sum of the bytes; the newsstand knows it by the same form.
FILE_NAME = re.compile(r"[a-z0-9]{26}-[0-9a-f]{32}\.(?:podcast\.|transcript\.)?(?:mp3|vtt)")
#: Files that no row names stay so long, for pages that readers have open and caches that have them.
KEPT = datetime.timedelta(days=2)


#: Kept in the words of the source (see ``told``).
_PULLED = gettext_noop("Readers get no sound of this story any more.")


def folder() -> Path:
    """What readers hear. Each file's name begins with its story's token."""
    return Path(settings.MEDIA_ROOT) / "audio"


def workshop() -> Path:
    """Where sound is made and single sentences are kept; nobody is ever handed anything of it."""
    return Path(settings.DATA) / "narration"


@transaction.atomic
def want(
    story: StoryPage,
    *,
    rank: int = Narration.FRESH,
    again: bool = False,
    at_once: bool = False,
) -> Narration:
    """Let it be read anew as it stands when its turn comes. ``again``: even if no word changed.
    ``at_once``: it is not the story that changed, so nobody types on."""
    now = timezone.now()
    narration, new = Narration.objects.select_for_update().get_or_create(
        story_id=story.pk, defaults={"token": unguessable(), "rank": rank, "wanted_at": now}
    )
    pause = datetime.timedelta(0)
    if rank == Narration.FRESH and not at_once:
        again_soon = not new and now - narration.wanted_at < SAVED_AGAIN
        pause = PAUSE_AGAIN if again_soon else PAUSE
    if not new:
        waits = narration.state in (State.WAITING, State.WORKING)
        narration.rank = min(rank, narration.rank) if waits else rank
    narration.state, narration.wanted_at, narration.attempt = State.WAITING, now, 0
    narration.not_before = now + pause
    narration.lease_until = None
    narration.reason = narration.because = ""
    if again:
        narration.spec = ""
    narration.save()
    return narration


@transaction.atomic
def pull(stories: Iterable[int], *, for_good: bool = False) -> int:
    """Readers get it no more, from now on; the files go when the transaction is committed.
    ``for_good``: nothing is made in its place."""
    rows = list(Narration.objects.select_for_update().filter(story__in=list(stories)))
    gone = [name for row in rows for name in row.files]
    # A CDN has them for a year otherwise.
    outbox.note(gone=[f"{settings.MEDIA_URL}{name}" for name in gone])
    with changing(*rows):
        for row in rows:
            row.shown = False
            row.audio = row.podcast = row.transcript = row.timings = row.spec = ""
            row.cues, row.seconds, row.audio_bytes, row.podcast_bytes = [], 0, 0, 0
            row.human, row.read_by = False, ""
            if for_good:
                row.state, row.reason, row.because = State.SKIPPED, "pulled", _PULLED
            # Whoever is reading it aloud just now must not bring it back.
            row.lease_until = None
            row.save()
    tokens = {row.token for row in rows}
    transaction.on_commit(lambda: remove({*gone, *_all_that_were(tokens)}))
    return len(rows)


def _all_that_were(tokens: set[str]) -> list[str]:
    """Files of earlier states too, kept for pages that are open: they say the same mistake."""
    if not tokens or not folder().is_dir():
        return []
    with os.scandir(folder()) as entries:
        return [f"audio/{one.name}" for one in entries if one.name.partition("-")[0] in tokens]


def remove(names: Iterable[str]) -> None:
    for name in names:
        try:
            (Path(settings.MEDIA_ROOT) / name).unlink(missing_ok=True)
        except OSError as error:
            log.warning("%s could not be removed: %s. It is tried again.", name, error.strerror)


def is_heard(name: str) -> bool:
    """Whether readers may have this file, ``audio/…``. One that was heard until a moment ago stays
    for pages that are open; one that was pulled has no file."""
    token = name.removeprefix("audio/").partition("-")[0]
    return StoryPage.readable().filter(narration__token=token, narration__shown=True).exists()


def on_published(instance: StoryPage, **_more: object) -> None:
    """In the publishing transaction. What was corrected is not heard as it was."""
    if not instance.live or instance.alias_of_id:
        return
    narration = Narration.objects.filter(story=instance).first()
    count = instance.corrections.count()
    if narration and narration.shown and count > narration.corrections:
        pull([instance.pk])
    want(instance)


def on_unpublished(instance: StoryPage, **_more: object) -> None:
    pull([instance.pk], for_good=True)


def on_restricted(instance: PageViewRestriction, raw: bool = False, **_more: object) -> None:
    """From now on only some readers may read it, or all that is below: nobody hears it."""
    if not raw:
        stories = StoryPage.objects.descendant_of(instance.page, inclusive=True)
        pull(stories.filter(narration__shown=True).values_list("pk", flat=True), for_good=True)


def claim(now: datetime.datetime | None = None) -> Narration | None:
    """The next to be read, ours for the length of a lease; the oldest of what matters most."""
    now = now or timezone.now()
    free = Q(state=State.WAITING, not_before__lte=now)
    died = Q(state=State.WORKING, lease_until__lt=now)
    first = Narration.objects.filter(free | died).order_by("rank", "-wanted_at").first()
    if first is None:
        return None
    ours = Narration.objects.filter(free | died, pk=first.pk, wanted_at=first.wanted_at).update(
        state=State.WORKING, lease_until=now + LEASE, attempt=F("attempt") + 1
    )
    if not ours:
        return None
    return Narration.objects.select_related("story__locale").get(pk=first.pk)


def alive(narration: Narration, seconds: float = 0) -> None:
    """Its reader is still at it, and what comes next may take so many seconds."""
    now = timezone.now()
    until = now + LEASE + datetime.timedelta(seconds=seconds)
    if narration.lease_until and until - narration.lease_until < LEASE / 4:
        return
    narration.lease_until = until
    Narration.objects.filter(
        pk=narration.pk, state=State.WORKING, wanted_at=narration.wanted_at
    ).update(lease_until=until)


def gives_way(narration: Narration) -> bool:
    """Whether something that matters more waits meanwhile."""
    first = Narration.objects.filter(
        state=State.WAITING, rank__lt=narration.rank, not_before__lte=timezone.now()
    )
    return bool(narration.rank) and first.exists()


def give_back(narration: Narration) -> None:
    """Its reader leaves it: whoever comes next begins with it, and with the sentences there are."""
    Narration.objects.filter(
        pk=narration.pk, state=State.WORKING, wanted_at=narration.wanted_at
    ).update(state=State.WAITING, lease_until=None, attempt=narration.attempt - 1)


def next_one(now: datetime.datetime | None = None) -> Narration | None:
    """What will be claimed soonest but is not due yet: time to get ready for it."""
    waiting = Narration.objects.filter(
        state=State.WAITING, not_before__gt=now or timezone.now(), rank=Narration.FRESH
    )
    return waiting.select_related("story__locale").order_by("not_before").first()


def settle(narration: Narration, state: str, reason: str = "", because: str = "") -> bool:
    """How it ended, unless somebody asked anew meanwhile. What readers have they keep, but for
    reasons for which a story has no sound at all."""
    still = Narration.objects.filter(
        pk=narration.pk, state=State.WORKING, wanted_at=narration.wanted_at
    )
    return bool(still.update(state=state, reason=reason, because=because, lease_until=None))


def forget_files(now: datetime.datetime) -> int:
    """Sounds that no row names any more, and halves that a crash has left."""
    named = {
        name
        for row in Narration.objects.exclude(audio="").only(
            "audio", "podcast", "transcript", "timings"
        )
        for name in row.files
    }
    old = (now - KEPT).timestamp()
    gone = 0
    for file in folder().glob("*") if folder().is_dir() else ():
        if f"audio/{file.name}" not in named and file.stat().st_mtime < old:
            file.unlink(missing_ok=True)
            gone += 1
    return gone


_last_tidied: list[datetime.datetime] = []


def tidy(now: datetime.datetime) -> int:
    """A due verb of the clock: once an hour is enough."""
    if _last_tidied and now - _last_tidied[0] < datetime.timedelta(hours=1):
        return 0
    _last_tidied[:] = [now]
    if room.is_scarce():
        # What is only kept to be quicker goes; what was used today is likely used again.
        cache.prune(workshop() / "sentences", days=1)
    return forget_files(now)
