"""One man and the columns of the High Court, in low light."""

import math

from nightdesk.demo.draw.figures import standing
from nightdesk.demo.draw.inks import AMBER, CORAL, DEEP, INK, NIGHT, PAPER, RUST, SAND, mix
from nightdesk.demo.draw.shape import Shape
from nightdesk.demo.draw.sheet import Sheet

STONE = mix(SAND, PAPER, 0.5)
FOOT = 690


def draw(art: Sheet) -> None:
    art.flat(art.everything(), mix(NIGHT, DEEP, 0.25))
    art.grain(art.everything(), DEEP, (1100, 0), (300, 0), (0.6, 0))
    door = Shape().rect(700, 150, 900, FOOT)
    art.flat(door, mix(RUST, NIGHT, 0.35))
    art.grain(door, NIGHT, (0, 120), (0, 640), (0.95, 0.2))
    panels = Shape()
    for row in range(4):
        for x in (716, 808):
            panels.rect(x, 190 + row * 125, x + 76, 292 + row * 125, 3)
    art.flat(panels, NIGHT, 0.45)
    for x in (20, 370, 1000, 1350):
        _column(art, x, 220)
    art.flat(Shape().rect(-5, -5, 1605, 62), STONE)
    art.grain(Shape().rect(-5, -5, 1605, 62), INK, (0, 70), (0, -10), (0.9, 0.1))
    _steps(art)
    _man(art)


def _column(art: Sheet, x: float, wide: float) -> None:
    shaft = Shape().poly((x + 10, 100), (x + wide - 10, 100), (x + wide, FOOT - 42), (x, FOOT - 42))
    art.flat(shaft, STONE)
    flutes = Shape()
    for i in range(1, 7):
        share = 0.5 - 0.5 * math.cos(i / 7 * math.pi)
        flutes.line(
            [(x + 10 + (wide - 20) * share, 104), (x + wide * share, FOOT - 44)], 5 if i > 1 else 4
        )
    art.flat(flutes, mix(STONE, INK, 0.32))
    art.grain(shaft, INK, (x + wide + 12, 0), (x + wide * 0.18, 0), (1, 0))
    art.grain(shaft, AMBER, (x, 0), (x + wide * 0.4, 0), (0.35, 0))
    for top, grow, high in ((62, 26, 26), (86, 12, 18), (FOOT - 46, 16, 22), (FOOT - 26, 30, 28)):
        block = Shape().rect(x - grow, top, x + wide + grow, top + high, 4)
        art.flat(block, mix(STONE, PAPER, 0.4))
        art.grain(block, INK, (x + wide + grow, 0), (x + wide * 0.2, 0), (0.95, 0))


def _steps(art: Sheet) -> None:
    y, high = float(FOOT), 15.0
    index = 0
    while y < 1080:
        tread, riser = (
            Shape().rect(0, y, 1600, y + high),
            Shape().rect(0, y + high * 0.48, 1600, y + high),
        )
        art.flat(tread, mix(STONE, PAPER, 0.35))
        art.flat(riser, mix(STONE, INK, 0.3 + index * 0.015))
        art.grain(riser, NIGHT, (1600, 0), (100, 0), (0.75, 0))
        y += high
        high *= 1.16
        index += 1
    for x in (20, 370, 1000, 1350):
        shade = Shape().poly((x + 40, FOOT), (x + 250, FOOT), (x + 880, 1080), (x + 560, 1080))
        art.flat(shade, INK, 0.38)
    art.flat(Shape().rect(0, FOOT - 2, 1600, FOOT + 8), INK, 0.35)


def _man(art: Sheet) -> None:
    shade = Shape().poly((632, 900), (654, 900), (905, 1075), (845, 1075))
    art.flat(shade, NIGHT, 0.72)
    art.flat(standing(Shape(), 640, 902, 178, 0.15), NIGHT)
    case = (
        Shape()
        .rect(664, 822, 712, 858, 4)
        .line([(680, 822), (680, 812), (696, 812), (696, 822)], 4)
    )
    art.flat(case, RUST)
    art.grain(case, CORAL, (664, 820), (690, 850), (0.5, 0))
    art.grain(Shape().rect(622, 735, 634, 900), CORAL, (620, 0), (636, 0), (0.6, 0))
