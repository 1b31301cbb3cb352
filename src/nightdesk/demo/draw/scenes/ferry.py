"""The ferry in front of a rising sun."""

from nightdesk.demo.draw.figures import bird
from nightdesk.demo.draw.inks import (
    AMBER,
    CORAL,
    DEEP,
    INK,
    NIGHT,
    PAPER,
    RUST,
    SAND,
    TEAL,
    mix,
)
from nightdesk.demo.draw.shape import Shape
from nightdesk.demo.draw.sheet import Sheet

WATER = 640


def draw(art: Sheet) -> None:
    art.flat(art.everything(), mix(SAND, PAPER, 0.35))
    art.wash(art.everything(), mix(CORAL, AMBER, 0.4), (0, 660), (0, 240), (0.75, 0))
    art.grain(art.everything(), TEAL, (0, -80), (0, 430), (0.85, 0))
    art.glow(560, 560, 420, AMBER, 0.7, grain=0.55)
    art.flat(Shape().oval(560, 530, 170), mix(RUST, CORAL, 0.55))
    art.grain(Shape().oval(560, 530, 170), AMBER, (0, 700), (0, 420), (1, 0))
    for top, colour, seed in ((520, mix(CORAL, TEAL, 0.45), 0), (562, mix(TEAL, DEEP, 0.4), 1)):
        bank = Shape()
        x = -40.0
        while x < 1640:
            wide = art.random.uniform(30, 100)
            y = top + art.random.uniform(0, 55)
            bank.rect(x, y, x + wide + 1, WATER)
            if art.random.random() < 0.25:
                bank.poly((x, y), (x + wide / 2, y - 30), (x + wide, y))
            x += wide
        for x in (1080, 1180, 1296):
            bank.rect(x + seed * 90, top - 90, x + seed * 90 + 12, WATER)
        art.flat(bank, colour)
    water = Shape().rect(0, WATER, 1600, 1067)
    art.flat(water, mix(TEAL, SAND, 0.3))
    art.mirror(water, WATER, squash=0.9, sway=14, keep=0.8)
    art.grain(water, DEEP, (0, 1067), (0, WATER), (0.95, 0.1))
    path = Shape()
    for _ in range(120):
        depth = art.random.random()
        y = WATER + 4 + depth * 400
        x = 560 + art.random.gauss(0, 36 + depth * 90)
        wide = art.random.uniform(8, 22) + depth * 40
        path.rect(x - wide, y, x + wide, y + 2 + depth * 3.5, 3)
    art.flat(path, mix(AMBER, PAPER, 0.25), 0.75)
    _boat(art)
    birds = Shape()
    for x, y, wide, tilt in (
        (330, 250, 74, -8),
        (430, 205, 52, 5),
        (905, 170, 60, 10),
        (770, 300, 40, -12),
        (1250, 250, 46, 4),
    ):
        bird(birds, x, y, wide, tilt)
    art.flat(birds, INK)


def _boat(art: Sheet) -> None:
    x, y = 620, 655
    wake = Shape()
    for i in range(26):
        wide = 40 + i * 15
        wake.oval(x + 640 + i * 19, y + 104 + i * 2, wide * 0.5, 2.5 + i * 0.25)
    art.flat(wake, PAPER, 0.5)
    art.flat(Shape().oval(x + 320, y + 112, 400, 20), NIGHT, 0.45, blur=6)
    hull = Shape().poly((x - 40, y + 8), (x + 690, y + 8), (x + 655, y + 108), (x + 18, y + 108))
    art.flat(hull, NIGHT)
    art.flat(
        Shape().poly((x - 36, y + 26), (x + 684, y + 26), (x + 678, y + 42), (x - 24, y + 42)), RUST
    )
    art.grain(hull, DEEP, (x + 660, y), (x + 250, y + 60), (0.6, 0))
    cabin = Shape().rect(x + 60, y - 92, x + 600, y + 8, 10)
    upper = Shape().rect(x + 120, y - 168, x + 540, y - 90, 8)
    bridge = Shape().poly(
        (x + 150, y - 168), (x + 170, y - 246), (x + 330, y - 246), (x + 330, y - 168)
    )
    funnel = Shape().poly(
        (x + 420, y - 168), (x + 432, y - 300), (x + 496, y - 300), (x + 500, y - 168)
    )
    for part, colour in (
        (funnel, RUST),
        (cabin, PAPER),
        (upper, mix(PAPER, SAND, 0.35)),
        (bridge, PAPER),
    ):
        art.flat(part, colour)
        art.grain(part, mix(TEAL, INK, 0.4), (x + 620, y - 40), (x + 120, y - 120), (0.75, 0))
    art.flat(Shape().rect(x + 428, y - 274, x + 498, y - 250), PAPER)
    panes, lit = Shape(), Shape()
    for i in range(10):
        (lit if i in (1, 2, 5, 6, 8) else panes).rect(
            x + 84 + i * 51, y - 70, x + 118 + i * 51, y - 34, 6
        )
    for i in range(8):
        (lit if i in (0, 3, 4) else panes).rect(
            x + 140 + i * 50, y - 148, x + 172 + i * 50, y - 116, 5
        )
    panes.poly((x + 178, y - 226), (x + 318, y - 226), (x + 318, y - 194), (x + 172, y - 194))
    art.flat(panes, INK)
    art.flat(lit, AMBER)
    rail = (
        Shape()
        .line([(x - 30, y - 22), (x + 60, y - 22)], 4)
        .line([(x + 600, y - 22), (x + 680, y - 22)], 4)
    )
    for i in range(5):
        rail.line([(x - 26 + i * 20, y - 22), (x - 26 + i * 20, y + 8)], 3).line(
            [(x + 604 + i * 18, y - 22), (x + 604 + i * 18, y + 8)], 3
        )
    rail.line([(x + 250, y - 246), (x + 250, y - 340)], 5).line(
        [(x + 232, y - 312), (x + 268, y - 312)], 4
    )
    people = Shape()
    for px, high in ((x + 2, 64), (x + 22, 60), (x + 636, 66), (x + 664, 58)):
        people.rect(px - 9, y + 8 - high * 0.72, px + 9, y + 8, 7).oval(
            px, y + 4 - high * 0.86, 7.5, 9
        )
    art.flat(people, NIGHT)
    art.flat(rail, NIGHT)
    smoke = Shape()
    for i in range(11):
        smoke.oval(
            x + 470 + i * 34, y - 318 - i * 9 - art.random.uniform(0, 14), 20 + i * 5, 13 + i * 3
        )
    art.grain(smoke, INK, (x + 460, y), (x + 850, y), (0.62, 0.0))
