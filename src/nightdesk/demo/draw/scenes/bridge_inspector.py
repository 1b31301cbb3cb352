"""Anselm Rook on the cable of Lantern Bridge, the city far below."""

from nightdesk.demo.draw.figures import bird
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
from nightdesk.demo.draw.shape import Shape, smooth
from nightdesk.demo.draw.sheet import Sheet


def draw(art: Sheet) -> None:
    art.flat(art.everything(), mix(SEA, MIST, 0.4))
    art.wash(art.everything(), mix(SAND, CORAL, 0.4), (0, 700), (0, 160), (0.95, 0))
    art.grain(art.everything(), TEAL, (0, -80), (0, 420), (0.75, 0))
    _city(art)
    cable = smooth([(-60, 1000), (380, 820), (820, 610), (1210, 380), (1460, 160)])
    second = smooth([(300, 1100), (700, 900), (1060, 700), (1330, 480), (1490, 200)])
    hangers = Shape()
    for x, y in second[4::7]:
        hangers.line([(x, y), (x, 1080)], 4)
    art.flat(Shape().line(second, 13), mix(DEEP, TEAL, 0.5))
    art.flat(hangers, mix(DEEP, TEAL, 0.5))
    for x, y in second[2::14]:
        _lamp(art, x, y, 0.6)
    _tower(art)
    near = Shape()
    for x, y in cable[3::8]:
        near.line([(x, y), (x, 1080)], 6.5)
    art.flat(near, NIGHT)
    body = Shape().line(cable, 30)
    art.flat(body, NIGHT)
    art.flat(Shape().line([(x - 3, y - 9) for x, y in cable], 5), mix(CORAL, SAND, 0.3), 0.75)
    bands = Shape()
    for x, y in cable[3::8]:
        bands.rect(x - 13, y - 23, x + 13, y + 23, 4)
    art.flat(bands, INK)
    for x, y in cable[7::16]:
        _lamp(art, x, y - 12, 1.0)
    handline = Shape().line([(x, y - 96) for x, y in cable], 3.4)
    for x, y in cable[3::8]:
        handline.line([(x, y), (x, y - 98)], 3.4)
    art.flat(handline, NIGHT)
    _rook(art, 742, 636, 250)
    birds = Shape()
    for x, y, wide, tilt in (
        (300, 330, 56, -10),
        (240, 376, 40, 8),
        (400, 290, 34, 4),
        (560, 210, 28, -6),
    ):
        bird(birds, x, y, wide, tilt)
    art.flat(birds, NIGHT)


def _city(art: Sheet) -> None:
    for base, colour, high in ((650, mix(CORAL, TEAL, 0.5), 60), (700, mix(TEAL, DEEP, 0.3), 54)):
        roofs, x = Shape(), -20.0
        while x < 1620:
            wide, top = art.random.uniform(24, 66), base - art.random.uniform(0, high)
            roofs.rect(x, top, x + wide, 800)
            if art.random.random() < 0.5:
                roofs.poly((x, top + 1), (x + wide / 2, top - 16), (x + wide, top + 1))
            x += wide
        if base == 650:
            roofs.oval(420, 590, 50, 54).rect(370, 590, 470, 700).rect(416, 510, 424, 550)
            roofs.rect(180, 500, 196, 700).rect(1040, 520, 1052, 700)
        art.flat(roofs, colour)
        art.grain(roofs, mix(SAND, CORAL, 0.3), (0, 760), (0, base - 30), (0.6, 0))
    river = Shape().rect(0, 740, 1600, 1080)
    art.flat(river, mix(TEAL, SAND, 0.25))
    art.mirror(river, 740, squash=0.9, sway=9, keep=0.7)
    art.grain(river, DEEP, (0, 1080), (0, 740), (0.95, 0.1))
    foam = Shape()
    for _ in range(90):
        x, y = art.random.uniform(0, 1600), 750 + art.random.random() * 310
        wide = 8 + (y - 740) * 0.13
        foam.rect(x - wide, y, x + wide, y + 1.6 + (y - 740) / 160, 2)
    art.flat(foam, mix(SAND, PAPER, 0.5), 0.55)


def _tower(art: Sheet) -> None:
    tower = (
        Shape().poly((1370, 90), (1610, 90), (1610, 1080), (1330, 1080)).rect(1350, 60, 1610, 118)
    )
    tower.poly((1400, 60), (1480, -20), (1610, -20), (1610, 60))
    art.flat(tower, mix(RUST, PLUM, 0.45))
    art.grain(tower, NIGHT, (1610, 0), (1340, 0), (0.95, 0.1))
    rivets = Shape()
    for i in range(24):
        rivets.oval(1386 - i * 1.3, 150 + i * 40, 5).oval(1446 - i * 1.0, 150 + i * 40, 5)
    art.flat(rivets, NIGHT, 0.8)
    art.flat(Shape().poly((1412, 118), (1420, 118), (1400, 1080), (1390, 1080)), NIGHT, 0.6)
    brace = Shape()
    for i in range(3):
        brace.line([(1470, 200 + i * 300), (1620, 330 + i * 300)], 17).line(
            [(1620, 200 + i * 300), (1470, 330 + i * 300)], 17
        )
    art.flat(brace, mix(PLUM, NIGHT, 0.5))


def _lamp(art: Sheet, x: float, y: float, size: float) -> None:
    art.glow(x, y - 34 * size, 70 * size, AMBER, 0.8, grain=0.5)
    art.flat(Shape().rect(x - 2.5 * size, y - 20 * size, x + 2.5 * size, y), NIGHT)
    art.flat(Shape().oval(x, y - 34 * size, 14 * size, 17 * size), mix(AMBER, PAPER, 0.5))
    art.flat(
        Shape().poly(
            (x - 14 * size, y - 46 * size), (x, y - 60 * size), (x + 14 * size, y - 46 * size)
        ),
        NIGHT,
    )


def _rook(art: Sheet, x: float, feet: float, tall: float) -> None:
    u = tall / 8
    shape = Shape().line(
        [
            (x - 0.2 * u, feet - 3.6 * u),
            (x - 1.0 * u, feet - 1.8 * u),
            (x - 1.1 * u, feet + 0.5 * u),
        ],
        0.66 * u,
    )
    shape.line(
        [
            (x + 0.3 * u, feet - 3.6 * u),
            (x + 1.05 * u, feet - 2.0 * u),
            (x + 1.0 * u, feet - 0.5 * u),
        ],
        0.66 * u,
    )
    shape.line([(x - 1.1 * u, feet + 0.5 * u), (x - 0.6 * u, feet + 0.35 * u)], 0.4 * u).line(
        [(x + 1.0 * u, feet - 0.5 * u), (x + 1.5 * u, feet - 0.65 * u)], 0.4 * u
    )
    shape.blob(
        (x - 0.3 * u, feet - 6.6 * u),
        (x + 0.5 * u, feet - 6.55 * u),
        (x + 1.0 * u, feet - 5.9 * u),
        (x + 0.9 * u, feet - 4.4 * u),
        (x + 1.15 * u, feet - 2.9 * u),
        (x + 0.1 * u, feet - 3.0 * u),
        (x - 1.25 * u, feet - 2.7 * u),
        (x - 0.95 * u, feet - 4.4 * u),
        (x - 0.9 * u, feet - 5.9 * u),
    )
    shape.line(
        [
            (x - 0.7 * u, feet - 6 * u),
            (x - 1.25 * u, feet - 4.9 * u),
            (x - 1.0 * u, feet - 3.9 * u),
        ],
        0.46 * u,
    )
    shape.line(
        [(x + 0.8 * u, feet - 6 * u), (x + 1.6 * u, feet - 5.2 * u), (x + 2.2 * u, feet - 4.9 * u)],
        0.46 * u,
    )
    shape.rect(x - 0.05 * u, feet - 7.1 * u, x + 0.38 * u, feet - 6.4 * u).oval(
        x + 0.24 * u, feet - 7.45 * u, 0.5 * u, 0.6 * u
    )
    shape.rect(x - 0.5 * u, feet - 7.85 * u, x + 0.98 * u, feet - 7.68 * u, 4).oval(
        x + 0.2 * u, feet - 7.95 * u, 0.5 * u, 0.34 * u
    )
    art.flat(shape, NIGHT)
    art.grain(
        Shape().blob(
            (x - 0.3 * u, feet - 6.6 * u),
            (x - 0.95 * u, feet - 5.9 * u),
            (x - 1.0 * u, feet - 4.4 * u),
            (x - 1.25 * u, feet - 2.7 * u),
            (x - 0.6 * u, feet - 3.0 * u),
            (x - 0.4 * u, feet - 5 * u),
        ),
        CORAL,
        (x - 1.3 * u, feet - 5 * u),
        (x - 0.4 * u, feet - 5 * u),
        (0.75, 0),
    )
    hammer = (
        Shape()
        .line([(x - 1.0 * u, feet - 3.9 * u), (x - 1.5 * u, feet - 2.7 * u)], 0.16 * u)
        .line([(x - 1.75 * u, feet - 2.78 * u), (x - 1.22 * u, feet - 2.54 * u)], 0.34 * u)
    )
    art.flat(hammer, RUST)
