"""Lantern Bridge at night; the two cracked hangers are the only thing in red."""

from nightdesk.demo.draw.figures import standing
from nightdesk.demo.draw.inks import AMBER, CORAL, DEEP, INK, NIGHT, PAPER, RUST, TEAL, mix
from nightdesk.demo.draw.shape import Shape, hanging
from nightdesk.demo.draw.sheet import Sheet

DECK, WATER = 640, 742


def draw(art: Sheet) -> None:
    _sky(art)
    _far_bank(art)
    lamps = _bridge(art)
    river = Shape().rect(0, WATER, 1600, 1067)
    art.flat(river, mix(NIGHT, DEEP, 0.45))
    art.mirror(river, WATER, squash=0.8, sway=9, keep=0.62)
    art.grain(river, NIGHT, (0, 1067), (0, 760), (0.75, 0.05))
    for x, _y in lamps[::2]:
        streak = Shape()
        for _ in range(7):
            y = WATER + 10 + art.random.uniform(0, 1) ** 1.4 * 200
            wide = art.random.uniform(4, 13)
            shift = art.random.uniform(-9, 9)
            streak.rect(x - wide + shift, y, x + wide + shift, y + 2.6, 2)
        art.flat(streak, AMBER, 0.5)
    _embankment(art)


def _sky(art: Sheet) -> None:
    art.flat(art.everything(), mix(NIGHT, DEEP, 0.35))
    art.wash(art.everything(), mix(DEEP, TEAL, 0.5), (0, 720), (0, 180), (0.95, 0))
    art.grain(art.everything(), CORAL, (0, 760), (0, 540), (0.55, 0))
    art.grain(art.everything(), NIGHT, (0, 0), (0, 420), (0.85, 0))
    art.flecks(90, (0, 20, 1600, 360), PAPER, (0.7, 1.5), 0.65)


def _far_bank(art: Sheet) -> None:
    back, front, lit = Shape(), Shape(), Shape()
    x = 0.0
    while x < 1600:
        wide, high = art.random.uniform(34, 84), art.random.uniform(30, 105)
        back.rect(x, WATER - 55 - high, x + wide, WATER)
        if art.random.random() < 0.18:
            back.poly(
                (x, WATER - 54 - high),
                (x + wide / 2, WATER - 110 - high),
                (x + wide, WATER - 54 - high),
            )
        x += wide
    x = -20.0
    while x < 1600:
        wide, high = art.random.uniform(40, 110), art.random.uniform(16, 62)
        top = WATER - 26 - high
        front.rect(x, top, x + wide, WATER)
        if art.random.random() < 0.5:
            front.poly((x - 3, top + 1), (x + wide / 2, top - 22), (x + wide + 3, top + 1))
        for column in range(int(wide // 13)):
            for row in range(int((high + 10) // 15)):
                if art.random.random() < 0.3:
                    wx, wy = x + 6 + column * 13, top + 8 + row * 15
                    lit.rect(wx, wy, wx + 5, wy + 7)
        x += wide + art.random.uniform(-4, 9)
    dome = Shape().oval(1010, WATER - 150, 52, 58).rect(958, WATER - 152, 1062, WATER)
    dome.rect(1004, WATER - 240, 1016, WATER - 190)
    art.flat(dome, mix(INK, TEAL, 0.34))
    art.flat(back, mix(INK, TEAL, 0.34))
    art.grain(back, CORAL, (0, WATER), (0, WATER - 110), (0.28, 0))
    art.flat(front, mix(INK, NIGHT, 0.4))
    art.flat(lit, AMBER, 0.9)


def _bridge(art: Sheet) -> list[tuple[float, float]]:
    left, right, top = 360, 1240, 236
    main = hanging((left, top), (right, top), 330, 96)
    sides = [
        hanging((-260, DECK - 40), (left, top), 74, 48),
        hanging((right, top), (1860, DECK - 40), 74, 48),
    ]
    steel, hangers, cracked = Shape(), Shape(), Shape()
    for cable in (main, *sides):
        steel.line(cable, 7)
    for index, (x, y) in enumerate(main[2:-2:2]):
        hurt = index in (24, 25)
        (cracked if hurt else hangers).line([(x, y), (x, DECK)], 4.5 if hurt else 2.1)
    for cable in sides:
        for x, y in cable[2:-2:2]:
            hangers.line([(x, y), (x, DECK)], 2.1)
    for x in (left, right):
        steel.poly((x - 34, WATER + 10), (x - 20, top - 30), (x - 4, top - 30), (x - 8, WATER + 10))
        steel.poly((x + 34, WATER + 10), (x + 20, top - 30), (x + 4, top - 30), (x + 8, WATER + 10))
        for y in (top - 20, top + 110, top + 250, DECK - 16, DECK + 60):
            steel.rect(x - 26, y, x + 26, y + 13)
        steel.rect(x - 48, WATER - 22, x + 48, WATER + 20, 5)
        steel.poly((x - 25, top - 28), (x, top - 58), (x + 25, top - 28))
    steel.rect(-5, DECK, 1605, DECK + 13)
    for x in range(-20, 1640, 32):
        steel.line([(x, DECK + 12), (x + 16, DECK + 34)], 3).line(
            [(x + 16, DECK + 34), (x + 32, DECK + 12)], 3
        )
    steel.rect(-5, DECK + 33, 1605, DECK + 39)
    art.flat(hangers, mix(NIGHT, DEEP, 0.2))
    art.flat(steel, NIGHT)
    art.glow(815, 600, 95, RUST, 0.5, grain=0.5)
    art.flat(cracked, mix(RUST, CORAL, 0.45))
    lamps = [*main[::4], *sides[0][24::4], *sides[1][:25:4]]
    for x, y in lamps:
        art.glow(x, y - 6, 36, AMBER, 0.75, grain=0.35)
    lights = Shape()
    for x, y in lamps:
        lights.oval(x, y - 6, 5)
    art.flat(lights, mix(AMBER, PAPER, 0.55))
    return lamps


def _embankment(art: Sheet) -> None:
    wall = Shape().poly((0, 968), (1600, 1000), (1600, 1067), (0, 1067))
    rail = Shape().line([(0, 905), (1600, 937)], 6)
    for x in range(20, 1600, 62):
        rail.line([(x, 906 + x * 0.02), (x, 985 + x * 0.02)], 4)
    art.flat(wall, NIGHT)
    art.flat(rail, NIGHT)
    art.flat(standing(Shape(), 1330, 1012, 150), NIGHT)
    art.grain(wall, DEEP, (1600, 980), (500, 1067), (0.3, 0))
