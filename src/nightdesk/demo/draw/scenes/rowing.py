"""An eight from above, with the prints of its blades."""

import math

from nightdesk.demo.draw.inks import (
    AMBER,
    CORAL,
    DEEP,
    MIST,
    NIGHT,
    PAPER,
    PLUM,
    RUST,
    SAND,
    SEA,
    TEAL,
    mix,
)
from nightdesk.demo.draw.shape import Point, Shape, turned
from nightdesk.demo.draw.sheet import Sheet

CENTRE: Point = (800, 533)
LEAN = -24


def draw(art: Sheet) -> None:
    art.flat(art.everything(), mix(DEEP, TEAL, 0.45))
    art.grain(art.everything(), NIGHT, (0, 0), (760, 560), (0.85, 0))
    art.grain(art.everything(), SEA, (1600, 1067), (860, 520), (0.55, 0))
    ripples = Shape()
    for _ in range(210):
        x, y = art.random.uniform(-40, 1600), art.random.uniform(0, 1067)
        wide = art.random.uniform(16, 70)
        ripples.curve(
            [(x, y), (x + wide * 0.35, y - 5), (x + wide * 0.7, y + 3), (x + wide, y - 2)], 2
        )
    art.flat(ripples, mix(SEA, TEAL, 0.3), 0.42)
    wake = Shape().poly(*_at((90, 533), (-900, 480), (-900, 586)))
    art.grain(wake, MIST, _at((90, 533))[0], _at((-700, 533))[0], (0.8, 0))
    _puddles(art)
    art.flat(Shape().poly(*[(x + 26, y + 36) for x, y in _hull(30)]), NIGHT, 0.5, blur=7)
    _oars(art)
    hull = Shape().poly(*_hull(30))
    art.flat(hull, mix(RUST, CORAL, 0.15))
    art.grain(hull, NIGHT, _at((800, 575))[0], _at((800, 505))[0], (0.8, 0))
    art.flat(Shape().poly(*_hull(18, 150)), mix(PLUM, NIGHT, 0.45))
    art.flat(
        Shape().line(_at((210, 533), (140, 533)), 3).line(_at((1390, 533), (1460, 533)), 3), PAPER
    )
    _crew(art)


def _at(*points: Point) -> list[Point]:
    return turned(points, CENTRE, LEAN)


def _hull(half: float, shorten: float = 0) -> list[Point]:
    left, right = 60 + shorten, 1540 - shorten
    top = [
        (left + (right - left) * i / 40, 533 - half * math.sin(math.pi * i / 40) ** 0.55)
        for i in range(41)
    ]
    return _at(*top, *[(x, 1066 - y) for x, y in reversed(top)])


def _seats() -> list[tuple[float, int]]:
    return [(300 + i * 124, 1 if i % 2 else -1) for i in range(8)]


def _oars(art: Sheet) -> None:
    shafts, blades, shade = Shape(), Shape(), Shape()
    for x, side in _seats():
        start, end = (x + 14, 533 - side * 6), (x - 74, 533 + side * 262)
        shafts.line(_at(start, end), 6)
        shade.line([(a + 22, b + 32) for a, b in _at(start, end)], 8)
        blade = [
            (end[0] - 6, end[1] - side * 10),
            (end[0] - 32, end[1] + side * 66),
            (end[0] - 2, end[1] + side * 76),
            (end[0] + 18, end[1] - side * 4),
        ]
        blades.poly(*_at(*blade))
        shade.poly(*[(a + 22, b + 32) for a, b in _at(*blade)])
        shafts.line(
            _at((x - 20, 533 + side * 24), (x - 8, 533 + side * 66), (x + 20, 533 + side * 24)), 4
        )
    art.flat(shade, NIGHT, 0.42, blur=4)
    art.flat(shafts, mix(SAND, PAPER, 0.5))
    art.flat(blades, PAPER)
    tips = Shape()
    for x, side in _seats():
        ex, ey = x - 74, 533 + side * 262
        tips.poly(
            *_at(
                (ex - 22, ey + side * 40),
                (ex - 32, ey + side * 66),
                (ex - 2, ey + side * 76),
                (ex + 7, ey + side * 42),
            )
        )
    art.flat(tips, RUST)


def _puddles(art: Sheet) -> None:
    rings = Shape()
    for stroke in range(1, 4):
        for x, side in _seats():
            px, py = _at((x - 110 - stroke * 250, 533 + side * (300 + stroke * 4)))[0]
            r = 20 + stroke * 12
            for k in range(2):
                rr = r - k * 11
                rings.oval(px, py, rr, rr * 0.86).cut().oval(px, py, rr - 3, (rr - 3) * 0.86).add()
    art.flat(rings, mix(MIST, PAPER, 0.4), 0.5)


def _crew(art: Sheet) -> None:
    for index, (x, side) in enumerate(_seats()):
        legs = Shape().line(_at((x, 527), (x - 70, 525)), 11).line(_at((x, 539), (x - 70, 541)), 11)
        arms = (
            Shape()
            .line(_at((x + 6, 518), (x + 10, 533 - side * 2)), 10)
            .line(_at((x + 6, 548), (x + 12, 533 + side * 8)), 10)
        )
        shirt = AMBER if index % 2 else PAPER
        art.flat(legs, mix(CORAL, PLUM, 0.5))
        art.flat(arms, mix(CORAL, PLUM, 0.4))
        shoulders = Shape().line(_at((x, 514), (x, 552)), 25)
        art.flat(shoulders, shirt)
        art.grain(
            shoulders, mix(RUST, PLUM, 0.5), _at((x + 18, 556))[0], _at((x - 14, 514))[0], (0.8, 0)
        )
        head = _at((x - 4, 533))[0]
        art.flat(Shape().oval(head[0] + 5, head[1] + 8, 12), NIGHT, 0.5)
        art.flat(
            Shape().oval(*head, 12.5),
            (NIGHT, mix(RUST, PLUM, 0.5), mix(SAND, PLUM, 0.35))[index % 3],
        )
    cox = _at((1330, 533))[0]
    art.flat(Shape().line(_at((1330, 522), (1330, 544)), 22), RUST)
    art.flat(Shape().oval(*cox, 12), NIGHT)
    art.flat(Shape().poly(*_at((1300, 529), (1314, 526), (1314, 540), (1300, 537))), PAPER)
