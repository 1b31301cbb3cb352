"""Where a banner leads, and whether readers may go there.

A thing of ours is kept as what it is, not as its address: it may move, and when it is taken down
or unpublished the banner must know. Which kinds there are, the registry of takedowns says, so a
room above that adds one is linked to as stories and briefs are.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from nightdesk.fronts.breaking.models import Banner
from nightdesk.press import pages
from nightdesk.stories import embargo
from nightdesk.stories.models import StoryPage
from nightdesk.takedown import kinds
from nightdesk.takedown.actions import in_force
from nightdesk.takedown.models import Takedown

#: Files, and what is only asked for: no page to lead a reader to.
_NO_PAGES = ("/media/", "/assets/", "/static/", "/admin/", "/staff/", "/check/")
#: Kinds of addresses of which there may be a hundred thousand, and which `kinds.find` knows.
_FOUND_BEFORE = frozenset({"story", "brief", "withdrawn brief", "withdrawn entry", "asset"})


@dataclass(frozen=True)
class Link:
    """``kind`` and ``thing`` name something of ours, ``url`` then a place in it (``#e12``) or
    nothing; else ``url`` is where it leads, maybe nowhere."""

    kind: str = ""
    thing: str = ""
    url: str = ""


class NotForReadersError(Exception):
    """What the banner would lead to is not public. Its text is for editors."""


def to_story(story: StoryPage) -> Link:
    """Raises ``NotForReadersError`` while readers may not read it."""
    return _to(kinds.of_model(StoryPage), story)


def to_address(typed: str) -> Link:
    """What an editor typed or pasted: an address of ours, with or without the site's name, or
    somebody else's. Raises ``ValidationError`` for what is no address, ``NotForReadersError``."""
    typed = typed.strip()
    if not typed:
        return Link()
    path = _path_of_ours(typed)
    if path is None:
        said = _("Give a whole address, such as https://…")
        URLValidator(schemes=("http", "https"), message=said)(typed)
        return Link(url=typed)
    if path.startswith(_NO_PAGES):
        raise NotForReadersError(_("Readers have no page at that address. Choose another."))
    place = urlsplit(typed).fragment
    place = f"#{place}" if place else ""
    if found := kinds.find(path):
        return _to(*found, place)
    if any(path.rstrip("/") in _without_slash(one.paths) for one in Takedown.in_force()):
        raise NotForReadersError(_taken_down())
    if not _is_there(path):
        raise NotForReadersError(_("Readers have no page at that address. Choose another."))
    return Link(url=f"{urlsplit(typed).path or '/'}{place}")


def _is_there(path: str) -> bool:
    """Whether readers find a page at an address that is no story, brief or the like: a slip of the
    finger would lead everybody into nothing."""
    if path.startswith(tuple(pages.live.prefixes())):
        return True
    asked = path.partition("/before/")[0].rstrip("/")  # an older page is there when its list is
    concerned = [kind for kind in pages.kinds() if kind not in _FOUND_BEFORE]
    return any(
        unquote(found).rstrip("/") == asked for kind in concerned for found in pages.paths(kind)
    )


def _without_slash(paths: Iterable[str]) -> set[str]:
    return {path.rstrip("/") for path in paths}


def _path_of_ours(typed: str) -> str | None:
    """The decoded path, when it is an address of this newsroom."""
    parts, own = urlsplit(typed), urlsplit(settings.PUBLIC_URL)
    if typed.startswith("/") and not typed.startswith("//") and "\\" not in typed:
        return unquote(parts.path)
    if parts.scheme in ("http", "https") and parts.netloc == own.netloc:
        return unquote(parts.path) or "/"
    return None


def _to(kind: kinds.Kind, thing: Any, place: str = "") -> Link:
    if not _may_be_read(thing, timezone.now()):
        raise NotForReadersError(_taken_down() if in_force(kind, thing) else _refusal(thing))
    return Link(kind.name, str(thing.pk), place)


def _taken_down() -> str:
    return _("What is at that address was taken down, so a banner cannot lead there.")


def _refusal(thing: Any) -> str:
    until = embargo.standing(thing) if isinstance(thing, StoryPage) and not thing.live else None
    if until:
        return _(
            "“%(what)s” is under embargo until %(moment)s, and a banner would tell of it. "
            "Nothing was switched on. Publish the story first."
        ) % {"what": thing, "moment": embargo.in_words(until)}
    return _(
        "Readers cannot read “%(what)s” yet, and a banner would lead them nowhere. "
        "Nothing was switched on. Publish it first."
    ) % {"what": thing}


def _may_be_read(thing: Any, now: datetime.datetime) -> bool:
    if isinstance(thing, StoryPage):
        return StoryPage.readable().filter(pk=thing.pk).exists()
    kind = kinds.of_model(type(thing))
    at = getattr(thing, "published_at", None)
    return kind is not None and kind.is_shown(thing) and (at is None or at <= now)


def leads_to(banner: Banner, now: datetime.datetime) -> str | None:
    """The address behind a banner's words, as a link holds it; empty when it leads nowhere; None
    when readers may not read what it leads to."""
    if not banner.kind:
        return banner.url
    kind = kinds.named(banner.kind)
    if kind is not None and kind.model is StoryPage:
        story = StoryPage.readable().prefetch_related(None).filter(pk=banner.thing).first()
        return f"{story.url}{banner.url}" if story else None
    thing = kind.get(banner.thing) if kind else None
    if thing is None or not _may_be_read(thing, now):
        return None
    own = thing.url if isinstance(thing, Page) else thing.get_absolute_url()
    return f"{own}{banner.url}"
