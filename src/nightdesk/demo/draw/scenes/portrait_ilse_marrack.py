"""Ilse Marrack: grey bob, red scarf, the columns of the lobby."""

from nightdesk.demo.draw import faces
from nightdesk.demo.draw.inks import (
    CORAL,
    DEEP,
    INK,
    MIST,
    NIGHT,
    PAPER,
    PLUM,
    RUST,
    SAND,
    TEAL,
    mix,
)
from nightdesk.demo.draw.shape import Shape
from nightdesk.demo.draw.sheet import Sheet

FACE = faces.Face(skin=mix(SAND, CORAL, 0.28), wide=106, chin=506, jaw=0.66, brow=4, smile=4)


def draw(art: Sheet) -> None:
    art.flat(art.everything(), mix(TEAL, DEEP, 0.45))
    columns = Shape()
    for x in (40, 210, 590, 760):
        columns.rect(x - 44, 60, x + 44, 810).rect(x - 60, 30, x + 60, 66)
    art.flat(columns, mix(TEAL, MIST, 0.22))
    art.grain(columns, NIGHT, (800, 0), (0, 0), (0.75, 0.05))
    back = Shape().blob(
        (400, 130),
        (500, 156),
        (556, 260),
        (560, 400),
        (548, 500),
        (480, 520),
        (320, 520),
        (252, 500),
        (240, 400),
        (244, 260),
        (300, 156),
    )
    faces.hair(art, back, mix(MIST, INK, 0.5), MIST)
    faces.shoulders(art, mix(INK, DEEP, 0.25), PAPER, wide=262)
    faces.head(art, FACE)
    scarf = Shape().blob(
        (318, 552),
        (400, 590),
        (482, 552),
        (520, 600),
        (470, 664),
        (400, 680),
        (330, 664),
        (282, 600),
    )
    art.flat(scarf, RUST)
    art.grain(scarf, PLUM, (520, 680), (330, 570), (0.9, 0))
    art.flat(
        Shape()
        .curve([(300, 606), (400, 640), (500, 604)], 4)
        .curve([(318, 640), (400, 664), (480, 640)], 3),
        mix(RUST, NIGHT, 0.5),
    )
    faces.features(art, FACE)
    fringe = Shape().blob(
        (250, 330),
        (258, 210),
        (320, 150),
        (420, 136),
        (510, 176),
        (552, 270),
        (550, 400),
        (520, 430),
        (508, 330),
        (470, 262),
        (390, 232),
        (330, 262),
        (296, 330),
        (284, 440),
        (256, 420),
    )
    faces.hair(art, fringe, mix(MIST, INK, 0.38), PAPER)
