"""Pages that list stories: by author, desk and topic."""

from __future__ import annotations

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from nightdesk.people.models import Author, Desk
from nightdesk.press.addresses import address
from nightdesk.stories.models import StoryPage, Topic
from nightdesk.stories.paging import page_of


def _listing(
    request: HttpRequest, name: str, thing: Model, stories: QuerySet[StoryPage], before: int | None
) -> HttpResponse:
    page = page_of(stories, before)
    if page is None:
        raise Http404
    older = page.next_before and address(
        f"{name}_before", get_language(), slug=thing.slug, before=page.next_before
    )
    return render(
        request,
        f"reading/{name}.html",
        {name: thing, "stories": page.items, "older_url": older, "before": before},
    )


@require_safe
def author(request: HttpRequest, slug: str, before: int | None = None) -> HttpResponse:
    found = get_object_or_404(
        Author.objects.select_related("portrait", "desk__locale", "locale"),
        slug=slug,
        locale__language_code=get_language(),
    )
    stories = StoryPage.readable().filter(bylines__author=found)
    return _listing(request, "author", found, stories, before)


@require_safe
def desk(request: HttpRequest, slug: str, before: int | None = None) -> HttpResponse:
    found = get_object_or_404(Desk, slug=slug, locale__language_code=get_language())
    stories = StoryPage.readable().filter(bylines__desk=found)
    return _listing(request, "desk", found, stories, before)


@require_safe
def topic(request: HttpRequest, slug: str, before: int | None = None) -> HttpResponse:
    found = get_object_or_404(Topic, slug=slug, locale__language_code=get_language())
    stories = StoryPage.readable().filter(topics=found)
    return _listing(request, "topic", found, stories, before)
