"""Search over the stories, briefs and coverage of one language's edition."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from modelsearch.query import SearchQuery
from wagtail.search.backends import get_search_backend

from nightdesk.briefs.models import Brief
from nightdesk.kernel.ids import asked_id
from nightdesk.press.addresses import address
from nightdesk.reading.query import compiled, tidy
from nightdesk.reading.search_coverage import find_coverage
from nightdesk.stories.lists import with_sections
from nightdesk.stories.models import StoryPage
from nightdesk.stories.reader import reader_page

LENGTH = 20
BRIEFS_BESIDE = COVERAGE_BESIDE = 5


@dataclass(frozen=True)
class Found:
    """One page of what was found; ``next_before`` names what the next older page follows."""

    items: list
    next_before: int | str | None = None


NOTHING = Found([])


def find(
    readable: QuerySet, query: SearchQuery, by: str, before: int | None, length: int = LENGTH
) -> Found:
    """Those of ``readable`` that hold every word, newest first.

    Newest, not nearest: the index's own order costs a second look into it for every hit, and
    whoever searches the news most often wants the latest.
    """
    rows = readable.order_by(f"-{by}", "-id")
    if before is not None:
        anchor = readable.model._default_manager.filter(pk=before).values_list(by).first()
        if anchor is None or anchor[0] is None:
            return NOTHING
        rows = rows.filter(Q(**{f"{by}__lt": anchor[0]}) | Q(**{by: anchor[0], "pk__lt": before}))
    hits = get_search_backend().search(query, rows, order_by_relevance=False)
    window: list[Model] = list(hits[: length + 1])
    items = window[:length]
    return Found(items, items[-1].pk if len(window) > length else None)


@reader_page
def search(request: HttpRequest) -> HttpResponse:
    """``?q=words``, ``in=briefs`` or ``in=coverage`` for those alone, ``before=`` for older pages.

    The first page of stories has the newest matching coverage and briefs beside it. Never an
    error, whatever is typed; the page asks search engines to stay away.
    """
    language = get_language()
    asked = tidy(request.GET.get("q", ""))
    query = compiled(asked)
    follows = request.GET.get("before", "")
    before = asked_id(follows)
    alone = request.GET.get("in", "")
    if alone not in ("briefs", "coverage"):
        alone = ""
    stories = briefs = covered = NOTHING
    first = before is None and not alone
    if query and not alone:
        # Not `readable_in`: the search takes no subqueries, and finds its few candidates by their words.
        readable = StoryPage.readable().filter(locale__language_code=language)
        stories = find(readable, query, "first_published_at", before)
    if query and (first or alone == "briefs"):
        length = LENGTH if alone else BRIEFS_BESIDE
        briefs = find(Brief.readable(language), query, "published_at", before, length)
    if query and (first or alone == "coverage"):
        length = LENGTH if alone else COVERAGE_BESIDE
        covered = Found(*find_coverage(language, query, follows if alone else "", length))
    here = address("search", language)

    def link(**more: object) -> str:
        return f"{here}?{urlencode({'q': asked, **more})}"

    def older(found: Found) -> str | None:
        more = {"in": alone} if alone else {}
        return link(**more, before=found.next_before) if found.next_before else None

    response = render(
        request,
        "reading/search.html",
        {
            "query": asked,
            "search_url": here,
            "alone": alone,
            "stories": with_sections(stories.items) if stories.items else [],
            "older_url": older({"briefs": briefs, "coverage": covered}.get(alone, stories)),
            "briefs": briefs.items,
            "all_briefs_url": link(**{"in": "briefs"}) if first and briefs.next_before else None,
            "covered": covered.items,
            "all_covered_url": link(**{"in": "coverage"})
            if first and covered.next_before
            else None,
            "before": follows if alone == "coverage" else before,
        },
    )
    response["X-Robots-Tag"] = "noindex"
    return response
