"""A table that was given in the admin is brought in by the worker, a piece at a time: between two
pieces whoever waits for a confirmation mail has their turn."""

from __future__ import annotations

import datetime
import io

from django_tasks import task

from nightdesk.jobs.calling import call_once
from nightdesk.newsletters.models import Newsletter, SubscriberTable
from nightdesk.newsletters.said import kept
from nightdesk.newsletters.tables import telling
from nightdesk.newsletters.tables.bringing import NAMED, NoTableError, Order, bring_in
from nightdesk.newsletters.tables.reading import lines_of

State = SubscriberTable.State

#: Rows of one piece: two or three seconds.
PIECE = 5000


@task()
def bring_in_a_piece() -> None:
    take_a_piece()


def call_the_worker(now: datetime.datetime) -> int:
    """A due verb: leave word for the worker, once, while a table waits."""
    if not SubscriberTable.objects.filter(state=State.WAITING).exists():
        return 0
    return call_once(bring_in_a_piece, now)


def take_a_piece(most: int = PIECE) -> bool:
    """The next piece of the oldest table. Cut short, it is done again and changes nothing twice;
    only its counts may then say “were here already” of rows that this table has brought."""
    table = SubscriberTable.objects.filter(state=State.WAITING).order_by("pk").first()
    if table is None:
        return False
    order = Order(
        table.newsletter,
        proof=table.proof,
        ask=table.asks,
        place=table.name,
        is_trial=table.is_trial,
        by=table.by,
    )
    try:
        report = bring_in(
            lines_of(io.BytesIO(bytes(table.content))), order, after=table.read, most=most
        )
    except NoTableError as error:
        table.state, table.problem, table.content = State.REFUSED, kept(error.why), b""
        table.save()
        return True
    table.read, table.left = report.read, report.left
    for became, count in report.counts.items():
        table.counts[became] = table.counts.get(became, 0) + count
    table.bad = [*table.bad, *report.bad][:NAMED]
    if report.is_whole:
        table.state, table.content = State.DONE, b""
    table.save()
    if not table.is_trial and report.counts:
        concerned = Newsletter.objects.filter(pk__in=report.newsletters)
        counts = {"file": table.name, "proof": table.proof, **report.counts}
        telling.note(telling.BROUGHT_IN, concerned, table.by, **counts)
    return True
