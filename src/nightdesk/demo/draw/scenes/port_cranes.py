"""Cranes at Saltgate before sunrise, a ship below them."""

from nightdesk.demo.draw.figures import bird
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

QUAY = 800


def draw(art: Sheet) -> None:
    art.flat(art.everything(), mix(SEA, MIST, 0.4))
    art.wash(art.everything(), mix(CORAL, SAND, 0.35), (0, 800), (0, 330), (1, 0))
    art.grain(art.everything(), DEEP, (0, -80), (0, 440), (0.8, 0))
    art.glow(420, 760, 430, AMBER, 0.7, grain=0.6)
    for x, size, tint in ((1420, 0.46, 0.5), (1230, 0.52, 0.42)):
        art.flat(_crane(x, 780, size), mix(TEAL, CORAL, tint))
    _ship(art)
    for x, size, colour in ((330, 0.98, INK), (800, 1.05, NIGHT)):
        crane = _crane(x, QUAY + 6, size)
        art.flat(crane, colour)
    accent = Shape().rect(828, 330, 893, 388, 6)
    art.flat(accent, RUST)
    art.flat(Shape().rect(836, 352, 885, 372), mix(AMBER, PAPER, 0.4))
    box = Shape().rect(1040, 470, 1150, 520)
    art.flat(
        Shape().line([(1060, 290), (1060, 470)], 2.5).line([(1130, 290), (1130, 470)], 2.5), NIGHT
    )
    art.flat(box, RUST)
    art.grain(box, NIGHT, (0, 525), (0, 465), (0.6, 0))
    ribs = Shape()
    for i in range(9):
        ribs.rect(1050 + i * 11, 474, 1053 + i * 11, 516)
    art.flat(ribs, NIGHT, 0.35)
    quay = Shape().rect(-5, QUAY, 760, 850).poly((760, QUAY), (790, 850), (760, 850))
    water = Shape().rect(0, 846, 1600, 1067)
    art.flat(water, mix(TEAL, DEEP, 0.4))
    art.flat(quay, NIGHT)
    art.flat(Shape().rect(0, 838, 1600, 850), NIGHT)
    art.mirror(water, 846, squash=0.55, sway=10, keep=0.62)
    art.grain(water, NIGHT, (0, 1067), (0, 850), (0.75, 0.05))
    glint = Shape()
    for _ in range(70):
        depth = art.random.random()
        x, y, wide = 420 + art.random.gauss(0, 70 + depth * 60), 856 + depth * 200, 8 + 26 * depth
        glint.rect(x - wide, y, x + wide, y + 2 + depth * 2, 2)
    art.flat(glint, mix(AMBER, PAPER, 0.2), 0.7)
    birds = Shape()
    for x, y, wide in ((600, 180, 44), (655, 150, 34), (560, 225, 26), (1330, 230, 38)):
        bird(birds, x, y, wide, art.random.uniform(-14, 14))
    art.flat(birds, NIGHT)


def _crane(x: float, feet: float, size: float) -> Shape:
    """A gantry crane with its boom out over the water, to the right."""
    shape = Shape()

    def at(dx: float, up: float) -> tuple[float, float]:
        return (x + dx * size, feet - up * size)

    thick = 15 * size
    for dx in (-110, 90):
        shape.line([at(dx, 0), at(dx * 0.82, 470)], thick)
        shape.rect(*at(dx - 34, 22), *at(dx + 34, 0), 4 * size)
    shape.line([at(-104, 150), at(84, 150)], thick * 0.9).line(
        [at(-95, 300), at(80, 300)], thick * 0.8
    )
    shape.line([at(-104, 150), at(76, 300)], thick * 0.45).line(
        [at(84, 150), at(-93, 300)], thick * 0.45
    )
    shape.line([at(-300, 480), at(520, 480)], thick * 1.1).line(
        [at(-300, 510), at(520, 510)], thick * 0.5
    )
    for i in range(-10, 18):
        shape.line([at(i * 30, 480), at(i * 30 + 15, 510)], thick * 0.3)
        shape.line([at(i * 30 + 15, 510), at(i * 30 + 30, 480)], thick * 0.3)
    shape.line([at(-60, 480), at(10, 690)], thick * 0.8).line(
        [at(60, 480), at(10, 690)], thick * 0.8
    )
    shape.line([at(10, 688), at(500, 515)], thick * 0.38).line(
        [at(10, 688), at(270, 515)], thick * 0.38
    )
    shape.line([at(10, 688), at(-290, 515)], thick * 0.38)
    shape.rect(*at(-290, 560), *at(-180, 508), 4 * size)
    return shape.rect(*at(26, 474), *at(90, 412), 5 * size)


def _ship(art: Sheet) -> None:
    hull = Shape().poly((720, 690), (1640, 690), (1640, 846), (800, 846), (748, 790))
    art.flat(hull, mix(DEEP, INK, 0.5))
    art.grain(hull, NIGHT, (0, 860), (0, 680), (0.8, 0))
    art.flat(Shape().poly((778, 822), (1640, 822), (1640, 846), (800, 846)), RUST)
    colours = [RUST, TEAL, mix(SAND, PAPER, 0.3), CORAL, DEEP, AMBER, mix(TEAL, MIST, 0.4)]
    for column in range(7):
        high = (3, 4, 5, 4, 5, 5, 3)[column]
        for row in range(high):
            left, top = 852 + column * 84, 690 - (row + 1) * 42
            box = Shape().rect(left, top, left + 80, top + 40)
            colour = colours[(column * 5 + row * 3) % 7]
            art.flat(box, mix(colour, INK, 0.22))
            lines = Shape()
            for i in range(1, 8):
                lines.rect(left + i * 10, top + 4, left + i * 10 + 2, top + 36)
            art.flat(lines, NIGHT, 0.26)
    art.grain(Shape().rect(850, 470, 1440, 690), NIGHT, (1440, 0), (900, 0), (0.5, 0))
    tower = Shape().rect(1460, 470, 1570, 690).rect(1446, 455, 1584, 500, 4)
    art.flat(tower, mix(PAPER, SAND, 0.4))
    art.grain(tower, INK, (1590, 0), (1450, 0), (0.8, 0.1))
    panes = Shape()
    for i in range(6):
        panes.rect(1456 + i * 21, 466, 1472 + i * 21, 484)
    for row in range(4):
        for i in range(3):
            panes.rect(1476 + i * 32, 520 + row * 40, 1494 + i * 32, 538 + row * 40, 3)
    art.flat(panes, AMBER)
