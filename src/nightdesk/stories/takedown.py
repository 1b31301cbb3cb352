"""What taking a story down means: itself, its aliases, and every old address that leads there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from nightdesk.kernel.text import fold
from nightdesk.press.addresses import absolute
from nightdesk.press.keys import page_keys
from nightdesk.press.tree import path_of
from nightdesk.stories.models import StoryPage
from nightdesk.takedown.kinds import Kind
from nightdesk.takedown.models import Takedown


class Stories(Kind):
    name = "story"
    label = _("story")
    model = StoryPage

    def find(self, path: str) -> StoryPage | None:
        page = _at(path) or _where(path)
        if page is None:
            return None
        # An alias says what its source says: both go.
        return StoryPage.objects.filter(pk=page.alias_of_id or page.pk).first()

    def path(self, thing: Any) -> str:
        return unquote(path_of(thing) or "")

    def paths(self, thing: Any) -> Iterable[str]:
        pages = [thing, *thing.aliases.all()]
        own = [path for page in pages if (path := unquote(path_of(page) or ""))]
        return [*own, *_leading_to(pages, own)]

    def keys(self, thing: Any) -> Iterable[str]:
        for page in (thing, *thing.aliases.all()):
            yield from page_keys(page.pk)
        yield f"headline:{thing.headline_key}"

    def files(self, thing: Any) -> Iterable[str]:
        pictures = [block.value["picture"] for block in thing.body if block.block_type == "picture"]
        for picture in (thing.lead_picture, *pictures):
            yield from picture.files() if picture else ()

    def title(self, thing: Any) -> str:
        return str(thing.title)

    def take_away(self, thing: Any, by: Any) -> None:
        thing.unpublish(user=by)
        # A draft can be scheduled, too.
        thing.revisions.update(approved_go_live_at=None)
        for alias in thing.aliases.all():
            alias.unpublish(log_action=False)

    def edit_url(self, thing: Any) -> str:
        return f"/admin/pages/{thing.pk}/edit/"

    def others(self, thing: Any) -> list[tuple[str, str]]:
        translated = StoryPage.objects.filter(translation_key=thing.translation_key, alias_of=None)
        return [
            (f"{other.title} ({other.locale.get_display_name()})", self.take_down_url(other))
            for other in translated.exclude(pk=thing.pk).select_related("locale")
        ]


def _at(path: str) -> Page | None:
    """The page whose address this is, live or not."""
    for root in Site.get_site_root_paths():
        main = root.language_code == settings.LANGUAGE_CODE
        prefix = "/" if main else f"/{root.language_code}/"
        if not path.startswith(prefix):
            continue
        inside = path.removeprefix(prefix).strip("/")
        found = StoryPage.objects.filter(url_path=f"{root.root_path}{inside}/").first()
        if found is not None:
            return found
    return None


def _where(path: str) -> Page | None:
    """The page that an old address leads to."""
    normal = Redirect.normalise_path(path, decode_unicode=False)
    old = {normal, unquote(normal), path.rstrip("/")}
    moved = Redirect.objects.filter(old_path__in=old).select_related("redirect_page").first()
    if moved is None:
        return None
    return moved.redirect_page or _at(unquote(urlsplit(moved.redirect_link or "").path))


def _leading_to(pages: list[Page], paths: list[str]) -> Iterator[str]:
    links = {each for path in paths for each in (path, path.rstrip("/"))}
    there = Q(redirect_page__in=pages) | Q(redirect_link__in=links | set(map(absolute, links)))
    for old in Redirect.objects.filter(there).values_list("old_path", flat=True):
        yield unquote(urlsplit(old).path)


def withdrawn_headlines() -> frozenset[str]:
    """Folded headlines of stories that are down: no line typed for a story to come may show one."""
    titles = Takedown.in_force().filter(kind=Stories.name).values_list("title", flat=True)
    return frozenset(fold(title) for title in titles)
