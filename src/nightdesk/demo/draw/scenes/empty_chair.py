"""The cabinet table; one chair is pushed back and lit."""

from nightdesk.demo.draw.inks import AMBER, INK, MIST, NIGHT, PAPER, PLUM, RUST, SAND, TEAL, mix
from nightdesk.demo.draw.shape import Shape
from nightdesk.demo.draw.sheet import Sheet

WALL = mix(TEAL, INK, 0.45)


def draw(art: Sheet) -> None:
    art.flat(art.everything(), WALL)
    art.grain(art.everything(), NIGHT, (0, -60), (0, 620), (0.85, 0.1))
    panels = Shape()
    for i in range(7):
        panels.rect(30 + i * 226, 60, 236 + i * 226, 470).cut().rect(
            40 + i * 226, 70, 226 + i * 226, 460
        ).add()
    art.flat(panels, mix(WALL, MIST, 0.16))
    beam = Shape().poly((1010, -10), (1250, -10), (1160, 1080), (560, 1080))
    art.wash(beam, mix(AMBER, PAPER, 0.45), (1120, 0), (880, 900), (0.62, 0.12))
    floor = Shape().rect(-5, 850, 1605, 1070)
    art.flat(floor, mix(PLUM, NIGHT, 0.45))
    pool = Shape().oval(905, 975, 330, 62)
    art.grain(pool, AMBER, (905, 900), (905, 1060), (0.9, 0.35))
    for x in (60, 300, 540, 1160, 1400):
        _chair(art, x, 300, 1.0, mix(RUST, NIGHT, 0.55), lit=False)
    table = Shape().poly((-20, 640), (1620, 640), (1620, 700), (-20, 700))
    art.flat(table, mix(SAND, RUST, 0.5))
    art.grain(table, NIGHT, (0, 640), (860, 640), (0.8, 0))
    art.grain(table, NIGHT, (1620, 640), (1000, 640), (0.8, 0))
    apron = Shape().rect(-20, 700, 1620, 742)
    art.flat(apron, mix(PLUM, NIGHT, 0.6))
    legs = Shape()
    for x in (200, 720, 1100, 1500):
        legs.poly((x, 740), (x + 40, 740), (x + 32, 960), (x + 8, 960))
    art.flat(legs, mix(PLUM, NIGHT, 0.6))
    for x in (108, 348, 588, 1208, 1448):
        _place(art, x)
    art.flat(Shape().poly((822, 652), (884, 652), (890, 684), (816, 684)), PAPER)
    art.flat(Shape().line([(834, 662), (872, 662)], 3).line([(832, 670), (874, 670)], 3), INK, 0.55)
    art.flat(Shape().line([(930, 684), (990, 656)], 5), NIGHT)
    shade = Shape().poly((820, 1000), (1000, 1000), (790, 1075), (590, 1075))
    art.flat(shade, NIGHT, 0.5, blur=5)
    _chair(art, 810, 470, 1.22, RUST, lit=True)


def _chair(
    art: Sheet, x: float, y: float, size: float, colour: tuple[int, int, int], lit: bool
) -> None:
    w, h = 150 * size, 330 * size
    back = Shape().rect(x, y, x + w, y + h, 26 * size)
    wood = mix(INK, NIGHT, 0.4)
    frame = Shape().rect(
        x - 10 * size, y - 10 * size, x + w + 10 * size, y + h + 6 * size, 32 * size
    )
    for dx in (0, w - 16 * size):
        frame.poly(
            (x + dx, y + h),
            (x + dx + 16 * size, y + h),
            (x + dx + 14 * size, y + h + 118 * size),
            (x + dx + 2 * size, y + h + 118 * size),
        )
    seat = Shape().rect(
        x - 18 * size, y + h - 26 * size, x + w + 18 * size, y + h + 22 * size, 10 * size
    )
    frame.oval(x + w / 2, y - 14 * size, 20 * size, 16 * size)
    art.flat(frame, wood)
    art.flat(back, colour)
    studs = Shape()
    for row in range(5):
        for column in range(3):
            studs.oval(x + w * (0.22 + column * 0.28), y + h * (0.13 + row * 0.16), 4.6 * size)
    if lit:
        art.grain(back, AMBER, (x + w, y), (x, y + h * 0.7), (0.55, 0))
        art.grain(back, NIGHT, (x, y + h), (x + w, y + h * 0.2), (0.85, 0))
        arms = (
            Shape()
            .rect(x - 32 * size, y + h * 0.62, x - 8 * size, y + h * 0.68, 5)
            .rect(x + w + 8 * size, y + h * 0.62, x + w + 32 * size, y + h * 0.68, 5)
        )
        arms.rect(x - 28 * size, y + h * 0.66, x - 14 * size, y + h).rect(
            x + w + 14 * size, y + h * 0.66, x + w + 28 * size, y + h
        )
        art.flat(arms, wood)
    else:
        art.grain(back, NIGHT, (0, y + h), (0, y), (0.75, 0.2))
    art.flat(studs, mix(colour, NIGHT, 0.5))
    art.flat(seat, mix(colour, NIGHT, 0.2 if lit else 0.4))


def _place(art: Sheet, x: float) -> None:
    art.flat(
        Shape().poly((x, 654), (x + 66, 654), (x + 72, 684), (x - 6, 684)), mix(PAPER, TEAL, 0.35)
    )
    art.flat(Shape().rect(x + 92, 628, x + 112, 668, 4), mix(MIST, TEAL, 0.3), 0.7)
