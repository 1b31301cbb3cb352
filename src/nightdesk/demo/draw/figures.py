"""People, seen from afar: silhouettes with a head, a coat and a way of standing."""

from nightdesk.demo.draw.shape import Shape, turned


def standing(shape: Shape, x: float, feet: float, tall: float, stride: float = 0.0) -> Shape:
    """A person in a long coat; `stride` (−1 to 1) opens the legs as if walking."""
    u = tall / 8
    step = stride * u
    shape.line([(x - 0.1 * u, feet - 3 * u), (x - 0.35 * u - step, feet - 0.1 * u)], 0.62 * u)
    shape.line([(x + 0.1 * u, feet - 3 * u), (x + 0.35 * u + step, feet - 0.1 * u)], 0.62 * u)
    shape.blob(
        (x - 0.45 * u, feet - 6.55 * u),
        (x + 0.45 * u, feet - 6.55 * u),
        (x + 0.98 * u, feet - 5.9 * u),
        (x + 1.0 * u, feet - 4.2 * u),
        (x + 1.02 * u, feet - 3.0 * u),
        (x, feet - 2.85 * u),
        (x - 1.02 * u, feet - 3.0 * u),
        (x - 1.0 * u, feet - 4.2 * u),
        (x - 0.98 * u, feet - 5.9 * u),
    )
    shape.rect(x - 0.22 * u, feet - 7 * u, x + 0.22 * u, feet - 6.3 * u)
    shape.oval(x + 0.05 * step, feet - 7.4 * u, 0.48 * u, 0.6 * u)
    return shape


def child(shape: Shape, x: float, feet: float, tall: float, stride: float = 0.0) -> Shape:
    """Shorter, with a larger head and a bag on the back."""
    u = tall / 6
    step = stride * u * 0.7
    shape.line([(x - 0.1 * u, feet - 2 * u), (x - 0.3 * u - step, feet - 0.1 * u)], 0.55 * u)
    shape.line([(x + 0.1 * u, feet - 2 * u), (x + 0.3 * u + step, feet - 0.1 * u)], 0.55 * u)
    shape.rect(x - 0.75 * u, feet - 4.5 * u, x + 0.75 * u, feet - 1.6 * u, 0.5 * u)
    shape.rect(x - 1.25 * u, feet - 4.3 * u, x - 0.4 * u, feet - 2.5 * u, 0.35 * u)
    shape.oval(x + 0.1 * u, feet - 5.2 * u, 0.62 * u, 0.7 * u)
    return shape


def seated_back(shape: Shape, x: float, base: float, tall: float) -> Shape:
    """Somebody sitting, from behind: head and shoulders above a chair's back."""
    u = tall / 4
    shape.blob(
        (x - 0.4 * u, base - 2.6 * u),
        (x + 0.4 * u, base - 2.6 * u),
        (x + 1.35 * u, base - 2.1 * u),
        (x + 1.5 * u, base),
        (x - 1.5 * u, base),
        (x - 1.35 * u, base - 2.1 * u),
    )
    shape.rect(x - 0.26 * u, base - 3 * u, x + 0.26 * u, base - 2.4 * u)
    shape.oval(x, base - 3.4 * u, 0.55 * u, 0.66 * u)
    return shape


def umbrella(shape: Shape, x: float, top: float, wide: float) -> Shape:
    """An open umbrella with its point at (`x`, `top`)."""
    r = wide / 2
    arc = [(x - r + wide * i / 16, top + r * 0.62 * ((i / 8 - 1) ** 2)) for i in range(17)]
    scallops = []
    for i in range(4, 0, -1):
        right, left = x - r + wide * i / 4, x - r + wide * (i - 1) / 4
        scallops += [(right, top + r * 0.62), ((right + left) / 2, top + r * 0.5)]
    return shape.poly(*arc, *scallops).line([(x, top), (x, top + r * 1.5)], max(2, wide / 40))


def bird(shape: Shape, x: float, y: float, wide: float, tilt: float = 0) -> Shape:
    """A gull as two wings."""
    wings = [
        (x - wide / 2, y - wide * 0.10),
        (x - wide * 0.22, y - wide * 0.19),
        (x, y),
        (x + wide * 0.22, y - wide * 0.19),
        (x + wide / 2, y - wide * 0.10),
        (x + wide * 0.2, y - wide * 0.11),
        (x, y + wide * 0.06),
        (x - wide * 0.2, y - wide * 0.11),
    ]
    return shape.poly(*turned(wings, (x, y), tilt))
