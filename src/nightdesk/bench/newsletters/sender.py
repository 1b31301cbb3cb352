"""Send one edition to everybody, as the worker does, and say what it cost: `python -m
nightdesk.bench.newsletters.sender`. The relay is that of NIGHTDESK_MAIL.

What is run is the product's own: the snapshot, the post, the source, the courier. Only composing is
left out: the edition is made here, of ready text.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from typing import Any

import django
from django.urls import get_resolver

from nightdesk.bench.newsletters.fill import prepared
from nightdesk.bench.tree import pss_megabytes
from nightdesk.kernel.processes import die_with

#: Memory is looked at every so many turns.
_LOOK = 50


def main(arguments: list[str] | None = None) -> int:
    """A parent loads the whole site, and the sender is its fork, as in the product
    (``run/command.py``, ``_prepare_site``)."""
    parser = argparse.ArgumentParser(prog="python -m " + __spec__.name, description=__doc__)
    parser.add_argument("--synchronous", default="FULL", help="SQLite's; the product's is FULL")
    given = parser.parse_args(arguments)
    django.setup()
    get_resolver().url_patterns  # noqa: B018
    gc.collect()
    gc.freeze()
    pid = os.fork()
    if pid == 0:
        die_with(os.getppid())
        try:
            print(json.dumps(send(given.synchronous)), flush=True)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def send(synchronous: str) -> dict[str, Any]:
    """Seconds and processor seconds count from the first turn until the edition is over."""
    from django.db import connection
    from django.db.backends.signals import connection_created

    from nightdesk.mail import lease
    from nightdesk.mail.post import Post, begin_clerk
    from nightdesk.newsletters.delivery import rows, source
    from nightdesk.newsletters.delivery.actions import totals
    from nightdesk.newsletters.models import Edition

    if connection.vendor == "sqlite" and synchronous != "FULL":
        connection.close()

        def less_careful(connection: Any, **_more: object) -> None:
            connection.cursor().execute(f"PRAGMA synchronous={synchronous}")

        connection_created.connect(less_careful, weak=False)
    edition, snapshot_seconds = prepared()
    lease.give_up(lease.take() or 0)
    connection.close()
    told, telling = os.pipe()
    _Watched(source.EDITIONS, rows.under_way, os.getpid(), telling)
    clerk = begin_clerk()
    asyncio.run(Post(clerk).keep())
    os.close(telling)
    clerk.close()
    with os.fdopen(told) as said:
        measured = json.load(said)
    counted = totals(Edition.objects.get(pk=edition.pk))
    return {
        "recipients": counted.snapshot,
        "sent": counted.sent,
        "adds_up": counted.adds_up,
        "snapshot_seconds": round(snapshot_seconds, 3),
        **measured,
    }


class _Watched:
    """Stands around the source's turns, in the clerk; when the edition is over it tells of both
    processes, and the post to end."""

    def __init__(
        self, editions: Any, under_way: Callable[[], Any], post: int, telling: int
    ) -> None:
        self._post, self._telling = post, telling
        self._first = self._cpu_at_begin = self._in_turns = self._megabytes = 0.0
        self._turns = 0
        self._under_way = under_way
        self._turn = editions.turn
        editions.turn = self.turn

    def turn(self, outcomes: Sequence[Any], limit: int, epoch: int) -> list[Any]:
        begun = time.perf_counter()
        if not self._first:
            self._first, self._cpu_at_begin = begun, self._used()
        messages = self._turn(outcomes, limit, epoch)
        now = time.perf_counter()
        self._in_turns += now - begun
        self._turns += 1
        if self._turns % _LOOK == 5:
            both = pss_megabytes(os.getpid()) + pss_megabytes(self._post)
            self._megabytes = max(self._megabytes, both)
        if self._telling and outcomes and not messages and not self._under_way():
            self._tell(now)
        return messages

    def _tell(self, now: float) -> None:
        whole = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        measured = {
            "seconds": round(now - self._first, 4),
            "cpu_seconds": round(self._used() - self._cpu_at_begin, 4),
            "turns": self._turns,
            "turn_seconds": round(self._in_turns, 3),
            "megabytes": round(self._megabytes, 1),
            "megabytes_of_the_clerk_shared_counted_whole": round(whole, 1),
        }
        os.write(self._telling, json.dumps(measured).encode())
        self._telling = 0
        os.kill(self._post, signal.SIGTERM)

    def _used(self) -> float:
        """Processor seconds of both. The number of another process's clock is made of its own
        (clock_getcpuclockid(3))."""
        return time.process_time() + time.clock_gettime(~self._post << 3 | 2)


if __name__ == "__main__":
    sys.exit(main())
