"""The verbs of a person's recording. None waits for it to be made: ``preparing`` does that in the
process beside the worker."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from nightdesk.kernel.tokens import unguessable
from nightdesk.media.turns import a_turn
from nightdesk.narration import flow
from nightdesk.narration.passages import script
from nightdesk.narration.persons import kept
from nightdesk.narration.persons.models import HumanRecording
from nightdesk.narration.studio import uploads
from nightdesk.narration.studio.refusals import Refusal, RefusedError
from nightdesk.press import together
from nightdesk.stories.models import StoryPage

State, Held = HumanRecording.State, HumanRecording.Held
#: Seconds that an editor waits for a turn when several upload at once.
_PATIENCE = 60.0


def take_in(story: StoryPage, upload: UploadedFile, reader: str, by: Any) -> HumanRecording:
    """Keep it, once its first seconds were read; what readers hear changes when it is ready.
    Raises RefusedError, and nothing is kept."""
    name = unguessable()
    file = kept.uploads() / name
    try:
        _copied(upload, file)
        with a_turn(flow.workshop() / "turns", patience=_PATIENCE):
            uploads.look(file)
        with transaction.atomic():
            # A name may have been protected during the upload.
            together.beside_others()
            story = StoryPage.objects.select_related("locale").get(pk=story.pk)
            waiting = HumanRecording.objects.exclude(state=State.READY).filter(story=story)
            _delete(waiting)
            recording = HumanRecording.objects.create(
                story=story,
                reader=reader,
                upload=name,
                words=_words(story),
                corrections=_corrections(story),
                by=by,
            )
            flow.want(story, at_once=True)
    except TimeoutError as error:
        kept.remove([file])
        raise RefusedError(Refusal.BUSY, str(error)) from error
    except OSError as error:
        kept.remove([file])
        raise RefusedError(Refusal.DISK_FULL, str(error)) from error
    except BaseException:
        kept.remove([file])
        raise
    return recording


def _copied(upload: UploadedFile, file: Any) -> None:
    if upload.size is not None and upload.size > uploads.MOST_BYTES:
        raise RefusedError(Refusal.TOO_BIG, f"{upload.size} bytes")
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as copy:
        for chunk in upload.chunks():
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())


def _words(story: StoryPage) -> str:
    """All that somebody may have read: of the story that is out, and of its draft."""
    said: dict[str, None] = {}
    for version in (story, story.get_latest_revision_as_object()):
        for passage in script(version).passages:
            said.update((one.written, None) for one in passage.sentences)
    return "\n".join(said)


def _corrections(story: StoryPage) -> int:
    """Those that it may say: a draft that is about to be published may have one more."""
    return max(story.corrections.count(), story.get_latest_revision_as_object().corrections.count())


@transaction.atomic
def rename(recording: HumanRecording, reader: str) -> None:
    """Somebody else reads it than was said."""
    recording.reader = reader
    recording.save(update_fields=["reader"])
    flow.want(recording.story, at_once=True)


@transaction.atomic
def remove(story: StoryPage) -> int:
    """Gone at once and for good; the voice reads the story again."""
    count = _delete(HumanRecording.objects.filter(story=story))
    flow.pull([story.pk])
    if story.live:
        flow.want(story, at_once=True)
    return count


@transaction.atomic
def hold(stories: Iterable[int], why: str) -> int:
    """Keep it from readers until an editor says otherwise."""
    rows = HumanRecording.objects.filter(story__in=list(stories), held="")
    return rows.exclude(state=State.REFUSED).update(held=why)


@transaction.atomic
def still_holds(recording: HumanRecording) -> None:
    """An editor has listened: what it says is right, as the story stands now."""
    recording.held = ""
    recording.corrections = recording.story.corrections.count()
    recording.words = "\n".join(filter(None, (recording.words, _words(recording.story))))
    recording.save(update_fields=["held", "corrections", "words"])
    flow.want(recording.story, at_once=True)


def forget(stories: Iterable[int]) -> int:
    """With every file: taken down, or a name in it is protected."""
    return _delete(HumanRecording.objects.filter(story__in=list(stories)))


def _delete(rows: Any) -> int:
    count = 0
    for row in rows:  # one after another: their files go with them
        row.delete()
        count += 1
    return count


def on_published(instance: StoryPage, **_more: object) -> None:
    """In the publishing transaction. A recording that was read before a correction is not heard
    until an editor has decided about it: it cannot be made again by itself."""
    if instance.live and not instance.alias_of_id:
        count = instance.corrections.count()
        HumanRecording.objects.filter(story=instance, corrections__lt=count, held="").exclude(
            state=State.REFUSED
        ).update(held=Held.CORRECTION)


def on_deleted(instance: HumanRecording, **_more: object) -> None:
    files = kept.files_of(instance)
    transaction.on_commit(lambda: kept.remove(files))
