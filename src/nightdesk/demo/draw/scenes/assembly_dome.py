"""The Assembly in the rain, from the foot of its steps."""

import math

from nightdesk.demo.draw.figures import standing, umbrella
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


def draw(art: Sheet) -> None:
    art.flat(art.everything(), mix(INK, DEEP, 0.5))
    art.wash(art.everything(), mix(TEAL, MIST, 0.25), (0, 800), (0, 120), (0.85, 0))
    art.grain(art.everything(), NIGHT, (0, 0), (0, 520), (0.85, 0))
    art.glow(800, 430, 620, mix(AMBER, SAND, 0.5), 0.5, grain=0.5)
    _dome(art)
    _house(art)
    _square(art)
    rain = Shape()
    for _ in range(520):
        x, y, long = (
            art.random.uniform(-60, 1600),
            art.random.uniform(-40, 1040),
            art.random.uniform(16, 46),
        )
        rain.line([(x, y), (x + long * 0.22, y + long)], 1.3)
    art.flat(rain, mix(MIST, PAPER, 0.5), 0.34)


def _dome(art: Sheet) -> None:
    copper = mix(SEA, TEAL, 0.35)
    drum = Shape().rect(612, 368, 988, 500)
    dome = Shape().poly(*[(800 + 212 * x, 372 - 262 * y) for x, y in _arc()])
    art.flat(drum, mix(SAND, PAPER, 0.3))
    art.grain(drum, INK, (1010, 0), (640, 0), (0.85, 0))
    slots = Shape()
    for i in range(11):
        slots.rect(628 + i * 33, 392, 643 + i * 33, 482, 7)
    art.flat(slots, NIGHT)
    art.flat(Shape().rect(598, 362, 1002, 380).rect(600, 488, 1000, 506), mix(SAND, PAPER, 0.6))
    art.flat(dome, copper)
    art.grain(dome, NIGHT, (1020, 240), (690, 240), (0.95, 0))
    art.grain(dome, MIST, (600, 200), (780, 280), (0.55, 0))
    ribs = Shape()
    for share in (-0.82, -0.5, -0.17, 0.17, 0.5, 0.82):
        ribs.line([(800 + 212 * x * share, 372 - 262 * y) for x, y in _quarter()], 4)
    art.flat(ribs, mix(copper, NIGHT, 0.55))
    lantern = (
        Shape().rect(772, 66, 828, 118).poly((762, 70), (800, 8), (838, 70)).rect(797, -30, 803, 20)
    )
    art.flat(lantern, mix(SAND, INK, 0.25))
    art.flat(Shape().rect(786, 78, 796, 112).rect(804, 78, 814, 112), AMBER)


def _arc() -> list[tuple[float, float]]:
    return [(math.cos(math.pi * i / 48), math.sin(math.pi * i / 48)) for i in range(49)]


def _quarter() -> list[tuple[float, float]]:
    return [(math.cos(math.pi / 2 * i / 24), math.sin(math.pi / 2 * i / 24)) for i in range(25)]


def _house(art: Sheet) -> None:
    stone = mix(SAND, PAPER, 0.25)
    wings = Shape().rect(80, 545, 1520, 840)
    art.flat(wings, mix(stone, DEEP, 0.42))
    art.grain(wings, NIGHT, (0, 850), (0, 540), (0.7, 0.1))
    panes, lit = Shape(), Shape()
    for column in range(9):
        for row in range(2):
            for base in (112, 1078):
                x, y = base + column * 46, 580 + row * 120
                (lit if (column * 7 + row * 3 + base) % 5 < 2 else panes).rect(
                    x, y, x + 22, y + 70, 9
                )
    art.flat(panes, NIGHT)
    art.flat(lit, AMBER)
    front = Shape().rect(508, 560, 1092, 850)
    art.flat(front, mix(NIGHT, DEEP, 0.2))
    art.glow(800, 760, 260, AMBER, 0.85, grain=0.6)
    art.flat(Shape().rect(740, 640, 860, 850, 8), mix(AMBER, PAPER, 0.35))
    art.flat(Shape().rect(797, 640, 803, 850), RUST)
    columns = Shape()
    for i in range(8):
        x = 520 + i * 76
        columns.rect(x, 566, x + 34, 850).rect(x - 6, 556, x + 40, 572).rect(
            x - 6, 836, x + 40, 852
        )
    art.flat(columns, stone)
    for i in range(8):
        x = 520 + i * 76
        art.grain(Shape().rect(x, 572, x + 34, 838), INK, (x + 38, 0), (x + 2, 0), (0.9, 0))
    pediment = Shape().poly((480, 556), (800, 440), (1120, 556))
    art.flat(pediment, stone)
    art.flat(Shape().poly((560, 544), (800, 458), (1040, 544)), mix(stone, INK, 0.45))
    art.flat(Shape().oval(800, 515, 24), stone)
    art.flat(
        Shape().rect(60, 530, 1540, 560).cut().rect(500, 520, 1100, 556), mix(stone, DEEP, 0.3)
    )
    art.flat(Shape().rect(476, 548, 1124, 564), mix(stone, PAPER, 0.6))


def _square(art: Sheet) -> None:
    for i in range(7):
        step = Shape().rect(440 - i * 52, 848 + i * 17, 1160 + i * 52, 866 + i * 17)
        art.flat(step, mix(mix(SAND, PAPER, 0.2), INK, 0.12 + i * 0.1))
        art.flat(Shape().rect(440 - i * 52, 861 + i * 17, 1160 + i * 52, 866 + i * 17), INK, 0.6)
    ground = Shape().rect(0, 962, 1600, 1067)
    art.flat(ground, mix(INK, DEEP, 0.35))
    art.mirror(ground, 962, squash=0.5, sway=5, keep=0.4)
    art.grain(ground, NIGHT, (0, 1067), (0, 960), (0.75, 0))
    art.flat(
        Shape().rect(0, 848, 448, 964).cut().poly((448, 840), (100, 970), (448, 970)),
        mix(INK, DEEP, 0.2),
    )
    art.flat(
        Shape().rect(1152, 848, 1600, 964).cut().poly((1152, 840), (1500, 970), (1152, 970)),
        mix(INK, DEEP, 0.2),
    )
    crowd, red = Shape(), Shape()
    for x, feet, tall, step in (
        (470, 1018, 150, 0.6),
        (545, 1004, 138, -0.4),
        (690, 936, 108, 0.5),
        (905, 925, 104, -0.5),
        (1090, 1012, 146, 0.5),
        (1210, 1030, 158, -0.7),
    ):
        standing(crowd, x, feet, tall, step)
        umbrella(red if x == 690 else crowd, x + 14, feet - tall * 1.28, tall * 0.98)
    art.flat(red, RUST)
    art.flat(crowd, NIGHT)
    art.grain(red, CORAL, (660, 790), (700, 860), (0.6, 0))
