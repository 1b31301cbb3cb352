"""Take subscribers out: a line for each newsletter that each has or had, with its proof."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from nightdesk.newsletters.addresses import fingerprint
from nightdesk.newsletters.models import ConsentEvent, Newsletter, Subscription, Suppression
from nightdesk.newsletters.tables.columns import HERE_ONLY, OURS, harmless

_AT_ONCE = 1000


class _Line:
    """A file that hands each line on."""

    def write(self, line: str) -> str:
        return line


def lines(newsletter: Newsletter | None = None) -> Iterator[str]:
    """Every line of the table, in bounded memory however many there are; of those who were erased
    there is nothing to take out."""
    writer = csv.writer(_Line())
    yield writer.writerow(OURS)
    last = 0
    while rows := _after(last, newsletter):
        last = rows[-1].pk
        words, suppressed = _words(rows), _suppressed(rows)
        for row in rows:
            yield writer.writerow([harmless(cell) for cell in _cells(row, words, suppressed)])


def _after(last: int, newsletter: Newsletter | None) -> list[Subscription]:
    rows = Subscription.objects.filter(pk__gt=last, subscriber__erased_at=None)
    if newsletter is not None:
        rows = rows.filter(newsletter=newsletter)
    return list(rows.select_related("subscriber", "newsletter__locale").order_by("pk")[:_AT_ONCE])


def _words(rows: list[Subscription]) -> dict[tuple[int, int], str]:
    """(subscriber, newsletter) → the words beside which it was asked for last."""
    asked = ConsentEvent.objects.filter(
        subscriber__in={row.subscriber_id for row in rows},
        kind__in=[ConsentEvent.Kind.ASKED, ConsentEvent.Kind.IMPORTED],
        words__isnull=False,
    )
    found = asked.order_by("pk").values_list("subscriber", "newsletter", "words__words")
    return {(subscriber, newsletter): words for subscriber, newsletter, words in found}


def _suppressed(rows: list[Subscription]) -> dict[tuple[str, int | None], str]:
    """(fingerprint, newsletter or None for all) → why."""
    keys = {fingerprint(row.subscriber.email_key) for row in rows}
    found = Suppression.objects.filter(fingerprint__in=keys)
    return {
        (key, newsletter): reason
        for key, newsletter, reason in found.values_list("fingerprint", "newsletter", "reason")
    }


def _cells(
    row: Subscription,
    words: dict[tuple[int, int], str],
    suppressed: dict[tuple[str, int | None], str],
) -> list[str]:
    reader = row.subscriber
    key = fingerprint(reader.email_key)
    return [
        reader.email,
        row.newsletter.slug,
        row.newsletter.language,
        row.state,
        row.source,
        row.place,
        _time(row.requested_at),
        _time(row.confirmed_at),
        _time(row.ended_at),
        row.reason,
        words.get((reader.pk, row.newsletter_id), ""),
        _time(reader.paused_until),
        suppressed.get((key, None)) or _here_only(suppressed.get((key, row.newsletter_id))),
    ]


def _here_only(reason: str | None) -> str:
    return f"{reason}, {HERE_ONLY}" if reason else ""


def _time(moment) -> str:  # type: ignore[no-untyped-def]
    return moment.isoformat() if moment else ""
