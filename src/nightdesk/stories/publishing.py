"""Whenever a story is published, by an editor, the clock or an import: settle what follows."""

from __future__ import annotations

from wagtail.signals import page_published

from nightdesk.stories.actions import fill_related, note_update
from nightdesk.stories.models import StoryPage


def listen() -> None:
    page_published.connect(on_published, sender=StoryPage, dispatch_uid="nightdesk.stories")


def on_published(instance: StoryPage, **_kwargs: object) -> None:
    """Runs inside the publishing transaction. Wagtail sends the signal for a story that was only
    scheduled, too."""
    if not instance.live:
        return
    note_update(instance, instance.last_published_at)
    fill_related(instance)
