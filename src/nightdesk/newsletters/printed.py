"""What a newsletter means to other pages: there are few, so any change of one counts for all."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from nightdesk.newsletters.models import Newsletter
from nightdesk.press import keys, learn, pages
from nightdesk.press.addresses import address
from nightdesk.press.dependencies import list_key
from nightdesk.stories.printed import translation


def keys_of(newsletter: Newsletter) -> Iterator[str]:
    """Its host has a page because of it."""
    if newsletter.host:
        yield list_key("shown")
        yield f"shown:author:{newsletter.host_id}"
        yield translation(newsletter.host.translation_key)
        if newsletter.host.desk_id:
            yield list_key("desk-authors", newsletter.host.desk_id)


def paths() -> Iterator[str]:
    for code, _name in settings.LANGUAGES:
        yield address("newsletters", code)


def paths_of(newsletter: Newsletter) -> Iterator[str]:
    """Its own page, while it is offered in a language that the newsroom has."""
    known = {code for code, _name in settings.LANGUAGES}
    if newsletter.offered and newsletter.language in known:
        yield newsletter.get_absolute_url()


def newsletter_paths() -> Iterator[str]:
    for newsletter in Newsletter.objects.filter(offered=True).select_related("locale"):
        yield from paths_of(newsletter)


def learn_of_changes() -> None:
    keys.coarse(Newsletter)
    learn.register(Newsletter, keys=keys_of, paths=paths_of)
    pages.register("newsletters", paths)
    pages.register("newsletter", newsletter_paths)
