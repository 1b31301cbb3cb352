"""Readers who only ask, every 8 to 12 seconds: what one question costs, and how soon all know."""

from __future__ import annotations

import time
from collections.abc import Iterator

from nightdesk.bench.live.crowd import POLL
from nightdesk.bench.live.newsroom import LIST, live_newsroom
from nightdesk.bench.live.options import Options
from nightdesk.bench.serving.asking import SHORT, Ask
from nightdesk.bench.serving.figure import Figure
from nightdesk.bench.serving.wrk import read

_MANY = 100_000


def measure(options: Options) -> Iterator[Figure]:
    with live_newsroom() as live:
        crowd = live.crowd
        before, cpu = live.memory, live.cpu
        time.sleep(options.settle / 2)
        idle = (live.cpu - cpu) / (options.settle / 2)
        crowd.ask(options.readers)
        live.wait_until_all_have_it()
        cpu, asked, began = live.cpu, crowd.asked, time.monotonic()
        crowd.rest(max(options.settle, 5.0))
        seconds = time.monotonic() - began
        questions = crowd.asked - asked
        cost = (live.cpu - cpu - idle * seconds) / questions
        yield Figure(
            "polling.memory",
            f"memory of a reader who asks, {options.readers:,} of them, each with a connection",
            (live.memory - before) * 1024 / options.readers,
            "KB",
        )
        yield Figure(
            "polling.cost",
            f"CPU of one question (304), {questions / seconds:,.0f} a second",
            cost * 1e6,
            "µs",
            note=f"{crowd.failed} failed",
        )
        changes = []
        for number in range(options.publishes):
            words = f"Measured brief {number} for everybody."
            changes.append(live.change("brief", words, text=words))
        worst = max(change.last for change in changes)
        yield Figure(
            "polling.last",
            f"publish → the last of {options.readers:,} has it, slowest of {len(changes)}",
            worst,
            "s",
            goal="< 15",
            met=worst < 15,
            note=f"median {changes[-1].median:.1f} s",
        )
        tag = live.opened.get(LIST).headers["etag"]
        cpu = live.opened.cpu
        load = read(live.opened.port, [Ask(LIST, SHORT | {"If-None-Match": tag})], 4.0, 64)
        busy = (live.opened.cpu - cpu) / load.requests
    each_second = _MANY / (sum(POLL) / 2)
    yield Figure(
        "polling.busy",
        f"the same at full speed, {load.each_second:,.0f} a second",
        busy * 1e6,
        "µs",
    )
    yield Figure(
        "polling.many",
        f"{_MANY:,} readers who ask, by calculation from it: of one core",
        busy * each_second * 100,
        "%",
        note=f"{each_second:,.0f} questions a second; from the dearer question above "
        f"{cost * each_second * 100:.0f} %",
    )
