"""What a JPEG's headers say about the memory it takes to decode it.

libjpeg decodes a baseline JPEG row by row, but one sent in several scans (progressive, or with
each colour apart) only after it holds every coefficient of the whole picture.
ITU-T T.81, annex B.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
PROGRESSIVE = {0xC2, 0xC6, 0xCA, 0xCE}
START_OF_SCAN = 0xDA
STAND_ALONE = {0x01, 0xD8, *range(0xD0, 0xD8)}
BYTES_PER_COEFFICIENT = 2


@dataclass(frozen=True)
class Frame:
    """``several_scans``: the coefficients must be held; ``samples_per_pixel``: 1.5 for 4:2:0."""

    width: int
    height: int
    samples_per_pixel: float
    several_scans: bool

    @property
    def held_bytes_per_pixel(self) -> float:
        return self.samples_per_pixel * BYTES_PER_COEFFICIENT if self.several_scans else 0.0


def read_frame(file: BinaryIO) -> Frame:
    """The first frame of the JPEG in ``file``, read up to its first scan.

    Raises ValueError for a file whose headers end early or make no sense.
    """
    file.seek(2)
    frame: tuple[int, int, int, float, bool] | None = None
    while True:
        marker = _next_marker(file)
        if marker in STAND_ALONE:
            continue
        length = int.from_bytes(_exactly(file, 2), "big") - 2
        if length < 0:
            raise ValueError("a JPEG segment of impossible length")
        if marker in START_OF_FRAME:
            frame = _parse_frame(_exactly(file, length), progressive=marker in PROGRESSIVE)
        elif marker == START_OF_SCAN:
            break
        else:
            _exactly(file, length)
    if frame is None:
        raise ValueError("a JPEG scan before its frame")
    width, height, components, samples, progressive = frame
    in_first_scan = _exactly(file, 1)[0]
    return Frame(width, height, samples, progressive or in_first_scan < components)


def _parse_frame(body: bytes, *, progressive: bool) -> tuple[int, int, int, float, bool]:
    """Precision 1, height 2, width 2, count 1, then (id 1, sampling 1, table 1) each."""
    height, width = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
    count = body[5] if len(body) > 5 else 0
    sampling = [(byte >> 4, byte & 15) for byte in body[7 : 6 + 3 * count : 3]]
    if not count or len(sampling) < count or not all(h and v for h, v in sampling):
        raise ValueError("a JPEG frame without components")
    widest, highest = max(h for h, _ in sampling), max(v for _, v in sampling)
    samples = sum(h * v for h, v in sampling) / (widest * highest)
    return width, height, count, samples, progressive


def _next_marker(file: BinaryIO) -> int:
    """Markers are 0xFF and a code; libjpeg skips junk before one, so this does."""
    while _exactly(file, 1) != b"\xff":
        pass
    while (code := _exactly(file, 1)[0]) == 0xFF:
        pass
    return code


def _exactly(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) < count:
        raise ValueError("truncated JPEG header")
    return data
