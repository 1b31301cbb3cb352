"""The room that watches the frequency of the grid: 49.87."""

from nightdesk.demo.draw.figures import seated_back
from nightdesk.demo.draw.inks import (
    AMBER,
    CORAL,
    DEEP,
    INK,
    MIST,
    NIGHT,
    PLUM,
    RUST,
    SEA,
    TEAL,
    mix,
)
from nightdesk.demo.draw.shape import Shape, smooth
from nightdesk.demo.draw.sheet import Sheet

SEGMENTS = {"4": "bcfg", "9": "abcdfg", "8": "abcdefg", "7": "abc"}


def draw(art: Sheet) -> None:
    art.flat(art.everything(), mix(NIGHT, INK, 0.4))
    wall = Shape().poly((60, 90), (1540, 90), (1490, 640), (110, 640))
    art.flat(wall, mix(INK, DEEP, 0.55))
    art.grain(wall, NIGHT, (0, 60), (0, 500), (0.8, 0))
    seams = Shape()
    for i in range(1, 6):
        seams.line([(60 + i * 246.7, 90), (110 + i * 230, 640)], 2.5)
    seams.line([(70, 275), (1530, 275)], 2.5).line([(95, 458), (1505, 458)], 2.5)
    _map(art)
    _curve(art)
    art.flat(seams, NIGHT, 0.75)
    art.glow(800, 210, 330, RUST, 0.6, grain=0.6)
    for symbol, x in (("4", 592), ("9", 694), ("8", 836), ("7", 938)):
        _digit(art, symbol, x, 130)
    art.flat(Shape().oval(806, 268, 9), mix(CORAL, RUST, 0.3))
    _room(art)


def _digit(art: Sheet, symbol: str, x: float, y: float) -> None:
    w, h, t = 72, 140, 15
    bars = {
        "a": (x + t * 0.7, y, x + w - t * 0.7, y + t),
        "g": (x + t * 0.7, y + h / 2 - t / 2, x + w - t * 0.7, y + h / 2 + t / 2),
        "d": (x + t * 0.7, y + h - t, x + w - t * 0.7, y + h),
        "f": (x, y + t * 0.6, x + t, y + h / 2 - 3),
        "b": (x + w - t, y + t * 0.6, x + w, y + h / 2 - 3),
        "e": (x, y + h / 2 + 3, x + t, y + h - t * 0.6),
        "c": (x + w - t, y + h / 2 + 3, x + w, y + h - t * 0.6),
    }
    lit, dark = Shape(), Shape()
    for name, box in bars.items():
        (lit if name in SEGMENTS[symbol] else dark).rect(*box, 6)
    art.flat(dark, mix(INK, RUST, 0.16))
    art.flat(lit, mix(CORAL, RUST, 0.25))


def _map(art: Sheet) -> None:
    """The country's grid as a diagram, left and right of the figure."""
    lines, nodes, lit = Shape(), Shape(), Shape()
    for left in (120, 1110):
        places = [
            (left + art.random.uniform(0, 340), art.random.uniform(140, 590)) for _ in range(15)
        ]
        for i, (x, y) in enumerate(places):
            for u, v in sorted(places, key=lambda p: (p[0] - x) ** 2 + (p[1] - y) ** 2)[1:3]:
                lines.line([(x, y), (u, y), (u, v)], 3)
            (lit if i % 5 == 0 else nodes).oval(x, y, 9)
    art.flat(lines, TEAL)
    art.flat(nodes, SEA)
    art.flat(lit, AMBER)


def _curve(art: Sheet) -> None:
    grid = Shape()
    for i in range(7):
        grid.line([(500, 350 + i * 40), (1100, 350 + i * 40)], 1.4)
    art.flat(grid, TEAL, 0.45)
    heights = [0, -8, 6, -4, 9, 2, -5, 4, 60, 128, 158, 140, 120, 96, 84, 70]
    line = smooth([(505 + i * 39.5, 392 + h) for i, h in enumerate(heights)])
    art.flat(Shape().line([(500, 392), (1100, 392)], 2), SEA, 0.7)
    art.grain(Shape().poly(*line, (1098, 392), (505, 392)), RUST, (0, 392), (0, 570), (0.2, 0.8))
    art.flat(Shape().line(line, 6), AMBER)


def _room(art: Sheet) -> None:
    desk = Shape().blob(
        (-120, 860), (400, 782), (800, 766), (1200, 782), (1720, 860), (1720, 1100), (-120, 1100)
    )
    art.flat(Shape().rect(0, 640, 1600, 900), mix(NIGHT, INK, 0.3))
    art.grain(Shape().rect(0, 640, 1600, 830), TEAL, (0, 640), (0, 820), (0.45, 0))
    art.flat(desk, mix(INK, NIGHT, 0.3))
    art.grain(desk, TEAL, (800, 760), (800, 880), (0.55, 0))
    for x, y, high in ((330, 1062, 330), (800, 1048, 330), (1270, 1062, 330)):
        for dx in (-118, 118):
            screen = Shape().rect(x + dx - 100, 740 + (y - 1048), x + dx + 100, 856 + (y - 1048), 6)
            art.flat(screen, NIGHT)
            art.flat(
                Shape().rect(x + dx - 92, 748 + (y - 1048), x + dx + 92, 848 + (y - 1048), 3),
                mix(TEAL, MIST, 0.35),
            )
            marks = Shape()
            for i in range(5):
                marks.rect(
                    x + dx - 80,
                    760 + (y - 1048) + i * 17,
                    x + dx - 80 + art.random.uniform(50, 160),
                    766 + (y - 1048) + i * 17,
                )
            art.flat(marks, DEEP)
        art.glow(x, y - 200, 190, SEA, 0.4, grain=0.7)
        person = seated_back(Shape(), x, y + 40, high)
        art.flat(person, NIGHT)
        art.grain(person, TEAL, (x, y - 320), (x, y - 130), (0.5, 0))
        chair = Shape().rect(x - 92, y - 96, x + 92, y + 60, 26)
        art.flat(chair, mix(NIGHT, PLUM, 0.35))
