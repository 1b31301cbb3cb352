"""In the process beside the worker: an upload → our own files → what readers get."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import logging
import os
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from nightdesk.narration import flow
from nightdesk.narration.models import Narration
from nightdesk.narration.persons import kept, words
from nightdesk.narration.persons.models import HumanRecording
from nightdesk.narration.studio import id3, uploads
from nightdesk.narration.studio.refusals import Refusal, RefusedError
from nightdesk.narration.voices.ports import NotRecordedError, Reason
from nightdesk.stories.models import StoryPage

log = logging.getLogger("nightdesk.narration")

State = HumanRecording.State
#: An hour's recording takes some minutes of a busy machine.
_LEASE = datetime.timedelta(minutes=45)


def prepare(narration: Narration) -> None:
    """Make files of what was uploaded for its story, if something was. Whatever is wrong with the
    file is written beside it, and what readers have stays."""
    story = narration.story_id
    recording = HumanRecording.objects.filter(story=story, state=State.PREPARING).first()
    if recording is None:
        return
    Narration.objects.filter(pk=narration.pk, wanted_at=narration.wanted_at).update(
        lease_until=timezone.now() + _LEASE
    )
    source = kept.uploads() / recording.upload
    try:
        if not source.is_file():
            raise RefusedError(Refusal.EMPTY, "the upload is not there any more")
        taken = uploads.take_in(source, kept.masters())
    except RefusedError as error:
        log.warning("A recording was refused: %s. %s", error.refusal.value, error.detail)
        _refuse(recording, error.refusal)
    else:
        _replace(recording, taken)
    # What came from somebody's device is kept no longer than it is needed.
    kept.remove([source])


def _refuse(recording: HumanRecording, refusal: Refusal) -> None:
    HumanRecording.objects.filter(pk=recording.pk, state=State.PREPARING).update(
        state=State.REFUSED, because=words.sentence(refusal), upload=""
    )


def _replace(recording: HumanRecording, taken: uploads.Taken) -> None:
    """Ready, in the place of the one before. It may have been removed meanwhile."""
    made = [taken.player, taken.podcast]
    with transaction.atomic():
        row = HumanRecording.objects.select_for_update().filter(pk=recording.pk).first()
        if row is None or row.state != State.PREPARING:
            kept.remove(made)
            return
        for before in HumanRecording.objects.filter(story=row.story_id, state=State.READY):
            before.delete()
        row.state, row.upload, row.seconds = State.READY, "", taken.seconds
        row.master, row.podcast = (file.name for file in made)
        row.save()


def usable(story_id: int) -> HumanRecording | None:
    """The recording that readers are to hear; None when the voice reads."""
    row = HumanRecording.objects.filter(story=story_id, state=State.READY, held="").first()
    if row is None or not all(file.is_file() for file in kept.files_of(row)):
        return None
    return row


def tag_of(recording: HumanRecording, story: StoryPage) -> bytes:
    language = story.locale.language_code
    with translation.override(language):
        credit = gettext("Read by %(name)s") % {"name": recording.reader}
    return id3.tag(
        title=story.told_headline,
        artist=story.signature or settings.WAGTAIL_SITE_NAME,
        language=language,
        disclosure="",
        credit=credit,
        made_with="Nightdesk",
    )


def spec_of(recording: HumanRecording, tag: bytes) -> str:
    """Of everything that its files depend on."""
    what = f"{recording.pk} {recording.master} {recording.podcast} {recording.reader}".encode()
    return hashlib.sha256(what + b"\0" + tag).hexdigest()


def place(recording: HumanRecording, tag: bytes, token: str) -> list[str]:
    """Its files with the story's tag in front, where readers find them: for the player, for
    podcasts. Raises NotRecordedError."""
    try:
        return [
            _placed(kept.masters() / name, tag, f"audio/{token}-", ending)
            for name, ending in ((recording.master, ".mp3"), (recording.podcast, ".podcast.mp3"))
        ]
    except OSError as error:
        raise NotRecordedError(Reason.DISK_FULL, detail=str(error)) from error


def _placed(master: Path, tag: bytes, start: str, ending: str) -> str:
    flow.folder().mkdir(parents=True, exist_ok=True)
    data = tag + master.read_bytes()
    name = f"{start}{hashlib.sha256(data).hexdigest()[:32]}{ending}"
    file = Path(settings.MEDIA_ROOT) / name
    unfinished = file.with_name(f".{file.name}")
    try:
        with unfinished.open("wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        unfinished.chmod(0o644)
        unfinished.replace(file)
    except OSError:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise
    return name
