"""Draw the demo's pictures: all of them, or those named."""

import importlib
import pkgutil
import sys
from pathlib import Path

from PIL import Image

from nightdesk.demo.draw import scenes
from nightdesk.demo.draw.inks import PAPER
from nightdesk.demo.draw.sheet import Sheet

PICTURES = Path(__file__).parent.parent / "pictures"
WIDE, SQUARE = (1600, 1067), (800, 800)
HEAVIEST = 96 * 1024


def names() -> list[str]:
    """Every picture there is a scene for, as its file will be called."""
    return [module.name.replace("_", "-") for module in pkgutil.iter_modules(scenes.__path__)]


def draw(name: str, scale: int = 2) -> Image.Image:
    """One picture; portraits are square."""
    scene = importlib.import_module(f"{scenes.__name__}.{name.replace('-', '_')}")
    size = SQUARE if name.startswith("portrait-") else WIDE
    sheet = Sheet(*size, PAPER, seed=name, scale=scale)
    scene.draw(sheet)
    return sheet.finish()


def save(image: Image.Image, path: Path) -> int:
    """WebP in the best quality that stays below `HEAVIEST` bytes; returns its size."""
    for quality in range(84, 30, -4):
        image.save(path, "WEBP", quality=quality, method=5)
        if path.stat().st_size <= HEAVIEST:
            break
    return path.stat().st_size


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    for name in sys.argv[1:] or names():
        size = save(draw(name), PICTURES / f"{name}.webp")
        print(f"{name}: {size // 1024} KB")
