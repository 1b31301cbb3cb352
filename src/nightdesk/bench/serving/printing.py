"""What a change prints, and what publishing costs in archives of different size.

One process does both sides, the editor's and the press's, so that every SQL statement and every
second of processor is counted. The archive is made by `archive`; only what is measured is real.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nightdesk.bench.serving.editor import Editor, editor
from nightdesk.bench.serving.figure import Figure
from nightdesk.bench.serving.newsroom import copy_to
from nightdesk.bench.serving.options import Options
from nightdesk.bench.serving.processes import SERVERS

_BRIEF_ARCHIVE = 10_000
#: Not reader pages: what is counted by itself.
_FRAGMENTS = frozenset({"fragment"})
_MACHINES = frozenset({"feed", "feeds", "rss", "atom", "podcast", "sitemap", "sitemaps"})


def measure_brief(options: Options) -> Iterator[Figure]:
    """One new brief, a large archive behind it."""
    size = options.archives[-1] if options.quick else _BRIEF_ARCHIVE
    with _newsroom_with_archive(size) as someone:
        someone.do("measured", what="brief", text="The ferry runs again.")  # the first is special
        told = someone.do("measured", what="brief", text="The bridge is open.")
    printed = {kind: len(paths) for kind, paths in told["printed"].items()}
    fragments = sum(count for kind, count in printed.items() if kind in _FRAGMENTS)
    machines = sum(count for kind, count in printed.items() if kind in _MACHINES)
    stories = printed.get("story", 0)
    pages = sum(printed.values()) - fragments - machines
    note = f"{size:,} stories in the archive"
    yield Figure(
        "brief.pages",
        "one new brief: reader pages printed",
        pages,
        "pages",
        goal="≤ 3",
        met=pages <= 3,
        note=note,
    )
    yield Figure(
        "brief.fragments",
        "one new brief: fragments printed",
        fragments,
        "fragments",
        goal="≤ 8",
        met=fragments <= 8,
    )
    yield Figure(
        "brief.stories",
        "one new brief: stories printed",
        stories,
        "stories",
        goal="none per story",
        met=stories == 0,
        note=f"besides {machines} feeds and sitemaps; {told['cpu'] * 1000:.0f} ms of CPU",
    )


def measure_archive(options: Options) -> Iterator[Figure]:
    """The same publish with ever more stories."""
    found = {size: _publishes(size, options.publishes) for size in options.archives}
    small, large = min(found), max(found)
    for size, runs in found.items():
        cpu = statistics.median(run["cpu"] for run in runs) * 1000
        sql = sorted(run["sql"] for run in runs)
        printed = statistics.median(sum(map(len, run["printed"].values())) for run in runs)
        change = statistics.median(run["cpu_change"] for run in runs) * 1000
        yield Figure(
            f"archive.{size}",
            f"publish and print with {size:,} stories, CPU, median of {len(runs)}",
            cpu,
            "ms",
            note=f"{sql[0]}–{sql[-1]} SQL statements, {printed:.0f} printed; {change:.0f} ms of it "
            "before the commit",
        )
    cpus = {size: statistics.median(run["cpu"] for run in runs) for size, runs in found.items()}
    growth = cpus[large] / cpus[small]
    yield Figure(
        "archive.growth",
        f"CPU of a publish, {large:,} against {small:,} stories",
        growth,
        "×",
        ratio=growth,
        goal="≤ 1.3 (red line 2)",
        met=growth <= 1.3,
    )
    sqls = {size: statistics.median(run["sql"] for run in runs) for size, runs in found.items()}
    yield Figure(
        "archive.sql",
        f"SQL statements of a publish, {large:,} stories",
        sqls[large],
        "statements",
        (f"{small:,} stories", sqls[small]),
        goal="equal",
        met=sqls[large] == sqls[small],
    )


def _publishes(size: int, count: int) -> list[dict[str, Any]]:
    with _newsroom_with_archive(size) as someone:
        page = someone.do("stories")["stories"][1][0]
        runs = [
            someone.do("measured", what="publish", page=page, headline=f"Edition {number}")
            for number in range(count + 3)
        ]
    return runs[3:]  # the first ones fill caches


class _newsroom_with_archive:  # noqa: N801
    """Somebody in a newsroom with so many stories, and everything printed."""

    def __init__(self, size: int) -> None:
        self._size = size

    def __enter__(self) -> Editor:
        self._folder = tempfile.TemporaryDirectory(prefix="nightdesk-bench-")
        data = Path(self._folder.name) / "data"
        copy_to(data)
        self._editor = editor(data, SERVERS)
        someone = self._editor.__enter__()
        someone.do("print")  # nothing, unless the program has changed since the copy was made
        someone.do("archive", stories=self._size)
        someone.do("print")
        # Lists that reach into the archive are printed with it before anything is measured.
        page = someone.do("stories")["stories"][1][0]
        someone.do("measured", what="publish", page=page, headline="First edition")
        return someone

    def __exit__(self, *error: object) -> None:
        self._editor.__exit__(*error)
        self._folder.cleanup()
