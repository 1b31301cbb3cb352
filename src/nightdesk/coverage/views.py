"""The pages of coverage: the list of it, one with its updates, one update, what open pages ask."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language

from nightdesk.coverage import lists
from nightdesk.coverage.live import document
from nightdesk.coverage.models import Coverage, Entry
from nightdesk.coverage.models.coverage import wait_for_the_next
from nightdesk.people.printed import named
from nightdesk.press.addresses import address
from nightdesk.press.dependencies import collection
from nightdesk.stories.paging import page_of
from nightdesk.stories.reader import reader_page


def coverage_at(slug: str) -> Coverage:
    """The coverage at an address of this edition; 404."""
    language = get_language()
    with collection(*named("coverage", language, slug)):
        found = get_object_or_404(Coverage.readable(language), slug=slug)
    return found


@reader_page
def index(request: HttpRequest, before: int | None = None) -> HttpResponse:
    """Everything that is or was covered, the latest begun first."""
    language = get_language()
    page = page_of(Coverage.readable(language), ("coverages", language), before, by="started_at")
    if before is None:
        wait_for_the_next(language)
    if page is None:
        raise Http404
    older = page.next_before and address("coverages_before", language, before=page.next_before)
    context = {"coverages": page.items, "older_url": older, "before": before}
    return render(request, "coverage/index.html", context)


@reader_page
def coverage(request: HttpRequest, slug: str, before: int | None = None) -> HttpResponse:
    """What it is about, what is pinned, the key moments and the newest updates; ``before`` is the
    id of the update that this older page follows."""
    found = coverage_at(slug)
    page = lists.page(found, before)
    if page is None:
        raise Http404
    top = {}
    if before is None:
        top = {"pinned": lists.pinned(found), "key_entries": lists.key_entries(found)}
    context = {
        "coverage": found,
        "entries": page.items,
        "older_url": page.next_before and found.before_url(page.next_before),
        "before": before,
        **top,
    }
    return render(request, "coverage/coverage.html", context)


@reader_page
def entry(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One update at an address of its own, and what was known just before it."""
    found = coverage_at(slug)
    readable = Entry.readable(found).filter(brief__isnull=True)
    shown = get_object_or_404(readable, pk=pk)
    context = {"coverage": found, "entry": shown, "earlier": lists.just_before(found, shown)}
    return render(request, "coverage/entry.html", context)


@reader_page
def live(request: HttpRequest, slug: str) -> HttpResponse:
    """What open pages of it look at; see `nightdesk.coverage.live`."""
    response = JsonResponse(document(coverage_at(slug)))
    response.nightdesk_kind = "live"
    return response
