"""A diver with a lamp before a pier that was paid for."""

from nightdesk.demo.draw.inks import (
    AMBER,
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


def draw(art: Sheet) -> None:
    art.flat(art.everything(), mix(DEEP, TEAL, 0.35))
    art.wash(art.everything(), mix(TEAL, SEA, 0.7), (0, 0), (0, 500), (0.95, 0))
    art.grain(art.everything(), NIGHT, (0, 1067), (0, 330), (0.95, 0))
    for x, wide, lean in ((250, 90, -120), (470, 60, -60), (720, 120, 40), (980, 70, 130)):
        ray = Shape().poly(
            (x, -10), (x + wide, -10), (x + wide * 2.2 + lean, 900), (x + lean - wide, 900)
        )
        art.wash(ray, mix(SEA, PAPER, 0.4), (0, 0), (0, 720), (0.32, 0))
    _pier(art)
    bed = Shape().blob(
        (-90, 990),
        (240, 950),
        (560, 985),
        (900, 944),
        (1250, 975),
        (1700, 940),
        (1700, 1180),
        (-90, 1180),
    )
    art.flat(bed, NIGHT)
    weeds = Shape()
    for _ in range(26):
        x, y, high = (
            art.random.uniform(0, 1050),
            art.random.uniform(975, 1010),
            art.random.uniform(30, 120),
        )
        weeds.curve(
            [(x, y), (x + 10, y - high * 0.35), (x - 6, y - high * 0.7), (x + 12, y - high)],
            art.random.uniform(4, 9),
        )
    art.flat(weeds, NIGHT)
    cone = Shape().poly((690, 566), (1180, 300), (1300, 820), (690, 584))
    art.wash(cone, mix(AMBER, PAPER, 0.55), (690, 570), (1300, 560), (0.75, 0.12))
    pool = Shape().oval(1262, 560, 112, 262)
    art.grain(pool, mix(AMBER, PAPER, 0.4), (1160, 560), (1400, 560), (0.95, 0.4))
    _crack(art)
    _diver(art)
    bubbles = Shape()
    for _ in range(34):
        rise = art.random.random()
        x, y, r = (
            478 + art.random.gauss(0, 14 + rise * 34),
            480 - rise * 440,
            art.random.uniform(3, 12) * (0.6 + rise),
        )
        bubbles.oval(x, y, r).cut().oval(x, y, r * 0.7).add()
    art.flat(bubbles, mix(MIST, PAPER, 0.5), 0.85)
    art.flecks(240, (0, 120, 1600, 1000), MIST, (0.9, 2.4), 0.5)
    surface = Shape()
    for _ in range(40):
        x, y, wide = (
            art.random.uniform(-50, 1600),
            art.random.uniform(-6, 44),
            art.random.uniform(30, 120),
        )
        surface.oval(x, y, wide, 3.4)
    art.flat(surface, mix(SEA, PAPER, 0.6), 0.6)


def _pier(art: Sheet) -> None:
    wall = Shape().rect(1130, -10, 1610, 1080)
    art.flat(wall, mix(SAND, TEAL, 0.55))
    art.grain(wall, NIGHT, (1610, 1067), (1180, 120), (1, 0.12))
    seams = Shape()
    for i in range(8):
        seams.rect(1130, 40 + i * 138, 1610, 45 + i * 138)
        for k in range(3):
            x = 1130 + (k + (i % 2) * 0.5) * 190
            seams.rect(x, 40 + i * 138, x + 5, 178 + i * 138)
    art.flat(seams, INK, 0.6)
    gauge = Shape()
    for i in range(26):
        gauge.rect(1140, 20 + i * 34, 1184 if i % 5 == 0 else 1162, 25 + i * 34)
    art.flat(gauge, PAPER, 0.8)
    weed = Shape()
    for _ in range(130):
        x, y = art.random.uniform(1128, 1600), art.random.uniform(840, 990)
        weed.line([(x, y), (x + art.random.uniform(-10, 10), y - art.random.uniform(10, 60))], 3)
    art.flat(weed, NIGHT)


def _crack(art: Sheet) -> None:
    points = [
        (1228, 330),
        (1250, 396),
        (1222, 452),
        (1262, 520),
        (1238, 592),
        (1282, 660),
        (1262, 742),
    ]
    art.flat(Shape().line(points, 8), NIGHT)
    art.flat(
        Shape()
        .line([(1250, 396), (1300, 420), (1318, 462)], 4)
        .line([(1262, 520), (1316, 548)], 4)
        .line([(1238, 592), (1200, 640)], 4),
        NIGHT,
    )
    art.flat(
        Shape()
        .oval(1330, 620, 20)
        .oval(1330, 700, 20)
        .cut()
        .oval(1330, 620, 11)
        .oval(1330, 700, 11),
        RUST,
    )


def _diver(art: Sheet) -> None:
    line = Shape().curve([(470, 500), (400, 380), (420, 220), (330, 80), (340, -20)], 5)
    art.flat(line, AMBER, 0.9)
    body = Shape()
    body.line([(470, 640), (330, 662), (236, 700)], 46)
    body.line([(470, 655), (345, 720), (262, 786)], 46)
    body.poly((250, 676), (226, 720), (110, 732), (128, 694)).poly(
        (282, 766), (252, 812), (150, 872), (146, 830)
    )
    body.blob((400, 600), (500, 540), (590, 530), (612, 578), (560, 640), (460, 686), (400, 668))
    body.line([(570, 570), (630, 610), (686, 580)], 36)
    body.line([(540, 610), (585, 668), (640, 660)], 32)
    art.flat(body, NIGHT)
    tank = Shape().line([(410, 590), (536, 522)], 46)
    art.flat(tank, RUST)
    art.grain(tank, NIGHT, (450, 620), (470, 530), (0.7, 0))
    art.flat(Shape().line([(424, 600), (446, 640)], 6).line([(500, 556), (530, 600)], 6), NIGHT)
    head = Shape().oval(600, 508, 42, 44)
    art.flat(head, NIGHT)
    art.flat(Shape().blob((606, 484), (640, 488), (646, 518), (612, 526)), mix(SEA, PAPER, 0.45))
    art.flat(Shape().curve([(598, 542), (560, 548), (530, 520)], 9), mix(NIGHT, TEAL, 0.4))
    lamp = Shape().rect(664, 556, 716, 592, 10)
    art.flat(lamp, mix(INK, TEAL, 0.3))
    art.flat(Shape().oval(716, 574, 8, 20), mix(AMBER, PAPER, 0.8))
    art.glow(720, 574, 70, mix(AMBER, PAPER, 0.6), 0.8, grain=0.4)
    art.grain(
        Shape().blob(
            (400, 600), (500, 540), (590, 530), (612, 578), (560, 640), (460, 686), (400, 668)
        ),
        TEAL,
        (480, 530),
        (500, 640),
        (0.5, 0),
    )
