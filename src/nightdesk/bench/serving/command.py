"""`nightdesk bench serving`: choose rows, measure, print."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import shutil
import sys
from collections.abc import Iterator

from nightdesk.bench.serving.figure import Figure, table
from nightdesk.bench.serving.options import Options

#: row → (module with ``measure(options)``, one line, programs it needs)
ROWS = {
    "cost": (
        "cost",
        "CPU per request beside nginx: page, 304, 404, query, media",
        ("nginx", "wrk"),
    ),
    "visible": ("visible", "publish → the new page with readers, at 1,000 req/s", ("wrk",)),
    "brief": ("printing", "what one new brief prints, 10,000 stories in the archive", ()),
    "archive": ("printing", "publishing with 1,000, 10,000 and 100,000 stories", ()),
    "outage": ("outage", "Django killed, main database moved away, disk full", ("wrk",)),
    "herd": ("herd", "2,000 readers of one shared link in a minute, while it changes", ()),
    "memory": ("memory", "memory of the whole tree", ("wrk",)),
}


def bench(arguments: list[str]) -> int:
    """0 when every goal is met, 1 when one is missed, 2 when a program is lacking."""
    parser = argparse.ArgumentParser(
        prog="nightdesk bench serving",
        description=__doc__,
        epilog="rows: " + "; ".join(f"{row}: {line}" for row, (_, line, _n) in ROWS.items()),
    )
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument("--rows", default=",".join(ROWS), help="parted by commas (default: all)")
    parser.add_argument("--quick", action="store_true", help="small and short: does it work?")
    parser.add_argument("--rounds", type=int, help="rounds of each kind of request")
    parser.add_argument("--seconds", type=float, help="of load in each round")
    parser.add_argument("--archives", help="sizes parted by commas (1000,10000,100000)")
    given = parser.parse_args(arguments)
    rows = [row.strip() for row in given.rows.split(",") if row.strip()]
    unknown = [row for row in rows if row not in ROWS]
    if unknown:
        parser.error(f"there is no row {unknown[0]!r}; there are {', '.join(ROWS)}")
    lacking = sorted({one for row in rows for one in ROWS[row][2] if not _installed(one)})
    if lacking:
        print(
            f"nightdesk bench: {', '.join(lacking)} must be installed first: make bench-tools",
            file=sys.stderr,
        )
        return 2
    figures = list(_measure(rows, _options(given)))
    if given.json:
        print(json.dumps(_report(figures), ensure_ascii=False, indent=2))
    else:
        print(f"{os.cpu_count()} cores; load 1 minute beside each figure\n\n{table(figures)}")
    return 1 if any(one.met is False for one in figures) else 0


def _options(given: argparse.Namespace) -> Options:
    options = Options.small() if given.quick else Options()
    changes: dict[str, object] = {}
    if given.rounds:
        changes["rounds"] = given.rounds
    if given.seconds:
        changes["seconds"] = given.seconds
    if given.archives:
        changes["archives"] = tuple(int(size) for size in given.archives.split(","))
    return options.changed(**changes)


def _measure(rows: list[str], options: Options) -> Iterator[Figure]:
    for row in rows:
        print(f"nightdesk bench: {row} …", file=sys.stderr, flush=True)
        module = importlib.import_module(f"nightdesk.bench.serving.{ROWS[row][0]}")
        measure = getattr(module, f"measure_{row}", None) or module.measure
        for figure in measure(options):
            print(f"  {figure.what}: {figure.value:.4g} {figure.unit}", file=sys.stderr, flush=True)
            yield figure


def _report(figures: list[Figure]) -> dict[str, object]:
    return {
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "figures": [one.as_data() for one in figures],
        "missed": [one.row for one in figures if one.met is False],
    }


def _installed(program: str) -> bool:
    path = os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"
    return shutil.which(program, path=path) is not None
