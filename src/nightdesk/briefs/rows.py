"""Briefs as rows of a live list, and the News Feed's live document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q

from nightdesk.briefs.lists import newest_briefs
from nightdesk.briefs.live import MOST, NEWEST, Row, live_document, row, withdrawn_row
from nightdesk.briefs.models import Brief, DeletedBrief
from nightdesk.press.dependencies import collection


def brief_row(brief: Brief) -> Row:
    return row(
        "components/brief.html",
        f"b{brief.pk}",
        brief.published_at,
        brief.changed_at,
        brief=brief,
    )


def rows_of(briefs: Iterable[Brief]) -> list[Row]:
    return [brief_row(brief) for brief in briefs]


def feed_document(language: str) -> dict[str, Any]:
    """The live document of an edition's News Feed."""
    newest = newest_briefs(language, NEWEST)
    with collection("live briefs", language):
        rows = rows_of([*newest, *_changed(language)])
        withdrawn = [withdrawn_row(f"b{pk}", at) for pk, at in _withdrawn(language)]
    return live_document(rows, withdrawn)


def _changed(language: str) -> Iterable[Brief]:
    """Those that were published again or corrected last."""
    readable = Brief.readable(language)
    again = readable.filter(
        Q(last_published_at__gt=F("first_published_at")) | Q(first_published_at=None),
        last_published_at__isnull=False,
    )
    return again.order_by("-last_published_at", "-pk")[: MOST + 1]


def _withdrawn(language: str) -> list[tuple[int, Any]]:
    """(id, moment) of the latest that readers had and have no more."""
    kept = Brief.objects.filter(
        live=False, withdrawn_at__isnull=False, locale__language_code=language
    )
    found = [*kept.order_by("-withdrawn_at").values_list("pk", "withdrawn_at")[: MOST + 1]]
    deleted = DeletedBrief.objects.filter(language=language).order_by("-at")
    return [*found, *deleted.values_list("pk", "at")[: MOST + 1]]
