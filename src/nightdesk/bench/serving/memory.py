"""Memory of the whole tree, what is shared counted once: after the start, and after much reading."""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.parse import quote

from nightdesk.bench.serving.asking import Ask
from nightdesk.bench.serving.figure import Figure
from nightdesk.bench.serving.newsroom import newsroom
from nightdesk.bench.serving.options import Options
from nightdesk.bench.serving.wrk import read

_SETTLE = 3.0


def measure(options: Options) -> Iterator[Figure]:
    with newsroom() as opened:
        time.sleep(_SETTLE)
        before = opened.megabytes
        asks = [Ask(quote(path)) for path in opened.paths("story")]
        read(opened.port, asks, options.seconds * 2, 256)
        after = opened.megabytes
    for name, what, held in (
        ("memory.start", "memory of the whole tree after the start", before),
        ("memory.reading", "the same after many readers", after),
    ):
        total = sum(held.values())
        parts = ", ".join(f"{process.rpartition(' ')[0]} {mb:.0f}" for process, mb in held.items())
        yield Figure(
            name,
            what,
            round(total),
            "MB",
            goal="≤ 300 (red line 400)",
            met=total <= 300,
            note=parts,
        )
