"""Edith Varrow's table: a lamp, a tin of tickets, the ferry in the window."""

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
from nightdesk.demo.draw.shape import Point, Shape, turned
from nightdesk.demo.draw.sheet import Sheet


def draw(art: Sheet) -> None:
    art.flat(art.everything(), mix(PLUM, INK, 0.35))
    art.grain(art.everything(), NIGHT, (0, 0), (700, 500), (0.8, 0))
    _window(art)
    art.glow(1270, 480, 520, AMBER, 0.55, grain=0.6)
    table = Shape().poly((-10, 790), (1610, 770), (1610, 1080), (-10, 1080))
    art.flat(table, mix(RUST, SAND, 0.35))
    art.grain(table, NIGHT, (0, 900), (1150, 860), (0.95, 0))
    art.grain(table, AMBER, (1250, 800), (900, 1060), (0.6, 0))
    grainlines = Shape()
    for i in range(9):
        y = 812 + i * 30
        grainlines.curve(
            [(-10, y + 6), (400, y + art.random.uniform(-5, 7)), (900, y), (1610, y - 14)], 1.6
        )
    art.flat(grainlines, PLUM, 0.4)
    _tickets(art)
    _tin(art)
    _lamp(art)
    _pen(art)


def _window(art: Sheet) -> None:
    art.flat(Shape().rect(150, 70, 980, 690), mix(SAND, PLUM, 0.6))
    view = Shape().rect(180, 100, 950, 660)
    art.flat(view, mix(TEAL, DEEP, 0.4))
    art.wash(view, mix(CORAL, SAND, 0.3), (0, 430), (0, 140), (0.9, 0))
    art.grain(view, DEEP, (0, 90), (0, 330), (0.85, 0))
    bank = Shape().blob(
        (120, 420), (300, 396), (500, 410), (720, 384), (1000, 404), (1000, 450), (120, 450)
    )
    bank.cut().rect(0, 0, 180, 700).rect(950, 0, 1600, 700)
    art.flat(bank, mix(DEEP, PLUM, 0.4))
    river = Shape().rect(180, 440, 950, 660)
    art.flat(river, mix(TEAL, SEA, 0.25))
    boat = (
        Shape()
        .poly((470, 446), (700, 446), (680, 484), (496, 484))
        .rect(510, 410, 660, 448, 5)
        .rect(548, 380, 630, 412, 4)
        .poly((610, 380), (614, 340), (636, 340), (638, 380))
    )
    art.flat(boat, NIGHT)
    lights = Shape()
    for i in range(5):
        lights.rect(524 + i * 27, 420, 536 + i * 27, 434, 2)
    art.flat(lights, AMBER)
    art.flat(Shape().rect(476, 454, 696, 461), RUST)
    art.mirror(river, 486, squash=0.9, sway=7, keep=0.5)
    art.grain(river, INK, (0, 660), (0, 470), (0.7, 0))
    bars = Shape().rect(557, 100, 573, 660).rect(180, 286, 950, 298)
    art.flat(bars, mix(SAND, PLUM, 0.6))
    art.grain(
        Shape()
        .rect(150, 70, 980, 690)
        .cut()
        .rect(180, 100, 950, 660)
        .add()
        .rect(557, 100, 573, 660)
        .rect(180, 286, 950, 298),
        NIGHT,
        (150, 0),
        (1050, 0),
        (0.8, 0.1),
    )
    art.flat(Shape().rect(120, 690, 1010, 722, 4), mix(SAND, PLUM, 0.45))
    for x, side in ((110, -1), (1010, 1)):
        drape = Shape().blob(
            (x - 70, 20),
            (x + 60, 20),
            (x + 66 - side * 20, 360),
            (x + 40, 770),
            (x - 60, 770),
            (x - 56 - side * 10, 380),
        )
        art.flat(drape, mix(TEAL, INK, 0.4))
        art.grain(drape, NIGHT, (x - 70, 0), (x + 60, 0), (0.85, 0.05))


def _ticket(art: Sheet, x: float, y: float, degrees: float, colour: tuple[int, int, int]) -> None:
    w, h = 150, 74

    def at(*points: Point) -> list[Point]:
        return [(a, y + (b - y) * 0.72) for a, b in turned(points, (x, y), degrees)]

    art.flat(
        Shape().poly(
            *[
                (a + 6, b + 9)
                for a, b in at(
                    (x - w / 2, y - h / 2),
                    (x + w / 2, y - h / 2),
                    (x + w / 2, y + h / 2),
                    (x - w / 2, y + h / 2),
                )
            ]
        ),
        NIGHT,
        0.45,
        blur=2,
    )
    art.flat(
        Shape().poly(
            *at(
                (x - w / 2, y - h / 2),
                (x + w / 2, y - h / 2),
                (x + w / 2, y + h / 2),
                (x - w / 2, y + h / 2),
            )
        ),
        colour,
    )
    lines = Shape()
    for i in range(4):
        long = art.random.uniform(50, 118)
        lines.curve(
            at(
                (x - 62, y - 22 + i * 15),
                (x - 62 + long * 0.5, y - 25 + i * 15),
                (x - 62 + long, y - 22 + i * 15),
            ),
            2.6,
        )
    art.flat(lines, INK, 0.85)


def _tickets(art: Sheet) -> None:
    sheet = [(560.0, 850.0), (900.0, 838.0), (960.0, 1010.0), (560.0, 1030.0)]
    art.flat(Shape().poly(*[(x + 8, y + 10) for x, y in sheet]), NIGHT, 0.4, blur=3)
    art.flat(Shape().poly(*sheet), PAPER)
    art.grain(Shape().poly(*sheet), SAND, (540, 1000), (900, 850), (0.8, 0))
    lines = Shape()
    for i in range(8):
        y = 872 + i * 18
        lines.curve(
            [
                (590 + i * 2, y),
                (700, y - 4),
                (800 - (i % 3) * 30, y - 3),
                (860 + i * 6 - (i % 4) * 30, y - 6),
            ],
            3,
        )
    art.flat(lines, INK, 0.85)
    for x, y, turn, colour in (
        (300, 1000, -14, mix(PAPER, CORAL, 0.25)),
        (430, 940, 9, mix(PAPER, SEA, 0.4)),
        (1050, 1010, 16, mix(PAPER, AMBER, 0.3)),
        (1120, 940, -8, mix(PAPER, SEA, 0.35)),
        (330, 905, 21, PAPER),
    ):
        _ticket(art, x, y, turn, colour)


def _tin(art: Sheet) -> None:
    for i, (dx, high, colour) in enumerate(
        (
            (-70, 70, PAPER),
            (-30, 96, mix(PAPER, CORAL, 0.25)),
            (14, 78, mix(PAPER, SEA, 0.4)),
            (54, 104, mix(PAPER, AMBER, 0.3)),
            (84, 64, PAPER),
        )
    ):
        art.flat(
            Shape().poly(
                *turned(
                    [
                        (150 + dx - 34, 770 - high),
                        (150 + dx + 34, 770 - high),
                        (150 + dx + 34, 800),
                        (150 + dx - 34, 800),
                    ],
                    (150 + dx, 790),
                    (i - 2) * 7,
                )
            ),
            mix(colour, INK, 0.12),
        )
    tin = Shape().rect(24, 762, 276, 916, 14)
    art.flat(Shape().oval(160, 918, 160, 16), NIGHT, 0.6, blur=4)
    art.flat(tin, mix(RUST, PLUM, 0.2))
    art.grain(tin, NIGHT, (20, 0), (250, 0), (0.95, 0))
    art.flat(Shape().rect(24, 790, 276, 800).rect(24, 884, 276, 892), AMBER, 0.7)
    art.flat(Shape().oval(150, 842, 60, 30), mix(PAPER, SAND, 0.4), 0.9)
    boat = Shape().poly((112, 846), (188, 846), (178, 860), (122, 860)).rect(130, 832, 168, 847)
    art.flat(boat, INK)


def _lamp(art: Sheet) -> None:
    art.flat(Shape().oval(1300, 838, 118, 22), NIGHT, 0.5, blur=4)
    art.flat(Shape().oval(1300, 826, 104, 22), mix(INK, NIGHT, 0.3))
    stem = Shape().curve([(1300, 826), (1308, 700), (1296, 560), (1306, 470)], 16)
    art.flat(stem, mix(INK, NIGHT, 0.3))
    art.wash(
        Shape().poly((1180, 462), (1420, 462), (1610, 900), (950, 900)),
        mix(AMBER, PAPER, 0.4),
        (0, 450),
        (0, 900),
        (0.5, 0.05),
    )
    shade = Shape().poly((1232, 300), (1368, 300), (1432, 468), (1168, 468))
    art.flat(shade, mix(TEAL, AMBER, 0.15))
    art.grain(shade, NIGHT, (1160, 300), (1330, 420), (0.8, 0))
    art.grain(shade, AMBER, (0, 470), (0, 360), (0.8, 0))
    art.flat(Shape().oval(1300, 468, 132, 17), mix(AMBER, PAPER, 0.6))
    art.flat(stem, NIGHT, 0.55)


def _pen(art: Sheet) -> None:
    art.flat(Shape().line([(822, 952), (960, 884)], 12), NIGHT, 0.4, blur=2)
    art.flat(Shape().line([(830, 936), (968, 862)], 12), RUST)
    art.flat(Shape().poly((826, 930), (834, 944), (804, 952)), NIGHT)
