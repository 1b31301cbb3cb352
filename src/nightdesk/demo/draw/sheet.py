"""A sheet of paper on which inks are laid flat, in grain, as glow, and mirrored in water.

Drawn at twice its size and reduced at the end, which smooths every edge. The same seed gives the
same sheet, byte for byte, with the same Pillow.
"""

import math
import random

from PIL import Image, ImageChops, ImageFilter

from nightdesk.demo.draw.inks import Colour
from nightdesk.demo.draw.shape import Point, Shape

GRAIN = 2.2
"""Side of a grain, in finished pixels."""

ROUGH = 0.33
"""Share of grain in a grainy layer; the rest is an even wash. All grain would look a little
harder and weigh three times as much, for us and for every reader."""


class Sheet:
    """`width` × `height` finished pixels; every method takes finished pixels."""

    def __init__(self, width: int, height: int, paper: Colour, seed: str, scale: int = 2) -> None:
        self.width, self.height, self.scale = width, height, scale
        self.size = (width * scale, height * scale)
        self.random = random.Random(seed)
        self.image = Image.new("RGB", self.size, paper)
        self.noise = self._make_noise()

    def everything(self) -> Shape:
        return Shape().rect(-2, -2, self.width + 2, self.height + 2)

    def flat(self, shape: Shape, colour: Colour, opacity: float = 1, blur: float = 0) -> None:
        """An even layer of ink."""
        mask = shape.mask(self.size, self.scale)
        if blur:
            mask = mask.filter(ImageFilter.GaussianBlur(blur * self.scale))
        if opacity < 1:
            mask = mask.point(lambda v: round(v * opacity))
        self.image.paste(colour, (0, 0), mask)

    def grain(
        self,
        shape: Shape,
        colour: Colour,
        start: Point,
        end: Point,
        amount: tuple[float, float] = (1, 0),
    ) -> None:
        """Ink in grains, from `amount[0]` of cover at `start` to `amount[1]` at `end`."""
        self._stipple(shape, colour, self._slope(start, end, amount))

    def wash(
        self,
        shape: Shape,
        colour: Colour,
        start: Point,
        end: Point,
        amount: tuple[float, float] = (1, 0),
    ) -> None:
        """Ink that thins out without grains."""
        mask = shape.mask(self.size, self.scale)
        self.image.paste(colour, (0, 0), ImageChops.multiply(mask, self._slope(start, end, amount)))

    def glow(
        self, x: float, y: float, radius: float, colour: Colour, amount: float = 1, grain: float = 1
    ) -> None:
        """Light round a point: half soft, half in grains (`grain` 0–1 shifts between them)."""
        k, r = self.scale, round(radius * self.scale)
        disc = ImageChops.invert(Image.radial_gradient("L")).resize((2 * r, 2 * r))
        disc = disc.point(lambda v: round(max(0, (v - 75) / 180) ** 1.6 * 255 * amount))
        field = Image.new("L", self.size, 0)
        field.paste(disc, (round(x * k) - r, round(y * k) - r))
        if grain < 1:
            self.image.paste(colour, (0, 0), field.point(lambda v: round(v * (1 - grain))))
        if grain > 0:
            self._stipple(None, colour, field)

    def mirror(
        self, water: Shape, line: float, squash: float = 1.0, sway: float = 6, keep: float = 0.75
    ) -> None:
        """Show in `water` what stands above height `line`, upside down and swaying."""
        k = self.scale
        top = round(line * k)
        below = self.size[1] - top
        source = min(top, round(below / squash))
        flipped = self.image.crop((0, top - source, self.size[0], top)).transpose(
            Image.Transpose.FLIP_TOP_BOTTOM
        )
        flipped = flipped.resize((self.size[0], round(source * squash)))
        mirrored = self.image.copy()
        mirrored.paste(flipped, (0, top))
        mask = water.mask(self.size, k).point(lambda v: round(v * keep))
        self.image.paste(self._swaying(mirrored, top, sway), (0, 0), mask)

    def ripple(self, water: Shape, line: float, sway: float = 6) -> None:
        """Let what is drawn in `water` sway, more so the farther below height `line`."""
        swayed = self._swaying(self.image, round(line * self.scale), sway)
        self.image.paste(swayed, (0, 0), water.mask(self.size, self.scale))

    def _swaying(self, image: Image.Image, top: int, sway: float) -> Image.Image:
        """`image` with the bands below `top` (drawn pixels) shifted to and fro."""
        k, below = self.scale, max(1, self.size[1] - top)
        swayed, y, phase = image.copy(), 0, 0.0
        while y < below:
            depth = y / below
            band = max(2, round((2 + 7 * depth) * k))
            phase += self.random.uniform(0.5, 1.6)
            shift = round(math.sin(phase) * sway * (0.25 + depth) * k)
            strip = image.crop((0, top + y, self.size[0], min(top + y + band, self.size[1])))
            swayed.paste(ImageChops.offset(strip, shift, 0), (0, top + y))
            y += band
        return swayed

    def flecks(
        self,
        count: int,
        box: tuple[float, float, float, float],
        colour: Colour,
        size: tuple[float, float],
        opacity: float = 1,
        stretch: float = 1,
        lean: float = 0,
    ) -> None:
        """Snow, foam, rain, dust: `count` small marks, `stretch` times as long as wide."""
        shape = Shape()
        left, top, right, bottom = box
        for _ in range(count):
            x, y = self.random.uniform(left, right), self.random.uniform(top, bottom)
            r = self.random.uniform(*size)
            if stretch == 1:
                shape.oval(x, y, r)
            else:
                long = r * stretch
                shape.line([(x, y), (x + long * lean, y + long * (1 - abs(lean)))], r)
        self.flat(shape, colour, opacity)

    def finish(self) -> Image.Image:
        """The picture in its own size."""
        return self.image.resize((self.width, self.height), Image.Resampling.LANCZOS)

    def _stipple(self, shape: Shape | None, colour: Colour, cover: Image.Image) -> None:
        grains = ImageChops.subtract(cover, self.noise).point(lambda v: min(255, v * 4))
        grains = Image.blend(cover, grains, ROUGH)
        if shape is not None:
            grains = ImageChops.multiply(grains, shape.mask(self.size, self.scale))
        self.image.paste(colour, (0, 0), grains)

    def _slope(self, start: Point, end: Point, amount: tuple[float, float]) -> Image.Image:
        """Cover from start to end, as an image computed coarsely and enlarged."""
        w, h = self.size[0] // 16 + 2, self.size[1] // 16 + 2
        k = self.scale / 16
        (x0, y0), (x1, y1) = ((p[0] * k, p[1] * k) for p in (start, end))
        dx, dy = x1 - x0, y1 - y0
        length = dx * dx + dy * dy or 1
        a, b = amount
        values = bytes(
            round(
                255
                * max(
                    0.0,
                    min(
                        1.0,
                        a + (b - a) * max(0, min(1, ((x - x0) * dx + (y - y0) * dy) / length)),
                    ),
                )
            )
            for y in range(h)
            for x in range(w)
        )
        coarse = Image.frombytes("L", (w, h), values)
        big = coarse.resize((w * 16, h * 16), Image.Resampling.BICUBIC)
        return big.crop((0, 0, *self.size))

    def _make_noise(self) -> Image.Image:
        """Even noise, 0–254, in grains of `GRAIN`."""
        w, h = round(self.width / GRAIN) + 1, round(self.height / GRAIN) + 1
        fine = Image.frombytes("L", (w, h), self.random.randbytes(w * h))
        return fine.resize(self.size, Image.Resampling.BICUBIC).point(lambda v: min(254, v))
