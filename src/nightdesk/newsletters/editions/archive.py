"""Past editions on the site: a page for each, and the list of a newsletter's.

The page is written from the blocks and not from what was sent: a story that was taken down or
unpublished since is gone from it, a corrected one says what it says now. Nobody's own links are on
it.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.translation import get_language

from nightdesk.newsletters.editions import contents, words
from nightdesk.newsletters.editions.lists import NAME, past
from nightdesk.newsletters.models import Edition, Newsletter
from nightdesk.press.addresses import address
from nightdesk.stories.paging import LARGEST_ID, page_of
from nightdesk.stories.reader import reader_page


def newsletter_at(slug: str) -> Newsletter:
    """The newsletter with this address in the language that is asked for; 404."""
    found = [row for row in Newsletter.objects.select_related("locale") if row.slug == slug]
    here = [row for row in found if row.locale.language_code == get_language()]
    if not here:
        raise Http404
    return here[0]


#: On the newsletter's own page; the rest is one step away.
SHOWN = 5


def past_editions(newsletter: Newsletter) -> str:
    """The part of a newsletter's page that shows its last editions."""
    context = {
        "newsletter": newsletter,
        "editions": past(newsletter, SHOWN),
        "all_url": _list_url(newsletter),
        "feed_url": address("newsletter_feed", newsletter.language, slug=newsletter.slug),
    }
    return render_to_string("newsletters/editions/past.html", context)


@reader_page
def edition(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    newsletter = newsletter_at(slug)
    if pk > LARGEST_ID:
        raise Http404
    found = get_object_or_404(Edition.objects.filter(pk=pk).select_related("corrects"))
    if not found.has_page or found.newsletter_id != newsletter.pk:
        raise Http404
    found.newsletter = newsletter
    if found.corrects:
        found.corrects.newsletter = newsletter
    with words.in_its_language(found):
        shown = contents.read(found, editors=False)
        corrects = words.corrects(found)
    return render(
        request,
        "newsletters/editions/edition.html",
        {
            "edition": found,
            "newsletter": newsletter,
            "parts": shown.parts,
            "corrects": corrects,
            "corrected": found.corrects if found.corrects and found.corrects.has_page else None,
            "corrections": corrections_of(found),
            "list_url": _list_url(newsletter),
        },
    )


def _list_url(newsletter: Newsletter) -> str:
    return address("newsletter_editions", newsletter.language, slug=newsletter.slug)


def corrections_of(edition: Edition) -> list[Edition]:
    """Editions that set this one right, the first first."""
    rows = Edition.objects.filter(corrects=edition).order_by("pk")
    found = [row for row in rows if row.has_page]
    for row in found:
        row.newsletter = edition.newsletter
    return found


@reader_page
def editions(request: HttpRequest, slug: str, before: int | None = None) -> HttpResponse:
    """A newsletter's editions, the newest first; ``before``: the one that an older page follows."""
    newsletter = newsletter_at(slug)
    page = page_of(
        Edition.with_page().filter(newsletter=newsletter),
        (NAME, newsletter.pk),
        before,
        by="started_at",
    )
    if page is None or not (page.items or newsletter.offered):
        raise Http404
    older = page.next_before and address(
        "newsletter_editions_before", newsletter.language, slug=slug, before=page.next_before
    )
    return render(
        request,
        "newsletters/editions/editions.html",
        {
            "newsletter": newsletter,
            "editions": page.items,
            "older_url": older,
            "before": before,
            "list_url": _list_url(newsletter),
            "feed_url": address("newsletter_feed", newsletter.language, slug=slug),
        },
    )
