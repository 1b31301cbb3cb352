"""A decoded picture that is read strip by strip, so that no second full copy ever exists."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PIL import Image

STRIP_ROWS = 256


@dataclass
class Negative:
    """Pixels as they came out of the decoder: not yet upright, in the file's own colours.

    ``strip(top, bottom)`` is those rows as a picture of any mode; ``orientation`` is EXIF's 1–8.
    """

    width: int
    height: int
    strip: Callable[[int, int], Image.Image]
    orientation: int = 1
    icc: bytes | None = None

    @classmethod
    def of_image(
        cls, image: Image.Image, *, orientation: int = 1, icc: bytes | None = None
    ) -> Negative:
        def strip(top: int, bottom: int) -> Image.Image:
            return image.crop((0, top, image.width, bottom))

        return cls(image.width, image.height, strip, orientation, icc)

    @classmethod
    def of_rows(
        cls,
        rows: bytes | bytearray | memoryview,
        mode: str,
        size: tuple[int, int],
        stride: int,
        *,
        orientation: int = 1,
        icc: bytes | None = None,
    ) -> Negative:
        """``rows`` are ``stride`` bytes each, packed as Pillow's raw ``mode``."""
        width, height = size
        view = memoryview(rows).cast("B")

        def strip(top: int, bottom: int) -> Image.Image:
            part = bytes(view[top * stride : bottom * stride])
            return Image.frombytes(mode, (width, bottom - top), part, "raw", mode, stride, 1)

        return cls(width, height, strip, orientation, icc)

    def strips(self) -> Iterator[tuple[int, Image.Image]]:
        """Each strip with the row it begins at."""
        for top in range(0, self.height, STRIP_ROWS):
            yield top, self.strip(top, min(top + STRIP_ROWS, self.height))
