"""The News Feed's pages: the list, back to the first brief, each brief; what open pages ask for."""

from __future__ import annotations

import datetime

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language

from nightdesk.briefs.lists import wait_for_the_next
from nightdesk.briefs.models import Brief, DeletedBrief
from nightdesk.briefs.rows import brief_row, feed_document, rows_of
from nightdesk.press.addresses import address
from nightdesk.stories.paging import page_of
from nightdesk.stories.reader import reader_page


@reader_page
def feed(request: HttpRequest, before: int | None = None) -> HttpResponse:
    """Briefs newest first; ``before`` is the id of the brief that this older page follows."""
    language = get_language()
    page = page_of(
        Brief.readable(language), ("briefs", language), before, by="published_at", length=20
    )
    if before is None:
        wait_for_the_next(language)
    if page is None:
        raise Http404
    older = page.next_before and address("news_feed_before", language, before=page.next_before)
    return render(
        request,
        "briefs/feed.html",
        {
            "briefs": page.items,
            "rows": rows_of(page.items),
            "older_url": older,
            "before": before,
        },
    )


@reader_page
def live(request: HttpRequest) -> HttpResponse:
    """What open pages ask for again and again: `nightdesk.briefs.live` says what stands in it."""
    language = get_language()
    wait_for_the_next(language)
    answer = JsonResponse(feed_document(language), json_dumps_params={"ensure_ascii": False})
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.nightdesk_kind = "live"
    return answer


@reader_page
def brief(request: HttpRequest, pk: int) -> HttpResponse:
    """A brief; 410 with the time for one that readers had and that was withdrawn."""
    language = get_language()
    found = Brief.readable(language).filter(pk=pk).first()
    if found:
        return render(request, "briefs/brief.html", {"brief": found, "row": brief_row(found)})
    at = _withdrawn_at(pk, language)
    if at is None:
        raise Http404
    answer = render(request, "briefs/withdrawn.html", {"at": at}, status=410)
    answer.nightdesk_kind = "withdrawn"
    return answer


def _withdrawn_at(pk: int, language: str) -> datetime.datetime | None:
    kept = Brief.objects.filter(pk=pk, locale__language_code=language).first()
    if kept:
        return kept.withdrawn_at if kept.is_withdrawn else None
    deleted = DeletedBrief.objects.filter(pk=pk).first()
    return deleted.at if deleted and deleted.language == language else None
