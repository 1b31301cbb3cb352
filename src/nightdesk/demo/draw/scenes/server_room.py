"""An aisle between racks, and one person with a laptop at its end."""

from nightdesk.demo.draw.figures import standing
from nightdesk.demo.draw.inks import (
    AMBER,
    CORAL,
    DEEP,
    INK,
    MIST,
    NIGHT,
    PAPER,
    RUST,
    SEA,
    TEAL,
    mix,
)
from nightdesk.demo.draw.shape import Point, Shape
from nightdesk.demo.draw.sheet import Sheet

EYE: Point = (800, 520)


def draw(art: Sheet) -> None:
    art.flat(art.everything(), mix(NIGHT, DEEP, 0.3))
    end = Shape().rect(720, 430, 880, 640)
    art.flat(end, mix(TEAL, MIST, 0.5))
    art.glow(800, 530, 460, SEA, 0.75, grain=0.55)
    art.flat(end, mix(SEA, PAPER, 0.35))
    _floor(art)
    _ceiling(art)
    for side in (-1, 1):
        for index in range(6, -1, -1):
            _rack(art, side, index)
    shade = Shape().poly((786, 690), (814, 690), (850, 900), (762, 900))
    art.flat(shade, NIGHT, 0.5, blur=4)
    art.flat(standing(Shape(), 800, 692, 150, 0.2), NIGHT)
    art.flat(Shape().poly((814, 602), (842, 596), (846, 616), (818, 620)), AMBER)
    art.glow(832, 606, 60, AMBER, 0.7, grain=0.6)


def _near(index: float) -> float:
    return 0.72**index


def _floor(art: Sheet) -> None:
    floor = Shape().poly((720, 640), (880, 640), (1750, 1080), (-150, 1080))
    art.flat(floor, mix(DEEP, TEAL, 0.35))
    art.grain(floor, NIGHT, (0, 1080), (0, 660), (0.8, 0))
    shine = Shape().poly((765, 640), (835, 640), (1010, 1080), (590, 1080))
    art.grain(shine, SEA, (0, 640), (0, 1050), (0.9, 0.05))
    tiles = Shape()
    for i in range(-5, 6):
        tiles.line([(800 + i * 15, 640), (800 + i * 170, 1080)], 2)
    for i in range(9):
        y = EYE[1] + 560 * _near(i)
        tiles.line([(0, y), (1600, y)], 2) if y > 640 else None
    art.flat(tiles, NIGHT, 0.5)


def _ceiling(art: Sheet) -> None:
    for i in range(6, -1, -1):
        near, far = _near(i), _near(i + 0.62)
        tube = Shape().poly(
            (800 - 130 * near, 520 - 560 * near),
            (800 + 130 * near, 520 - 560 * near),
            (800 + 130 * far, 520 - 560 * far),
            (800 - 130 * far, 520 - 560 * far),
        )
        art.flat(tube, mix(SEA, PAPER, 0.55), 0.9)
    for offset in (-250, 250):
        pipe = Shape().poly(
            (800 + offset - 32, -40),
            (800 + offset + 32, -40),
            (800 + offset * 0.16 + 5, 430),
            (800 + offset * 0.16 - 5, 430),
        )
        art.flat(pipe, mix(NIGHT, TEAL, 0.45))


def _rack(art: Sheet, side: int, index: int) -> None:
    near, far = _near(index), _near(index + 1)

    def at(share: float, level: float) -> Point:
        """A point on the rack's front; level 0 is the floor, 1 its top."""
        scale = near + (far - near) * share
        return (EYE[0] + side * 560 * scale, EYE[1] + (560 - 1050 * level) * scale)

    front = Shape().poly(at(0.03, 0), at(0.03, 1), at(0.97, 1), at(0.97, 0))
    art.flat(front, mix(INK, NIGHT, 0.35))
    art.grain(front, TEAL, at(1.6, 0.5), at(0, 0.5), (0.4, 0))
    slots, green, amber, red = Shape(), Shape(), Shape(), Shape()
    units = 18
    for unit in range(units):
        low, high = 0.05 + unit * 0.9 / units, 0.05 + (unit + 0.72) * 0.9 / units
        slots.poly(at(0.1, low), at(0.1, high), at(0.9, high), at(0.9, low))
        for lamp in range(4):
            chance = art.random.random()
            share = 0.62 + lamp * 0.07
            mid = (low + high) / 2
            mark = [
                at(share, mid - 0.008),
                at(share, mid + 0.008),
                at(share + 0.035, mid + 0.008),
                at(share + 0.035, mid - 0.008),
            ]
            if chance < 0.5:
                green.poly(*mark)
            elif chance < 0.62:
                amber.poly(*mark)
            elif chance < 0.635:
                red.poly(*mark)
        if art.random.random() < 0.75:
            mid = (low + high) / 2
            length = art.random.uniform(0.16, 0.4)
            green.poly(
                at(0.16, mid - 0.003),
                at(0.16, mid + 0.003),
                at(0.16 + length, mid + 0.003),
                at(0.16 + length, mid - 0.003),
            )
    art.flat(slots, mix(NIGHT, INK, 0.2))
    art.flat(green, SEA)
    art.flat(amber, AMBER)
    art.flat(red, mix(RUST, CORAL, 0.5))
    edge = Shape().line([at(0.03, 0), at(0.03, 1)], 2.5 * near + 0.8)
    art.flat(edge, mix(TEAL, INK, 0.3))
