"""Pages that list stories: by author, desk and topic."""

from __future__ import annotations

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language

from nightdesk.people.printed import named
from nightdesk.press.addresses import address
from nightdesk.press.dependencies import collection, depends_on
from nightdesk.stories.lists import with_sections
from nightdesk.stories.models import StoryPage
from nightdesk.stories.paging import page_of
from nightdesk.stories.reader import reader_page
from nightdesk.stories.shown import shown_authors, shown_desks, shown_topics


def _named(kind: str, things: QuerySet, slug: str) -> Model:
    """The author, desk or topic at an address of this edition, if readers may know of it."""
    language = get_language()
    with collection(*named(kind, language, slug)):
        found = get_object_or_404(things, slug=slug, locale__language_code=language)
    depends_on(f"shown:{kind}:{found.pk}")
    return found


def _listing(
    request: HttpRequest,
    name: str,
    thing: Model,
    stories: QuerySet[StoryPage],
    before: int | None,
    **more: object,
) -> HttpResponse:
    page = page_of(stories, (name, thing.pk), before)
    if page is None:
        raise Http404
    older = page.next_before and address(
        f"{name}_before", get_language(), slug=thing.slug, before=page.next_before
    )
    context = {
        name: thing,
        "stories": with_sections(page.items),
        "older_url": older,
        "before": before,
        **more,
    }
    return render(request, f"reading/{name}.html", context)


@reader_page
def author(request: HttpRequest, slug: str, before: int | None = None) -> HttpResponse:
    """Name, role, portrait, what they are known for, and their stories."""
    authors = shown_authors().select_related("portrait", "desk__locale", "locale")
    found = _named("author", authors, slug)
    # Signing twice is one story: a join on bylines would list it twice.
    signed = found.story_bylines.values("page")
    stories = StoryPage.readable().filter(pk__in=signed)
    return _listing(request, "author", found, stories, before)


@reader_page
def desk(request: HttpRequest, slug: str, before: int | None = None) -> HttpResponse:
    """What the desk covers, who writes for it, and the stories it signs."""
    found = _named("desk", shown_desks().select_related("locale"), slug)
    stories = StoryPage.readable().filter(pk__in=found.story_bylines.values("page"))
    with collection("desk-authors", found.pk):
        authors = list(shown_authors().filter(desk=found).select_related("portrait", "locale"))
    return _listing(request, "desk", found, stories, before, authors=authors)


@reader_page
def topic(request: HttpRequest, slug: str, before: int | None = None) -> HttpResponse:
    """What the topic is, and every story on it."""
    found = _named("topic", shown_topics().select_related("locale"), slug)
    stories = StoryPage.readable().filter(topics=found)
    return _listing(request, "topic", found, stories, before)
