"""In the child: a long sound in pieces that are worked on one after another, each seen with what
lies on either side of it, so that the pieces come out as the whole would."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np


def windows(blocks: Iterator[Any], step: int, margin: int) -> Iterator[tuple[Any, int, int]]:
    """(samples, how many of them come before the piece, how many the piece has). Pieces begin at
    multiples of ``step``, and follow each other without a gap; ``margin`` ≤ ``step``."""
    held, before = np.zeros(0, np.float32), 0
    for block in blocks:
        held = np.concatenate([held, block])
        while len(held) >= before + step + margin:
            yield held[: before + step + margin], before, step
            held = held[before + step - margin :]
            before = margin
    while (count := min(step, len(held) - before)) > 0:
        yield held[: before + count + margin], before, count
        kept = min(margin, before + count)
        held, before = held[before + count - kept :], kept
