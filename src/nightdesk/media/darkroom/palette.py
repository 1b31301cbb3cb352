"""Sixteen muted colours, one of which stands where a picture will appear while it loads.

A page may carry no ``style=`` attribute, so a placeholder colour is a class (``paper-7``) and the
set must be small. The theme's style sheet uses these same values.
"""

from __future__ import annotations

#: Index is the number in the class name: neutrals, then warm, then green, then blue.
PALETTE: tuple[str, ...] = (
    "#e9e5dc",
    "#c9c6bf",
    "#9b9a95",
    "#6a6a68",
    "#3d3d3d",
    "#1f2022",
    "#d9b99b",
    "#a67c5b",
    "#6b4a36",
    "#b5625a",
    "#c9a455",
    "#8a9a5b",
    "#4f6449",
    "#9fb7c4",
    "#56788f",
    "#34465c",
)

#: How much more a wrong hue disturbs the eye here than a wrong lightness.
HUE_WEIGHT = 1.5


def nearest(red: float, green: float, blue: float) -> int:
    """The index of the palette's colour that looks most like this sRGB one (0–255 each)."""
    wanted = _oklab(red, green, blue)
    distances = [_distance(wanted, colour) for colour in _PALETTE_LAB]
    return distances.index(min(distances))


def _distance(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    lightness, a, b = (x - y for x, y in zip(one, other, strict=True))
    return lightness**2 + HUE_WEIGHT * (a**2 + b**2)


def _oklab(red: float, green: float, blue: float) -> tuple[float, float, float]:
    """sRGB → OKLab (Björn Ottosson, 2020), where distance is close to what the eye sees."""
    r, g, b = (_linear(value / 255) for value in (red, green, blue))
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    middle = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


_PALETTE_LAB = tuple(
    _oklab(*(int(colour[place : place + 2], 16) for place in (1, 3, 5))) for colour in PALETTE
)
