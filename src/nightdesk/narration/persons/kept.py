"""Where recordings lie: what was uploaded in the workshop, what was made of it below the media
folder (so that it is in every copy of that), where no reader is handed anything."""

from __future__ import annotations

import datetime
import logging
from pathlib import Path

from django.conf import settings

from nightdesk.narration import flow
from nightdesk.narration.persons.models import HumanRecording

log = logging.getLogger("nightdesk.narration")

#: A file that no row names is younger than that while its row is being written.
_YOUNG = datetime.timedelta(hours=3)


def uploads() -> Path:
    return flow.workshop() / "uploads"


def masters() -> Path:
    return Path(settings.MEDIA_ROOT) / "recordings"


def files_of(recording: HumanRecording) -> list[Path]:
    made = [masters() / name for name in (recording.master, recording.podcast) if name]
    return [*made, uploads() / recording.upload] if recording.upload else made


def remove(files: list[Path]) -> None:
    for file in files:
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            log.warning("A recording could not be removed: %s. It is tried again.", error.strerror)


def forget_files(now: datetime.datetime) -> int:
    """What no row names: left by a crash, or by a disk that did not let go of it."""
    old = (now - _YOUNG).timestamp()
    named = {str(file) for row in HumanRecording.objects.all() for file in files_of(row)}
    gone = [
        file
        for folder in (uploads(), masters())
        if folder.is_dir()
        for file in folder.iterdir()
        if file.is_file() and str(file) not in named and file.stat().st_mtime < old
    ]
    remove(gone)
    return len(gone)


_last_tidied: list[datetime.datetime] = []


def tidy(now: datetime.datetime) -> int:
    """A due verb of the clock: once an hour is enough."""
    if _last_tidied and now - _last_tidied[0] < datetime.timedelta(hours=1):
        return 0
    _last_tidied[:] = [now]
    return forget_files(now)
