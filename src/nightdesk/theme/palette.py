"""The classes that stand in for ``style=`` attributes, which a strict policy drops silently.

``paper-7`` colours a picture's place until it arrives; ``focus-1-3`` keeps its focal point in
view when it is cropped (column and row of a 5 × 5 grid, from the top left).
"""

from __future__ import annotations

from nightdesk.media.darkroom.palette import PALETTE


def palette_css() -> str:
    """Rules for every placeholder colour and every focal point."""
    papers = (
        f".paper-{number} {{ --placeholder: {colour}; }}\n" for number, colour in enumerate(PALETTE)
    )
    points = (
        f".focus-{x}-{y} {{ object-position: {x * 25}% {y * 25}%; }}\n"
        for x in range(5)
        for y in range(5)
    )
    return "".join((*papers, *points))
