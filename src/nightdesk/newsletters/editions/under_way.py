"""While an edition is being sent, what stands in it may be taken from readers: then it stops.

Nobody can call back what has left; who has not got it yet does not get it. An editor decides.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models.signals import post_save
from django.utils.translation import gettext_noop as _
from wagtail.signals import page_published, page_unpublished, unpublished

from nightdesk.briefs.models import Brief
from nightdesk.newsletters.editions import contents
from nightdesk.newsletters.models import CompiledEdition, Edition
from nightdesk.newsletters.said import Said
from nightdesk.stories.models import StoryPage
from nightdesk.takedown.models import Takedown

#: ``stop(edition, why)``: given by the room above that sends.
Stop = Callable[[Edition, Said], object]

_stops: list[Stop] = []


def stop_by(stop: Stop) -> None:
    if stop not in _stops:
        _stops.append(stop)


def listen() -> None:
    uid = "newsletters.editions.under_way"
    post_save.connect(_taken_down, sender=Takedown, dispatch_uid=uid)
    page_unpublished.connect(_story_unpublished, sender=StoryPage, dispatch_uid=uid)
    page_published.connect(_story_published, sender=StoryPage, dispatch_uid=uid)
    unpublished.connect(_brief_unpublished, sender=Brief, dispatch_uid=uid)


def _taken_down(instance: Takedown, created: bool, raw: bool = False, **_more: Any) -> None:
    if created and not raw and instance.lifted_at is None:
        _stop(
            f"{instance.kind}:{instance.thing}",
            Said(_("“%(title)s” was taken down."), title=instance),
        )


def _story_unpublished(instance: StoryPage, **_more: Any) -> None:
    _stop(_story(instance), Said(_("“%(title)s” is not published."), title=instance.title))


def _story_published(instance: StoryPage, **_more: Any) -> None:
    if instance.retracted:
        _stop(_story(instance), Said(_("“%(title)s” was retracted."), title=instance.title))


def _brief_unpublished(instance: Brief, **_more: Any) -> None:
    why = Said(_("The brief “%(title)s” is not published."), title=instance.shown_headline)
    _stop(f"brief:{instance.pk}", why)


def _story(story: StoryPage) -> str:
    return f"story:{story.alias_of_id or story.pk}"


def _stop(thing: str, why: Said) -> None:
    moving = (Edition.State.PREPARING, Edition.State.SENDING)
    for edition in Edition.objects.filter(state__in=moving).select_related("newsletter"):
        if thing in _made_of(edition):
            for stop in _stops:
                stop(edition, why)


def _made_of(edition: Edition) -> set[str]:
    """What was compiled; while it is being prepared also what is about to be."""
    compiled = CompiledEdition.of(edition)
    made_of = set(compiled.made_of) if compiled else set()
    if edition.state == Edition.State.PREPARING:
        made_of |= set(contents.read(edition, editors=False).made_of) | contents.named(edition)
    return made_of


def stands_against(edition: Edition) -> list[str]:
    """Why the rest must not get what the first ones got; empty when nothing does."""
    return [str(why) for why in contents.each_once(contents.read(edition).troubles)]
