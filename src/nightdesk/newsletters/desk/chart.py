"""A line over days, as numbers for an SVG: no script, no style attribute, no library."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 160
#: Room for the labels at the left and below.
LEFT, BELOW, ABOVE = 56, 22, 10

Points = Sequence[tuple[datetime.date, int]]


@dataclass(frozen=True)
class Chart:
    """``line``: the points of a polyline. ``marks``: (y, label) of the lines across."""

    line: str
    area: str
    marks: list[tuple[float, int]]
    first: datetime.date
    last: datetime.date
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    bottom: int = HEIGHT - BELOW
    is_a_line: bool = True


def drawn(points: Points) -> Chart:
    """Never cut off at the foot: a list that lost one in a hundred shall look so."""
    first, last = points[0][0], points[-1][0]
    most = max(value for _day, value in points)
    top = _round_up(most)
    days = max((last - first).days, 1)
    bottom = HEIGHT - BELOW

    def x(day: datetime.date) -> float:
        return round(LEFT + (day - first).days / days * (WIDTH - LEFT - 4), 1)

    def y(value: float) -> float:
        return round(bottom - value / top * (bottom - ABOVE), 1)

    line = " ".join(f"{x(day)},{y(value)}" for day, value in points)
    area = f"{x(first)},{bottom} {line} {x(last)},{bottom}"
    marks = [(y(value), value) for value in dict.fromkeys((0, top // 2, top))]
    return Chart(line, area, marks, first, last, is_a_line=len(points) > 1)


def _round_up(most: int) -> int:
    """To a number that is read at a glance: 1, 2 or 5 and noughts; an even one."""
    for step in (2, *(base * 10**power for power in range(1, 10) for base in (1, 2, 5))):
        if most <= step:
            return step
    return most
