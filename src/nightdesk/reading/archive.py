"""The archive: every story by year, month and day."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from nightdesk.reading.months import Month, by_day, years
from nightdesk.stories.lists import with_sections
from nightdesk.stories.reader import reader_page


@reader_page
def index(request: HttpRequest) -> HttpResponse:
    """Years and the months in them that have a story."""
    return render(request, "reading/archive_index.html", {"years": years(get_language())})


@reader_page
def month(request: HttpRequest, year: str, month: str, before: str | None = None) -> HttpResponse:
    """One month's stories by day, newest first; a long month has older pages that stay put."""
    shown = Month(int(year), int(month), get_language())
    page = shown.page(int(before) if before else None)
    if page is None or not page.items:
        raise Http404
    stories = with_sections(page.items)
    return render(
        request,
        "reading/archive_month.html",
        {
            "month": shown,
            "days": by_day(stories),
            "stories": stories,
            "older_url": page.next_before and f"{shown.url}before/{page.next_before}/",
            "before": before,
            "earlier": shown.earlier(),
            "later": shown.later(),
        },
    )
