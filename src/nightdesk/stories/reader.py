"""What every reader page has in common: how it is asked for, and how its address may look."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPMethod

from django.http import HttpResponse
from django.urls import register_converter
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

#: The methods that a page of the tree answers; the rest are told so (405).
READING = [HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS]

View = Callable[..., HttpResponse]


def reader_page(view: View) -> View:
    """Decorator: GET and HEAD only; anything else is told so (405).

    Without the exemption, Django's forgery check would answer a POST first, with a 403 about
    cookies, on a page that changes nothing whatever is sent to it.
    """
    return csrf_exempt(require_safe(view))


class Slug:
    """A path converter: the letters of any language, digits, ``-`` and ``_``.

    Django's own ``<slug:>`` is ASCII only, and ``<str:>`` lets a NUL through, which PostgreSQL
    refuses as a value.
    """

    regex = r"[-\w]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Slug, "reader_slug")
