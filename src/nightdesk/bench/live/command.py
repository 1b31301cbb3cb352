"""`nightdesk bench live`: choose rows, measure, print."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import shutil
import sys
from collections.abc import Iterator

from nightdesk.bench.live.options import Options
from nightdesk.bench.serving.figure import Figure, table

#: row → one line; each is measured by the file of its name.
ROWS = {
    "streams": "5,000 readers with a stream: memory, publish → last reader, taken down → gone",
    "polling": "5,000 readers who ask: cost of a question, publish → last reader; 100,000",
    "silent": "40 readers who never read: memory",
    "restart": "the newsstand killed, and changed, under 2,000 readers",
}


def bench(arguments: list[str]) -> int:
    """0 when every goal is met, 1 when one is missed, 2 when a program is lacking."""
    parser = argparse.ArgumentParser(
        prog="nightdesk bench live",
        description=__doc__,
        epilog="rows: " + "; ".join(f"{row}: {line}" for row, line in ROWS.items()),
    )
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument("--rows", default=",".join(ROWS), help="parted by commas (default: all)")
    parser.add_argument("--quick", action="store_true", help="small and short: does it work?")
    parser.add_argument("--readers", type=int, help="who follow or ask (5000)")
    parser.add_argument("--publishes", type=int, help="measured in each row (5)")
    parser.add_argument("--silent", type=float, help="seconds in which nobody reads (60)")
    given = parser.parse_args(arguments)
    rows = [row.strip() for row in given.rows.split(",") if row.strip()]
    unknown = [row for row in rows if row not in ROWS]
    if unknown:
        parser.error(f"there is no row {unknown[0]!r}; there are {', '.join(ROWS)}")
    if {"streams", "polling"} & set(rows) and not shutil.which("wrk"):
        print("nightdesk bench: wrk must be installed first: make bench-tools", file=sys.stderr)
        return 2
    options = (Options.small() if given.quick else Options()).changed(
        readers=given.readers, publishes=given.publishes, silent=given.silent
    )
    figures = list(_measure(rows, options))
    if given.json:
        told = {"cores": os.cpu_count(), "figures": [one.as_data() for one in figures]}
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        print(f"{os.cpu_count()} cores; load 1 minute beside each figure\n\n{table(figures)}")
    return 1 if any(one.met is False for one in figures) else 0


def _measure(rows: list[str], options: Options) -> Iterator[Figure]:
    for row in rows:
        print(f"nightdesk bench: {row} …", file=sys.stderr, flush=True)
        module = importlib.import_module(f"nightdesk.bench.live.{row}")
        for figure in module.measure(options):
            print(f"  {figure.what}: {figure.value:.4g} {figure.unit}", file=sys.stderr, flush=True)
            yield figure
