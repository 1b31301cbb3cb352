"""Readers with a stream: what one costs, and how soon the last of all has the news."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from urllib.parse import quote

from nightdesk.bench.live.newsroom import Change, Open, live_newsroom
from nightdesk.bench.live.options import Options
from nightdesk.bench.serving.asking import BROWSER, Ask
from nightdesk.bench.serving.figure import Figure
from nightdesk.bench.serving.wrk import Readers

#: Seconds after which the newsstand has closed the connections by which readers have fetched.
_IDLE = 18.0
_PAGES_EACH_SECOND = 200


def measure(options: Options) -> Iterator[Figure]:
    with live_newsroom() as live:
        crowd = live.crowd
        before = live.memory
        began = time.time()
        crowd.follow(options.readers)
        live.wait_until_all_have_it()
        came = time.time() - began
        opened = sum(1 for reader in crowd.readers if reader.open)
        yield Figure(
            "streams.open",
            f"{options.readers:,} readers come with 1,000 a second: with a stream and the document",
            opened,
            "readers",
            goal="all",
            met=opened == options.readers and not crowd.failed,
            note=f"{came:.1f} s; {crowd.refused} turned away, {crowd.failed} failed",
        )
        crowd.rest(_IDLE)
        held = live.memory
        cpu = live.cpu
        crowd.rest(options.settle)
        idle = (live.cpu - cpu) / options.settle
        yield Figure(
            "streams.memory",
            f"memory of a reader with a stream, {options.readers:,} of them",
            (held - before) * 1024 / options.readers,
            "KB",
            note=f"newsstand {before:.0f} → {held:.0f} MB",
        )
        yield Figure(
            "streams.idle",
            "CPU of the newsstand while nothing happens, of one core",
            idle * 100,
            "%",
            note="signs of life every 25 s",
        )
        yield from _publish(live, options)


def _publish(live: Open, options: Options) -> Iterator[Figure]:
    pages = [Ask(quote(path), dict(BROWSER)) for path in live.opened.paths("story")[:40]]
    seconds = options.publishes * 4.0 + 4
    readers = Readers(live.opened.port, pages, seconds, 20, each_second=_PAGES_EACH_SECOND)
    changes: list[Change] = []
    most = 0.0
    for number in range(options.publishes):
        words = f"Measured brief {number} for everybody."
        changes.append(live.change("brief", words, text=words))
        most = max(most, live.memory)
        live.crowd.rest(2.0)
    down = live.change("take down", words, there=False, path=changes[-1].said["path"])
    load = readers.load()
    count = len(live.crowd.readers)
    worst = max(change.last for change in changes)
    frames = [change.told - change.began for change in changes]
    fetched = [change.last - (change.committed - change.began) for change in changes]
    yield Figure(
        "streams.told",
        f"publish → the last of {count:,} is told, slowest of {len(changes)}",
        max(frames),
        "s",
        note=f"median {statistics.median(frames):.2f} s, of the first of them "
        f"{statistics.median(change.first - change.began for change in changes):.2f} s",
    )
    yield Figure(
        "streams.last",
        f"publish → the last of {count:,} has it, slowest of {len(changes)}",
        worst,
        "s",
        goal="< 1",
        met=worst < 1,
        note=f"median of all {statistics.median(c.median for c in changes):.2f} s; "
        f"from the commit on {max(fetched):.2f} s; each waits up to 0.4 s on purpose",
    )
    yield Figure(
        "streams.down",
        f"taken down → gone from the last of {count:,} open pages",
        down.last,
        "s",
        goal="< 2",
        met=down.last < 2,
    )
    yield Figure(
        "streams.cpu",
        f"CPU of the newsstand for one brief to {count:,}, fetching by a new connection included",
        statistics.median(change.cpu for change in changes) * 1000,
        "ms",
    )
    yield Figure(
        "streams.fetching",
        "memory of the newsstand just after a brief, the most that was seen",
        most,
        "MB",
    )
    yield Figure(
        "streams.pages",
        f"stored pages meanwhile, {load.each_second:,.0f} req/s, p95",
        load.p95,
        "ms",
        note=f"p50 {load.p50:.1f} ms, p99 {load.p99:.1f} ms; {load.refused + load.broken} failed",
    )
