"""Where the lists that are not one thing's own are public, and what is asked for live."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from wagtail.contrib.redirects.models import Redirect

from nightdesk.press import keys, learn, pages
from nightdesk.press.addresses import address
from nightdesk.reading.months import years


def archive_paths() -> Iterator[str]:
    for code, _name in settings.LANGUAGES:
        yield address("archive_index", code)
        for _year, months in years(code):
            yield from (month.url for month in months)


def correction_paths() -> Iterator[str]:
    for code, _name in settings.LANGUAGES:
        yield address("corrections", code)


def moved(path: object) -> str:
    """What asks whether an old address leads on."""
    return f"redirect:{path}"


def keys_of_redirect(redirect: Redirect) -> Iterator[str]:
    yield moved(redirect.old_path)


def paths_of_redirect(redirect: Redirect) -> Iterator[str]:
    """Readers' addresses end with a slash, and a redirect is kept without; those with a query
    are never stored."""
    if "?" in redirect.old_path:
        return
    yield redirect.old_path
    if not redirect.old_path.endswith("/"):
        yield f"{redirect.old_path}/"


def redirect_paths() -> Iterator[str]:
    for redirect in Redirect.objects.order_by("pk").iterator():
        yield from paths_of_redirect(redirect)


def learn_of_changes() -> None:
    keys.asked_by(Redirect, "old_path", moved)
    learn.register(Redirect, keys=keys_of_redirect, paths=paths_of_redirect)
    pages.register("archive", archive_paths)
    pages.register("corrections", correction_paths)
    pages.register("redirect", redirect_paths)
    for code, _name in settings.LANGUAGES:
        # Spelled out: addresses cannot be asked for before every room is ready.
        edition = "" if code == settings.LANGUAGE_CODE else f"/{code}"
        pages.live.register(f"{edition}/search/", ("q", "in", "before"))
