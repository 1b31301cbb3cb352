"""The demo's pictures, finished: shipped, so that a first run does not spend a minute on them.

``nightdesk demo seed`` develops the drawings once and writes ``album/`` and its list,
``album.json``; loading the demo copies the files into the newsroom's store.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage

from nightdesk.demo.script import LANGUAGES, pictures_of
from nightdesk.demo.script import Picture as Drawing
from nightdesk.media.actions import give_files
from nightdesk.media.darkroom import develop
from nightdesk.media.intake import Intake
from nightdesk.media.models import Picture

ALBUM = Path(__file__).parent / "album"
LIST = ALBUM / "album.json"

#: What of a finished picture is shipped: enough for any screen at a fraction of the bytes.
SHIPPED = {("avif", 320), ("avif", 640), ("avif", 1280), ("jpeg", 640), ("jpeg", 1280)}
SHIPPED_PORTRAIT = {("avif", 320), ("jpeg", 320)}


def token_of(slug: str) -> str:
    """A demo picture's name in the store. The demo has nothing to hide, and must not change each
    time it is made."""
    return f"demo{''.join(letter for letter in slug if letter.isalnum())}"


def make(drawings: dict[str, Drawing], bench: Path) -> None:
    """Develop every drawing anew and write the album."""
    shutil.rmtree(ALBUM, ignore_errors=True)
    ALBUM.mkdir(parents=True)
    entries = {slug: _make_one(slug, drawing, bench) for slug, drawing in drawings.items()}
    LIST.write_text(json.dumps(entries, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _make_one(slug: str, drawing: Drawing, bench: Path) -> dict[str, Any]:
    developed = develop(drawing.file, bench / slug)
    token = token_of(slug)
    wanted = SHIPPED_PORTRAIT if slug.startswith("portrait") else SHIPPED
    made = []
    for size in developed.sizes:
        if (size.format, size.width) not in wanted:
            continue
        name = f"{token}-{size.width}{size.path.suffix}"
        shutil.copyfile(size.path, ALBUM / name)
        made.append(
            {
                "format": size.format,
                "width": size.width,
                "height": size.height,
                "bytes": size.bytes,
                "name": f"pictures/{name}",
            }
        )
    jpegs = [size for size in made if size["format"] == "jpeg"]
    largest = jpegs[-1]
    return {
        "token": token,
        # The largest JPEG serves as master too: the admin makes its thumbnails from it.
        "master": f"masters/{token}.jpg",
        "width": largest["width"],
        "height": largest["height"],
        "bytes": largest["bytes"],
        "made": made,
        "card": "",
        "palette": developed.palette,
    }


def entries(language: str = "en") -> dict[str, Intake]:
    """The finished files of every drawing, by its slug.

    Each edition has copies of its own, because a picture says what it shows in one language.
    """
    listed = json.loads(LIST.read_text(encoding="utf-8"))
    return {slug: Intake(**_copy_for(language, entry)) for slug, entry in listed.items()}


def _copy_for(language: str, entry: dict[str, Any]) -> dict[str, Any]:
    """An entry under the names that its copy for ``language`` has in the store."""
    if language == "en":
        return entry
    token = entry["token"]
    own = f"demo{language}{token}"
    made = [{**size, "name": size["name"].replace(token, own)} for size in entry["made"]]
    return {**entry, "token": own, "master": entry["master"].replace(token, own), "made": made}


def put_files(slug: str, intake: Intake) -> None:
    """Copy one picture's files into the newsroom's store. Safe to run again."""
    token = token_of(slug)
    names = [str(size["name"]) for size in intake.made]
    largest = [str(size["name"]) for size in intake.made if size["format"] == "jpeg"][-1]
    for name, like in [*zip(names, names, strict=True), (intake.master, largest)]:
        if not default_storage.exists(name):
            shipped = ALBUM / Path(like).name.replace(intake.token, token)
            with shipped.open("rb") as file:
                default_storage.save(name, File(file))


def put_all_files() -> None:
    """For a database that was planted with the demo in it: bring its pictures."""
    for language in LANGUAGES:
        finished = entries(language)
        for slug in pictures_of(language):
            put_files(slug, finished[slug])


def hang(drawing: Drawing, intake: Intake) -> Picture:
    """A picture in the newsroom from a drawing of the album."""
    put_files(drawing.slug, intake)
    picture = Picture.objects.filter(token=intake.token).first() or Picture()
    give_files(picture, intake)
    picture.title = drawing.title
    picture.alt, picture.caption, picture.credit = drawing.alt, drawing.caption, drawing.credit
    x, y = drawing.focus
    picture.focal_point_x, picture.focal_point_y = int(x * intake.width), int(y * intake.height)
    picture.focal_point_width = picture.focal_point_height = 1
    picture.save()
    return picture
