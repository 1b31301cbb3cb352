"""Shared pieces of pages, by name.

A page composes the pieces it wants with ``{% fragment "news-feed" %}`` without importing the
room they come from; each room registers its own in ``AppConfig.ready()``. A fragment depends on
its language and nothing else of the page it stands on, so that it can be printed once and
stitched into every page.
"""

from __future__ import annotations

from collections.abc import Callable

Render = Callable[[str], str]

_renderers: dict[str, Render] = {}


def register(name: str, render: Render) -> None:
    """Name a piece. ``render`` takes a language code and gives safe HTML, maybe empty."""
    if _renderers.get(name, render) is not render:
        raise ValueError(f"The fragment {name!r} is registered twice.")
    _renderers[name] = render


def render(name: str, language: str) -> str:
    """The piece's HTML in a language. KeyError when nobody registered it."""
    return _renderers[name](language)


def must_know(name: str) -> None:
    """KeyError when nobody registered it: a page with a mistyped name must not be printed."""
    _renderers[name]


def names() -> list[str]:
    return sorted(_renderers)
