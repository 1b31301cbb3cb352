"""A goalkeeper from behind the net, waiting."""

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
    SAND,
    TEAL,
    mix,
)
from nightdesk.demo.draw.shape import Shape
from nightdesk.demo.draw.sheet import Sheet


def draw(art: Sheet) -> None:
    art.flat(art.everything(), mix(TEAL, DEEP, 0.4))
    art.wash(art.everything(), mix(AMBER, SAND, 0.4), (0, 470), (0, 80), (0.8, 0))
    art.grain(art.everything(), DEEP, (0, -60), (0, 330), (0.9, 0))
    for x in (250, 1350):
        art.glow(x, 110, 300, mix(AMBER, PAPER, 0.5), 0.85, grain=0.55)
        lamps = Shape()
        for row in range(2):
            for i in range(4):
                lamps.oval(x - 42 + i * 28, 96 + row * 28, 11)
        art.flat(Shape().rect(x - 66, 76, x + 66, 144, 5).rect(x - 5, 140, x + 5, 480), NIGHT)
        art.flat(lamps, mix(PAPER, AMBER, 0.2))
    crowd = Shape().rect(-5, 380, 1605, 520)
    art.flat(crowd, mix(PLUM, INK, 0.4))
    for colour, share in (
        (mix(RUST, PLUM, 0.3), 260),
        (mix(CORAL, PLUM, 0.4), 150),
        (mix(SAND, PLUM, 0.4), 110),
        (NIGHT, 300),
    ):
        heads = Shape()
        for _ in range(share):
            heads.oval(
                art.random.uniform(0, 1600), art.random.uniform(384, 512), art.random.uniform(6, 9)
            )
        art.flat(heads, colour)
    art.flat(Shape().rect(-5, 512, 1605, 560), mix(RUST, INK, 0.3))
    grass = Shape().rect(-5, 556, 1605, 1080)
    art.flat(grass, mix(TEAL, AMBER, 0.22))
    for i in range(5):
        if i % 2:
            y0, y1 = 556 + i * i * 22, 556 + (i + 1) * (i + 1) * 22
            art.flat(Shape().rect(-5, y0, 1605, y1), mix(TEAL, DEEP, 0.25), 0.55)
    art.grain(grass, INK, (0, 1080), (0, 620), (0.8, 0))
    lines = (
        Shape()
        .line([(200, 640), (1400, 640)], 6)
        .line([(200, 640), (20, 820)], 8)
        .line([(1400, 640), (1580, 820)], 8)
        .oval(800, 600, 7, 4)
    )
    art.flat(lines, PAPER, 0.8)
    shooter = Shape()
    for x, feet, tall in (
        (806, 622, 92),
        (700, 612, 78),
        (930, 610, 76),
        (1010, 616, 84),
        (590, 618, 84),
    ):
        u = tall / 8
        shooter.line([(x - 2, feet - 3.4 * u), (x - u, feet)], u * 0.7).line(
            [(x + 2, feet - 3.4 * u), (x + 1.1 * u, feet)], u * 0.7
        )
        shooter.rect(x - 1.05 * u, feet - 6.6 * u, x + 1.05 * u, feet - 3 * u, u * 0.7).oval(
            x, feet - 7.4 * u, u * 0.6, u * 0.72
        )
    art.flat(shooter, NIGHT)
    art.flat(Shape().oval(812, 618, 7), PAPER)
    _keeper(art)
    _net(art)


def _keeper(art: Sheet) -> None:
    x, feet, u = 800, 1010, 72
    art.flat(Shape().oval(x, feet + 4, 250, 22), NIGHT, 0.55, blur=4)
    legs = Shape().line(
        [
            (x - 0.5 * u, feet - 3.5 * u),
            (x - 1.55 * u, feet - 1.9 * u),
            (x - 1.35 * u, feet - 0.2 * u),
        ],
        0.8 * u,
    )
    legs.line(
        [
            (x + 0.5 * u, feet - 3.5 * u),
            (x + 1.55 * u, feet - 1.9 * u),
            (x + 1.35 * u, feet - 0.2 * u),
        ],
        0.8 * u,
    )
    art.flat(legs, mix(CORAL, PLUM, 0.5))
    socks = (
        Shape()
        .line([(x - 1.5 * u, feet - 1.5 * u), (x - 1.35 * u, feet - 0.2 * u)], 0.82 * u)
        .line([(x + 1.5 * u, feet - 1.5 * u), (x + 1.35 * u, feet - 0.2 * u)], 0.82 * u)
    )
    shorts = Shape().blob(
        (x - 0.95 * u, feet - 4.1 * u),
        (x + 0.95 * u, feet - 4.1 * u),
        (x + 1.75 * u, feet - 2.3 * u),
        (x + 0.9 * u, feet - 2.0 * u),
        (x, feet - 3.0 * u),
        (x - 0.9 * u, feet - 2.0 * u),
        (x - 1.75 * u, feet - 2.3 * u),
    )
    arms = Shape().line(
        [
            (x - 1.0 * u, feet - 6.0 * u),
            (x - 2.2 * u, feet - 5.1 * u),
            (x - 3.0 * u, feet - 5.9 * u),
        ],
        0.72 * u,
    )
    arms.line(
        [
            (x + 1.0 * u, feet - 6.0 * u),
            (x + 2.2 * u, feet - 5.1 * u),
            (x + 3.0 * u, feet - 5.9 * u),
        ],
        0.72 * u,
    )
    torso = Shape().blob(
        (x - 0.5 * u, feet - 6.75 * u),
        (x + 0.5 * u, feet - 6.75 * u),
        (x + 1.35 * u, feet - 6.2 * u),
        (x + 1.15 * u, feet - 5 * u),
        (x + 1.0 * u, feet - 3.8 * u),
        (x - 1.0 * u, feet - 3.8 * u),
        (x - 1.15 * u, feet - 5 * u),
        (x - 1.35 * u, feet - 6.2 * u),
    )
    boots = (
        Shape()
        .oval(x - 1.42 * u, feet - 0.02 * u, 0.52 * u, 0.24 * u)
        .oval(x + 1.42 * u, feet - 0.02 * u, 0.52 * u, 0.24 * u)
    )
    art.flat(socks, RUST)
    art.grain(legs, NIGHT, (0, feet), (0, feet - 3 * u), (0.7, 0.1))
    art.flat(boots, NIGHT)
    art.flat(shorts, NIGHT)
    art.flat(arms, mix(AMBER, RUST, 0.22))
    art.flat(torso, AMBER)
    for part in (arms, torso):
        art.grain(part, mix(RUST, PLUM, 0.4), (0, feet - 3.6 * u), (0, feet - 6.6 * u), (0.95, 0))
    gloves = Shape()
    for side in (-1, 1):
        gx, gy = x + side * 3.12 * u, feet - 6.3 * u
        gloves.rect(gx - 0.42 * u, gy - 0.4 * u, gx + 0.42 * u, gy + 0.45 * u, 14)
        for i in range(4):
            gloves.rect(
                gx - 0.42 * u + i * 0.22 * u,
                gy - 0.95 * u + abs(i - 1.5) * 0.08 * u,
                gx - 0.24 * u + i * 0.22 * u,
                gy,
                7,
            )
        gloves.line(
            [(gx - side * 0.4 * u, gy + 0.15 * u), (gx - side * 0.68 * u, gy - 0.25 * u)], 0.2 * u
        )
    art.flat(gloves, PAPER)
    art.grain(gloves, TEAL, (0, feet - 5.7 * u), (0, feet - 6.9 * u), (0.7, 0))
    one = Shape().poly(
        (x - 0.2 * u, feet - 5.75 * u),
        (x + 0.2 * u, feet - 6.0 * u),
        (x + 0.2 * u, feet - 4.45 * u),
        (x - 0.06 * u, feet - 4.45 * u),
        (x - 0.06 * u, feet - 5.5 * u),
        (x - 0.2 * u, feet - 5.45 * u),
    )
    art.flat(one, NIGHT)
    head = (
        Shape()
        .rect(x - 0.26 * u, feet - 7.3 * u, x + 0.26 * u, feet - 6.6 * u, 6)
        .oval(x, feet - 7.6 * u, 0.52 * u, 0.64 * u)
    )
    art.flat(head, mix(CORAL, PLUM, 0.5))
    art.flat(Shape().oval(x, feet - 7.74 * u, 0.56 * u, 0.6 * u), NIGHT)
    art.grain(
        Shape().oval(x, feet - 7.74 * u, 0.56 * u, 0.6 * u),
        AMBER,
        (0, feet - 8.4 * u),
        (0, feet - 7.8 * u),
        (0.6, 0),
    )


def _net(art: Sheet) -> None:
    net = Shape()
    for i in range(-2, 34):
        for j in range(22):
            x, y = i * 52 + (26 if j % 2 else 0), j * 52 - 20
            sag = ((x - 800) / 800) ** 2 * 26
            net.line([(x, y + sag), (x + 26, y + 52 + sag)], 2.4).line(
                [(x, y + sag), (x - 26, y + 52 + sag)], 2.4
            )
    art.flat(net, mix(PAPER, MIST, 0.3), 0.42)
    posts = Shape().rect(20, 20, 46, 1080).rect(1554, 20, 1580, 1080).rect(20, 14, 1580, 40)
    art.flat(posts, PAPER)
    art.grain(posts, TEAL, (0, 1080), (0, 100), (0.6, 0))
