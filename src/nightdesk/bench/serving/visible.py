"""From "publish" to the reader: how long until everybody gets the new page, while many read."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from urllib.parse import quote

from nightdesk.bench.serving.asking import BROWSER, Ask
from nightdesk.bench.serving.editor import editor
from nightdesk.bench.serving.figure import Figure
from nightdesk.bench.serving.newsroom import Newsroom, newsroom
from nightdesk.bench.serving.options import Options
from nightdesk.bench.serving.processes import SERVERS
from nightdesk.bench.serving.wrk import Readers

EACH_SECOND = 1000
_CONNECTIONS = 100
_BETWEEN = 1.0
_PATIENCE = 20.0


def measure(options: Options) -> Iterator[Figure]:
    with newsroom() as opened, editor(opened.data, SERVERS) as someone:
        stories = someone.do("stories")["stories"][:40]
        asks = [Ask(quote(path), dict(BROWSER)) for _, path in stories]
        seconds = options.publishes * (_BETWEEN + 0.7) + 3
        someone.do("publish", page=stories[0][0], headline="Before anybody reads")
        opened.wait_until_printed()
        readers = Readers(opened.port, asks, seconds, _CONNECTIONS, each_second=EACH_SECOND)
        time.sleep(1)
        after_click, after_commit = [], []
        for number in range(options.publishes):
            page, path = stories[number % len(stories)]
            headline = f"Measured edition {number}"
            told = someone.do("publish", page=page, headline=headline)
            seen = _seen(opened, path, headline)
            after_click.append(seen - told["began"])
            after_commit.append(seen - told["committed"])
            time.sleep(_BETWEEN)
        load = readers.load()
    note = f"{load.each_second:,.0f} req/s meanwhile, {load.refused + load.broken} of them failed"
    for name, what, times in (
        ("visible.click", "publish → new page with readers", after_click),
        ("visible.commit", "from the commit on", after_commit),
    ):
        p95 = (
            statistics.quantiles(times, n=20, method="inclusive")[-1]
            if len(times) > 1
            else times[0]
        )
        yield Figure(
            name,
            f"{what}, p95 of {len(times)}",
            p95,
            "s",
            goal="< 1 (red line 2)",
            met=p95 < 1,
            note=f"p50 {statistics.median(times):.2f} s; {note}",
        )
    yield Figure(
        "visible.reading",
        "readers meanwhile, p95",
        load.p95,
        "ms",
        note=f"p50 {load.p50:.1f} ms, p99 {load.p99:.1f} ms",
    )


def _seen(opened: Newsroom, path: str, headline: str) -> float:
    """When the page first had the new headline (epoch)."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        body = opened.get(quote(path), **{"Accept-Encoding": "identity"}).body
        if headline.encode() in body:
            return time.time()
        time.sleep(0.005)
    raise RuntimeError(f"{path} did not show its new headline within {_PATIENCE:.0f} s.")
