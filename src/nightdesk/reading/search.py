"""Search over the stories and briefs of one language's edition."""

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
from nightdesk.stories.lists import with_sections
from nightdesk.stories.models import StoryPage
from nightdesk.stories.reader import reader_page

LENGTH = 20
BRIEFS_BESIDE = 5


@dataclass(frozen=True)
class Found:
    """One page of what was found; ``next_before`` is the id that the next older page follows."""

    items: list
    next_before: int | None = None


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
    """``?q=words``, ``in=briefs`` for briefs alone, ``before=id`` for older pages.

    The first page of stories has the newest matching briefs beside it. Never an error, whatever
    is typed; the page asks search engines to stay away.
    """
    language = get_language()
    asked = tidy(request.GET.get("q", ""))
    query = compiled(asked)
    before = asked_id(request.GET.get("before", ""))
    only_briefs = request.GET.get("in") == "briefs"
    stories = briefs = NOTHING
    if query and not only_briefs:
        # Not `readable_in`: the search takes no subqueries, and finds its few candidates by their words.
        readable = StoryPage.readable().filter(locale__language_code=language)
        stories = find(readable, query, "first_published_at", before)
    if query and (only_briefs or before is None):
        length = LENGTH if only_briefs else BRIEFS_BESIDE
        readable = Brief.readable(language)
        briefs = find(readable, query, "published_at", before if only_briefs else None, length)
    here = address("search", language)

    def older(found: Found, **more: str) -> str | None:
        if not found.next_before:
            return None
        return f"{here}?{urlencode({'q': asked, **more, 'before': found.next_before})}"

    response = render(
        request,
        "reading/search.html",
        {
            "query": asked,
            "search_url": here,
            "stories": with_sections(stories.items) if stories.items else [],
            "older_url": older(briefs, **{"in": "briefs"}) if only_briefs else older(stories),
            "briefs": briefs.items,
            "only_briefs": only_briefs,
            "all_briefs_url": f"{here}?{urlencode({'q': asked, 'in': 'briefs'})}"
            if briefs.next_before and not only_briefs
            else None,
            "before": before,
        },
    )
    response["X-Robots-Tag"] = "noindex"
    return response
