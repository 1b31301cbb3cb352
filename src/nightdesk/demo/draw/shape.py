"""Shapes: what a knife would cut from the film of one ink. Coordinates are finished pixels."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Self

from PIL import Image, ImageDraw

Point = tuple[float, float]
Mark = Callable[[ImageDraw.ImageDraw, float], None]


class Shape:
    """Marks drawn one over another; after `cut()` they take away, after `add()` they add again."""

    def __init__(self) -> None:
        self._marks: list[Mark] = []
        self._value = 255

    def cut(self) -> Self:
        self._value = 0
        return self

    def add(self) -> Self:
        self._value = 255
        return self

    def poly(self, *points: Point) -> Self:
        value = self._value
        self._marks.append(
            lambda pen, k: pen.polygon([(x * k, y * k) for x, y in points], fill=value)
        )
        return self

    def rect(self, left: float, top: float, right: float, bottom: float, round: float = 0) -> Self:
        value = self._value

        def mark(pen: ImageDraw.ImageDraw, k: float) -> None:
            box = (left * k, top * k, right * k, bottom * k)
            pen.rounded_rectangle(box, radius=round * k, fill=value)

        self._marks.append(mark)
        return self

    def oval(self, x: float, y: float, rx: float, ry: float | None = None) -> Self:
        value, ry = self._value, rx if ry is None else ry
        self._marks.append(
            lambda pen, k: pen.ellipse(
                ((x - rx) * k, (y - ry) * k, (x + rx) * k, (y + ry) * k), fill=value
            )
        )
        return self

    def line(self, points: Sequence[Point], width: float) -> Self:
        """A line with round ends and joints."""
        value = self._value

        def mark(pen: ImageDraw.ImageDraw, k: float) -> None:
            scaled = [(x * k, y * k) for x, y in points]
            thick = max(1, round(width * k))
            pen.line(scaled, fill=value, width=thick, joint="curve")
            if thick > 3:
                for x, y in (scaled[0], scaled[-1]):
                    r = thick / 2 - 0.5
                    pen.ellipse((x - r, y - r, x + r, y + r), fill=value)

        self._marks.append(mark)
        return self

    def blob(self, *points: Point) -> Self:
        """A closed soft outline through all points."""
        return self.poly(*smooth(points, closed=True))

    def curve(self, points: Sequence[Point], width: float) -> Self:
        """A soft line through all points."""
        return self.line(smooth(points), width)

    def mask(self, size: tuple[int, int], scale: float) -> Image.Image:
        image = Image.new("L", size, 0)
        pen = ImageDraw.Draw(image)
        for mark in self._marks:
            mark(pen, scale)
        return image


def smooth(points: Sequence[Point], closed: bool = False, steps: int = 14) -> list[Point]:
    """A Catmull-Rom curve through `points`."""
    pts = list(points)
    pts = [pts[-1], *pts, pts[0], pts[1]] if closed else [pts[0], *pts, pts[-1]]
    out: list[Point] = []
    for i in range(1, len(pts) - 2):
        p0, p1, p2, p3 = pts[i - 1 : i + 3]
        for step in range(steps):
            t = step / steps
            out.append(
                tuple(
                    0.5
                    * (
                        2 * b
                        + (c - a) * t
                        + (2 * a - 5 * b + 4 * c - d) * t * t
                        + (3 * b - a - 3 * c + d) * t**3
                    )
                    for a, b, c, d in zip(p0, p1, p2, p3, strict=True)
                )
            )
    if not closed:
        out.append(pts[-2])
    return out


def hanging(start: Point, end: Point, sag: float, steps: int = 40) -> list[Point]:
    """A rope between two points that hangs through by `sag` in its middle."""
    (x0, y0), (x1, y1) = start, end
    return [
        (x0 + (x1 - x0) * t, y0 + (y1 - y0) * t + sag * 4 * t * (1 - t))
        for t in (i / steps for i in range(steps + 1))
    ]


def turned(points: Iterable[Point], centre: Point, degrees: float) -> list[Point]:
    """`points` turned clockwise round `centre`."""
    cx, cy = centre
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return [(cx + (x - cx) * c - (y - cy) * s, cy + (x - cx) * s + (y - cy) * c) for x, y in points]
