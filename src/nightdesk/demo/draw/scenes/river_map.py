"""The survey of 1742: the river, a bridge of nine arches, a fish."""

import math

from nightdesk.demo.draw.inks import (
    AMBER,
    CORAL,
    DEEP,
    INK,
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
from nightdesk.demo.draw.shape import Point, Shape, smooth
from nightdesk.demo.draw.sheet import Sheet

BROWN = mix(INK, RUST, 0.25)


def draw(art: Sheet) -> None:
    art.flat(art.everything(), mix(INK, NIGHT, 0.3))
    art.grain(art.everything(), DEEP, (0, 0), (1200, 900), (0.6, 0))
    edge = [
        (88, 70),
        (420, 58),
        (800, 66),
        (1180, 56),
        (1520, 74),
        (1532, 380),
        (1520, 700),
        (1530, 1004),
        (1150, 1012),
        (790, 1004),
        (430, 1014),
        (80, 1000),
        (72, 690),
        (82, 360),
    ]
    art.flat(Shape().poly(*[(x + 16, y + 22) for x, y in edge]), NIGHT, 0.6, blur=8)
    sheet = Shape().poly(*edge)
    art.flat(sheet, mix(PAPER, SAND, 0.4))
    art.grain(sheet, mix(SAND, RUST, 0.45), (80, 60), (560, 420), (0.75, 0))
    art.grain(sheet, mix(SAND, RUST, 0.45), (1530, 1010), (1050, 640), (0.85, 0))
    art.flat(
        Shape()
        .rect(110, 96, 1494, 976)
        .cut()
        .rect(117, 103, 1487, 969)
        .add()
        .rect(124, 110, 1480, 962)
        .cut()
        .rect(126, 112, 1478, 960),
        BROWN,
        0.85,
    )
    _river(art)
    _land(art)
    _bridge(art)
    _town(art)
    _rose(art, 1330, 250, 92)
    _fish(art)
    _folds(art)


def _bank(shift: float) -> list[Point]:
    return smooth(
        [
            (126, 420 + shift),
            (330, 500 + shift * 0.9),
            (520, 430 + shift),
            (720, 530 + shift),
            (930, 640 + shift),
            (1150, 580 + shift * 1.1),
            (1330, 690 + shift * 1.5),
            (1478, 800 + shift * 1.9),
        ]
    )


def _river(art: Sheet) -> None:
    upper, lower = _bank(-62), _bank(62)
    water = Shape().poly(*upper, *reversed(lower))
    art.flat(water, mix(SEA, MIST, 0.35), 0.85)
    art.grain(water, TEAL, (0, 330), (0, 800), (0.6, 0.1))
    lines = Shape()
    for shift in (-62, 62):
        lines.line(_bank(shift), 4)
    for shift in (-48, -37, 37, 48):
        lines.line(_bank(shift), 1.4)
    for _ in range(60):
        at = _bank(art.random.uniform(-22, 22))
        start = art.random.randrange(0, len(at) - 6)
        lines.line(at[start : start + 4], 1.5)
    art.flat(lines, BROWN)
    island = Shape().blob((296, 470), (360, 470), (420, 470), (366, 496), (310, 492))
    art.flat(island, mix(PAPER, SAND, 0.4))
    art.flat(
        Shape().line(
            smooth([(296, 470), (360, 462), (420, 470), (366, 496), (310, 492)], closed=True), 3
        ),
        BROWN,
    )


def _land(art: Sheet) -> None:
    hills, trees, plots = Shape(), Shape(), Shape()
    for x, y, n in (
        (230, 240, 5),
        (380, 190, 4),
        (560, 260, 4),
        (1100, 240, 3),
        (300, 860, 5),
        (520, 900, 4),
    ):
        for i in range(n):
            cx, cy, r = x + i * 34 - n * 14, y + (i % 2) * 20, 26
            hills.line(
                [
                    (cx + r * math.cos(a), cy - r * 0.9 * math.sin(a))
                    for a in (math.pi * k / 10 for k in range(11))
                ],
                2.4,
            )
            for k in range(5):
                hills.line(
                    [
                        (cx + r * (0.35 + k * 0.14), cy - r * 0.75 + k * 3),
                        (cx + r * (0.5 + k * 0.12), cy - 2),
                    ],
                    1.3,
                )
    for _ in range(46):
        x, y = art.random.choice(
            (
                (art.random.gauss(700, 70), art.random.gauss(250, 40)),
                (art.random.gauss(760, 110), art.random.gauss(820, 45)),
                (art.random.gauss(200, 40), art.random.gauss(660, 50)),
            )
        )
        trees.oval(x, y - 10, 8, 10).rect(x - 1.2, y - 4, x + 1.2, y + 7)
        trees.cut().oval(x - 1.5, y - 11, 5.4, 7.4).add()
    for row in range(3):
        for column in range(4):
            x, y = 1120 + column * 74 + row * 14, 820 + row * 42
            plots.line([(x, y), (x + 62, y + 8), (x + 70, y + 40), (x + 8, y + 32), (x, y)], 1.6)
            for k in range(5):
                plots.line([(x + 8 + k * 11, y + 3 + k), (x + 14 + k * 11, y + 33 + k)], 1)
    plots.cut().rect(1100, 700, 1490, 830).add()
    for shape in (hills, trees, plots):
        art.flat(shape, BROWN, 0.9)


def _bridge(art: Sheet) -> None:
    """Across the stream, seen half from above: a roadway and nine dark arches under it."""
    (x0, y0), (x1, y1) = (862, 494), (778, 672)
    arches = Shape()
    for i in range(9):
        t = (i + 0.5) / 9
        x, y = x0 + (x1 - x0) * t, y0 + (y1 - y0) * t
        arches.poly((x - 6, y - 9), (x - 26, y - 2), (x - 26, y + 7), (x - 6, y + 10))
    art.flat(Shape().line([(x0 - 16, y0 + 4), (x1 - 16, y1 + 4)], 26), mix(SAND, INK, 0.35))
    art.flat(arches, BROWN)
    art.flat(Shape().line([(x0, y0), (x1, y1)], 17), mix(RUST, CORAL, 0.2))
    art.flat(Shape().line([(x0, y0), (x1, y1)], 9), mix(PAPER, SAND, 0.4))
    man = Shape().oval(822, 556, 7).rect(815, 562, 829, 584, 4).line([(829, 568), (844, 564)], 3)
    man.rect(840, 552, 856, 568)
    art.flat(man, NIGHT)


def _town(art: Sheet) -> None:
    houses, roofs = Shape(), Shape()
    for _ in range(80):
        x, y = art.random.gauss(960, 78), art.random.gauss(448, 46)
        if y > 408 + (x - 700) * 0.5 or y < 330:
            continue
        houses.rect(x - 10, y - 9, x + 10, y + 8)
        roofs.poly((x - 13, y - 8), (x, y - 22), (x + 13, y - 8))
    art.flat(houses, mix(PAPER, SAND, 0.2))
    art.flat(roofs, mix(RUST, CORAL, 0.25))
    art.flat(
        Shape().rect(934, 318, 962, 420).poly((930, 320), (948, 268), (966, 320)),
        mix(RUST, PLUM, 0.4),
    )
    wall = smooth([(840, 400), (880, 330), (980, 290), (1080, 330), (1100, 430), (1060, 520)])
    art.flat(Shape().line(wall, 5), BROWN)
    for i in range(0, len(wall), 8):
        art.flat(
            Shape().rect(wall[i][0] - 7, wall[i][1] - 9, wall[i][0] + 7, wall[i][1] + 7), BROWN
        )


def _rose(art: Sheet, x: float, y: float, r: float) -> None:
    dark, light = Shape(), Shape()
    for i in range(16):
        a, long = math.pi * i / 8, r * (1.0 if i % 4 == 0 else 0.72 if i % 2 == 0 else 0.5)
        for side, shape in ((-1, dark), (1, light)):
            b = a + side * math.pi / 16
            shape.poly(
                (x, y),
                (x + long * math.sin(a), y - long * math.cos(a)),
                (x + r * 0.24 * math.sin(b), y - r * 0.24 * math.cos(b)),
            )
    art.flat(
        Shape()
        .oval(x, y, r * 0.82)
        .cut()
        .oval(x, y, r * 0.8)
        .add()
        .oval(x, y, r * 0.6)
        .cut()
        .oval(x, y, r * 0.58),
        BROWN,
    )
    art.flat(light, AMBER)
    art.flat(dark, RUST)
    art.flat(
        Shape().poly((x - 10, y - r - 8), (x, y - r - 34), (x + 10, y - r - 8), (x, y - r - 15)),
        BROWN,
    )


def _fish(art: Sheet) -> None:
    body = (
        Shape()
        .blob((1188, 650), (1230, 632), (1284, 648), (1310, 668), (1276, 682), (1222, 680))
        .poly((1196, 660), (1160, 640), (1166, 684))
    )
    art.flat(body, mix(PAPER, SEA, 0.2))
    lines = Shape().line(
        smooth(
            [(1188, 650), (1230, 632), (1284, 648), (1310, 668), (1276, 682), (1222, 680)],
            closed=True,
        ),
        3,
    )
    lines.line([(1194, 652), (1160, 638), (1168, 662), (1164, 686), (1196, 668)], 3).oval(
        1290, 660, 3.5
    )
    for i in range(4):
        lines.curve([(1216 + i * 16, 644), (1224 + i * 16, 658), (1216 + i * 16, 674)], 2)
    art.flat(lines, BROWN)


def _folds(art: Sheet) -> None:
    for x in (455, 800, 1145):
        art.wash(Shape().rect(x, 56, x + 40, 1014), BROWN, (x, 0), (x + 40, 0), (0.3, 0))
        art.flat(Shape().rect(x - 2, 58, x + 1, 1012), PAPER, 0.7)
    art.wash(Shape().rect(76, 530, 1528, 566), BROWN, (0, 530), (0, 566), (0.28, 0))
    art.flat(Shape().rect(76, 528, 1528, 531), PAPER, 0.7)
