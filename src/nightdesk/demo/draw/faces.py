"""Portraits in cut paper: a head lit from the left, a few lines for what looks back.

The head is drawn on a square of 800; a portrait's own file adds hair, glasses, clothes and wall.
"""

from dataclasses import dataclass

from PIL import ImageChops

from nightdesk.demo.draw.inks import NIGHT, PLUM, Colour, mix
from nightdesk.demo.draw.shape import Shape
from nightdesk.demo.draw.sheet import Sheet

MIDDLE = 400


@dataclass(frozen=True)
class Face:
    """`wide` is half the width of the face, `chin` its lowest point, `brow` how the brows tilt."""

    skin: Colour
    wide: float = 112
    chin: float = 508
    jaw: float = 0.72
    brow: float = 0
    smile: float = 5


def shoulders(art: Sheet, coat: Colour, shirt: Colour, wide: float = 285, slope: float = 0) -> None:
    """Coat or jacket, with the shirt in its opening."""
    m = MIDDLE
    body = Shape().blob(
        (m - 70, 566),
        (m + 70, 566),
        (m + wide * 0.72, 618 + slope),
        (m + wide, 700),
        (m + wide + 20, 860),
        (m - wide - 20, 860),
        (m - wide, 700),
        (m - wide * 0.72, 618 + slope),
    )
    art.flat(body, coat)
    art.grain(body, NIGHT, (m + wide, 700), (m - wide * 0.3, 640), (0.9, 0))
    art.flat(Shape().poly((m - 64, 560), (m + 64, 560), (m + 6, 800), (m - 6, 800)), shirt)


def lapels(art: Sheet, colour: Colour) -> None:
    m = MIDDLE
    left = Shape().poly((m - 66, 560), (m - 112, 600), (m - 100, 668), (m - 70, 664), (m - 6, 810))
    right = Shape().poly((m + 66, 560), (m + 112, 600), (m + 100, 668), (m + 70, 664), (m + 6, 810))
    art.flat(left, colour)
    art.flat(right, mix(colour, NIGHT, 0.35))


def head(art: Sheet, face: Face) -> None:
    """Neck, ears and face with the light from the left."""
    m, w, chin = MIDDLE, face.wide, face.chin
    dark = mix(face.skin, PLUM, 0.48)
    neck = Shape().poly(
        (m - 56, chin - 90), (m + 56, chin - 90), (m + 64, 580), (m, 640), (m - 64, 580)
    )
    art.flat(neck, mix(face.skin, PLUM, 0.28))
    art.grain(neck, PLUM, (m + 60, chin + 30), (m - 40, chin + 60), (0.95, 0.1))
    ears = Shape().oval(m - w - 4, 366, 19, 34).oval(m + w + 4, 366, 19, 34)
    art.flat(ears, dark)
    outline = (
        (m, 205),
        (m + w * 0.75, 232),
        (m + w, 330),
        (m + w * 0.97, 400),
        (m + w * face.jaw, chin - 42),
        (m + w * 0.3, chin - 2),
        (m, chin + 3),
        (m - w * 0.3, chin - 2),
        (m - w * face.jaw, chin - 42),
        (m - w * 0.97, 400),
        (m - w, 330),
        (m - w * 0.75, 232),
    )
    shape = Shape().blob(*outline)
    art.flat(shape, face.skin)
    shade = Shape().blob(
        (m + 14, 200),
        (m + w + 40, 220),
        (m + w + 40, chin + 20),
        (m + 12, chin + 30),
        (m + 26, chin - 44),
        (m + 10, chin - 74),
        (m + 36, 424),
        (m + 10, 400),
        (m + 30, 340),
        (m + 8, 310),
    )
    half = shape.mask(art.size, art.scale)
    art.image.paste(dark, (0, 0), ImageChops.multiply(half, shade.mask(art.size, art.scale)))
    art.grain(shape, mix(dark, NIGHT, 0.35), (m + w + 20, 400), (m + 6, 380), (0.85, 0))
    art.grain(shape, dark, (m, chin + 20), (m, chin - 60), (0.6, 0))


def features(art: Sheet, face: Face) -> None:
    """Brows, eyes, nose and mouth: as little as will do."""
    m = MIDDLE
    line = mix(NIGHT, PLUM, 0.35)
    brows = Shape()
    brows.curve([(m - 76, 322 + face.brow), (m - 50, 308), (m - 22, 316 - face.brow)], 9)
    brows.curve([(m + 76, 322 + face.brow), (m + 50, 308), (m + 22, 316 - face.brow)], 9)
    eyes = Shape().oval(m - 47, 350, 11, 8.5).oval(m + 47, 350, 11, 8.5)
    lids = Shape().curve([(m - 68, 350), (m - 48, 339), (m - 27, 350)], 5)
    lids.curve([(m + 68, 350), (m + 48, 339), (m + 27, 350)], 5)
    nose = Shape().curve([(m + 12, 350), (m + 22, 402), (m + 20, 420), (m - 4, 424)], 5)
    mouth = Shape().curve(
        [
            (m - 37, 458 - face.smile),
            (m - 14, 459),
            (m + 2, 461),
            (m + 16, 459),
            (m + 37, 458 - face.smile),
        ],
        6,
    )
    lip = Shape().curve([(m - 15, 478), (m, 481), (m + 15, 478)], 4)
    art.flat(brows, line)
    art.flat(lids, line)
    art.flat(eyes, line)
    art.flat(nose, mix(face.skin, PLUM, 0.75))
    art.flat(mouth, mix(line, face.skin, 0.1))
    art.flat(lip, mix(face.skin, PLUM, 0.6))


def glasses(art: Sheet, colour: Colour, round_ones: bool) -> None:
    m = MIDDLE
    frame = Shape()
    for x in (m - 48, m + 48):
        if round_ones:
            frame.oval(x, 350, 39).cut().oval(x, 350, 32.5).add()
        else:
            frame.rect(x - 42, 322, x + 42, 378, 12).cut().rect(x - 35, 329, x + 35, 371, 8).add()
    frame.curve([(m - 12, 346), (m, 340), (m + 12, 346)], 6)
    frame.line([(m - 86, 344), (m - 116, 338)], 6).line([(m + 86, 344), (m + 116, 338)], 6)
    art.flat(frame, colour)


def hair(art: Sheet, shape: Shape, colour: Colour, light: Colour) -> None:
    """A mass of hair with light on its left."""
    art.flat(shape, colour)
    art.grain(shape, light, (230, 180), (400, 330), (0.75, 0))
    art.grain(shape, NIGHT, (560, 420), (380, 300), (0.8, 0))
