"""Hollin Pass: one track dug out, a red signal, a plow far behind."""

from nightdesk.demo.draw.figures import standing
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
from nightdesk.demo.draw.shape import Shape
from nightdesk.demo.draw.sheet import Sheet


def draw(art: Sheet) -> None:
    art.flat(art.everything(), mix(TEAL, MIST, 0.35))
    art.grain(art.everything(), DEEP, (0, -60), (0, 420), (0.9, 0))
    art.wash(art.everything(), mix(MIST, PAPER, 0.5), (0, 620), (0, 330), (0.8, 0))
    _mountains(art)
    ground = Shape().rect(0, 590, 1600, 1067)
    art.flat(ground, mix(PAPER, MIST, 0.35))
    art.grain(ground, SEA, (0, 1067), (0, 620), (0.7, 0.05))
    _track(art)
    _drifts(art)
    _signal(art)
    crew = Shape()
    for x, feet, tall, lean in ((596, 770, 112, 40), (520, 820, 132, -46), (1010, 745, 104, -36)):
        standing(crew, x, feet, tall, 0.5)
        side = 1 if lean > 0 else -1
        crew.line(
            [(x + side * 8, feet - tall * 0.66), (x + lean, feet - tall * 0.46)], tall * 0.075
        )
        crew.line(
            [(x + lean * 0.2, feet - tall * 0.62), (x + lean * 1.8, feet - tall * 0.12)],
            tall * 0.035,
        )
        crew.oval(x + lean * 1.9, feet - tall * 0.06, tall * 0.09, tall * 0.07)
    art.flat(crew, NIGHT)
    art.flecks(260, (0, 0, 1600, 1067), PAPER, (1.4, 3.4), 0.9)
    art.flecks(40, (0, 0, 1600, 1067), PAPER, (4, 7), 0.75)


def _mountains(art: Sheet) -> None:
    far = [
        (-60, 620),
        (120, 380),
        (240, 440),
        (420, 250),
        (560, 390),
        (700, 300),
        (880, 460),
        (1040, 330),
        (1220, 210),
        (1400, 380),
        (1520, 320),
        (1680, 480),
        (1680, 640),
        (-60, 640),
    ]
    art.flat(Shape().poly(*far), mix(SEA, MIST, 0.35))
    art.grain(Shape().poly(*far), TEAL, (0, 640), (0, 260), (0.9, 0.1))
    shade = Shape()
    for (x, y), (u, v) in zip(far[1:-3:2], far[2:-2:2], strict=False):
        high, reach = 640 - y, u - x
        shade.poly(
            (x, y),
            (u, v),
            (u - reach * 0.25, v + high * 0.22),
            (u - reach * 0.1, v + high * 0.3),
            (x + reach * 0.35, 640),
            (x + reach * 0.1, y + high * 0.62),
            (x + reach * 0.22, y + high * 0.44),
            (x - reach * 0.02, y + high * 0.3),
            (x + reach * 0.1, y + high * 0.16),
        )
    art.grain(shade, INK, (0, 230), (0, 600), (0.85, 0.12))
    near = Shape().poly(
        (-60, 640),
        (-60, 470),
        (180, 520),
        (420, 606),
        (640, 626),
        (960, 628),
        (1160, 590),
        (1380, 500),
        (1660, 440),
        (1660, 660),
    )
    art.flat(near, mix(DEEP, TEAL, 0.4))
    pines = Shape()
    for _ in range(120):
        x = art.random.choice((art.random.uniform(-20, 560), art.random.uniform(1040, 1620)))
        edge = 470 + (x * 0.31 if x < 560 else (1620 - x) * 0.26) + art.random.uniform(-6, 46)
        high = art.random.uniform(26, 62)
        for level in range(3):
            wide = high * (0.17 + level * 0.07)
            y = edge - high * (0.9 - level * 0.3)
            pines.poly((x, y - high * 0.28), (x + wide, y + high * 0.2), (x - wide, y + high * 0.2))
    art.flat(pines, mix(INK, DEEP, 0.3))
    art.grain(pines, PAPER, (0, 430), (0, 640), (0.4, 0))


def _track(art: Sheet) -> None:
    bed = Shape().poly((786, 612), (814, 612), (1180, 1080), (420, 1080))
    art.flat(bed, mix(TEAL, MIST, 0.5))
    art.grain(bed, INK, (0, 1080), (0, 640), (0.55, 0.2))
    sleepers = Shape()
    for i in range(22):
        s = 0.8**i
        y, half = 600 + 520 * s, 330 * s
        sleepers.poly(
            (800 - half, y), (800 + half, y), (800 + half, y - 34 * s), (800 - half, y - 34 * s)
        )
    art.flat(sleepers, mix(INK, PLUM, 0.4))
    art.grain(sleepers, PAPER, (0, 1067), (0, 600), (0.25, 0.6))
    rails = Shape()
    for side in (-1, 1):
        rails.poly(
            (800 + side * 3, 606),
            (800 + side * 4.5, 606),
            (800 + side * 250, 1080),
            (800 + side * 222, 1080),
        )
    art.flat(rails, NIGHT)
    shine = Shape()
    for side in (-1, 1):
        shine.poly(
            (800 + side * 3.4, 606),
            (800 + side * 3.9, 606),
            (800 + side * 238, 1080),
            (800 + side * 229, 1080),
        )
    art.flat(shine, mix(CORAL, PAPER, 0.5))
    front = (
        Shape()
        .poly((782, 612), (784, 566), (790, 556), (812, 556), (818, 566), (820, 612))
        .poly((774, 618), (800, 588), (828, 618))
    )
    art.flat(front, NIGHT)
    art.glow(801, 574, 46, AMBER, 0.9, grain=0.4)
    art.flat(Shape().oval(793, 576, 4).oval(809, 576, 4), mix(AMBER, PAPER, 0.6))


def _drifts(art: Sheet) -> None:
    left = Shape().blob(
        (-90, 1120),
        (-90, 740),
        (120, 690),
        (330, 676),
        (560, 690),
        (700, 640),
        (770, 622),
        (700, 720),
        (560, 850),
        (430, 1000),
        (380, 1120),
    )
    right = Shape().blob(
        (1700, 1120),
        (1700, 720),
        (1440, 664),
        (1240, 690),
        (1040, 650),
        (900, 630),
        (836, 622),
        (900, 720),
        (1040, 850),
        (1170, 1000),
        (1230, 1120),
    )
    for drift, start, end in ((left, (690, 860), (230, 760)), (right, (920, 860), (1330, 760))):
        art.flat(drift, mix(PAPER, MIST, 0.12))
        art.grain(drift, TEAL, start, end, (0.85, 0))
    art.grain(left, SEA, (0, 1080), (0, 800), (0.5, 0))
    art.grain(right, SEA, (0, 1080), (0, 800), (0.5, 0))


def _signal(art: Sheet) -> None:
    mast = Shape().rect(1246, 260, 1260, 860).rect(1228, 850, 1278, 870, 3)
    for i in range(8):
        mast.rect(1260, 420 + i * 46, 1284, 425 + i * 46)
    mast.rect(1281, 400, 1286, 800)
    head = Shape().rect(1216, 196, 1290, 356, 34)
    art.glow(1253, 240, 150, RUST, 0.8, grain=0.55)
    art.flat(mast, NIGHT)
    art.flat(head, NIGHT)
    art.flat(Shape().oval(1253, 238, 23), mix(RUST, CORAL, 0.5))
    art.flat(Shape().oval(1253, 238, 11), mix(CORAL, PAPER, 0.6))
    art.flat(Shape().oval(1253, 312, 23), mix(INK, TEAL, 0.25))
    art.flat(Shape().blob((1206, 204), (1253, 176), (1300, 204), (1253, 194)), PAPER)
