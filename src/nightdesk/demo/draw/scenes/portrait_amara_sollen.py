"""Amara Sollen: cropped hair, round glasses, shelves of files."""

from nightdesk.demo.draw import faces
from nightdesk.demo.draw.inks import (
    AMBER,
    CORAL,
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

FACE = faces.Face(skin=mix(RUST, PLUM, 0.42), wide=104, chin=508, jaw=0.68, brow=2, smile=6)


def draw(art: Sheet) -> None:
    art.flat(art.everything(), mix(PLUM, NIGHT, 0.3))
    colours = (
        mix(SAND, PLUM, 0.35),
        mix(TEAL, PLUM, 0.4),
        mix(RUST, PLUM, 0.4),
        mix(CORAL, PLUM, 0.5),
        mix(SEA, PLUM, 0.5),
    )
    for row in range(4):
        x = -10.0
        while x < 800:
            wide = art.random.uniform(18, 44)
            high = art.random.uniform(128, 170)
            file = Shape().rect(x, 196 + row * 206 - high, x + wide - 3, 196 + row * 206)
            art.flat(file, colours[art.random.randrange(5)])
            art.flat(
                Shape().rect(x + wide * 0.25, 150 + row * 206, x + wide * 0.65, 168 + row * 206),
                mix(PAPER, PLUM, 0.3),
            )
            x += wide
        art.flat(Shape().rect(0, 196 + row * 206, 800, 208 + row * 206), NIGHT)
    art.grain(art.everything(), NIGHT, (800, 400), (120, 300), (0.95, 0.25))
    halo = Shape().oval(400, 262, 152, 138)
    faces.shoulders(art, AMBER, mix(RUST, PLUM, 0.42), wide=256)
    faces.hair(art, halo, NIGHT, mix(PLUM, RUST, 0.35))
    faces.head(art, FACE)
    faces.lapels(art, mix(AMBER, PAPER, 0.3))
    faces.features(art, FACE)
    cap = Shape().blob(
        (290, 312),
        (282, 240),
        (318, 160),
        (400, 132),
        (482, 160),
        (518, 240),
        (510, 312),
        (492, 262),
        (440, 232),
        (400, 228),
        (360, 232),
        (308, 262),
    )
    faces.hair(art, cap, NIGHT, mix(PLUM, CORAL, 0.35))
    faces.glasses(art, AMBER, round_ones=True)
    art.flat(Shape().oval(289, 424, 9).oval(511, 424, 9), SEA)
