"""Pages for what is not there, and for when something of ours broke."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from nightdesk.stories.lists import newest
from nightdesk.stories.models import StoryPage


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A 404 that helps: search, sections, and the newest stories."""
    language = request.LANGUAGE_CODE
    stories = newest(StoryPage.readable_in(language), 4, "stories", language)
    return render(request, "404.html", {"stories": stories}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """A 500 that needs neither database nor session."""
    return HttpResponse(render_to_string("500.html"), status=500)
