"""Line 9 comes round a wet curve in the evening."""

from nightdesk.demo.draw.figures import standing, umbrella
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
    TEAL,
    mix,
)
from nightdesk.demo.draw.shape import Shape, smooth
from nightdesk.demo.draw.sheet import Sheet

STREET = 800


def draw(art: Sheet) -> None:
    art.flat(art.everything(), mix(DEEP, TEAL, 0.35))
    art.wash(art.everything(), mix(CORAL, PLUM, 0.35), (0, 760), (0, 260), (0.8, 0))
    art.grain(art.everything(), NIGHT, (0, -60), (0, 460), (0.9, 0))
    _houses(art)
    street = Shape().rect(0, STREET, 1600, 1067)
    art.flat(street, mix(INK, PLUM, 0.3))
    _wires(art)
    for x, feet, tall, side in ((300, 822, 190, 0.4), (392, 816, 180, -0.3), (1440, 830, 200, 0.5)):
        crowd = standing(Shape(), x, feet, tall, side)
        umbrella(crowd, x + 16, feet - tall * 1.3, tall * 0.95)
        art.flat(crowd, NIGHT)
    _tram(art)
    art.mirror(street, STREET + 24, squash=0.7, sway=10, keep=0.66)
    art.grain(street, NIGHT, (0, 1067), (0, 815), (0.75, 0.05))
    for offset in (-62, 62):
        rail = smooth(
            [
                (880 + offset, 818),
                (862 + offset * 1.25, 880),
                (800 + offset * 1.7, 960),
                (690 + offset * 2.4, 1080),
            ]
        )
        art.flat(Shape().line(rail, 9), NIGHT)
        art.flat(Shape().line(rail, 3.2), mix(AMBER, PAPER, 0.4), 0.85)
    for x in (790, 976):
        beam = Shape()
        for i in range(11):
            y = 842 + i * 20
            wide = (15 + i * 4.4) * art.random.uniform(0.6, 1.25)
            beam.rect(x - wide - i * 3, y, x + wide - i * 3, y + 4.4, 2)
        art.flat(beam, mix(AMBER, PAPER, 0.35), 0.6)
    rain = Shape()
    for _ in range(420):
        x, y, long = (
            art.random.uniform(-40, 1600),
            art.random.uniform(-40, 1040),
            art.random.uniform(14, 44),
        )
        rain.line([(x, y), (x - long * 0.18, y + long)], 1.2)
    art.flat(rain, MIST, 0.3)


def _houses(art: Sheet) -> None:
    for left, right, top, colour in (
        (-20, 250, 210, mix(PLUM, INK, 0.4)),
        (250, 460, 290, mix(DEEP, INK, 0.3)),
        (460, 600, 380, mix(PLUM, DEEP, 0.5)),
        (1130, 1290, 340, mix(DEEP, PLUM, 0.3)),
        (1290, 1620, 180, mix(INK, PLUM, 0.35)),
    ):
        house = (
            Shape()
            .rect(left, top, right, STREET + 6)
            .poly((left - 6, top + 1), ((left + right) / 2, top - 84), (right + 6, top + 1))
        )
        art.flat(house, colour)
        art.grain(house, NIGHT, (0, STREET), (0, top - 50), (0.7, 0))
        panes, lit = Shape(), Shape()
        columns = int((right - left) // 62)
        for column in range(columns):
            for row in range(int((STREET - top - 150) // 88)):
                x = left + (right - left) * (column + 0.5) / columns - 15
                (lit if art.random.random() < 0.4 else panes).rect(
                    x, top + 26 + row * 88, x + 30, top + 76 + row * 88, 3
                )
        art.flat(panes, NIGHT, 0.75)
        art.flat(lit, AMBER)
        shop = Shape().rect(left + 18, 690, right - 18, 790)
        art.flat(shop, mix(AMBER, CORAL, 0.45), 0.75)
        art.flat(Shape().rect(left + 8, 668, right - 8, 694), mix(RUST, NIGHT, 0.3))


def _wires(art: Sheet) -> None:
    wires = Shape().line([(-10, 130), (880, 262)], 3).line([(1610, 90), (880, 262)], 3)
    wires.line(smooth([(884, 300), (872, 180), (780, 60), (600, -30)]), 3.5)
    wires.line([(250, 170), (1290, 150)], 2).line([(60, 40), (1420, 230)], 2)
    art.flat(wires, NIGHT)


def _tram(art: Sheet) -> None:
    x, top, bottom, half = 882, 330, 806, 172
    side = Shape().poly(
        (x + half - 8, top + 24),
        (x + half + 118, top + 92),
        (x + half + 118, bottom - 74),
        (x + half - 8, bottom - 18),
    )
    art.flat(side, mix(RUST, NIGHT, 0.35))
    glass = Shape().poly(
        (x + half + 8, top + 92),
        (x + half + 110, top + 136),
        (x + half + 110, top + 258),
        (x + half + 8, top + 248),
    )
    art.flat(glass, mix(AMBER, PAPER, 0.25))
    bars = Shape()
    for i in range(1, 4):
        bars.rect(x + half + 8 + i * 26, top + 90, x + half + 13 + i * 26, top + 260)
    heads = Shape()
    for i in range(4):
        heads.oval(x + half + 22 + i * 25, top + 222, 9, 12).rect(
            x + half + 10 + i * 25, top + 232, x + half + 34 + i * 25, top + 262, 8
        )
    art.flat(heads, mix(RUST, NIGHT, 0.6))
    art.flat(bars, mix(RUST, NIGHT, 0.45))
    body = Shape().blob(
        (x - half + 30, top),
        (x, top - 14),
        (x + half - 30, top),
        (x + half, top + 90),
        (x + half + 4, bottom - 110),
        (x + half - 18, bottom - 6),
        (x, bottom),
        (x - half + 18, bottom - 6),
        (x - half - 4, bottom - 110),
        (x - half, top + 90),
    )
    art.flat(Shape().oval(x + 30, bottom + 6, 260, 16), NIGHT, 0.6, blur=4)
    art.flat(body, RUST)
    art.grain(body, NIGHT, (x + half + 40, bottom), (x - half * 0.4, top + 120), (0.9, 0))
    band = Shape().poly(
        (x - half - 3, top + 308),
        (x + half + 3, top + 308),
        (x + half + 3, top + 340),
        (x - half - 3, top + 340),
    )
    art.flat(band, PAPER)
    wind = Shape().blob(
        (x - half + 26, top + 88),
        (x, top + 78),
        (x + half - 26, top + 88),
        (x + half - 16, top + 270),
        (x, top + 284),
        (x - half + 16, top + 270),
    )
    art.flat(wind, mix(INK, DEEP, 0.5))
    art.grain(wind, AMBER, (x - half, top + 290), (x + 30, top + 130), (0.65, 0))
    driver = (
        Shape()
        .oval(x - 40, top + 186, 24, 29)
        .blob((x - 84, top + 278), (x - 66, top + 226), (x - 14, top + 226), (x + 4, top + 278))
    )
    art.flat(driver, NIGHT)
    wiper = Shape().line([(x + 30, top + 280), (x + 96, top + 170)], 4)
    art.flat(wiper, NIGHT)
    sign = Shape().rect(x - 66, top + 16, x + 66, top + 66, 9)
    art.flat(sign, NIGHT)
    nine = (
        Shape()
        .oval(x, top + 34, 13)
        .cut()
        .oval(x, top + 34, 6.5)
        .add()
        .curve([(x + 10, top + 34), (x + 9, top + 46), (x - 4, top + 57)], 6.5)
    )
    art.flat(nine, AMBER)
    for dx in (-92, 94):
        art.glow(x + dx, bottom - 66, 120, AMBER, 0.85, grain=0.5)
        art.flat(Shape().oval(x + dx, bottom - 66, 25), mix(AMBER, PAPER, 0.75))
    art.flat(Shape().rect(x - half + 10, bottom - 26, x + half - 10, bottom + 2, 8), NIGHT)
    art.flat(
        Shape()
        .line([(x - 40, top - 8), (x - 6, top - 62), (x + 34, top - 8)], 5)
        .line([(x - 34, top - 62), (x + 30, top - 62)], 6),
        NIGHT,
    )
