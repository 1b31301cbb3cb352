"""A reader page's language is part of its address, never of the browser that asks."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation


class LanguageFromAddress:
    """Middleware: ``/uk/…`` is Ukrainian, everything else the newsroom's main language.

    Django's own middleware would add ``Vary: Accept-Language`` and so part one stored page into
    hundreds. The admin speaks each editor's own language; Wagtail sees to that.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request.path_info)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def language_of(path: str) -> str:
    """The language whose edition holds this path."""
    first = path.lstrip("/").partition("/")[0]
    codes = {code for code, _name in settings.LANGUAGES}
    return first if first in codes else settings.LANGUAGE_CODE
