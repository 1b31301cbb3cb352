"""What can be done with pictures: give one its files, add one, remove one's files."""

from __future__ import annotations

from typing import IO

from django.core.files.storage import default_storage
from django.db import transaction

from nightdesk.media.intake import Intake, take_in
from nightdesk.media.models import Picture


def give_files(picture: Picture, intake: Intake) -> None:
    """Point a picture, not yet saved, at its finished files."""
    picture.token = intake.token
    picture.file.name = intake.master
    picture.width, picture.height = intake.width, intake.height
    picture.file_size = intake.bytes
    picture.made = intake.made
    picture.card = intake.card
    picture.palette = intake.palette
    picture.focal_point_x = picture.focal_point_y = None
    picture.focal_point_width = picture.focal_point_height = None


def add_picture(upload: IO[bytes], *, alt: str, credit: str, **details: object) -> Picture:
    """A new picture from any stream of bytes. Raises what the darkroom raises."""
    intake = take_in(upload)
    try:
        picture = Picture(title=title_from(alt), alt=alt, credit=credit, **details)
        give_files(picture, intake)
        picture.save()
    except Exception:
        intake.discard()
        raise
    return picture


def title_from(alt: str) -> str:
    """How the admin lists a picture: by what it shows, never by the name of a file."""
    return alt if len(alt) <= 120 else alt[:117].rsplit(" ", 1)[0] + "…"


def remove_files_later(names: list[str]) -> None:
    """Delete stored files once the change that orphans them is committed."""
    transaction.on_commit(lambda: [default_storage.delete(name) for name in names if name])
