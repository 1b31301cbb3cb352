"""The seventh floor at night: open doors, made beds, one nurse in the light."""

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
    SEA,
    TEAL,
    mix,
)
from nightdesk.demo.draw.shape import Point, Shape
from nightdesk.demo.draw.sheet import Sheet

EYE: Point = (760, 500)


def draw(art: Sheet) -> None:
    art.flat(art.everything(), mix(DEEP, INK, 0.4))
    left = Shape().poly((-10, -10), (690, 430), (690, 590), (-10, 1080))
    right = Shape().poly((1610, -40), (830, 430), (830, 590), (1610, 1110))
    floor = Shape().poly(
        (690, 590), (830, 590), (1610, 1110), (1610, 1200), (-10, 1200), (-10, 1067)
    )
    ceiling = Shape().poly((690, 430), (830, 430), (1610, -40), (1610, -60), (-10, -60), (-10, -10))
    art.flat(left, mix(TEAL, DEEP, 0.35))
    art.grain(left, NIGHT, (0, 500), (690, 500), (0.75, 0.1))
    art.flat(right, mix(TEAL, SEA, 0.35))
    art.grain(right, INK, (1600, 500), (850, 500), (0.6, 0.1))
    art.flat(ceiling, mix(INK, DEEP, 0.35))
    art.flat(floor, mix(DEEP, TEAL, 0.35))
    art.grain(floor, NIGHT, (800, 1080), (760, 600), (0.7, 0))
    art.flat(Shape().rect(690, 430, 830, 590), mix(SEA, MIST, 0.5))
    art.flat(Shape().rect(716, 470, 804, 590), mix(TEAL, DEEP, 0.4))
    art.flat(Shape().rect(728, 482, 756, 520, 2).rect(764, 482, 792, 520, 2), mix(MIST, PAPER, 0.5))
    for i in range(5):
        near, far = 0.62**i, 0.62 ** (i + 0.42)
        light = Shape().poly(
            *[
                (760 + dx * s, 500 - 470 * s)
                for dx, s in ((-70, near), (70, near), (70, far), (-70, far))
            ]
        )
        art.flat(light, mix(MIST, PAPER, 0.6), 0.95 if i in (1, 3, 4) else 0.18)
    rail = Shape().poly((-10, 800), (690, 528), (690, 533), (-10, 840))
    art.flat(rail, mix(SEA, PAPER, 0.3))
    for near, far, warm in ((0.98, 0.66, True), (0.5, 0.37, False), (0.29, 0.225, True)):
        _door(art, near, far, warm)
    _left_doors(art)
    _nurse(art, 700, 872, 330)


def _right(s: float, up: float) -> Point:
    """A point on the right wall at distance share `s`; `up` from the floor 0 to the ceiling 1."""
    return (760 + 850 * s, 500 + (612 - 1150 * up) * s)


def _door(art: Sheet, near: float, far: float, warm: bool) -> None:
    hole = Shape().poly(_right(near, 0), _right(near, 0.66), _right(far, 0.66), _right(far, 0))
    frame_n, frame_f = near * 1.03, far * 0.98
    frame = Shape().poly(
        _right(frame_n, 0), _right(frame_n, 0.685), _right(frame_f, 0.685), _right(frame_f, 0)
    )
    art.flat(frame, mix(INK, DEEP, 0.3))
    art.flat(hole, mix(AMBER, PAPER, 0.35) if warm else mix(INK, NIGHT, 0.3))
    if not warm:
        return
    mid = (near + far) / 2
    bed = Shape().poly(_right(near, 0.13), _right(near, 0.22), _right(mid, 0.22), _right(mid, 0.13))
    bed.poly(
        _right(near * 0.99, 0),
        _right(near * 0.99, 0.15),
        _right(near * 0.97, 0.15),
        _right(near * 0.97, 0),
    )
    pillow = Shape().poly(
        _right(near, 0.22),
        _right(near, 0.265),
        _right((near + mid) / 2, 0.265),
        _right((near + mid) / 2, 0.22),
    )
    art.grain(hole, RUST, _right(near, 0.66), _right(far, 0.1), (0.6, 0))
    art.flat(bed, mix(RUST, PLUM, 0.4))
    art.flat(pillow, PAPER)
    spill = Shape().poly(
        _right(near, 0),
        _right(far, 0),
        (760 - 330 * far, 500 + 612 * far * 1.05),
        (760 - 560 * near, 500 + 612 * near * 1.06),
    )
    art.grain(spill, AMBER, _right(mid, 0), (760 - 440 * near, 500 + 640 * near), (0.95, 0.1))


def _left_doors(art: Sheet) -> None:
    for near, far in ((0.82, 0.56), (0.42, 0.31), (0.24, 0.185)):

        def at(s: float, up: float) -> Point:
            return (760 - 770 * s, 500 + (567 - 1080 * up) * s)

        door = Shape().poly(at(near, 0), at(near, 0.68), at(far, 0.68), at(far, 0))
        art.flat(door, mix(INK, DEEP, 0.25))
        glass = Shape().poly(
            at(near * 0.94, 0.4), at(near * 0.94, 0.6), at(near * 0.84, 0.6), at(near * 0.84, 0.4)
        )
        art.flat(glass, mix(TEAL, SEA, 0.4))
        plate = Shape().poly(
            at(far * 0.96, 0.48), at(far * 0.96, 0.56), at(far * 0.88, 0.56), at(far * 0.88, 0.48)
        )
        art.flat(plate, mix(MIST, PAPER, 0.3), 0.8)


def _nurse(art: Sheet, x: float, feet: float, tall: float) -> None:
    u = tall / 8
    art.flat(
        Shape().poly((x - 18, feet), (x + 22, feet), (x - 150, feet + 210), (x - 230, feet + 210)),
        NIGHT,
        0.55,
        blur=3,
    )
    legs = Shape().line([(x - 0.3 * u, feet - 3.6 * u), (x - 0.75 * u, feet - 0.2 * u)], 0.7 * u)
    legs.line([(x + 0.3 * u, feet - 3.6 * u), (x + 0.5 * u, feet - 0.25 * u)], 0.7 * u)
    legs.line([(x - 0.8 * u, feet - 0.1 * u), (x - 0.4 * u, feet - 0.1 * u)], 0.4 * u)
    legs.line([(x + 0.45 * u, feet - 0.15 * u), (x + 0.9 * u, feet - 0.15 * u)], 0.4 * u)
    art.flat(legs, NIGHT)
    tunic = Shape().blob(
        (x - 0.4 * u, feet - 6.5 * u),
        (x + 0.4 * u, feet - 6.5 * u),
        (x + 0.98 * u, feet - 6.1 * u),
        (x + 0.82 * u, feet - 4.9 * u),
        (x + 0.95 * u, feet - 3.1 * u),
        (x, feet - 2.95 * u),
        (x - 0.95 * u, feet - 3.1 * u),
        (x - 0.82 * u, feet - 4.9 * u),
        (x - 0.98 * u, feet - 6.1 * u),
    )
    arms = Shape().line(
        [
            (x - 0.85 * u, feet - 6 * u),
            (x - 1.15 * u, feet - 4.8 * u),
            (x - 0.95 * u, feet - 3.7 * u),
        ],
        0.44 * u,
    )
    arms.line(
        [
            (x + 0.85 * u, feet - 6 * u),
            (x + 1.05 * u, feet - 5 * u),
            (x + 0.35 * u, feet - 4.55 * u),
        ],
        0.44 * u,
    )
    art.flat(tunic, mix(SEA, PAPER, 0.45))
    art.grain(tunic, DEEP, (x - 1.1 * u, feet - 4.6 * u), (x + 0.7 * u, feet - 4.8 * u), (1, 0))
    art.flat(arms, mix(SEA, DEEP, 0.55))
    art.flat(
        Shape().poly(
            (x + 0.1 * u, feet - 5.2 * u),
            (x + 0.95 * u, feet - 5.2 * u),
            (x + 0.9 * u, feet - 4.1 * u),
            (x + 0.05 * u, feet - 4.1 * u),
        ),
        PAPER,
    )
    head = (
        Shape()
        .rect(x - 0.22 * u, feet - 7 * u, x + 0.22 * u, feet - 6.35 * u)
        .oval(x, feet - 7.35 * u, 0.5 * u, 0.6 * u)
    )
    hair = (
        Shape()
        .oval(x - 0.06 * u, feet - 7.5 * u, 0.56 * u, 0.55 * u)
        .oval(x - 0.15 * u, feet - 8.05 * u, 0.3 * u, 0.27 * u)
    )
    art.flat(head, mix(CORAL, PLUM, 0.4))
    art.flat(hair, NIGHT)
    art.grain(hair, AMBER, (x + 0.6 * u, feet - 7.5 * u), (x + 0.1 * u, feet - 7.5 * u), (0.6, 0))
