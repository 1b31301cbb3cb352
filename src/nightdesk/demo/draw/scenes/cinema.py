"""An audience before a dry river on the screen."""

import itertools

from nightdesk.demo.draw.figures import standing
from nightdesk.demo.draw.inks import AMBER, CORAL, INK, NIGHT, PAPER, PLUM, RUST, SAND, mix
from nightdesk.demo.draw.shape import Shape
from nightdesk.demo.draw.sheet import Sheet

LEFT, TOP, RIGHT, BOTTOM = 150, 90, 1450, 700


def draw(art: Sheet) -> None:
    art.flat(art.everything(), mix(NIGHT, PLUM, 0.25))
    for side in (-1, 1):
        curtain = Shape()
        for i in range(4):
            x = 800 + side * (672 + i * 44)
            curtain.blob(
                (x - 26, -40),
                (x + 26, -40),
                (x + 34, 420),
                (x + 24, 800),
                (x - 24, 800),
                (x - 34, 420),
            )
        art.flat(curtain, mix(RUST, PLUM, 0.4))
        art.grain(curtain, NIGHT, (800 + side * 830, 0), (800 + side * 640, 0), (0.95, 0.25))
    _screen(art)
    art.grain(Shape().rect(0, 700, 1600, 1067), mix(CORAL, SAND, 0.4), (0, 690), (0, 830), (0.4, 0))
    for row in range(4):
        _row(art, row)
    art.flecks(150, (200, 40, 1400, 700), PAPER, (0.8, 2.0), 0.35)


def _screen(art: Sheet) -> None:
    screen = Shape().rect(LEFT, TOP, RIGHT, BOTTOM)
    art.glow(800, 400, 900, mix(SAND, CORAL, 0.3), 0.45, grain=0.5)
    art.flat(screen, mix(SAND, PAPER, 0.45))
    art.wash(screen, CORAL, (0, 330), (0, 90), (0.55, 0))
    art.flat(Shape().oval(1110, 240, 62), mix(PAPER, AMBER, 0.25))
    hills = Shape().poly(
        (LEFT, 340),
        (360, 300),
        (600, 335),
        (880, 296),
        (1150, 330),
        (RIGHT, 300),
        (RIGHT, 380),
        (LEFT, 380),
    )
    art.flat(hills, mix(CORAL, PLUM, 0.35))
    bed = Shape().rect(LEFT, 366, RIGHT, BOTTOM)
    art.flat(bed, mix(SAND, PAPER, 0.6))
    art.grain(bed, RUST, (0, BOTTOM), (0, 366), (0.55, 0))
    cracks = Shape()
    rows = [
        [
            (
                LEFT - 60 + (i + art.random.uniform(-0.3, 0.3)) * (46 + r * 26) + (r % 2) * 30,
                378 + r * r * 5.2 + r * 9 + art.random.uniform(-3, 3) * (1 + r / 3),
            )
            for i in range(34)
        ]
        for r in range(9)
    ]
    for r, line in enumerate(rows):
        for a, b in itertools.pairwise(line):
            if art.random.random() < 0.82:
                cracks.line([a, b], 1 + r * 0.55)
        if r + 1 < len(rows):
            for a in line:
                b = min(rows[r + 1], key=lambda p: abs(p[0] - a[0]))
                cracks.line([a, b], 1 + r * 0.5)
    cracks.cut().rect(-10, 0, LEFT, 1067).rect(RIGHT, 0, 1610, 1067).rect(0, BOTTOM, 1600, 1067)
    art.flat(cracks, mix(PLUM, RUST, 0.4), 0.85)
    bridge = Shape().rect(LEFT, 318, RIGHT, 336)
    for i in range(8):
        x = 230 + i * 165
        bridge.poly((x - 13, 336), (x + 13, 336), (x + 19, 420), (x - 19, 420))
    for i in range(40):
        bridge.rect(LEFT + i * 33, 298, LEFT + i * 33 + 3, 320)
    bridge.rect(LEFT, 295, RIGHT, 299)
    art.flat(bridge, NIGHT)
    art.flat(standing(standing(Shape(), 420, 320, 92, 0), 1180, 320, 92, 0), NIGHT)
    bicycle = Shape()
    for x in (640, 732):
        bicycle.oval(x, 540, 36).cut().oval(x, 540, 30).add()
    bicycle.line([(640, 540), (670, 486), (716, 486), (686, 544), (640, 540)], 5.5).line(
        [(670, 486), (686, 544)], 5.5
    )
    bicycle.line([(732, 540), (712, 468), (736, 458)], 5.5).line([(664, 474), (690, 474)], 8)
    art.flat(Shape().oval(690, 578, 90, 8), PLUM, 0.4)
    art.flat(bicycle, NIGHT)
    art.flat(
        Shape()
        .rect(LEFT - 14, TOP - 14, RIGHT + 14, BOTTOM + 14)
        .cut()
        .rect(LEFT, TOP, RIGHT, BOTTOM),
        NIGHT,
    )


def _row(art: Sheet, row: int) -> None:
    size = 0.62 + row * 0.26
    base = 792 + row * 82
    count = 15 - row * 3
    people, seats = Shape(), Shape()
    for i in range(count):
        x = 800 + (i - (count - 1) / 2 + (0.5 if row % 2 else 0)) * 128 * size * 1.1
        if art.random.random() < 0.14:
            seats.rect(x - 44 * size, base - 20 * size, x + 44 * size, base + 120 * size, 16 * size)
            continue
        high = art.random.uniform(-9, 13) * size
        wide = art.random.uniform(0.92, 1.1)
        people.blob(
            (x - 16 * size, base - 44 * size - high),
            (x + 16 * size, base - 44 * size - high),
            (x + 56 * size * wide, base - 14 * size),
            (x + 60 * size, base + 130 * size),
            (x - 60 * size, base + 130 * size),
            (x - 56 * size * wide, base - 14 * size),
        )
        people.oval(x, base - 76 * size - high, 29 * size * wide, 35 * size)
        style = art.random.random()
        if style < 0.22:
            people.oval(x, base - 112 * size - high, 15 * size)
        elif style < 0.5:
            people.blob(
                (x - 33 * size, base - 92 * size - high),
                (x, base - 116 * size - high),
                (x + 33 * size, base - 92 * size - high),
                (x + 36 * size, base - 40 * size - high),
                (x - 36 * size, base - 40 * size - high),
            )
        elif style < 0.6:
            people.rect(
                x - 40 * size, base - 96 * size - high, x + 40 * size, base - 88 * size - high, 4
            ).rect(
                x - 26 * size, base - 122 * size - high, x + 26 * size, base - 90 * size - high, 8
            )
        seats.rect(x - 54 * size, base + 16 * size, x + 54 * size, base + 140 * size, 16 * size)
    dark = mix(mix(PLUM, INK, 0.5), NIGHT, 0.3 + row * 0.22)
    art.flat(people, dark)
    art.grain(
        people,
        mix(CORAL, SAND, 0.3),
        (0, base - 118 * size),
        (0, base - 66 * size),
        (0.75 - row * 0.12, 0),
    )
    art.flat(seats, mix(mix(RUST, PLUM, 0.6), NIGHT, 0.35 + row * 0.16))
    art.grain(seats, NIGHT, (0, base + 100 * size), (0, base), (0.8, 0))
