"""Cooper Street under water: gabled fronts, a lit window, two people in a boat."""

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
    TEAL,
    mix,
)
from nightdesk.demo.draw.shape import Point, Shape
from nightdesk.demo.draw.sheet import Sheet

EYE: Point = (850, 600)
WATER = 690


def draw(art: Sheet) -> None:
    art.flat(art.everything(), mix(MIST, SAND, 0.35))
    art.wash(art.everything(), PAPER, (0, 600), (0, 150), (0.9, 0))
    art.grain(art.everything(), TEAL, (0, 0), (0, 430), (0.6, 0))
    far = Shape().rect(700, 500, 1000, WATER).poly((700, 500), (770, 420), (840, 500))
    far.rect(862, 380, 892, WATER).poly((855, 382), (877, 290), (899, 382))
    art.flat(far, mix(TEAL, MIST, 0.45))
    fronts = [mix(RUST, PLUM, 0.25), mix(TEAL, INK, 0.35), mix(SAND, CORAL, 0.5), DEEP]
    street = Shape().poly(EYE, (-50, EYE[1] + 260), (-50, 1080), (1750, 1080), (1750, EYE[1] + 260))
    below = Shape().rect(0, EYE[1], 1600, 1080)
    art.flat(below, mix(TEAL, MIST, 0.55))
    art.flat(
        Shape().poly((862, 640), (899, 640), (880, 840)).rect(700, 620, 1000, 700),
        mix(TEAL, MIST, 0.3),
    )
    for mirrored in (True, False):
        for side in (-1, 1):
            for index in range(4, -1, -1):
                colour = fronts[(index + (side > 0) * 2) % 4]
                _house(art, side, index, mix(colour, DEEP, 0.4) if mirrored else colour, mirrored)
        if mirrored:
            art.ripple(below, EYE[1], sway=13)
            art.grain(street, INK, (0, 1067), (0, WATER), (0.6, 0.05))
    ripples = Shape()
    for _ in range(95):
        y = WATER + 10 + (art.random.random() ** 1.6) * 360
        x = art.random.uniform(0, 1600)
        if abs(x - EYE[0]) > (y - EYE[1]) * 3.3:
            continue
        wide = 10 + (y - WATER) * 0.25 * art.random.random()
        ripples.rect(x - wide, y, x + wide, y + 1.5 + (y - WATER) / 190, 2)
    art.flat(ripples, mix(MIST, PAPER, 0.4), 0.55)
    _boat(art, 745, 842)
    _sign(art)


def _house(art: Sheet, side: int, index: int, colour: tuple[int, int, int], mirrored: bool) -> None:
    """The `index`-th front from the viewer, narrower as it is farther, or its mirror image."""
    near, far = 0.62**index, 0.62 ** (index + 1)
    x0, x1 = (EYE[0] + side * 900 * s for s in (near, far))
    up = -1 if mirrored else 1
    high = (720, 640, 780, 660, 700)[(index + (side > 0)) % 5]

    def at(share: float, level: float) -> Point:
        """A point on the front: share of its length, level above the street in house heights."""
        scale = near + (far - near) * share
        return (x0 + (x1 - x0) * share, EYE[1] + 260 * scale - up * (260 + high) * scale * level)

    wall = Shape().poly(at(0, 0), at(0, 1), at(1, 1), at(1, 0))
    roof = Shape().poly(at(-0.02, 0.99), at(0.5, 1.2), at(1.02, 0.99))
    art.flat(roof, mix(colour, NIGHT, 0.5))
    art.flat(wall, colour)
    art.grain(wall, mix(colour, NIGHT, 0.65), at(0, 0.2), at(1, 0.9), (0.65, 0))
    panes, lit, frames = Shape(), Shape(), Shape()
    for floor in range(4):
        for bay in range(3):
            s, base = 0.13 + bay * 0.28, 0.26 + floor * 0.185
            corners = [
                at(s, base),
                at(s, base + 0.12),
                at(s + 0.17, base + 0.12),
                at(s + 0.17, base),
            ]
            edge = [
                at(s - 0.025, base - 0.015),
                at(s - 0.025, base + 0.135),
                at(s + 0.195, base + 0.135),
                at(s + 0.195, base - 0.015),
            ]
            frames.poly(*edge)
            glow = (index, floor, bay, side) in {(1, 2, 1, -1), (0, 2, 2, 1), (2, 3, 0, 1)}
            (lit if glow else panes).poly(*corners)
    art.flat(frames, mix(colour, PAPER, 0.55))
    art.flat(panes, mix(INK, colour, 0.2))
    art.flat(lit, AMBER)
    band = Shape().poly(at(0, 0.965), at(0, 1.0), at(1, 1.0), at(1, 0.965))
    art.flat(band, mix(colour, PAPER, 0.3))


def _boat(art: Sheet, x: float, y: float) -> None:
    shadow = Shape().oval(x, y + 46, 230, 16)
    art.flat(shadow, NIGHT, 0.5, blur=5)
    art.glow(x + 150, y - 96, 150, AMBER, 0.8, grain=0.6)
    people = Shape()
    people.blob((x - 88, y - 108), (x - 52, y - 104), (x - 32, y + 8), (x - 120, y + 8))
    people.oval(x - 68, y - 132, 17, 21)
    people.blob((x + 34, y - 92), (x + 66, y - 96), (x + 90, y + 8), (x + 8, y + 8))
    people.oval(x + 54, y - 120, 17, 21)
    people.line([(x + 60, y - 78), (x + 108, y - 62), (x + 142, y - 84)], 14)
    people.line([(x - 66, y - 78), (x - 20, y - 52), (x + 4, y - 56)], 14)
    art.flat(people, NIGHT)
    oar = Shape().line([(x - 40, y - 88), (x + 20, y - 30), (x - 128, y + 62)], 1)
    oar = (
        Shape()
        .line([(x + 10, y - 66), (x - 196, y + 62)], 6)
        .line([(x - 170, y + 46), (x - 216, y + 75)], 15)
    )
    hull = Shape().blob(
        (x - 205, y - 12),
        (x - 110, y + 2),
        (x, y + 5),
        (x + 120, y),
        (x + 215, y - 22),
        (x + 178, y + 38),
        (x + 60, y + 52),
        (x - 90, y + 52),
        (x - 178, y + 36),
    )
    art.flat(hull, RUST)
    art.grain(hull, NIGHT, (x - 60, y + 60), (x - 20, y - 20), (0.85, 0))
    art.flat(
        Shape().curve(
            [(x - 203, y - 11), (x - 100, y + 3), (x, y + 7), (x + 120, y + 2), (x + 212, y - 20)],
            6,
        ),
        PAPER,
    )
    art.flat(oar, SAND)
    lamp = Shape().rect(x + 138, y - 112, x + 160, y - 78, 6)
    art.flat(lamp, mix(AMBER, PAPER, 0.7))
    art.flat(Shape().line([(x + 142, y - 112), (x + 149, y - 124), (x + 156, y - 112)], 4), NIGHT)
    art.glow(x + 150, y + 76, 90, AMBER, 0.55, grain=0.8)


def _sign(art: Sheet) -> None:
    pole = Shape().rect(1243, 560, 1257, 935)
    art.flat(pole, NIGHT)
    art.flat(Shape().oval(1250, 560, 52), PAPER)
    art.flat(Shape().oval(1250, 560, 44), RUST)
    art.flat(Shape().rect(1218, 551, 1282, 569), PAPER)
    art.flat(Shape().oval(1250, 936, 46, 7).cut().oval(1250, 935, 34, 4), PAPER, 0.6)
