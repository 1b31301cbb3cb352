"""The process beside the worker that has stories read, one after another, newest first."""

from __future__ import annotations

import contextlib
import datetime
import functools
import logging
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import OperationalError, close_old_connections, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from nightdesk.kernel.frozen import is_frozen
from nightdesk.kernel.processes import keep_to_one_core, stand_back
from nightdesk.narration import choosing, flow, room, told
from nightdesk.narration.models import Narration
from nightdesk.narration.passages import Script, script
from nightdesk.narration.persons import preparing
from nightdesk.narration.persons.models import HumanRecording
from nightdesk.narration.studio import record
from nightdesk.narration.studio.record import Recording
from nightdesk.narration.voices.ports import NotRecordedError, Reason, Voice
from nightdesk.press import database_file
from nightdesk.press.learn import changing
from nightdesk.press.together import beside_others
from nightdesk.stories.models import StoryPage

log = logging.getLogger("nightdesk.narration")

State = Narration.State
#: Seconds between looks for something to read.
LOOK = 0.5
#: What is due later than in so many seconds needs no preparation yet.
_SOON = 10.0
#: What may be otherwise in a while, and when it is tried again.
_AGAIN = {
    Reason.CRASHED: datetime.timedelta(minutes=1),
    Reason.TOO_SLOW: datetime.timedelta(minutes=5),
    Reason.GARBLED: datetime.timedelta(minutes=1),
    Reason.DISK_FULL: datetime.timedelta(minutes=5),
}


class Leave(BaseException):
    """SIGTERM, in the middle of whatever is being done."""


class GaveWayError(Exception):
    """Between two sentences of the archive: an editor has just published."""


def run() -> None:
    """Until SIGTERM. What is being read then is the first to be read after the next start."""
    signal.signal(signal.SIGTERM, _leave)
    try:
        _read_on()
    except Leave:
        # Nothing is lost by leaving in the middle: what counts is written in one transaction.
        os._exit(0)


def _leave(*_signal: object) -> None:
    # Should this end in a place that swallows everything, the alarm still ends the process.
    signal.alarm(3)
    raise Leave


def _read_on() -> None:
    # Voice and studio are started from here and give way within this session; readers are in another.
    stand_back(10)
    # A model of 60 MB pushes everything else out of a core's memory, again and again.
    keep_to_one_core()
    pause = LOOK
    while True:
        time.sleep(pause)
        pause = LOOK
        with contextlib.suppress(database_file.DatabaseGoneError, OperationalError):
            database_file.in_place()
            while not is_frozen(settings.DATA) and read_next():
                pass
            pause = min(LOOK, get_ready())
        close_old_connections()


def get_ready() -> float:
    """Let the voice come that will be needed in a moment; seconds until then, or a long time. An
    editor who has just published waits for the reading, not for a model to be loaded."""
    on = settings.NIGHTDESK["NIGHTDESK_NARRATION"] and not room.is_scarce()
    narration = flow.next_one() if on else None
    if narration is None:
        return _SOON
    seconds = (narration.not_before - timezone.now()).total_seconds()
    by_a_person = HumanRecording.objects.filter(story=narration.story_id).exists()
    if seconds < _SOON and not by_a_person and not choosing.is_wanted(narration.story):
        voice = choosing.voice_of(narration.story.locale.language_code)
        if isinstance(voice, Voice):
            record.get_ready(voice)
    return max(0.05, seconds)


def read_next() -> bool:
    """Have one story read, if one waits. Whatever goes wrong is that story's alone."""
    if not settings.NIGHTDESK["NIGHTDESK_NARRATION"] or room.is_scarce():
        return False
    narration = flow.claim()
    if narration is None:
        return False
    with translation.override(told.LANGUAGE):
        try:
            read(narration)
        except GaveWayError:
            flow.give_back(narration)
        except Leave:
            flow.give_back(narration)
            raise
        except OperationalError:
            raise
        except Exception:
            log.exception("Story %s could not be read.", narration.story_id)
            flow.settle(
                narration,
                State.FAILED,
                "error",
                _(
                    "Something unforeseen happened; the server's log has the whole of it. The "
                    "story is as it was. “Read again” tries once more."
                ),
            )
    return True


def read(narration: Narration) -> None:
    story = narration.story
    language = story.locale.language_code
    preparing.prepare(narration)
    recording = preparing.usable(story.pk)
    if recording:
        _read_by_a_person(narration, recording)
        return
    refused = choosing.is_wanted(story)
    voice = choosing.voice_of(language)
    if refused or isinstance(voice, choosing.NotRead):
        _not_read(narration, refused or voice)
        return
    said = script(story, disclosure=choosing.disclosure_of(language))
    refused = choosing.can_be_read(said)
    if refused:
        _not_read(narration, refused)
        return
    spec = said.fingerprint(voice)
    if narration.shown and narration.spec == spec and _all_there(narration):
        flow.settle(narration, State.READY)
        return
    try:
        recording = record.record(
            said.passages,
            voice,
            flow.workshop() / "new",
            flow.workshop() / "sentences",
            intro=said.intro,
            title=said.title,
            by=said.signed,
            language=language,
            alive=functools.partial(_alive, narration),
        )
        names = _placed(recording, narration.token)
    except NotRecordedError as error:
        _failed(narration, error)
        return
    _show(narration, said, voice, spec, recording, names)


def _alive(narration: Narration, seconds: float) -> None:
    """Before each sentence. What has been spoken is kept, so whoever gives way loses nothing."""
    flow.alive(narration, seconds)
    if flow.gives_way(narration):
        raise GaveWayError


def _read_by_a_person(narration: Narration, recording: HumanRecording) -> None:
    story = narration.story
    refused = choosing.may_be_heard(story)
    if refused:
        _not_read(narration, refused)
        return
    tag = preparing.tag_of(recording, story)
    spec = preparing.spec_of(recording, tag)
    if narration.shown and narration.spec == spec and _all_there(narration):
        flow.settle(narration, State.READY)
        return
    try:
        names = preparing.place(recording, tag, narration)
    except NotRecordedError as error:
        _failed(narration, error)
        return

    def still_so(story: StoryPage) -> bool:
        now = preparing.usable(story.pk)
        return (
            now is not None
            and not choosing.may_be_heard(story)
            and preparing.spec_of(now, preparing.tag_of(now, story)) == spec
        )

    _flip(
        narration,
        names,
        still_so,
        human=True,
        read_by=recording.reader,
        spec=spec,
        audio=names[0],
        podcast=names[1],
        timings="",
        transcript="",
        seconds=recording.seconds,
        voice="",
        cues=[],
        corrections=recording.corrections,
    )


def _placed(recording: Recording, token: str) -> list[str]:
    """The files where readers find them, under names that nobody can guess."""
    flow.folder().mkdir(parents=True, exist_ok=True)
    names = []
    for file in recording.files:
        name = f"audio/{token}-{file.name}"
        try:
            os.replace(file, Path(settings.MEDIA_ROOT) / name)  # noqa: PTH105 - one step
        except OSError as error:
            raise NotRecordedError(Reason.DISK_FULL, detail=str(error)) from error
        names.append(name)
    return names


def _not_read(narration: Narration, why: choosing.NotRead) -> None:
    """What is not to be read is not heard either, except where only the voice is lacking."""
    with transaction.atomic():
        if not flow.settle(narration, State.SKIPPED, why.reason, why.because):
            return
        if narration.shown and why.reason not in ("missing", "not chosen"):
            flow.pull([narration.story_id])
        Narration.objects.filter(pk=narration.pk).update(
            state=State.SKIPPED, reason=why.reason, because=why.because
        )


def _failed(narration: Narration, error: NotRecordedError) -> None:
    pause = _AGAIN.get(error.reason)
    if pause and narration.attempt < flow.MOST_ATTEMPTS:
        Narration.objects.filter(
            pk=narration.pk, state=State.WORKING, wanted_at=narration.wanted_at
        ).update(
            state=State.WAITING,
            not_before=timezone.now() + pause,
            lease_until=None,
            reason=error.reason.value,
            because=_(str(error)),
        )
        return
    log.warning("Story %s was not read: %s %s", narration.story_id, error, error.detail)
    because = f"{_(str(error))} ({error.sentence[:200]})" if error.sentence else _(str(error))
    flow.settle(narration, State.FAILED, error.reason.value, because)


def _show(
    narration: Narration,
    said: Script,
    voice: Voice,
    spec: str,
    recording: Recording,
    names: list[str],
) -> None:
    disclosure = choosing.disclosure_of(said.language)

    def still_so(story: StoryPage) -> bool:
        now = script(story, disclosure=disclosure)
        return not choosing.is_wanted(story) and now.fingerprint(voice) == spec

    _flip(
        narration,
        names,
        still_so,
        human=False,
        read_by="",
        spec=spec,
        audio=names[0],
        podcast=names[1],
        timings=names[2],
        transcript=names[3],
        seconds=recording.seconds,
        voice=voice.id,
        cues=[[cue.id, cue.start, cue.end, cue.written] for cue in recording.cues],
    )


def _flip(
    narration: Narration, names: list[str], still_so: Callable[[StoryPage], bool], **now: Any
) -> None:
    """Show these files, if the story still says this. The old files stay for whoever has the old
    page; ``flow.forget_files`` takes them away."""
    with transaction.atomic():
        beside_others()  # a name that is being protected is not brought back
        row = Narration.objects.select_for_update().filter(pk=narration.pk).first()
        story = StoryPage.objects.filter(pk=narration.story_id).select_related("locale").first()
        asked_anew = row is None or row.wanted_at != narration.wanted_at
        if asked_anew or row.state != State.WORKING or story is None:
            flow.remove(set(names) - set(row.files if row else ()))
            return
        if not still_so(story):
            flow.remove(set(names) - set(row.files))
            Narration.objects.filter(pk=row.pk).update(state=State.WAITING, lease_until=None)
            return
        with changing(row):
            row.state, row.reason, row.because, row.lease_until = State.READY, "", "", None
            row.shown, row.made_at = True, timezone.now()
            row.corrections = story.corrections.count()
            for field, value in now.items():
                setattr(row, field, value)
            row.audio_bytes, row.podcast_bytes = (_size(name) for name in names[:2])
            row.save()


def _size(name: str) -> int:
    return (Path(settings.MEDIA_ROOT) / name).stat().st_size


def _all_there(narration: Narration) -> bool:
    return all((Path(settings.MEDIA_ROOT) / name).is_file() for name in narration.files)
