"""Where a thing lives: public addresses in the language of the thing, not of who asks."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation


def address(name: str, language: str, **parts: object) -> str:
    """The path of a named reader page in a language's edition, such as ``/uk/desks/novyny/``."""
    with translation.override(language):
        return reverse(name, kwargs=parts or None)


def absolute(path: str) -> str:
    """A path as a full address on the newsroom's public site."""
    return f"{settings.PUBLIC_URL}{path}"
