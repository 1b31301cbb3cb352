"""Sandbags before the doors of the Bank of Orvenna."""

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
    SAND,
    SEA,
    TEAL,
    mix,
)
from nightdesk.demo.draw.shape import Shape
from nightdesk.demo.draw.sheet import Sheet

STONE = mix(SEA, MIST, 0.5)


def draw(art: Sheet) -> None:
    art.flat(art.everything(), STONE)
    art.grain(art.everything(), TEAL, (0, -40), (0, 700), (0.75, 0.05))
    blocks = Shape()
    for row in range(9):
        blocks.rect(0, row * 96 + 50, 1600, row * 96 + 55)
        for i in range(9):
            x = i * 210 + (105 if row % 2 else 0)
            blocks.rect(x, row * 96 + 50, x + 4, row * 96 + 146)
    art.flat(blocks, mix(TEAL, INK, 0.3), 0.5)
    for x in (150, 1130):
        _window(art, x)
    _door(art)
    _bags(art)
    ground = Shape().rect(0, 905, 1600, 1070)
    art.flat(ground, mix(DEEP, TEAL, 0.4))
    art.mirror(ground, 905, squash=0.6, sway=8, keep=0.6)
    art.grain(ground, NIGHT, (0, 1067), (0, 905), (0.7, 0))
    rings = Shape()
    for _ in range(16):
        x, y, r = (
            art.random.uniform(0, 1600),
            art.random.uniform(930, 1055),
            art.random.uniform(16, 48),
        )
        rings.oval(x, y, r, r * 0.24).cut().oval(x, y, r - 3, r * 0.24 - 2.2).add()
    art.flat(rings, MIST, 0.6)
    clerk = standing(Shape(), 1020, 930, 240, 0.5)
    art.flat(Shape().poly((1012, 928), (1040, 928), (1190, 1010), (1130, 1016)), NIGHT, 0.45)
    art.flat(clerk, NIGHT)
    art.flat(
        Shape()
        .rect(1046, 812, 1104, 856, 5)
        .line([(1062, 812), (1062, 802), (1088, 802), (1088, 812)], 4),
        RUST,
    )
    art.grain(Shape().rect(990, 740, 1004, 900), AMBER, (988, 0), (1006, 0), (0.5, 0))


def _window(art: Sheet, x: float) -> None:
    frame = Shape().rect(x - 30, 150, x + 350, 760).oval(x + 160, 160, 190, 120)
    art.flat(frame, mix(STONE, PAPER, 0.4))
    art.grain(frame, TEAL, (x + 380, 0), (x + 40, 0), (0.75, 0))
    pane = Shape().rect(x, 160, x + 320, 735).oval(x + 160, 165, 160, 96)
    art.flat(pane, mix(INK, DEEP, 0.4))
    art.grain(pane, AMBER, (x + 160, 740), (x + 160, 330), (0.85, 0))
    bars = Shape()
    for i in range(1, 6):
        bars.rect(x + i * 53 - 4, 70, x + i * 53 + 4, 735)
    for y in (230, 420, 610):
        bars.rect(x, y, x + 320, y + 9)
    for i in range(6):
        for y in (325, 515):
            bars.oval(x + 27 + i * 53, y, 15).cut().oval(x + 27 + i * 53, y, 9).add()
    bars.cut().rect(x, -10, x + 320, 69).add()
    art.flat(bars, NIGHT)


def _door(art: Sheet) -> None:
    surround = Shape().rect(560, 150, 1040, 910).poly((530, 160), (800, 20), (1070, 160))
    art.flat(surround, mix(STONE, PAPER, 0.55))
    art.grain(surround, mix(TEAL, INK, 0.3), (1070, 0), (620, 0), (0.8, 0))
    art.flat(Shape().rect(530, 150, 1070, 176).rect(548, 190, 1052, 200), mix(TEAL, INK, 0.35), 0.8)
    art.flat(Shape().oval(800, 106, 34), AMBER)
    art.grain(Shape().oval(800, 106, 34), RUST, (830, 140), (780, 80), (0.9, 0))
    art.flat(Shape().rect(796, 84, 804, 128).rect(784, 92, 816, 98).rect(784, 112, 816, 118), INK)
    leaf = Shape().rect(640, 250, 960, 910)
    art.flat(leaf, mix(RUST, PLUM, 0.35))
    art.grain(leaf, NIGHT, (960, 260), (660, 700), (0.9, 0.15))
    panels = Shape().rect(796, 250, 804, 910)
    for column in (0, 1):
        for row in range(3):
            left, top = 662 + column * 158, 280 + row * 200
            panels.rect(left, top, left + 118, top + 168, 4).cut().rect(
                left + 7, top + 7, left + 111, top + 161, 3
            ).add()
    art.flat(panels, NIGHT, 0.75)
    art.flat(Shape().oval(776, 610, 13).oval(824, 610, 13), AMBER)


def _bags(art: Sheet) -> None:
    for row in range(5):
        count = 9 - row
        base = 905 - row * 47
        for i in range(count):
            x = 800 + (i - (count - 1) / 2) * 104 + art.random.uniform(-5, 5)
            y = base + art.random.uniform(-3, 3)
            bag = Shape().blob(
                (x - 54, y - 8),
                (x - 50, y - 40),
                (x - 18, y - 51),
                (x + 22, y - 50),
                (x + 51, y - 38),
                (x + 55, y - 8),
                (x + 22, y + 4),
                (x - 24, y + 4),
            )
            art.flat(bag, mix(SAND, (CORAL, AMBER, MIST)[(row * 3 + i) % 3], 0.22))
            art.grain(bag, mix(INK, PLUM, 0.4), (x + 30, y + 8), (x - 20, y - 46), (0.95, 0))
            art.flat(
                Shape()
                .line([(x + 47, y - 26), (x + 62, y - 32)], 7)
                .line([(x + 47, y - 20), (x + 63, y - 18)], 6),
                mix(SAND, INK, 0.35),
            )
