"""Joren Pask: knitted cap, short beard, the wires of the tram."""

from nightdesk.demo.draw import faces
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
    TEAL,
    mix,
)
from nightdesk.demo.draw.shape import Shape, hanging
from nightdesk.demo.draw.sheet import Sheet

FACE = faces.Face(skin=mix(SAND, CORAL, 0.42), wide=114, chin=512, jaw=0.8, brow=-3, smile=9)


def draw(art: Sheet) -> None:
    art.flat(art.everything(), mix(AMBER, SAND, 0.35))
    art.grain(art.everything(), CORAL, (400, 820), (400, 200), (0.7, 0))
    wires = (
        Shape()
        .line(hanging((-10, 90), (810, 150), 40), 5)
        .line(hanging((-10, 210), (810, 60), 30), 4)
    )
    wires.line(hanging((-10, 260), (810, 330), 60), 3).rect(84, 40, 100, 810)
    wires.line([(92, 130), (230, 96)], 7)
    art.flat(wires, mix(INK, CORAL, 0.15))
    faces.shoulders(art, mix(DEEP, TEAL, 0.25), mix(PAPER, SAND, 0.3), wide=300)
    collar = Shape().blob(
        (300, 570),
        (400, 610),
        (500, 570),
        (540, 640),
        (470, 690),
        (400, 700),
        (330, 690),
        (260, 640),
    )
    art.flat(collar, mix(DEEP, NIGHT, 0.4))
    faces.head(art, FACE)
    art.flat(
        Shape().blob((292, 560), (400, 606), (508, 560), (500, 630), (400, 660), (300, 630)),
        mix(PAPER, SAND, 0.35),
    )
    art.grain(
        Shape().blob((292, 560), (400, 606), (508, 560), (500, 630), (400, 660), (300, 630)),
        PLUM,
        (520, 640),
        (320, 590),
        (0.8, 0),
    )
    beard = Shape().blob(
        (284, 384),
        (296, 430),
        (340, 436),
        (400, 430),
        (460, 436),
        (504, 430),
        (516, 384),
        (512, 450),
        (470, 516),
        (400, 532),
        (330, 516),
        (288, 450),
    )
    beard.cut().blob((352, 452), (400, 444), (448, 452), (434, 480), (400, 486), (366, 480))
    faces.hair(art, beard, mix(RUST, PLUM, 0.55), mix(CORAL, RUST, 0.4))
    faces.features(art, FACE)
    cap = Shape().blob(
        (280, 290),
        (280, 200),
        (330, 128),
        (400, 112),
        (470, 128),
        (520, 200),
        (520, 290),
        (400, 262),
    )
    art.flat(cap, RUST)
    art.grain(cap, NIGHT, (540, 260), (320, 160), (0.9, 0))
    brim = Shape().curve([(278, 282), (330, 258), (400, 250), (470, 258), (522, 282)], 48)
    art.flat(brim, mix(RUST, CORAL, 0.3))
    art.grain(brim, PLUM, (540, 280), (330, 250), (0.85, 0))
    knit = Shape()
    for i in range(15):
        x = 286 + i * 16.3
        y = 278 - 28 * (1 - ((x - 400) / 122) ** 2)
        knit.line([(x, y - 19), (x, y + 19)], 2.4)
    art.flat(knit, mix(RUST, NIGHT, 0.5))
