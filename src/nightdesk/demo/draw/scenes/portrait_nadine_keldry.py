"""Nadine Keldry: dark hair pinned up, earrings, a curtain."""

from nightdesk.demo.draw import faces
from nightdesk.demo.draw.inks import AMBER, CORAL, INK, NIGHT, PLUM, RUST, SAND, TEAL, mix
from nightdesk.demo.draw.shape import Shape
from nightdesk.demo.draw.sheet import Sheet

FACE = faces.Face(skin=mix(SAND, CORAL, 0.6), wide=100, chin=502, jaw=0.62, brow=6, smile=8)


def draw(art: Sheet) -> None:
    art.flat(art.everything(), mix(RUST, PLUM, 0.2))
    for i in range(8):
        fold = Shape().blob(
            (i * 110 - 40, -40),
            (i * 110 + 40, -40),
            (i * 110 + 52, 400),
            (i * 110 + 36, 860),
            (i * 110 - 36, 860),
            (i * 110 - 52, 400),
        )
        art.grain(fold, mix(PLUM, NIGHT, 0.5), (i * 110 + 56, 0), (i * 110 - 40, 0), (0.95, 0))
    bun = (
        Shape()
        .oval(420, 116, 84, 70)
        .blob(
            (400, 128),
            (494, 150),
            (546, 240),
            (536, 370),
            (500, 430),
            (300, 430),
            (264, 370),
            (254, 240),
            (306, 150),
        )
    )
    faces.hair(art, bun, NIGHT, mix(PLUM, CORAL, 0.4))
    faces.shoulders(art, mix(TEAL, INK, 0.4), FACE.skin, wide=244, slope=10)
    faces.head(art, FACE)
    neckline = Shape().blob(
        (210, 640),
        (300, 600),
        (340, 690),
        (400, 716),
        (460, 690),
        (500, 600),
        (590, 640),
        (640, 860),
        (160, 860),
    )
    art.flat(neckline, mix(TEAL, INK, 0.35))
    art.grain(neckline, NIGHT, (620, 800), (240, 640), (0.9, 0))
    beads = Shape()
    for i in range(13):
        t = i / 12 * 2 - 1
        beads.oval(400 + t * 92, 656 - 54 * t * t, 9)
    art.flat(beads, AMBER)
    faces.features(art, FACE)
    sweep = Shape().blob(
        (272, 340),
        (262, 240),
        (310, 150),
        (400, 126),
        (490, 150),
        (538, 240),
        (528, 340),
        (506, 288),
        (458, 240),
        (376, 216),
        (330, 262),
        (298, 300),
    )
    faces.hair(art, sweep, NIGHT, mix(PLUM, CORAL, 0.5))
    strands = (
        Shape()
        .curve([(372, 216), (330, 176), (318, 196)], 3)
        .curve([(380, 212), (410, 160), (480, 172)], 3)
        .curve([(430, 226), (470, 190), (516, 226)], 3)
    )
    art.flat(strands, mix(PLUM, CORAL, 0.3))
    art.flat(
        Shape().poly((292, 400), (304, 440), (280, 440)).poly((508, 400), (520, 440), (496, 440)),
        AMBER,
    )
    art.flat(
        Shape()
        .curve([(364, 456), (400, 450), (436, 456)], 5)
        .curve([(368, 462), (400, 476), (432, 462)], 5),
        mix(RUST, PLUM, 0.2),
    )
