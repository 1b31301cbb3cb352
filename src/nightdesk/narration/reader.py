"""The process beside the worker that has stories read, one after another, newest first."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import threading
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, close_old_connections, transaction
from django.utils import timezone, translation

from nightdesk.kernel.frozen import is_frozen
from nightdesk.narration import choosing, engines, flow
from nightdesk.narration.models import Narration
from nightdesk.narration.passages import Script, script
from nightdesk.press import database_file
from nightdesk.press.learn import changing
from nightdesk.stories.models import StoryPage

log = logging.getLogger("nightdesk.narration")

State = Narration.State
_LOOK = 1.0


def run() -> None:
    """Until SIGTERM. What is being read then is read again after the next start."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    os.nice(10)
    with engines.studio() as studio:
        while not stop.wait(_LOOK):
            with contextlib.suppress(database_file.DatabaseGoneError, OperationalError):
                database_file.in_place()
                while not stop.is_set() and not is_frozen(settings.DATA) and read_next(studio):
                    pass
            close_old_connections()


def read_next(studio: engines.Studio) -> bool:
    """Read one story, if there is one. Whatever goes wrong is that story's alone."""
    narration = flow.claim()
    if narration is None:
        return False
    try:
        read(narration, studio)
    except OperationalError:
        raise
    except Exception:
        log.exception("Story %s could not be read.", narration.story_id)
        flow.settle(narration, State.FAILED, "error", str(_SENTENCE))
    return True


_SENTENCE = (
    "Something unforeseen happened; the server's log has the whole of it. "
    "The story is as it was. “Read again” tries once more."
)


def read(narration: Narration, studio: engines.Studio) -> None:
    story = narration.story
    with translation.override(settings.LANGUAGE_CODE):
        refused = choosing.is_wanted(story)
        voice = choosing.voice_of(story.locale.language_code)
    if refused:
        _not_read(narration, refused)
        return
    if isinstance(voice, choosing.NotRead):
        _not_read(narration, voice)
        return
    said = script(story, disclosure=choosing.disclosure_of(story.locale.language_code))
    refused = choosing.can_be_read(said)
    if refused:
        _not_read(narration, refused)
        return
    spec = said.fingerprint(voice.fingerprint)
    if narration.shown and narration.spec == spec and _all_there(narration):
        flow.settle(narration, State.READY)
        return
    try:
        record = studio.record(said, voice, flow.folder(), narration.token)
    except engines.NotRecordedError as error:
        _failed(narration, error)
        return
    _show(narration, story, said, voice, spec, record)


def _not_read(narration: Narration, why: choosing.NotRead) -> None:
    """What is not to be read is not heard either, except where only the voice is lacking."""
    with transaction.atomic():
        if flow.settle(narration, State.SKIPPED, why.reason, why.because):
            keeps = why.reason in ("missing", "not chosen")
            if narration.shown and not keeps:
                flow.pull([narration.story_id])
                Narration.objects.filter(pk=narration.pk).update(
                    state=State.SKIPPED, reason=why.reason, because=why.because
                )


def _failed(narration: Narration, error: engines.NotRecordedError) -> None:
    if narration.attempt < flow.MOST_ATTEMPTS and error.worth_trying_again:
        Narration.objects.filter(
            pk=narration.pk, state=State.WORKING, wanted_at=narration.wanted_at
        ).update(state=State.WAITING, not_before=timezone.now() + error.pause, lease_until=None)
        return
    log.warning("Story %s was not read: %s", narration.story_id, error)
    flow.settle(narration, State.FAILED, error.reason, str(error))


def _show(
    narration: Narration,
    story: StoryPage,
    said: Script,
    voice: engines.Offered,
    spec: str,
    record: engines.Recorded,
) -> None:
    """Flip the pointer, if the story still says this. The old files stay for whoever has the old
    page; ``flow.forget_files`` takes them away."""
    with transaction.atomic():
        row = Narration.objects.select_for_update().filter(pk=narration.pk).first()
        fresh = StoryPage.objects.filter(pk=story.pk).select_related("locale").first()
        asked_anew = row is None or row.wanted_at != narration.wanted_at or row.human
        if asked_anew or row.state != State.WORKING or fresh is None or choosing.is_wanted(fresh):
            flow.remove(record.names)
            return
        now = script(fresh, disclosure=choosing.disclosure_of(said.language))
        if now.fingerprint(voice.fingerprint) != spec:
            flow.remove(record.names)
            Narration.objects.filter(pk=row.pk).update(state=State.WAITING, lease_until=None)
            return
        with changing(row):
            row.state, row.reason, row.because, row.lease_until = State.READY, "", "", None
            row.shown, row.spec, row.made_at = True, spec, timezone.now()
            row.audio, row.podcast, row.transcript, row.timings = record.names
            row.seconds, row.cues, row.voice = record.seconds, record.cues, voice.name
            row.audio_bytes, row.podcast_bytes = record.audio_bytes, record.podcast_bytes
            row.corrections = fresh.corrections.filter(published_at__isnull=False).count()
            row.save()


def _all_there(narration: Narration) -> bool:
    return all((Path(settings.MEDIA_ROOT) / name).is_file() for name in narration.files)
