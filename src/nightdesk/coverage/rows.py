"""Updates as rows of a live list, and the live document of a coverage (`nightdesk.briefs.live`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F

from nightdesk.briefs.live import MOST, NEWEST, Row, live_document, row, withdrawn_row
from nightdesk.coverage.lists import newest_entries
from nightdesk.coverage.models import Coverage, Entry
from nightdesk.press.dependencies import collection


def entry_row(entry: Entry) -> Row:
    return row(
        "components/entry.html",
        entry.item_id,
        entry.published_at,
        entry.changed_at,
        entry=entry,
    )


def rows_of(entries: Iterable[Entry]) -> list[Row]:
    return [entry_row(entry) for entry in entries]


def coverage_document(coverage: Coverage) -> dict[str, Any]:
    newest = newest_entries(coverage, NEWEST)
    with collection("live-entries", coverage.pk):
        rows = rows_of([*newest, *_changed(coverage)])
        withdrawn = [withdrawn_row(f"e{pk}", at) for pk, at in _withdrawn(coverage)]
    return live_document(rows, withdrawn, ended=not coverage.is_under_way)


def _changed(coverage: Coverage) -> list[Entry]:
    """Those that were published again or corrected last, here or in the News Feed."""
    readable = Entry.readable(coverage)
    again = readable.filter(last_published_at__gt=F("first_published_at"))
    in_feed = readable.filter(brief__last_published_at__gt=F("brief__first_published_at"))
    return [
        *again.order_by("-last_published_at", "-pk")[: MOST + 1],
        *in_feed.order_by("-brief__last_published_at", "-pk")[: MOST + 1],
    ]


def _withdrawn(coverage: Coverage) -> list[tuple[int, Any]]:
    """(id, moment) of the latest that readers had and have no more."""
    gone = Entry.objects.filter(coverage=coverage, live=False, withdrawn_at__isnull=False)
    return list(gone.order_by("-withdrawn_at").values_list("pk", "withdrawn_at")[: MOST + 1])
