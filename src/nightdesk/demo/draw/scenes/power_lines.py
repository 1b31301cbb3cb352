"""Pylons walking over a frosty plain toward a low sun."""

import itertools

from nightdesk.demo.draw.figures import bird
from nightdesk.demo.draw.inks import (
    AMBER,
    CORAL,
    DEEP,
    INK,
    MIST,
    NIGHT,
    PAPER,
    SAND,
    SEA,
    TEAL,
    mix,
)
from nightdesk.demo.draw.shape import Point, Shape, hanging
from nightdesk.demo.draw.sheet import Sheet

GROUND = 800
ARMS = ((0.30, 0.62), (0.36, 0.78), (0.26, 0.93))
"""Half length and height of the cross-arms, in heights of the pylon."""


def draw(art: Sheet) -> None:
    art.flat(art.everything(), mix(CORAL, SAND, 0.45))
    art.wash(art.everything(), mix(DEEP, TEAL, 0.4), (0, 60), (0, 640), (1, 0))
    art.grain(art.everything(), INK, (0, -40), (0, 430), (0.8, 0))
    art.glow(1130, 700, 480, AMBER, 0.85, grain=0.5)
    art.flat(Shape().oval(1130, 690, 118), mix(AMBER, PAPER, 0.55))
    ridge = Shape().blob(
        (-100, 770),
        (160, 735),
        (420, 758),
        (760, 728),
        (1100, 752),
        (1420, 722),
        (1720, 750),
        (1720, 900),
        (-100, 900),
    )
    art.flat(ridge, mix(TEAL, CORAL, 0.35))
    art.grain(ridge, DEEP, (0, 810), (0, 720), (0.9, 0.1))
    snow = Shape().rect(0, GROUND - 6, 1600, 1067)
    art.flat(snow, mix(MIST, PAPER, 0.35))
    art.grain(snow, TEAL, (0, 1100), (0, 820), (0.8, 0.05))
    art.grain(snow, AMBER, (1130, 800), (1080, 960), (0.5, 0))
    _furrows(art)
    pylons = [(1178, 792, 120), (1010, 802, 205), (735, 826, 350), (270, 905, 690)]
    wires = Shape()
    for (x0, f0, h0), (x1, f1, h1) in itertools.pairwise(pylons):
        for half, level in ARMS:
            for side in (-1, 1):
                a: Point = (x0 + side * half * h0 * 0.9, f0 - h0 * level + h0 * 0.05)
                b: Point = (x1 + side * half * h1 * 0.9, f1 - h1 * level + h1 * 0.05)
                wires.line(hanging(a, b, h1 * 0.09), 1.4 + h1 / 420)
    x1, f1, h1 = pylons[-1]
    for half, level in ARMS:
        for side in (-1, 1):
            a = (x1 + side * half * h1 * 0.9, f1 - h1 * level + h1 * 0.05)
            wires.line(hanging(a, (a[0] - 760, a[1] - 260 - level * 300), 70), 3.2)
    art.flat(wires, NIGHT)
    for x, feet, high in pylons:
        _shadow(art, x, feet, high)
        steel = _pylon(x, feet, high)
        art.flat(steel, mix(NIGHT, TEAL, max(0, 0.45 - high / 900)))
    birds = Shape()
    for _ in range(17):
        bird(
            birds,
            860 + art.random.gauss(0, 120),
            300 + art.random.gauss(0, 55),
            art.random.uniform(14, 30),
            art.random.uniform(-20, 20),
        )
    art.flat(birds, NIGHT)


def _pylon(x: float, feet: float, high: float) -> Shape:
    shape = Shape()
    thick = max(1.6, high / 75)
    foot, waist, top = high * 0.17, high * 0.052, high * 0.022

    def half(level: float) -> float:
        return (
            foot + (waist - foot) * level / 0.55
            if level < 0.55
            else waist + (top - waist) * (level - 0.55) / 0.45
        )

    for side in (-1, 1):
        shape.line(
            [(x + side * half(level), feet - high * level) for level in (0, 0.55, 1.0)], thick
        )
    levels = [0, 0.16, 0.3, 0.42, 0.52, 0.6, 0.68, 0.76, 0.84, 0.92, 1.0]
    for low, up in itertools.pairwise(levels):
        for side in (-1, 1):
            shape.line(
                [
                    (x + side * half(low), feet - high * low),
                    (x - side * half(up), feet - high * up),
                ],
                thick * 0.55,
            )
        shape.line(
            [(x - half(up), feet - high * up), (x + half(up), feet - high * up)], thick * 0.5
        )
    for arm, level in ARMS:
        y = feet - high * level
        for side in (-1, 1):
            tip = (x + side * arm * high * 0.9, y)
            shape.poly((x, y - high * 0.045), (x, y + high * 0.012), tip)
            shape.line([tip, (tip[0], y + high * 0.05)], thick * 0.9)
    return shape.line([(x, feet - high), (x, feet - high * 1.06)], thick * 0.7)


def _shadow(art: Sheet, x: float, feet: float, high: float) -> None:
    reach = high * 0.62
    shade = Shape().poly(
        (x - high * 0.17, feet),
        (x + high * 0.17, feet),
        (x - reach * 1.05, feet + reach * 0.42),
        (x - reach * 1.12, feet + reach * 0.42),
    )
    art.flat(shade, DEEP, 0.28)


def _furrows(art: Sheet) -> None:
    lines = Shape()
    for i in range(-22, 30):
        lines.line([(1130 + i * 26, GROUND), (1130 + i * 190, 1075)], 1.6)
    art.flat(lines, mix(SEA, TEAL, 0.6), 0.5)
    grass = Shape()
    for _ in range(170):
        x, y = art.random.uniform(0, 1600), art.random.uniform(930, 1067)
        grass.line([(x, y), (x + art.random.uniform(-6, 6), y - art.random.uniform(8, 26))], 1.8)
    art.flat(grass, INK, 0.85)
