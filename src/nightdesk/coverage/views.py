"""The pages of coverage: the list of it, one with its updates, one update, what open pages ask."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language

from nightdesk.coverage import lists
from nightdesk.coverage.models import Coverage, Entry
from nightdesk.coverage.models.coverage import wait_for_the_next
from nightdesk.coverage.rows import coverage_document, rows_of
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
    pinned = lists.pinned(found) if before is None else []
    above = {entry.pk for entry in pinned}
    here = {entry.pk for entry in page.items} | above
    context = {
        "coverage": found,
        "translated": found,
        "pinned": rows_of(pinned),
        "rows": rows_of(entry for entry in page.items if entry.pk not in above),
        "shown": sorted({*pinned, *page.items}, key=lambda entry: entry.published_at, reverse=True),
        "key_entries": [] if before else _with_links(lists.key_entries(found), here),
        "topics": lists.topics(found) if before is None else [],
        "older_url": page.next_before and found.before_url(page.next_before),
        "before": before,
    }
    return render(request, "coverage/coverage.html", context)


def _with_links(entries: list[Entry], here: set[int]) -> list[tuple[Entry, str]]:
    """Each with the place on this page that shows it, else its own address."""
    return [
        (entry, f"#{entry.item_id}" if entry.pk in here else entry.get_absolute_url())
        for entry in entries
    ]


@reader_page
def entry(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One update at an address of its own, and what was known just before it; one that is a brief
    leads to that."""
    found = coverage_at(slug)
    shown = Entry.readable(found).filter(pk=pk).first()
    if shown is None:
        return _withdrawn(request, found, pk)
    if shown.brief:
        return redirect(shown.get_absolute_url())
    context = {"coverage": found, "entry": shown, "earlier": lists.just_before(found, shown)}
    return render(request, "coverage/entry.html", context)


def _withdrawn(request: HttpRequest, found: Coverage, pk: int) -> HttpResponse:
    """410, and since when, for who follows a link to what readers had; 404 for all else."""
    gone = get_object_or_404(Entry, pk=pk, coverage=found)
    if not gone.is_withdrawn:
        raise Http404
    context = {"coverage": found, "at": gone.withdrawn_at}
    answer = render(request, "coverage/withdrawn.html", context, status=410)
    answer.nightdesk_kind = "withdrawn"
    return answer


@reader_page
def live(request: HttpRequest, slug: str) -> HttpResponse:
    """What open pages of it ask for again and again."""
    said = coverage_document(coverage_at(slug))
    answer = JsonResponse(said, json_dumps_params={"ensure_ascii": False})
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.nightdesk_kind = "live"
    return answer
