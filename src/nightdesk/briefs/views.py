"""The News Feed's pages: the list, back to the first brief, and each brief."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language

from nightdesk.briefs.lists import wait_for_the_next
from nightdesk.briefs.models import Brief
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
        {"briefs": page.items, "older_url": older, "before": before},
    )


@reader_page
def brief(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Brief.readable(get_language()), pk=pk)
    return render(request, "briefs/brief.html", {"brief": found})
