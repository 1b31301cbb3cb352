"""Whenever a story is published, by an editor, the clock or an import: settle what follows. And
whenever one is taken from readers: what it said before is theirs no more."""

from __future__ import annotations

from django.db.models.signals import post_save
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_published, page_unpublished, post_page_move

from nightdesk.stories.actions import (
    date_corrections,
    fill_related,
    follow_update,
    note_update,
)
from nightdesk.stories.history import begin_anew, keep_version
from nightdesk.stories.models import StoryPage


def listen() -> None:
    page_published.connect(on_published, sender=StoryPage, dispatch_uid="nightdesk.stories")
    page_unpublished.connect(on_unpublished, sender=StoryPage, dispatch_uid="nightdesk.stories")
    post_save.connect(
        on_restricted, sender=PageViewRestriction, dispatch_uid="nightdesk.stories.history"
    )
    post_page_move.connect(on_moved, dispatch_uid="nightdesk.stories.history")


def on_published(instance: StoryPage, **_kwargs: object) -> None:
    """Runs inside the publishing transaction. Wagtail sends the signal for a story that was only
    scheduled, too."""
    if not instance.live:
        return
    at = instance.last_published_at
    note_update(instance, at, corrected=date_corrections(instance, at))
    if instance.alias_of_id:
        follow_update(instance)
    fill_related(instance)
    keep_version(instance, at)


def on_unpublished(instance: StoryPage, **_kwargs: object) -> None:
    begin_anew(StoryPage.objects.filter(pk=instance.pk))


def on_restricted(instance: PageViewRestriction, raw: bool = False, **_kwargs: object) -> None:
    if not raw:
        begin_anew(StoryPage.objects.descendant_of(instance.page, inclusive=True))


def on_moved(instance: Page, **_kwargs: object) -> None:
    """Into a section that only some may read."""
    page = Page.objects.get(pk=instance.pk)
    if page.get_view_restrictions().exists():
        begin_anew(StoryPage.objects.descendant_of(page, inclusive=True))
