"""Weighhouse Hall before the first note: one conductor, a ring of stands, empty tiers."""

import math

from nightdesk.demo.draw.inks import AMBER, CORAL, NIGHT, PAPER, PLUM, RUST, SAND, mix
from nightdesk.demo.draw.shape import Shape
from nightdesk.demo.draw.sheet import Sheet


def draw(art: Sheet) -> None:
    art.flat(art.everything(), mix(PLUM, NIGHT, 0.5))
    for tier in range(4, -1, -1):
        _tier(art, tier)
    art.grain(art.everything(), NIGHT, (0, -60), (0, 480), (0.95, 0))
    _lamps(art)
    stage = Shape().blob(
        (-120, 1130), (-120, 900), (380, 800), (800, 776), (1220, 800), (1720, 900), (1720, 1130)
    )
    art.flat(stage, mix(SAND, RUST, 0.55))
    art.grain(stage, NIGHT, (0, 900), (760, 900), (0.95, 0.1))
    art.grain(stage, NIGHT, (1600, 900), (840, 900), (0.95, 0.1))
    boards = Shape()
    for i in range(-14, 15):
        boards.line([(800 + i * 62, 770), (800 + i * 130, 1080)], 2)
    art.flat(boards, NIGHT, 0.35)
    beam = Shape().poly((742, -10), (858, -10), (1080, 930), (520, 930))
    art.wash(beam, mix(AMBER, PAPER, 0.5), (800, 0), (800, 960), (0.45, 0.12))
    pool = Shape().oval(800, 926, 290, 60)
    art.grain(pool, mix(AMBER, PAPER, 0.35), (800, 860), (800, 1000), (1, 0.35))
    podium = (
        Shape().rect(706, 888, 894, 934, 4).poly((706, 890), (728, 868), (872, 868), (894, 890))
    )
    art.flat(podium, mix(RUST, PLUM, 0.45))
    art.flat(Shape().poly((706, 890), (728, 868), (872, 868), (894, 890)), mix(CORAL, AMBER, 0.3))
    _stands(art)
    _conductor(art, 800, 884, 300)


def _tier(art: Sheet, tier: int) -> None:
    """A balcony as a band of an ellipse; higher tiers are farther."""
    cy, rx, ry = 250 + (4 - tier) * 18, 1080 - tier * 40, 560 - tier * 104

    def ring(dy: float, scale: float = 1.0) -> list[tuple[float, float]]:
        return [
            (800 - rx * scale * math.cos(a), cy + dy + ry * math.sin(a))
            for a in (math.pi * i / 60 for i in range(61))
        ]

    seats = Shape().poly(*ring(0), *reversed(ring(-92)))
    art.flat(seats, mix(RUST, PLUM, 0.45))
    art.grain(seats, NIGHT, (0, cy + ry - 92), (0, cy + ry + 6), (0.9, 0.2))
    backs = Shape()
    for row in range(2):
        for i in range(3, 58):
            a = math.pi * (i + row * 0.5) / 60
            x, y = 800 - rx * math.cos(a), cy + ry * math.sin(a) - 30 - row * 34
            backs.rect(x - 12, y - 26, x + 12, y + 4, 9)
    art.flat(backs, mix(RUST, CORAL, 0.18))
    art.grain(backs, NIGHT, (0, cy + ry + 10), (0, cy + ry - 90), (0.8, 0.1))
    front = Shape().poly(*ring(0), *reversed(ring(34)))
    art.flat(front, mix(SAND, AMBER, 0.3))
    art.grain(front, mix(PLUM, NIGHT, 0.5), (-100, 0), (800, 0), (1, 0.05))
    art.grain(front, mix(PLUM, NIGHT, 0.5), (1700, 0), (800, 0), (1, 0.05))
    ornament = Shape()
    for i in range(2, 59):
        a = math.pi * i / 60
        ornament.oval(800 - rx * math.cos(a), cy + ry * math.sin(a) + 17, 6)
    art.flat(ornament, mix(RUST, PLUM, 0.3))
    art.flat(Shape().line(ring(36), 7), NIGHT, 0.8)


def _lamps(art: Sheet) -> None:
    for x, y in ((230, 150), (1370, 150), (470, 90), (1130, 90)):
        art.glow(x, y, 110, AMBER, 0.8, grain=0.6)
        art.flat(Shape().oval(x, y, 15), mix(AMBER, PAPER, 0.6))
        art.flat(Shape().line([(x, -10), (x, y - 16)], 3), NIGHT)


def _stands(art: Sheet) -> None:
    for radius, count, size in ((430, 8, 1.0), (660, 10, 1.25)):
        for i in range(count):
            a = math.pi * (0.04 + 0.92 * i / (count - 1))
            x, y = 800 - radius * math.cos(a) * 1.12, 912 + math.sin(a) * radius * 0.2
            if abs(x - 800) < 105:
                continue
            stand = Shape().line([(x, y - 92 * size), (x, y)], 4 * size)
            stand.line(
                [(x - 24 * size, y + 7 * size), (x, y - 9 * size), (x + 24 * size, y + 7 * size)],
                4 * size,
            )
            desk = Shape().poly(
                (x - 38 * size, y - 128 * size),
                (x + 38 * size, y - 128 * size),
                (x + 34 * size, y - 82 * size),
                (x - 34 * size, y - 82 * size),
            )
            art.flat(stand, NIGHT)
            art.flat(desk, NIGHT)
            art.flat(
                Shape()
                .poly(
                    (x - 27 * size, y - 138 * size),
                    (x - 1, y - 134 * size),
                    (x - 1, y - 90 * size),
                    (x - 25 * size, y - 92 * size),
                )
                .poly(
                    (x + 27 * size, y - 138 * size),
                    (x + 1, y - 134 * size),
                    (x + 1, y - 90 * size),
                    (x + 25 * size, y - 92 * size),
                ),
                mix(PAPER, SAND, 0.3),
            )


def _conductor(art: Sheet, x: float, feet: float, tall: float) -> None:
    u = tall / 8
    art.flat(Shape().oval(x, feet, 60, 9), NIGHT, 0.5)
    body = Shape().line([(x - 0.25 * u, feet - 3.6 * u), (x - 0.4 * u, feet - 0.1 * u)], 0.7 * u)
    body.line([(x + 0.25 * u, feet - 3.6 * u), (x + 0.4 * u, feet - 0.1 * u)], 0.7 * u)
    body.blob(
        (x - 0.4 * u, feet - 6.5 * u),
        (x + 0.4 * u, feet - 6.5 * u),
        (x + 0.95 * u, feet - 6.1 * u),
        (x + 0.7 * u, feet - 4.6 * u),
        (x + 1.0 * u, feet - 2.6 * u),
        (x + 0.2 * u, feet - 3.1 * u),
        (x - 0.2 * u, feet - 3.1 * u),
        (x - 1.0 * u, feet - 2.6 * u),
        (x - 0.7 * u, feet - 4.6 * u),
        (x - 0.95 * u, feet - 6.1 * u),
    )
    body.line(
        [
            (x - 0.8 * u, feet - 6.05 * u),
            (x - 2.0 * u, feet - 6.3 * u),
            (x - 2.5 * u, feet - 7.6 * u),
        ],
        0.46 * u,
    )
    body.line(
        [
            (x + 0.8 * u, feet - 6.05 * u),
            (x + 2.0 * u, feet - 6.5 * u),
            (x + 2.35 * u, feet - 7.9 * u),
        ],
        0.46 * u,
    )
    body.rect(x - 0.2 * u, feet - 7 * u, x + 0.2 * u, feet - 6.3 * u).oval(
        x, feet - 7.35 * u, 0.5 * u, 0.62 * u
    )
    body.oval(x - 0.02 * u, feet - 7.0 * u, 0.56 * u, 0.34 * u)
    art.flat(body, NIGHT)
    hands = (
        Shape()
        .oval(x - 2.55 * u, feet - 7.8 * u, 0.24 * u)
        .oval(x + 2.38 * u, feet - 8.05 * u, 0.24 * u)
    )
    art.flat(hands, mix(CORAL, PLUM, 0.35))
    art.flat(
        Shape().line([(x + 2.4 * u, feet - 8.05 * u), (x + 3.3 * u, feet - 9.5 * u)], 4), PAPER
    )
    art.grain(body, AMBER, (x, feet - 8.1 * u), (x, feet - 5.9 * u), (0.6, 0))
