"""Everything that the newsroom set right, in one place."""

from __future__ import annotations

import datetime
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from nightdesk.press.addresses import address
from nightdesk.stories.corrections import Correction
from nightdesk.stories.lists import readable_corrections, with_stories
from nightdesk.stories.paging import page_of
from nightdesk.stories.reader import reader_page


@reader_page
def corrections(request: HttpRequest, before: int | None = None) -> HttpResponse:
    """Newest first, by day; ``before`` is the id of the one that this older page follows."""
    language = get_language()
    page = page_of(
        readable_corrections(language), ("corrections", language), before, by="at", length=30
    )
    if page is None:
        raise Http404
    older = page.next_before and address("corrections_before", language, before=page.next_before)
    context = {
        "days": _by_day(with_stories(page.items)),
        "older_url": older,
        "before": before,
    }
    return render(request, "reading/corrections.html", context)


def _by_day(corrections: list[Correction]) -> list[tuple[datetime.date, list[Correction]]]:
    """Parted at the newsroom's midnights."""
    days = groupby(corrections, key=lambda correction: timezone.localtime(correction.at).date())
    return [(day, list(inside)) for day, inside in days]
