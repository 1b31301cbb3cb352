"""Tomas Verhan: receding hair, square glasses, a curve on the wall."""

from nightdesk.demo.draw import faces
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
from nightdesk.demo.draw.shape import Shape
from nightdesk.demo.draw.sheet import Sheet

FACE = faces.Face(skin=mix(SAND, CORAL, 0.18), wide=113, chin=516, jaw=0.76, brow=0, smile=2)


def draw(art: Sheet) -> None:
    art.flat(art.everything(), mix(SEA, MIST, 0.45))
    grid = Shape()
    for i in range(1, 10):
        grid.rect(i * 80, 0, i * 80 + 2, 800).rect(0, i * 80, 800, i * 80 + 2)
    art.flat(grid, TEAL, 0.45)
    art.flat(
        Shape().curve(
            [
                (-20, 300),
                (90, 250),
                (180, 320),
                (260, 160),
                (420, 90),
                (560, 210),
                (660, 140),
                (820, 260),
            ],
            9,
        ),
        RUST,
    )
    art.grain(art.everything(), TEAL, (800, 800), (200, 200), (0.8, 0))
    faces.shoulders(art, mix(INK, NIGHT, 0.3), PAPER, wide=294)
    sides = Shape().blob(
        (284, 360),
        (276, 270),
        (306, 206),
        (360, 196),
        (440, 196),
        (494, 206),
        (524, 270),
        (516, 360),
        (500, 400),
        (300, 400),
    )
    faces.hair(art, sides, mix(INK, PLUM, 0.5), mix(SAND, INK, 0.4))
    faces.head(art, FACE)
    faces.lapels(art, mix(INK, DEEP, 0.35))
    tie = Shape().poly(
        (380, 574),
        (420, 574),
        (428, 600),
        (412, 620),
        (430, 800),
        (370, 800),
        (388, 620),
        (372, 600),
    )
    art.flat(
        Shape().poly((336, 556), (400, 596), (352, 640)).poly((464, 556), (400, 596), (448, 640)),
        PAPER,
    )
    art.flat(tie, AMBER)
    art.grain(tie, RUST, (430, 700), (370, 640), (0.8, 0))
    faces.features(art, FACE)
    temples = Shape().blob(
        (284, 350), (280, 270), (310, 216), (344, 204), (322, 250), (304, 300), (302, 352)
    )
    temples.blob((516, 350), (520, 270), (490, 216), (456, 204), (478, 250), (496, 300), (498, 352))
    faces.hair(art, temples, mix(INK, PLUM, 0.5), mix(SAND, INK, 0.4))
    faces.glasses(art, NIGHT, round_ones=False)
    moustache = Shape().blob(
        (346, 446),
        (374, 432),
        (400, 438),
        (426, 432),
        (454, 446),
        (430, 452),
        (400, 448),
        (370, 452),
    )
    art.flat(moustache, mix(INK, PLUM, 0.5))
