"""The same thing in the newsroom's other languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings
from django.db.models import Model, QuerySet
from wagtail.models import Page, TranslatableMixin

from nightdesk.people.models import Author, Desk
from nightdesk.press.dependencies import collection, depends_on
from nightdesk.stories.models import StoryPage, Topic
from nightdesk.stories.shown import shown_authors, shown_desks, shown_topics


class Edition(NamedTuple):
    """One language version: its code and its path."""

    code: str
    url: str


_readable: dict[type[Model], Callable[[], QuerySet]] = {}


def register(model: type[Model], readable: Callable[[], QuerySet]) -> None:
    """By a room above: things of ``model`` have language versions too, and these readers have."""
    _readable[model] = readable


def editions_of(thing: TranslatableMixin) -> list[Edition]:
    """Every language version of a page, author, desk, topic or coverage that readers can reach, this one
    included, in the order of the newsroom's languages. Empty when there is only one."""
    if len(settings.LANGUAGES) < 2:
        return []
    depends_on(f"translation:{thing.translation_key.hex}")
    with collection("translations", thing.translation_key.hex):
        versions = _reachable(thing).filter(translation_key=thing.translation_key)
        versions = list(versions.select_related("locale"))
    order = [code for code, _name in settings.LANGUAGES]
    found = [
        Edition(version.locale.language_code, _path(version))
        for version in versions
        if version.locale.language_code in order
    ]
    found = [edition for edition in found if edition.url]
    return sorted(found, key=lambda edition: order.index(edition.code)) if len(found) > 1 else []


def _reachable(thing: TranslatableMixin):  # noqa: ANN202
    match thing:
        case StoryPage():
            return StoryPage.readable().prefetch_related(None)
        case Page():
            return type(thing).objects.live().public()
        case Author():
            return shown_authors()
        case Desk():
            return shown_desks()
        case Topic():
            return shown_topics()
    readable = _readable.get(type(thing))
    return readable() if readable else type(thing)._default_manager.none()


def _path(version: TranslatableMixin) -> str:
    return (version.url or "") if isinstance(version, Page) else version.get_absolute_url()
