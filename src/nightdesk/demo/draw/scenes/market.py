"""The iron hall of the Weighhouse in the morning."""

import math

from nightdesk.demo.draw.figures import standing
from nightdesk.demo.draw.inks import (
    AMBER,
    CORAL,
    DEEP,
    INK,
    NIGHT,
    PAPER,
    PLUM,
    RUST,
    SAND,
    SEA,
    TEAL,
    mix,
)
from nightdesk.demo.draw.shape import Point, Shape
from nightdesk.demo.draw.sheet import Sheet

EYE: Point = (800, 640)


def draw(art: Sheet) -> None:
    art.flat(art.everything(), mix(DEEP, TEAL, 0.25))
    art.grain(art.everything(), NIGHT, (0, -20), (0, 560), (0.85, 0.1))
    window = _arch(0.3)
    art.flat(window, mix(AMBER, PAPER, 0.55))
    art.grain(window, CORAL, (0, 720), (0, 470), (0.8, 0))
    bars = Shape()
    for i in range(-5, 6):
        bars.line([(800 + i * 39, 300), (800 + i * 39, 720)], 3.5)
    for r in (0.1, 0.2):
        bars.line(_ring(r), 3.5)
    for y in (560, 610, 660):
        bars.line([(580, y), (1020, y)], 3.5)
    art.flat(bars, INK)
    art.glow(800, 560, 520, AMBER, 0.55, grain=0.7)
    for s in (0.36, 0.46, 0.6, 0.79, 1.05, 1.42):
        ring = Shape().line(_ring(s), 9 + 20 * s)
        art.flat(ring, mix(INK, NIGHT, min(1, s)))
        lace = Shape()
        inner = _ring(s * 0.93)
        outer = _ring(s)
        for i in range(0, len(outer) - 2, 2):
            lace.line([outer[i], inner[i + 1], outer[i + 2]], 2 + 4 * s)
        lace.line(inner, 3 + 5 * s)
        art.flat(lace, mix(INK, NIGHT, min(1, s)))
        legs = Shape()
        for side in (-1, 1):
            x = 800 + side * 760 * s
            legs.rect(x - 13 * s, EYE[1] - 120 * s, x + 13 * s, EYE[1] + 330 * s)
            legs.rect(x - 22 * s, EYE[1] - 130 * s, x + 22 * s, EYE[1] - 108 * s)
        art.flat(legs, mix(INK, NIGHT, min(1, s)))
    _rays(art)
    floor = Shape().poly((560, 725), (1040, 725), (1900, 1080), (-300, 1080))
    art.flat(floor, mix(SAND, TEAL, 0.3))
    art.grain(floor, INK, (0, 1080), (0, 735), (0.65, 0.1))
    shine = Shape().poly((690, 725), (910, 725), (1080, 1080), (520, 1080))
    art.grain(shine, mix(AMBER, PAPER, 0.5), (0, 725), (0, 1060), (0.95, 0.15))
    _stalls(art)
    people = Shape()
    for x, feet, tall, step in (
        (770, 815, 130, 0.5),
        (850, 790, 112, -0.4),
        (720, 775, 98, 0.2),
        (905, 858, 168, 0.6),
        (610, 900, 205, -0.5),
        (652, 905, 196, 0.3),
    ):
        art.flat(
            Shape().poly(
                (x - 12, feet),
                (x + 12, feet),
                (x + (x - 800) * 0.4 + 16, feet + tall * 0.6),
                (x + (x - 800) * 0.4 - 22, feet + tall * 0.6),
            ),
            NIGHT,
            0.4,
        )
        standing(people, x, feet, tall, step)
    people.rect(925, 770, 955, 806, 4)
    art.flat(people, NIGHT)


def _ring(s: float) -> list[Point]:
    return [
        (800 + 760 * s * math.cos(a), EYE[1] - 120 * s - 620 * s * math.sin(a))
        for a in (math.pi * i / 36 for i in range(37))
    ]


def _arch(s: float) -> Shape:
    return Shape().poly(*_ring(s), (800 - 760 * s, 725), (800 + 760 * s, 725))


def _rays(art: Sheet) -> None:
    for x, wide, lean in ((520, 80, 330), (700, 110, 300), (1000, 70, 340)):
        ray = Shape().poly(
            (x, -10), (x + wide, -10), (x + wide + lean * 1.6, 1000), (x + lean * 1.1, 1000)
        )
        art.wash(ray, mix(AMBER, PAPER, 0.5), (x, 0), (x + lean, 900), (0.28, 0))


def _stalls(art: Sheet) -> None:
    stalls = (
        (0, 400, 905, RUST, 1.0),
        (1200, 1620, 915, TEAL, 1.0),
        (330, 560, 812, mix(AMBER, SAND, 0.3), 0.58),
        (1050, 1270, 815, CORAL, 0.58),
    )
    for left, right, base, colour, size in reversed(stalls):
        top = base - 250 * size
        table = Shape().rect(left, base - 70 * size, right, base + 60 * size)
        art.flat(table, mix(INK, NIGHT, 0.4))
        back = Shape().rect(left + 8, top + 60 * size, right - 8, base - 70 * size)
        art.flat(back, mix(NIGHT, PLUM, 0.5))
        art.glow((left + right) / 2, top + 120 * size, 190 * size, AMBER, 0.8, grain=0.6)
        art.flat(
            Shape().oval((left + right) / 2, top + 92 * size, 12 * size), mix(AMBER, PAPER, 0.7)
        )
        for i in range(int((right - left) / (44 * size))):
            crate_x = left + 10 + i * 44 * size
            crate = Shape().poly(
                (crate_x, base - 92 * size),
                (crate_x + 40 * size, base - 92 * size),
                (crate_x + 37 * size, base - 58 * size),
                (crate_x + 3 * size, base - 58 * size),
            )
            fruit = Shape()
            for k in range(7):
                fruit.oval(
                    crate_x + (4 + k % 4 * 10.5) * size,
                    base - (95 + (k // 4) * 8) * size,
                    7.5 * size,
                )
            art.flat(fruit, (AMBER, RUST, SEA, CORAL, mix(TEAL, AMBER, 0.4))[i % 5])
            art.flat(crate, mix(SAND, INK, 0.25))
        awning = Shape().poly(
            (left - 14 * size, top + 64 * size),
            (left + 22 * size, top),
            (right - 22 * size, top),
            (right + 14 * size, top + 64 * size),
        )
        art.flat(awning, colour)
        stripes, count = Shape(), max(4, int((right - left) / (58 * size)))
        for i in range(0, count, 2):
            a, b = i / count, (i + 1) / count
            (ua, ub), (da, db) = (
                (left + inset + (right - left - 2 * inset) * t for t in (a, b))
                for inset in (22 * size, -14 * size)
            )
            stripes.poly((ua, top), (ub, top), (db, top + 64 * size), (da, top + 64 * size))
        art.flat(stripes, PAPER)
        hem = Shape()
        for i in range(count * 2):
            wide = (right - left + 28 * size) / count / 2
            hem.oval(left - 14 * size + wide * (i + 0.5), top + 64 * size, wide / 2, 13 * size)
        art.flat(hem, mix(colour, NIGHT, 0.15))
        art.grain(awning, NIGHT, (0, top + 70 * size), (0, top), (0.55, 0))
        seller = Shape()
        middle = left + (right - left) * 0.64
        standing(seller, middle, base - 40 * size, 200 * size, 0)
        seller.cut().rect(left, base - 70 * size, right, base + 60 * size)
        art.flat(seller, NIGHT)
