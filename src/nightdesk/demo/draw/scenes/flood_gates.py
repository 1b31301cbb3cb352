"""The gates at Ternholm from the river; two of them are red."""

from nightdesk.demo.draw.figures import standing
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
from nightdesk.demo.draw.shape import Shape
from nightdesk.demo.draw.sheet import Sheet

WATER = 730


def draw(art: Sheet) -> None:
    art.flat(art.everything(), mix(MIST, PAPER, 0.3))
    art.grain(art.everything(), TEAL, (0, -60), (0, 520), (0.75, 0))
    art.wash(art.everything(), SAND, (0, 760), (0, 380), (0.8, 0))
    hills = Shape().blob(
        (-80, 520),
        (200, 470),
        (520, 505),
        (900, 455),
        (1250, 500),
        (1700, 450),
        (1700, 800),
        (-80, 800),
    )
    art.flat(hills, mix(TEAL, MIST, 0.45))
    art.grain(hills, TEAL, (0, 760), (0, 460), (0.8, 0.1))
    for index in range(5):
        x = -110 + index * 300
        red = index in (1, 3)
        _gate(
            art, x + 74, x + 300, RUST if red else mix(DEEP, TEAL, 0.4), raised=0 if not red else 46
        )
    for index in range(7):
        _pier(art, -110 + index * 300)
    gallery = Shape().rect(-5, 258, 1605, 312).rect(-5, 236, 1605, 244)
    for x in range(0, 1600, 50):
        gallery.rect(x, 238, x + 5, 262)
    art.flat(gallery, INK)
    art.grain(gallery, NIGHT, (0, 312), (0, 258), (0.9, 0.1))
    crew = Shape()
    for x, step in ((560, 0.5), (606, -0.3), (640, 0.2), (1180, 0.4)):
        standing(crew, x, 260, 78, step)
    art.flat(crew, NIGHT)
    art.flat(
        Shape()
        .oval(560, 187, 8, 5)
        .oval(606, 187, 8, 5)
        .oval(640, 187, 8, 5)
        .oval(1180, 187, 8, 5),
        AMBER,
    )
    _river(art)


def _gate(
    art: Sheet, left: float, right: float, colour: tuple[int, int, int], raised: float
) -> None:
    body = Shape().rect(left, 400 - raised, right, WATER + 20)
    art.flat(body, colour)
    art.grain(body, mix(colour, NIGHT, 0.7), (0, WATER), (0, 420), (0.75, 0))
    ribs, shade = Shape(), Shape()
    for row in range(5):
        y = 412 - raised + row * 70
        ribs.rect(left, y, right, y + 14)
        shade.rect(left, y + 14, right, y + 24)
    for column in range(1, 4):
        x = left + (right - left) * column / 4
        ribs.rect(x - 5, 400 - raised, x + 5, WATER + 20)
    art.flat(shade, NIGHT, 0.35)
    art.flat(ribs, mix(colour, PAPER, 0.28))
    cable = (
        Shape()
        .rect(left + 40, 300, left + 46, 402 - raised)
        .rect(right - 46, 300, right - 40, 402 - raised)
    )
    art.flat(cable, NIGHT)


def _pier(art: Sheet, x: float) -> None:
    body = (
        Shape()
        .rect(x, 205, x + 80, WATER + 60)
        .poly((x - 14, 210), (x + 94, 210), (x + 80, 180), (x, 180))
    )
    art.flat(body, mix(SAND, MIST, 0.35))
    shade = Shape().rect(x + 46, 205, x + 80, WATER + 60)
    art.flat(shade, mix(SAND, TEAL, 0.55))
    art.grain(body, mix(TEAL, INK, 0.6), (0, WATER + 20), (0, 330), (0.85, 0))
    mark = Shape()
    for step in range(9):
        mark.rect(x + 8, 420 + step * 36, x + (30 if step % 3 == 0 else 20), 424 + step * 36)
    art.flat(mark, INK)


def _river(art: Sheet) -> None:
    river = Shape().rect(0, WATER, 1600, 1067)
    art.flat(river, mix(DEEP, TEAL, 0.35))
    art.mirror(river, WATER, squash=0.8, sway=14, keep=0.5)
    art.grain(river, NIGHT, (0, 1067), (0, 800), (0.8, 0))
    for index in range(7):
        x = -70 + index * 300
        foam = Shape()
        for _ in range(40):
            spread = art.random.random()
            y = WATER - 6 + spread * 150
            shift = art.random.gauss(0, 22 + spread * 60)
            foam.oval(
                x + shift,
                y,
                art.random.uniform(6, 24) * (1 - spread * 0.5),
                art.random.uniform(1.5, 4.5),
            )
        art.flat(foam, mix(PAPER, SEA, 0.25), 0.8)
    waves = Shape()
    for _ in range(60):
        x, y = art.random.uniform(-60, 1600), WATER + 60 + art.random.random() ** 0.8 * 280
        wide, lift = art.random.uniform(24, 90), art.random.uniform(3, 9)
        waves.curve(
            [
                (x, y),
                (x + wide * 0.3, y - lift),
                (x + wide * 0.6, y + lift * 0.4),
                (x + wide, y - lift * 0.6),
            ],
            3,
        )
    art.flat(waves, SEA, 0.6)
    log = Shape().line([(900, 960), (1130, 925)], 26)
    art.flat(log, NIGHT)
    art.flat(Shape().line([(1000, 945), (1040, 900), (1062, 890)], 9), NIGHT)
    art.grain(log, CORAL, (950, 930), (950, 960), (0.4, 0))
