"""How long from the command to the first page, and how much memory the whole tree takes.

Each run opens a newsroom in a new folder (its first start), closes it and opens it again (every
later start). Beside it stands what the same machine needs, in the same minute, merely to load
Django with this newsroom's apps: nothing built on them can be faster.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from nightdesk.bench.tree import pss_megabytes, tree

GOAL_SECONDS = 6.0
GOAL_MEGABYTES = 300
_SECONDS_TO_SETTLE = 3.0
_PATIENCE = 300.0
_LOAD_ALONE = "import os, django; django.setup()"


def bench(arguments: list[str]) -> int:
    """Measure and print a table, or with --json one object."""
    parser = argparse.ArgumentParser(prog="nightdesk bench start", description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--runs", type=int, default=3, help="starts of each kind (default 3)")
    given = parser.parse_args(arguments)
    measured = measure(given.runs)
    print(json.dumps(measured, indent=2) if given.json else _table(measured))
    return 0


def measure(runs: int) -> dict[str, object]:
    """Seconds are medians of ``runs``; megabytes too, of the tree some seconds after its start."""
    load_before = os.getloadavg()[0]
    alone = [_time_django_alone() for _ in range(runs)]
    kinds: dict[str, dict[str, list]] = {}
    for _ in range(runs):  # interleaved, so that a change of the machine's mood meets all alike
        for kind in ("empty", "demo"):
            with tempfile.TemporaryDirectory(prefix="nightdesk-bench-") as folder:
                seen = kinds.setdefault(kind, {"first": [], "later": [], "processes": []})
                for start in ("first", "later"):
                    with _newsroom(Path(folder) / "data", demo=kind == "demo") as (seconds, pid):
                        seen[start].append(seconds)
                        time.sleep(_SECONDS_TO_SETTLE)
                        memory = {f"{name} {p}": pss_megabytes(p) for p, name in tree(pid).items()}
                seen["processes"].append(memory)
    return {
        "runs": runs,
        "load": {"before": round(load_before, 2), "after": round(os.getloadavg()[0], 2)},
        "cores": os.cpu_count(),
        "django_alone_seconds": round(statistics.median(alone), 2),
        "goal": {"later_start_seconds": GOAL_SECONDS, "megabytes": GOAL_MEGABYTES},
        **{kind: _summary(seen) for kind, seen in kinds.items()},
    }


def _summary(seen: dict[str, list]) -> dict[str, object]:
    totals = [sum(memory.values()) for memory in seen["processes"]]
    middle = min(
        seen["processes"], key=lambda memory: abs(sum(memory.values()) - statistics.median(totals))
    )
    return {
        "first_start_seconds": round(statistics.median(seen["first"]), 2),
        "later_start_seconds": round(statistics.median(seen["later"]), 2),
        "every_later_start": [round(seconds, 2) for seconds in seen["later"]],
        "megabytes": round(statistics.median(totals), 1),
        "megabytes_of_each": {name.rpartition(" ")[0]: round(mb, 1) for name, mb in middle.items()},
    }


@contextlib.contextmanager
def _newsroom(data: Path, *, demo: bool) -> Iterator[tuple[float, int]]:
    """A newsroom that is open: (seconds until its home page answered 200, id of its parent)."""
    port = _free_port()
    command = [sys.executable, "-m", "nightdesk", "run", "--data", str(data), "--port", str(port)]
    began = time.monotonic()
    process = subprocess.Popen(
        [*command, "--demo"] if demo else command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={name: value for name, value in os.environ.items() if name != "NIGHTDESK_DATA"},
    )
    try:
        while _status(port) != 200:
            if process.poll() is not None:
                raise SystemExit(
                    f"nightdesk bench: it did not open: {process.stderr.read().decode()}"
                )
            if time.monotonic() - began > _PATIENCE:
                raise SystemExit(f"nightdesk bench: no page within {_PATIENCE:.0f} s")
            time.sleep(0.02)
        yield time.monotonic() - began, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate()


def _time_django_alone() -> float:
    with tempfile.TemporaryDirectory(prefix="nightdesk-bench-") as folder:
        began = time.monotonic()
        subprocess.run(
            [sys.executable, "-c", _LOAD_ALONE],
            check=True,
            env=os.environ | {"NIGHTDESK_DATA": folder},
        )
        return time.monotonic() - began


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _status(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def _table(measured: dict) -> str:
    alone = measured["django_alone_seconds"]
    lines = [
        f"median of {measured['runs']}; {measured['cores']} cores; load "
        f"{measured['load']['before']} before, {measured['load']['after']} after",
        f"Django alone, with the same apps, loads in {alone:.2f} s on this machine now",
        "",
        f"{'newsroom':<10} {'first start':>12} {'later start':>12} {'× Django':>9} {'memory':>9}",
    ]
    for kind in ("empty", "demo"):
        one = measured[kind]
        lines.append(
            f"{kind:<10} {one['first_start_seconds']:>10.2f} s {one['later_start_seconds']:>10.2f} s "
            f"{one['later_start_seconds'] / alone:>8.1f}× {one['megabytes']:>6.0f} MB"
        )
    lines += [
        f"{'goal':<10} {'':>12} {'≤ 6':>10} s {'':>9} {'≤ 300':>6} MB",
        f"{'red line':<10} {'':>12} {'≤ 10':>10} s {'':>9} {'≤ 400':>6} MB",
        "",
        "memory of each process of the demo: "
        + ", ".join(
            f"{name} {mb:.0f}" for name, mb in measured["demo"]["megabytes_of_each"].items()
        ),
    ]
    return "\n".join(lines)
