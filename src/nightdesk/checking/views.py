"""What is met under a link for checking: one draft with its pictures, or that the link has ended.

A link that never was answers like one that is over. Nothing of it is stored anywhere: not on the
shelf (``/check/`` is a live address), not by a browser or a CDN, and the links on the page tell
nobody where they were followed from.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from nightdesk.checking import actions
from nightdesk.stories.reader import reader_page

View = Callable[..., HttpResponse]


def for_one_pair_of_eyes(view: View) -> View:
    """Decorator: the headers of everything under a link, its end included."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return wrapped


@reader_page
@for_one_pair_of_eyes
def draft(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    link = actions.find(token, now)
    if link is None:
        return gone(request)
    actions.note_opened(link, now)
    story = link.draft()
    language = request.LANGUAGE_CODE = story.locale.language_code
    with override(language):
        context = story.get_context(request) | {"link": link, "languages": []}
        page = render_to_string("checking/draft.html", context, request)
    for name in actions.pictures(story):
        here = reverse("check_picture", args=[token, name])
        page = page.replace(default_storage.url(name), here)
    return HttpResponse(page)


@reader_page
@for_one_pair_of_eyes
def picture_file(request: HttpRequest, token: str, name: str) -> HttpResponse:
    """A picture of the draft, published or not."""
    link = actions.find(token, timezone.now())
    if link is None or name not in actions.pictures(link.draft()):
        return gone(request)
    try:
        return FileResponse(default_storage.open(name))
    except (OSError, ValueError):
        return gone(request)


def gone(request: HttpRequest) -> HttpResponse:
    return render(request, "checking/gone.html", status=410)
