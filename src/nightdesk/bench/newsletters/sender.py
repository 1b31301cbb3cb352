"""Send one edition to everybody, as the worker does, and say what it cost: `python -m
nightdesk.bench.newsletters.sender`. The relay is that of NIGHTDESK_MAIL.

What is run is the product's own: the snapshot, the post, the source, the courier. Only composing is
left out: the edition is made here, of ready text.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import sys
import time
from collections.abc import Sequence
from typing import Any

import django


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m " + __spec__.name, description=__doc__)
    parser.add_argument("--synchronous", default="FULL", help="SQLite's; the product's is FULL")
    parser.add_argument("--window", type=int, help="messages marked in one transaction")
    given = parser.parse_args(arguments)
    django.setup()
    print(json.dumps(send(given.synchronous, given.window)))
    return 0


def send(synchronous: str, window: int | None = None) -> dict[str, Any]:
    """Seconds and processor seconds count from the first turn until the edition is over."""
    from django.db import connection
    from django.db.backends.signals import connection_created

    from nightdesk.mail import lease
    from nightdesk.mail.post import Post
    from nightdesk.newsletters.delivery import source
    from nightdesk.newsletters.delivery.actions import totals
    from nightdesk.newsletters.models import Edition

    if connection.vendor == "sqlite" and synchronous != "FULL":
        connection.close()

        def less_careful(connection: Any, **_more: object) -> None:
            connection.cursor().execute(f"PRAGMA synchronous={synchronous}")

        connection_created.connect(less_careful, weak=False)
    if window:
        source.WINDOW = window
    edition, snapshot_seconds = _prepared()
    lease.give_up(lease.take() or 0)
    connection.close()
    watched = _Watched(source.EDITIONS, Post())
    before = _used()
    asyncio.run(watched.post.keep())
    counted = totals(Edition.objects.get(pk=edition.pk))
    return {
        "recipients": counted.snapshot,
        "sent": counted.sent,
        "adds_up": counted.adds_up,
        "snapshot_seconds": round(snapshot_seconds, 3),
        "seconds": round(watched.last - watched.first, 4),
        "cpu_seconds": round(watched.cpu_at_end - before, 4),
        "turns": watched.turns,
        "turn_seconds": round(watched.in_turns, 3),
        "megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


class _Watched:
    """Stands around the source's turns, and ends the post when the edition is over."""

    def __init__(self, editions: Any, post: Any) -> None:
        self.post = post
        self.first = self.last = self.in_turns = self.cpu_at_end = 0.0
        self.turns = 0
        self._editions, self._turn = editions, editions.turn
        editions.turn = self.turn

    def turn(self, outcomes: Sequence[Any], limit: int, epoch: int) -> list[Any]:
        begun = time.perf_counter()
        self.first = self.first or begun
        messages = self._turn(outcomes, limit, epoch)
        now = time.perf_counter()
        self.in_turns += now - begun
        self.turns += 1
        if outcomes and not messages and not self._editions._sending(epoch):
            self.last, self.cpu_at_end = now, _used()
            self.post.stop()
        return messages


def _prepared() -> tuple[Any, float]:
    """An edition that is being sent, and how long its readers took to be written down."""
    from django.utils import timezone

    from nightdesk.bench.newsletters.fill import html, text
    from nightdesk.newsletters.delivery.audience import take_snapshot
    from nightdesk.newsletters.models import CompiledEdition, Delivery, Edition, Newsletter

    newsletter = Newsletter.objects.get(slug="morning")
    Delivery.objects.all()._raw_delete("default")
    edition = Edition.objects.create(
        newsletter=newsletter, subject="Morning", state=Edition.State.PREPARING
    )
    CompiledEdition.objects.create(
        edition=edition, subject="The river turned", html=html(), text=text(), sha256="0" * 64
    )
    begun = time.perf_counter()
    total = take_snapshot(edition, edition.epoch, timezone.now())
    took = time.perf_counter() - begun
    Edition.objects.filter(pk=edition.pk).update(state=Edition.State.SENDING, total=total)
    return edition, took


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
