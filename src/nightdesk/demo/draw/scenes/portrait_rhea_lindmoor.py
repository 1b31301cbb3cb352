"""Rhea Lindmoor: long red hair, a raincoat, the river's gauge."""

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
    SEA,
    TEAL,
    mix,
)
from nightdesk.demo.draw.shape import Shape, smooth
from nightdesk.demo.draw.sheet import Sheet

FACE = faces.Face(skin=mix(PAPER, CORAL, 0.3), wide=103, chin=506, jaw=0.66, brow=-2, smile=7)


def draw(art: Sheet) -> None:
    art.flat(art.everything(), mix(DEEP, INK, 0.35))
    for row in range(11):
        y = 40 + row * 76
        wave = Shape().line(
            smooth([(x, y + (14 if (x // 80 + row) % 2 else -14)) for x in range(-80, 960, 80)]), 7
        )
        art.flat(wave, mix(TEAL, DEEP, 0.15 + 0.06 * row))
    gauge = Shape().rect(84, -10, 122, 810)
    art.flat(gauge, PAPER)
    marks = Shape()
    for i in range(40):
        marks.rect(84, i * 21, 112 if i % 5 == 0 else 100, i * 21 + 5)
    art.flat(marks, RUST)
    art.grain(art.everything(), NIGHT, (800, 700), (200, 200), (0.85, 0))
    back = Shape().blob(
        (400, 128),
        (500, 156),
        (550, 260),
        (566, 420),
        (600, 580),
        (560, 700),
        (240, 700),
        (200, 580),
        (234, 420),
        (250, 260),
        (300, 156),
    )
    faces.hair(art, back, mix(RUST, PLUM, 0.25), mix(CORAL, AMBER, 0.4))
    faces.shoulders(art, AMBER, mix(MIST, SEA, 0.5), wide=272)
    faces.head(art, FACE)
    hood = Shape().blob((290, 566), (360, 620), (398, 800), (300, 800), (214, 690), (236, 606))
    hood.blob((510, 566), (440, 620), (402, 800), (500, 800), (586, 690), (564, 606))
    art.flat(hood, mix(AMBER, PAPER, 0.18))
    art.grain(hood, RUST, (590, 760), (260, 600), (0.85, 0))
    art.flat(Shape().line([(330, 640), (338, 730)], 5).line([(470, 640), (462, 730)], 5), PAPER)
    faces.features(art, FACE)
    freckles = Shape()
    for _ in range(16):
        freckles.oval(
            400 + art.random.choice((-1, 1)) * art.random.uniform(24, 78),
            art.random.uniform(384, 420),
            2.4,
        )
    art.flat(freckles, mix(RUST, CORAL, 0.3), 0.8)
    front = Shape().blob(
        (258, 470),
        (256, 300),
        (290, 190),
        (370, 140),
        (404, 150),
        (386, 220),
        (330, 262),
        (300, 340),
        (292, 440),
        (270, 560),
    )
    front.blob(
        (542, 470),
        (544, 300),
        (510, 190),
        (440, 140),
        (392, 148),
        (420, 216),
        (474, 262),
        (502, 340),
        (510, 440),
        (532, 560),
    )
    faces.hair(art, front, mix(RUST, CORAL, 0.15), AMBER)
