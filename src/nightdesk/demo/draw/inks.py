"""The inks of all demo pictures. Few, so that twenty-eight pictures look like one hand's."""

Colour = tuple[int, int, int]

NIGHT: Colour = (17, 26, 40)
INK: Colour = (27, 44, 63)
DEEP: Colour = (37, 78, 102)
TEAL: Colour = (66, 126, 134)
SEA: Colour = (130, 176, 170)
MIST: Colour = (200, 213, 200)
PAPER: Colour = (243, 234, 215)
SAND: Colour = (227, 202, 158)
AMBER: Colour = (242, 171, 64)
CORAL: Colour = (228, 118, 86)
RUST: Colour = (190, 66, 42)
PLUM: Colour = (74, 46, 68)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """`one` with `share` (0–1) of `other` in it."""
    return tuple(round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
