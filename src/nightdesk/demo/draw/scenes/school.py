"""Coats on their pegs, bags, boots, and a bell that has been silenced with a scarf."""

from nightdesk.demo.draw.inks import (
    AMBER,
    CORAL,
    DEEP,
    INK,
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


def draw(art: Sheet) -> None:
    art.flat(art.everything(), mix(SAND, PAPER, 0.55))
    art.grain(art.everything(), mix(SAND, CORAL, 0.4), (0, 0), (900, 300), (0.55, 0))
    for x in (-60, 560, 1180):
        sun = Shape().poly((x, -10), (x + 330, -10), (x + 700, 700), (x + 370, 700))
        sun.cut()
        for i in range(1, 3):
            sun.poly(
                (x + 110 * i - 7, -10),
                (x + 110 * i + 7, -10),
                (x + 110 * i + 377, 700),
                (x + 110 * i + 363, 700),
            )
        sun.poly((x, 300), (x + 900, 300), (x + 900, 316), (x, 316))
        art.flat(sun, PAPER, 0.75)
    lower = Shape().rect(-5, 690, 1605, 930)
    art.flat(lower, mix(TEAL, SEA, 0.25))
    art.grain(lower, DEEP, (0, 940), (0, 700), (0.7, 0.05))
    seams = Shape()
    for i in range(17):
        seams.rect(i * 98, 690, i * 98 + 3, 930)
    art.flat(seams, DEEP, 0.5)
    art.flat(Shape().rect(-5, 678, 1605, 694), mix(PAPER, SAND, 0.3))
    floor = Shape().rect(-5, 930, 1605, 1070)
    art.flat(floor, mix(SAND, CORAL, 0.45))
    art.grain(floor, INK, (0, 1075), (0, 930), (0.55, 0.1))
    art.flat(Shape().rect(-5, 916, 1605, 934), mix(INK, DEEP, 0.3))
    _bell(art)
    rail = Shape().rect(-5, 384, 1605, 412)
    art.flat(Shape().rect(-5, 412, 1605, 424), INK, 0.25)
    art.flat(rail, mix(RUST, SAND, 0.3))
    coats = (
        (80, RUST, 0, 250),
        (270, DEEP, 1, 270),
        (465, AMBER, 0, 236),
        (655, TEAL, 1, 262),
        (1035, CORAL, 0, 240),
        (1225, INK, 1, 278),
        (1420, mix(SEA, TEAL, 0.2), 0, 250),
    )
    for x, colour, hooded, long in coats:
        _coat(art, x + 45, colour, hooded, long)
    art.flat(_peg(845 + 45), NIGHT)
    art.flat(_bag(890, 470), mix(PLUM, RUST, 0.25))
    art.grain(_bag(890, 470), NIGHT, (960, 600), (850, 480), (0.85, 0))
    art.flat(Shape().rect(846, 560, 934, 568).rect(880, 552, 900, 578, 3), AMBER)
    for x, colour in (
        (125, INK),
        (320, RUST),
        (510, TEAL),
        (700, AMBER),
        (1085, DEEP),
        (1270, CORAL),
        (1465, NIGHT),
    ):
        _boots(art, x, colour)


def _peg(x: float) -> Shape:
    return Shape().rect(x - 5, 396, x + 5, 440).oval(x, 440, 11)


def _coat(art: Sheet, x: float, colour: tuple[int, int, int], hooded: int, long: float) -> None:
    top, bottom = 430, 430 + long
    shade = Shape().blob(
        (x - 28, top + 16),
        (x + 66, top + 26),
        (x + 118, bottom - 10),
        (x + 40, bottom + 22),
        (x - 62, bottom + 12),
    )
    art.flat(shade, INK, 0.25, blur=3)
    body = Shape().blob(
        (x - 20, top),
        (x + 20, top),
        (x + 62, top + 36),
        (x + 76, bottom - 50),
        (x + 84, bottom),
        (x, bottom + 9),
        (x - 84, bottom),
        (x - 76, bottom - 50),
        (x - 62, top + 36),
    )
    sleeves = Shape().curve([(x - 54, top + 40), (x - 82, top + 120), (x - 86, bottom - 70)], 38)
    sleeves.curve([(x + 54, top + 40), (x + 82, top + 120), (x + 86, bottom - 70)], 38)
    dark = mix(colour, NIGHT, 0.4)
    art.flat(sleeves, mix(colour, NIGHT, 0.2))
    art.grain(sleeves, NIGHT, (x, bottom), (x, top), (0.7, 0))
    art.flat(body, colour)
    art.grain(body, NIGHT, (x + 90, bottom), (x - 50, top + 60), (0.85, 0))
    fold = Shape().curve([(x + 4, top + 36), (x + 1, top + 130), (x + 5, bottom + 4)], 3.5)
    fold.curve([(x - 38, top + 120), (x - 34, bottom - 60), (x - 44, bottom)], 2.5)
    art.flat(fold, dark)
    if hooded:
        art.flat(
            Shape().blob(
                (x - 40, top + 4),
                (x, top - 16),
                (x + 40, top + 4),
                (x + 32, top + 58),
                (x, top + 74),
                (x - 32, top + 58),
            ),
            mix(colour, PAPER, 0.16),
        )
        art.flat(
            Shape().blob(
                (x - 24, top + 10),
                (x, top - 2),
                (x + 24, top + 10),
                (x + 18, top + 46),
                (x, top + 58),
                (x - 18, top + 46),
            ),
            dark,
        )
    else:
        art.flat(
            Shape()
            .poly((x - 30, top + 2), (x, top + 52), (x - 44, top + 36))
            .poly((x + 30, top + 2), (x, top + 52), (x + 44, top + 36)),
            mix(colour, PAPER, 0.25),
        )
        buttons = Shape()
        for i in range(4):
            buttons.oval(x + 14, top + 84 + i * 42, 5.5)
        art.flat(buttons, mix(colour, PAPER, 0.55))
    art.flat(_peg(x), NIGHT)


def _bag(x: float, y: float) -> Shape:
    shape = Shape().rect(x - 62, y, x + 62, y + 160, 26)
    return shape.curve([(x - 14, y + 6), (x - 3, y - 40), (x, y - 52)], 9).curve(
        [(x + 14, y + 6), (x + 3, y - 40), (x, y - 52)], 9
    )


def _boots(art: Sheet, x: float, colour: tuple[int, int, int]) -> None:
    shape = Shape()
    for dx in (-30, 28):
        shape.poly((x + dx - 17, 850), (x + dx + 17, 850), (x + dx + 16, 918), (x + dx - 18, 918))
        shape.rect(x + dx - 18, 908, x + dx + 38, 938, 13)
    art.flat(Shape().oval(x + 16, 940, 76, 8), NIGHT, 0.4)
    art.flat(shape, colour)
    art.grain(shape, NIGHT, (x, 945), (x, 850), (0.75, 0))
    tops = Shape()
    for dx in (-30, 28):
        tops.rect(x + dx - 19, 846, x + dx + 19, 858, 5)
    art.flat(tops, mix(colour, PAPER, 0.35))


def _bell(art: Sheet) -> None:
    x, y = 1000, 190
    art.flat(Shape().oval(x + 20, y + 22, 122), INK, 0.25, blur=4)
    art.flat(Shape().oval(x, y, 122), mix(AMBER, RUST, 0.18))
    art.grain(
        Shape().oval(x, y, 122),
        mix(RUST, NIGHT, 0.5),
        (x + 120, y + 120),
        (x - 40, y - 60),
        (0.95, 0),
    )
    art.flat(Shape().oval(x, y, 94).cut().oval(x, y, 88), mix(AMBER, PAPER, 0.5), 0.8)
    art.flat(Shape().oval(x, y, 27), mix(AMBER, PAPER, 0.35))
    art.flat(Shape().oval(x, y, 10), INK)
    scarf = Shape().curve(
        [(x - 126, y + 62), (x - 40, y + 30), (x + 50, y - 10), (x + 126, y - 58)], 52
    )
    tail = Shape().poly((x - 132, y + 44), (x - 84, y + 62), (x - 98, y + 216), (x - 156, y + 206))
    tail.poly((x - 116, y + 60), (x - 70, y + 46), (x - 28, y + 180), (x - 80, y + 196))
    art.flat(tail, mix(TEAL, DEEP, 0.25))
    art.flat(scarf, TEAL)
    art.grain(scarf, NIGHT, (x + 20, y + 60), (x - 10, y - 20), (0.75, 0))
    bands = Shape()
    for i in range(5):
        cx, cy = x - 92 + i * 46, y + 46 - i * 22
        bands.line([(cx - 8, cy - 22), (cx + 10, cy + 24)], 9)
    bands.line([(x - 150, y + 160), (x - 96, y + 170)], 9).line(
        [(x - 84, y + 150), (x - 42, y + 136)], 9
    )
    art.flat(bands, PAPER, 0.85)
    art.flat(Shape().oval(x - 104, y + 52, 30, 34), mix(TEAL, SEA, 0.3))
    art.grain(
        Shape().oval(x - 104, y + 52, 30, 34), NIGHT, (x - 100, y + 92), (x - 108, y + 20), (0.8, 0)
    )
