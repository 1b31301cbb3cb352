"""From the clean picture to its finished files: master, page sizes, sharing card.

Encoder settings were chosen by time and bytes on a 12-megapixel phone picture, two threads
(docs/decisions/pictures.md has the figures).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from nightdesk.media.darkroom import palette
from nightdesk.media.darkroom.limits import ENCODER_THREADS

WIDTHS = (320, 640, 960, 1280, 1920)
FORMATS = ("avif", "webp", "jpeg")
CARD = (1200, 630)
#: Faces and headlines sit above the middle, so the card keeps a little more of the top.
CARD_CENTRE = (0.5, 0.4)
#: Screenshots, charts and logos have few colours; a photograph has tens of thousands.
DRAWN_COLOURS = 4096
WHITE = (255, 255, 255)

PHOTOGRAPH: dict[str, dict[str, Any]] = {
    "master": {"quality": 88},
    "avif": {"quality": 60, "speed": 8, "max_threads": ENCODER_THREADS},
    "webp": {"quality": 78, "method": 4},
    "jpeg": {"quality": 80, "progressive": True, "optimize": True},
}
#: Thin coloured lines and letters keep their edges: no colour subsampling, lossless WebP.
DRAWN: dict[str, dict[str, Any]] = {
    "master": {"quality": 92, "subsampling": "4:4:4"},
    "avif": {"quality": 70, "speed": 8, "subsampling": "4:4:4", "max_threads": ENCODER_THREADS},
    "webp": {"lossless": True, "quality": 50, "method": 2},
    "jpeg": {"quality": 86, "subsampling": "4:4:4", "progressive": True, "optimize": True},
}


@dataclass(frozen=True)
class Print:
    """One written file; ``use`` is master, size or card."""

    use: str
    name: str
    format: str
    width: int
    height: int


def print_all(picture: Image.Image, folder: Path) -> Iterator[Print]:
    """Write every file of ``picture`` (RGB or RGBA) into ``folder``, master first.

    Raises OSError with its errno when the disk is full.
    """
    settings = DRAWN if picture.getcolors(DRAWN_COLOURS) else PHOTOGRAPH
    yield _print_master(picture, folder, settings)
    for width in page_widths(picture.width):
        height = max(1, round(picture.height * width / picture.width))
        size = _resized(picture, (width, height))
        for name in FORMATS:
            image = on_white(size) if name == "jpeg" else size
            _write(image, folder / f"{width}.{name}", name, settings[name])
            yield Print("size", f"{width}.{name}", name, width, height)
    if picture.width >= CARD[0] and picture.height >= CARD[1]:
        card = ImageOps.fit(on_white(picture), CARD, Image.Resampling.LANCZOS, 0, CARD_CENTRE)
        _write(card, folder / "card.jpeg", "jpeg", settings["jpeg"])
        yield Print("card", "card.jpeg", "jpeg", *CARD)


def page_widths(own: int) -> tuple[int, ...]:
    """The widths to make of a picture ``own`` pixels wide: none larger, its own when small."""
    largest = min(own, WIDTHS[-1])
    return (*(width for width in WIDTHS if width < largest), largest)


def placeholder(picture: Image.Image) -> int:
    """The palette's index for the picture's average colour, seen on white."""
    average = on_white(picture).resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    assert isinstance(average, tuple)
    return palette.nearest(*average[:3])


def on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    paper = Image.new("RGB", picture.size, WHITE)
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper


def _print_master(picture: Image.Image, folder: Path, settings: dict[str, dict[str, Any]]) -> Print:
    """JPEG; WebP where there is transparency, because a photograph as PNG would be ten times it."""
    if picture.mode == "RGBA":
        options = settings["webp"] if settings is DRAWN else {"quality": 90, "method": 4}
        name = "webp"
    else:
        options = {**settings["jpeg"], **settings["master"]}
        name = "jpeg"
    _write(picture, folder / f"master.{name}", name, options)
    return Print("master", f"master.{name}", name, *picture.size)


def _resized(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    return picture if picture.size == size else picture.resize(size, Image.Resampling.LANCZOS)


def _write(image: Image.Image, path: Path, name: str, options: dict[str, Any]) -> None:
    """Encoded in memory first: Pillow's own writing hides a full disk behind a vague error.

    Synced, because the database may say "saved" right after this.
    """
    encoded = BytesIO()
    image.save(encoded, format=name.upper(), **options)
    with path.open("xb") as file:
        file.write(encoded.getbuffer())
        file.flush()
        os.fsync(file.fileno())
