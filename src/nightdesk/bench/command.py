"""`nightdesk bench NAME`: which measurement answers to which name."""

from __future__ import annotations

import importlib
import sys

#: name → (module with ``bench(arguments) -> int``, one line)
BENCHES = {
    "start": ("nightdesk.bench.start", "From the command to the first page; memory of the tree."),
    "narration": (
        "nightdesk.bench.narration.command",
        "What reading a story aloud costs, and what comes out.",
    ),
    "serving": ("nightdesk.bench.serving.command", "What readers cost, beside nginx; outages."),
    "live": (
        "nightdesk.bench.live.command",
        "Readers with an open live page: what they cost, how soon they have the news.",
    ),
    "newsletters": (
        "nightdesk.bench.newsletters.command",
        "Sending an edition, beside smtp-source and others.",
    ),
}


def bench_command(arguments: list[str]) -> int:
    """Measure, beside what it is compared with."""
    if not arguments or arguments[0] not in BENCHES:
        print("usage: nightdesk bench NAME [--json]\n", file=sys.stderr)
        for name, (_module, line) in BENCHES.items():
            print(f"  {name:<12} {line}", file=sys.stderr)
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    module, _line = BENCHES[arguments[0]]
    return int(importlib.import_module(module).bench(arguments[1:]))
