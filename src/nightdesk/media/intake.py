"""From an upload to stored, clean files that a picture can point to.

The one way in, for the admin's forms, the importer and the demo: nothing that somebody uploaded
reaches the store without having been through the darkroom.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage

from nightdesk.media.darkroom import Developed, Made, develop
from nightdesk.media.turns import a_turn


@dataclass(frozen=True)
class Intake:
    """Clean files in the store, not yet anybody's: give them to a picture or ``discard`` them.

    ``made`` is what `Picture.made` holds; ``master`` and ``card`` are names in the store.
    """

    token: str
    master: str
    width: int
    height: int
    bytes: int
    made: list[dict[str, object]]
    card: str
    palette: int

    def names(self) -> list[str]:
        return [self.master, *(str(size["name"]) for size in self.made), *filter(None, [self.card])]

    def discard(self) -> None:
        """Remove the files: the picture they were made for was not saved."""
        for name in self.names():
            default_storage.delete(name)


def take_in(upload: IO[bytes]) -> Intake:
    """Develop an upload and store the results under unguessable names.

    Raises what `nightdesk.media.darkroom.develop` raises, and TimeoutError when too many are being
    developed; then nothing is stored.
    """
    limit = settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE
    with tempfile.TemporaryDirectory(prefix="nightdesk-picture-") as folder:
        source = Path(folder) / "upload"
        upload.seek(0)
        with source.open("wb") as copy:
            shutil.copyfileobj(upload, copy)
        with a_turn(settings.DATA / "darkroom"):
            developed = develop(source, Path(folder) / "finished", byte_limit=limit)
        return _store(developed)


def _store(developed: Developed) -> Intake:
    stored: list[str] = []

    def keep(made: Made, folder: str) -> str:
        with made.path.open("rb") as file:
            name = default_storage.save(f"{folder}/{made.path.name}", File(file))
        stored.append(name)
        return name

    try:
        sizes = [
            {
                "format": size.format,
                "width": size.width,
                "height": size.height,
                "bytes": size.bytes,
                "name": keep(size, "pictures"),
            }
            for size in developed.sizes
        ]
        return Intake(
            token=developed.master.path.stem,
            master=keep(developed.master, "masters"),
            width=developed.master.width,
            height=developed.master.height,
            bytes=developed.master.bytes,
            made=sizes,
            card=keep(developed.card, "pictures") if developed.card else "",
            palette=developed.palette,
        )
    except OSError:
        for name in stored:
            default_storage.delete(name)
        raise
