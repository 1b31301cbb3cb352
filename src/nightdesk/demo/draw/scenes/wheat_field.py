"""Flooded rows on the Brandeth Plain under a huge sky."""

from nightdesk.demo.draw.figures import bird, standing
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
    SEA,
    TEAL,
    mix,
)
from nightdesk.demo.draw.shape import Shape
from nightdesk.demo.draw.sheet import Sheet

HORIZON = 560
GREEN = mix(TEAL, AMBER, 0.36)


def draw(art: Sheet) -> None:
    art.flat(art.everything(), mix(SEA, MIST, 0.5))
    art.wash(art.everything(), mix(SAND, AMBER, 0.35), (0, HORIZON), (0, 250), (0.95, 0))
    _clouds(art)
    far = Shape().poly(
        (0, HORIZON - 18),
        (400, HORIZON - 28),
        (900, HORIZON - 12),
        (1600, HORIZON - 30),
        (1600, HORIZON + 20),
        (0, HORIZON + 20),
    )
    art.flat(far, mix(TEAL, INK, 0.25))
    _farm(art)
    field = Shape().rect(0, HORIZON, 1600, 1067)
    art.flat(field, mix(MIST, SAND, 0.35))
    art.mirror(field, HORIZON, squash=1.0, sway=3, keep=0.8)
    _rows(art)
    shade = Shape().oval(1090, 872, 70, 6)
    art.flat(shade, NIGHT, 0.4)
    farmer = standing(Shape(), 1090, 870, 190, 0.12)
    farmer.rect(1068, 690, 1112, 700, 4).rect(1076, 676, 1104, 694, 6)
    art.flat(farmer, NIGHT)
    art.grain(Shape().rect(1060, 700, 1082, 860), CORAL, (1060, 0), (1084, 0), (0.45, 0))
    art.flat(standing(Shape(), 1090, -2000, 10), NIGHT)
    birds = Shape()
    for i in range(9):
        bird(birds, 380 + i * 34, 250 + abs(i - 4) * 17, 30, 0)
    art.flat(birds, NIGHT)


def _clouds(art: Sheet) -> None:
    for cx, cy, size, dark in (
        (300, 120, 1.25, 0.8),
        (1180, 90, 1.5, 0.9),
        (760, 250, 0.8, 0.55),
        (1480, 330, 0.7, 0.5),
        (90, 370, 0.6, 0.45),
    ):
        cloud = Shape()
        for _ in range(16):
            dx, dy = art.random.gauss(0, 130) * size, -abs(art.random.gauss(0, 34)) * size
            cloud.oval(
                cx + dx,
                cy + dy,
                art.random.uniform(50, 105) * size,
                art.random.uniform(30, 58) * size,
            )
        cloud.cut().rect(0, cy + 26 * size, 1600, cy + 200 * size)
        art.flat(cloud, mix(MIST, PAPER, 0.55))
        art.grain(cloud, DEEP, (cx + 60, cy + 40 * size), (cx - 60, cy - 110 * size), (dark, 0))
    rain = Shape()
    for _ in range(170):
        x, y = art.random.uniform(980, 1420), art.random.uniform(130, 480)
        rain.line([(x, y), (x - 12, y + 44)], 1.3)
    art.flat(rain, DEEP, 0.45)


def _farm(art: Sheet) -> None:
    barn = Shape().poly(
        (330, HORIZON),
        (330, HORIZON - 62),
        (376, HORIZON - 100),
        (470, HORIZON - 100),
        (512, HORIZON - 62),
        (512, HORIZON),
    )
    art.flat(barn, RUST)
    art.grain(barn, NIGHT, (520, 0), (360, 0), (0.85, 0))
    roof = Shape().poly(
        (318, HORIZON - 58), (374, HORIZON - 106), (474, HORIZON - 106), (522, HORIZON - 58)
    )
    art.flat(roof, INK)
    silo = Shape().rect(540, HORIZON - 128, 586, HORIZON).oval(563, HORIZON - 128, 23, 18)
    art.flat(silo, mix(MIST, TEAL, 0.35))
    art.grain(silo, INK, (590, 0), (545, 0), (0.8, 0))
    art.flat(Shape().rect(402, HORIZON - 48, 442, HORIZON, 2), NIGHT)
    trees = Shape()
    for x, high in ((250, 96), (284, 70), (640, 78), (676, 110), (712, 84)):
        trees.rect(x - 3, HORIZON - high * 0.5, x + 3, HORIZON)
        for _ in range(7):
            trees.oval(
                x + art.random.uniform(-15, 15),
                HORIZON - high * art.random.uniform(0.5, 0.95),
                art.random.uniform(10, 19),
            )
    art.flat(trees, INK)


def _rows(art: Sheet) -> None:
    """Ridges of young wheat that stand out of the water, drawn to one point."""
    for i in range(-15, 17):
        foot, wide = 800 + i * 230, 66
        ridge = Shape().poly(
            (800 + i * 21 - 2, HORIZON + 8),
            (800 + i * 21 + 2, HORIZON + 8),
            (foot + wide, 1090),
            (foot - wide, 1090),
        )
        drowned = i in (-1, 0, 4)
        if drowned:
            continue
        art.flat(ridge, mix(PLUM, INK, 0.3))
        art.grain(ridge, GREEN, (0, HORIZON), (0, 1000), (1.0, 0.35))
    blades = Shape()
    for i in range(-15, 17):
        if i in (-1, 0, 4):
            continue
        for step in range(46):
            s = (step / 46) ** 1.7
            y = HORIZON + 14 + s * 500
            x = 800 + i * (21 + 209 * (y - HORIZON) / 530)
            high = 4 + 40 * s
            for _ in range(3):
                dx = art.random.uniform(-1, 1) * (3 + 46 * s)
                blades.line(
                    [
                        (x + dx, y),
                        (
                            x + dx + art.random.uniform(-0.4, 0.4) * high,
                            y - high * art.random.uniform(0.6, 1.1),
                        ),
                    ],
                    1 + 2.4 * s,
                )
    art.flat(blades, mix(GREEN, INK, 0.15))
