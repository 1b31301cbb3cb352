"""Send one edition to everybody, as the worker does, and say what it cost: `python -m
nightdesk.bench.newsletters.sender`. The relay is that of NIGHTDESK_MAIL.

What is run is the product's own: the snapshot, the post, the source, the courier. Only composing is
left out: the edition is made here, of ready text.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from typing import Any

import django

from nightdesk.bench.newsletters.fill import prepared
from nightdesk.bench.tree import pss_megabytes
from nightdesk.kernel.processes import die_with

#: Memory is looked at every so many turns.
_LOOK = 50


def main(arguments: list[str] | None = None) -> int:
    """Django is loaded by a parent, and the sender is its fork, as in the product."""
    parser = argparse.ArgumentParser(prog="python -m " + __spec__.name, description=__doc__)
    parser.add_argument("--synchronous", default="FULL", help="SQLite's; the product's is FULL")
    given = parser.parse_args(arguments)
    django.setup()
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
    from django.conf import settings
    from django.db import connection
    from django.db.backends.signals import connection_created

    from nightdesk.mail import lease
    from nightdesk.mail.post import Post
    from nightdesk.newsletters.delivery import rows, source
    from nightdesk.newsletters.delivery.actions import totals
    from nightdesk.newsletters.models import Edition
    from nightdesk.press.addresses import absolute, address

    if connection.vendor == "sqlite" and synchronous != "FULL":
        connection.close()

        def less_careful(connection: Any, **_more: object) -> None:
            connection.cursor().execute(f"PRAGMA synchronous={synchronous}")

        connection_created.connect(less_careful, weak=False)
    edition, snapshot_seconds = prepared()
    # Composing has loaded the site's addresses in the process that prepares and sends.
    absolute(address("newsletters", settings.LANGUAGE_CODE))
    lease.give_up(lease.take() or 0)
    connection.close()
    watched = _Watched(source.EDITIONS, rows.under_way, Post())
    asyncio.run(watched.post.keep())
    counted = totals(Edition.objects.get(pk=edition.pk))
    return {
        "recipients": counted.snapshot,
        "sent": counted.sent,
        "adds_up": counted.adds_up,
        "snapshot_seconds": round(snapshot_seconds, 3),
        "seconds": round(watched.last - watched.first, 4),
        "cpu_seconds": round(watched.cpu_at_end - watched.cpu_at_begin, 4),
        "turns": watched.turns,
        "turn_seconds": round(watched.in_turns, 3),
        "megabytes": round(watched.megabytes, 1),
        "megabytes_shared_counted_whole": round(
            resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1
        ),
    }


class _Watched:
    """Stands around the source's turns, and ends the post when the edition is over."""

    def __init__(self, editions: Any, under_way: Callable[[], Any], post: Any) -> None:
        self.post = post
        self.first = self.last = self.in_turns = 0.0
        self.cpu_at_begin = self.cpu_at_end = 0.0
        self.turns = 0
        self.megabytes = 0.0
        self._under_way = under_way
        self._turn = editions.turn
        editions.turn = self.turn

    def turn(self, outcomes: Sequence[Any], limit: int, epoch: int) -> list[Any]:
        begun = time.perf_counter()
        if not self.first:
            self.first, self.cpu_at_begin = begun, _used()
        messages = self._turn(outcomes, limit, epoch)
        now = time.perf_counter()
        self.in_turns += now - begun
        self.turns += 1
        if self.turns % _LOOK == 5:
            self.megabytes = max(self.megabytes, pss_megabytes(os.getpid()))
        if outcomes and not messages and not self._under_way():
            self.last, self.cpu_at_end = now, _used()
            self.post.stop()
        return messages


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
