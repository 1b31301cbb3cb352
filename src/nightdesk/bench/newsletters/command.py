"""`nightdesk bench newsletters`: send editions to a sink of our own, beside what others do."""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import shutil
import sys
from collections.abc import Iterator

from nightdesk.bench.newsletters import beside_readers, postgres, rows
from nightdesk.bench.newsletters.room import Failed, room
from nightdesk.bench.newsletters.rows import Options
from nightdesk.bench.serving.figure import Figure, table

#: row → (what it is, whether it belongs to the short measurement)
ROWS = {
    "rates": ("messages a second and CPU beside smtp-source", True),
    "signed": ("CPU with DKIM", True),
    "rivals": ("beside smtplib, aiosmtplib and a Django loop", True),
    "far": ("a relay that answers after 40 ms", True),
    "writers": ("how long others wait for SQLite's lock while an edition is sent", True),
    "whole": ("time, memory, the snapshot", True),
    "postgresql": ("the same on PostgreSQL", False),
    "readers": ("readers' p95 while the newsroom sends", False),
}
_FULL = Options(rounds=5, recipients=20_000)
_WHOLE = 200_000


def bench(arguments: list[str]) -> int:
    """0 when every goal is met, 1 when one is missed, 2 when a program is lacking."""
    parser = argparse.ArgumentParser(
        prog="nightdesk bench newsletters",
        description=__doc__,
        epilog="rows: " + "; ".join(f"{row}: {line}" for row, (line, _short) in ROWS.items()),
    )
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument("--full", action="store_true", help="every row; one edition to 200,000")
    parser.add_argument("--rows", help="parted by commas")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--recipients", type=int, help="readers of each edition, of all of them")
    given = parser.parse_args(arguments)
    wanted = _wanted(given, parser)
    if lacking := _lacking(wanted):
        print(
            f"nightdesk bench: {lacking} must be installed first: make bench-tools", file=sys.stderr
        )
        return 2
    options = _FULL if given.full else Options()
    options = Options(given.rounds or options.rounds, given.recipients or options.recipients)
    whole = given.recipients or (_WHOLE if given.full else options.recipients)
    figures = []
    try:
        for figure in _measure(wanted, options, whole):
            print(f"  {figure.what}: {figure.value:.4g} {figure.unit}", file=sys.stderr, flush=True)
            figures.append(figure)
    except Failed as error:
        print(f"nightdesk bench: {error}", file=sys.stderr)
        return 1
    if given.json:
        print(json.dumps(_report(figures), ensure_ascii=False, indent=2))
    else:
        print(f"{os.cpu_count()} cores; load 1 minute beside each figure\n\n{table(figures)}")
    return 1 if any(one.met is False for one in figures) else 0


def _wanted(given: argparse.Namespace, parser: argparse.ArgumentParser) -> list[str]:
    if not given.rows:
        return [row for row, (_line, short) in ROWS.items() if short or given.full]
    wanted = [row.strip() for row in given.rows.split(",") if row.strip()]
    if unknown := [row for row in wanted if row not in ROWS]:
        parser.error(f"there is no row {unknown[0]!r}; there are {', '.join(ROWS)}")
    return wanted


def _measure(wanted: list[str], options: Options, whole: int) -> Iterator[Figure]:
    with_readers = [row for row in wanted if row in ("rates", "signed", "rivals", "far", "writers")]
    if with_readers:
        with room(options.recipients) as made:
            for row in with_readers:
                _say(row)
                yield from getattr(rows, row)(made, options)
    if "whole" in wanted:
        _say("whole")
        with room(whole) as made:
            yield from rows.whole(made, options)
    if "postgresql" in wanted:
        _say("postgresql")
        with postgres.server() as address:
            yield from _on_postgresql(address, options)
    if "readers" in wanted:
        _say("readers")
        yield from beside_readers.measure(options)


def _on_postgresql(address: str, options: Options) -> Iterator[Figure]:
    with room(options.recipients, DATABASE_URL=address) as made:
        yield from rows.postgresql(made, options)


def _say(row: str) -> None:
    print(f"nightdesk bench: {row} …", file=sys.stderr, flush=True)


def _lacking(wanted: list[str]) -> str:
    lacking = []
    path = os.environ.get("PATH", "") + ":/usr/sbin"
    if {"rates", "rivals"} & {*wanted} and not shutil.which("smtp-source", path=path):
        lacking.append("smtp-source")
    if "rivals" in wanted and importlib.util.find_spec("aiosmtplib") is None:
        lacking.append("aiosmtplib")
    if "postgresql" in wanted and postgres.tools() is None:
        lacking.append("PostgreSQL")
    return ", ".join(lacking)


def _report(figures: list[Figure]) -> dict[str, object]:
    return {
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "figures": [one.as_data() for one in figures],
        "missed": [one.what for one in figures if one.met is False],
    }
