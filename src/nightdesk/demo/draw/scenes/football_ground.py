"""The Ropeworks under water, its goal and its lights mirrored."""

from nightdesk.demo.draw.figures import bird
from nightdesk.demo.draw.inks import (
    AMBER,
    DEEP,
    INK,
    MIST,
    NIGHT,
    PAPER,
    PLUM,
    RUST,
    SEA,
    TEAL,
    mix,
)
from nightdesk.demo.draw.shape import Shape
from nightdesk.demo.draw.sheet import Sheet

WATER = 690


def draw(art: Sheet) -> None:
    art.flat(art.everything(), mix(DEEP, INK, 0.35))
    art.wash(art.everything(), mix(TEAL, SEA, 0.35), (0, 700), (0, 160), (0.9, 0))
    art.grain(art.everything(), NIGHT, (0, -60), (0, 480), (0.85, 0))
    _stand(art)
    for x in (210, 1390):
        _light(art, x)
    goal = _goal()
    art.flat(_net(), mix(MIST, PAPER, 0.4), 0.5)
    art.flat(goal, PAPER)
    pitch = Shape().rect(0, WATER, 1600, 1067)
    art.flat(pitch, mix(TEAL, DEEP, 0.5))
    art.mirror(pitch, WATER, squash=1.0, sway=6, keep=0.8)
    art.grain(pitch, mix(TEAL, AMBER, 0.25), (0, 1067), (0, 780), (0.55, 0))
    art.grain(pitch, NIGHT, (0, 1067), (0, 880), (0.65, 0))
    waves = Shape()
    for _ in range(70):
        y = WATER + 6 + art.random.random() ** 1.5 * 360
        x, wide = art.random.uniform(0, 1600), 8 + (y - WATER) * 0.16
        waves.rect(x - wide, y, x + wide, y + 1.2 + (y - WATER) / 220, 2)
    art.flat(waves, mix(SEA, PAPER, 0.4), 0.5)
    _ball(art, 1010, 860)
    flag = Shape().rect(1496, 560, 1503, WATER + 96)
    art.flat(flag, PAPER)
    art.flat(
        Shape().blob((1500, 562), (1540, 574), (1576, 570), (1572, 610), (1536, 618), (1500, 608)),
        RUST,
    )
    gulls = Shape()
    bird(gulls, 560, 300, 60, -8)
    bird(gulls, 640, 260, 44, 6)
    art.flat(gulls, PAPER)


def _stand(art: Sheet) -> None:
    roof = Shape().poly((300, 380), (1300, 380), (1370, 440), (230, 440))
    wall = Shape().rect(270, 440, 1330, 610)
    art.flat(wall, mix(NIGHT, PLUM, 0.35))
    seats = Shape()
    for row in range(6):
        for i in range(66):
            seats.rect(282 + i * 16, 462 + row * 25, 293 + i * 16, 480 + row * 25, 4)
    art.flat(seats, mix(RUST, PLUM, 0.25))
    art.grain(seats, NIGHT, (0, 440), (0, 610), (0.95, 0.25))
    pillars = Shape()
    for i in range(9):
        pillars.rect(300 + i * 124, 440, 309 + i * 124, 612)
    art.flat(pillars, NIGHT)
    art.flat(roof, mix(INK, PLUM, 0.3))
    art.grain(roof, NIGHT, (0, 450), (0, 380), (0.8, 0.1))
    hoarding = Shape().rect(180, 610, 1420, WATER)
    art.flat(hoarding, mix(DEEP, TEAL, 0.35))
    colours = (RUST, PAPER, AMBER, PAPER, RUST, AMBER)
    for i in range(12):
        art.flat(
            Shape().rect(196 + i * 102, 624, 288 + i * 102, 676), mix(colours[i % 6], INK, 0.25)
        )
        art.flat(
            Shape()
            .rect(208 + i * 102, 642, 262 + i * 102 - (i % 3) * 10, 650)
            .rect(208 + i * 102, 656, 248 + i * 102, 662),
            INK,
            0.8,
        )
    homes = Shape()
    for left, right, top in ((-20, 70, 470), (70, 180, 520), (1420, 1520, 500), (1520, 1620, 450)):
        homes.rect(left, top, right, WATER).poly(
            (left - 6, top + 1), ((left + right) / 2, top - 50), (right + 6, top + 1)
        )
    art.flat(homes, mix(INK, DEEP, 0.35))
    lit = Shape()
    for x, y in ((20, 520), (110, 570), (140, 620), (1450, 560), (1560, 510), (1560, 600)):
        lit.rect(x, y, x + 18, y + 26, 2)
    art.flat(lit, AMBER)


def _light(art: Sheet, x: float) -> None:
    mast = Shape().poly((x - 12, WATER), (x - 5, 150), (x + 5, 150), (x + 12, WATER))
    art.glow(x, 120, 330, mix(AMBER, PAPER, 0.45), 0.75, grain=0.55)
    for i in range(12):
        y = 190 + i * 42
        mast.line([(x - 8, y), (x + 8, y + 30)], 2.5)
    frame = Shape().rect(x - 92, 66, x + 92, 178, 6)
    art.flat(mast, NIGHT)
    art.flat(frame, NIGHT)
    lamps = Shape()
    for row in range(3):
        for column in range(5):
            lamps.oval(x - 70 + column * 35, 88 + row * 34, 13)
    art.flat(lamps, mix(AMBER, PAPER, 0.75))


def _goal() -> Shape:
    shape = (
        Shape()
        .rect(560, 452, 573, WATER + 4)
        .rect(1027, 452, 1040, WATER + 4)
        .rect(560, 452, 1040, 465)
    )
    return shape


def _net() -> Shape:
    shape = Shape()
    for i in range(25):
        x = 566 + i * 19.5
        shape.line(
            [(x, 462), (600 + (x - 566) * 0.855, 520), (600 + (x - 566) * 0.855, WATER)], 1.6
        )
    for i in range(11):
        y = 520 + i * 17
        shape.line([(600, y), (1000, y)], 1.4)
    for i in range(4):
        y, inset = 462 + i * 15, i * 9
        shape.line([(566 + inset, y), (1034 - inset, y)], 1.4)
    for i in range(13):
        y = 470 + i * 18
        shape.line([(566, y), (600, min(WATER, y + 42))], 1.4).line(
            [(1034, y), (1000, min(WATER, y + 42))], 1.4
        )
    return shape


def _ball(art: Sheet, x: float, y: float) -> None:
    art.flat(Shape().oval(x, y + 34, 76, 10), PAPER, 0.35)
    ball = Shape().oval(x, y, 46)
    art.flat(ball, PAPER)
    patches = Shape().poly(
        (x - 12, y - 14), (x + 12, y - 16), (x + 20, y + 6), (x + 1, y + 20), (x - 18, y + 6)
    )
    patches.poly((x - 46, y - 6), (x - 34, y - 24), (x - 28, y - 2), (x - 40, y + 14))
    patches.poly(
        (x + 30, y - 34), (x + 12, y - 42), (x - 6, y - 46), (x + 4, y - 36), (x + 22, y - 28)
    )
    patches.poly((x + 46, y - 4), (x + 36, y + 8), (x + 42, y + 20))
    art.flat(patches, NIGHT)
    art.grain(ball, INK, (x + 44, y + 40), (x - 20, y - 30), (0.95, 0))
    water = Shape().rect(x - 60, y + 26, x + 60, y + 60)
    art.flat(water, mix(DEEP, TEAL, 0.35), 0.94)
    art.flat(Shape().oval(x, y + 27, 62, 5).cut().oval(x, y + 28, 52, 3), PAPER, 0.7)
