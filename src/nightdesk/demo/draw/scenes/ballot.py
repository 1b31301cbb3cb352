"""A ballot with a first and a second choice, in the light of the booth."""

from nightdesk.demo.draw.inks import (
    AMBER,
    CORAL,
    DEEP,
    INK,
    MIST,
    NIGHT,
    PAPER,
    RUST,
    SAND,
    SEA,
    TEAL,
    mix,
)
from nightdesk.demo.draw.shape import Point, Shape, turned
from nightdesk.demo.draw.sheet import Sheet

CENTRE: Point = (790, 560)


def draw(art: Sheet) -> None:
    art.flat(art.everything(), mix(TEAL, DEEP, 0.35))
    art.grain(art.everything(), NIGHT, (1600, 1067), (300, 100), (0.9, 0.05))
    art.wash(
        Shape().poly((-20, -20), (760, -20), (1500, 1090), (100, 1090)),
        mix(SEA, MIST, 0.4),
        (0, 0),
        (900, 900),
        (0.5, 0.05),
    )
    for shift, colour in ((26, NIGHT), (0, PAPER)):
        sheet = Shape().poly(*_at((470, 90), (1110, 90), (1110, 1160), (470, 1160), shift=shift))
        art.flat(sheet, colour, 0.45 if shift else 1, blur=5 if shift else 0)
    art.grain(
        Shape().poly(*_at((470, 90), (1110, 90), (1110, 1160), (470, 1160))),
        SAND,
        (1200, 900),
        (600, 250),
        (0.9, 0),
    )
    art.flat(Shape().poly(*_at((470, 562), (1110, 562), (1110, 567), (470, 567))), SAND, 0.9)
    _print(art)
    _pencil(art)


def _at(*points: Point, shift: float = 0) -> list[Point]:
    return [(x + shift, y + shift) for x, y in turned(points, CENTRE, -7)]


def _bar(shape: Shape, left: float, top: float, right: float, bottom: float) -> Shape:
    return shape.poly(*_at((left, top), (right, top), (right, bottom), (left, bottom)))


def _print(art: Sheet) -> None:
    ink, pale, boxes = Shape(), Shape(), Shape()
    _bar(ink, 530, 142, 790, 166)
    _bar(pale, 530, 184, 980, 194)
    _bar(pale, 530, 204, 900, 214)
    for column in range(2):
        left = 900 + column * 90
        _bar(ink, left, 262, left + 56, 272)
    for row in range(6):
        y = 310 + row * 118
        _bar(pale, 530, y - 22, 1050, y - 19)
        _bar(ink, 530, y + 12, 530 + (180, 230, 150, 205, 190, 240)[row], y + 30)
        _bar(pale, 530, y + 44, 530 + (240, 160, 270, 200, 130, 180)[row], y + 54)
        for column in range(2):
            left = 900 + column * 90
            boxes.line(
                [*_at((left, y), (left + 56, y), (left + 56, y + 56), (left, y + 56), (left, y))],
                4.5,
            )
    art.flat(pale, mix(PAPER, INK, 0.42))
    art.flat(ink, INK)
    art.flat(boxes, INK)
    strokes = Shape()
    for left, y in ((900, 428), (990, 782)):
        strokes.curve(_at((left - 8, y + 6), (left + 26, y + 34), (left + 68, y + 64)), 9)
        strokes.curve(_at((left + 62, y - 8), (left + 30, y + 28), (left - 4, y + 66)), 9)
    art.flat(strokes, RUST)


def _pencil(art: Sheet) -> None:
    tip, end = (1070.0, 846.0), (1500.0, 470.0)
    dx, dy = end[0] - tip[0], end[1] - tip[1]
    length = (dx * dx + dy * dy) ** 0.5
    ux, uy, nx, ny = dx / length, dy / length, -dy / length, dx / length

    def at(along: float, aside: float, drop: float = 0) -> Point:
        return (
            tip[0] + ux * along + nx * aside + drop * 0.9,
            tip[1] + uy * along + ny * aside + drop * 1.5,
        )

    art.flat(
        Shape().poly(
            at(0, 0, 4), at(80, -26, 30), at(660, -26, 60), at(660, 26, 60), at(80, 26, 30)
        ),
        NIGHT,
        0.45,
        blur=7,
    )
    art.flat(Shape().poly(at(0, 0), at(84, -26), at(84, 26)), SAND)
    art.flat(Shape().poly(at(0, 0), at(30, -9), at(30, 9)), RUST)
    for aside, colour in ((-26, mix(AMBER, PAPER, 0.25)), (-9, AMBER), (9, mix(AMBER, RUST, 0.4))):
        art.flat(
            Shape().poly(
                at(80, aside), at(640, aside), at(640, aside + 17.5), at(80, aside + 17.5)
            ),
            colour,
        )
    art.grain(
        Shape().poly(at(80, -26), at(640, -26), at(640, 26), at(80, 26)),
        RUST,
        at(300, 30),
        at(300, -20),
        (0.6, 0),
    )
    art.flat(
        Shape().poly(at(610, -27), at(650, -27), at(650, 27), at(610, 27)), mix(MIST, INK, 0.3)
    )
    art.flat(Shape().poly(at(648, -25), at(690, -25), at(690, 25), at(648, 25)), CORAL)
    string = Shape().curve([at(630, 0), (1560, 500), (1540, 700), (1640, 830)], 4)
    art.flat(string, PAPER, 0.8)
