"""Keeping, hiding, rewriting and forgetting what a story said before.

Each verb writes rows of `PublishedVersion` and tells the press, in the caller's transaction.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import QuerySet

from nightdesk.press import outbox
from nightdesk.press.keys import row_key
from nightdesk.press.tree import path_of, public_paths
from nightdesk.stories import body
from nightdesk.stories.models import StoryPage
from nightdesk.stories.versions import CHANGES, PublishedVersion, has_changed

_TABLE = f"table:{PublishedVersion._meta.db_table}"


def changes_paths(story: StoryPage) -> set[str]:
    """The address of its page of changes, while there is one that anyone may read."""
    return {f"{path}{CHANGES}" for path in public_paths(story)} if has_changed(story) else set()


def keep_version(story: StoryPage, at: datetime.datetime) -> PublishedVersion | None:
    """Keep what the story says since ``at``; None when readers know those words already.

    What is published for some readers only is kept hidden. An alias has its source's history.
    """
    if story.alias_of_id:
        return None
    newest = PublishedVersion.objects.filter(story=story.pk).order_by("-number").first()
    version = PublishedVersion(story=story, at=at, number=newest.number + 1 if newest else 1)
    version.say(story.title, story.standfirst, "\n".join(body.paragraphs(story)))
    if newest and not newest.hidden and newest.says_the_same_as(version):
        return None
    version.hidden = story.get_view_restrictions().exists()
    PublishedVersion.objects.bulk_create([version])
    path = path_of(story) if newest and not version.hidden else None
    outbox.note({row_key(StoryPage, story.pk), _TABLE}, (), [f"{path}{CHANGES}"] if path else ())
    return version


def hide_versions(
    story: StoryPage, numbers: Collection[int], show_again: Collection[int] = ()
) -> None:
    """Keep these versions from readers, and let them have those of ``show_again``."""
    with telling(story):
        versions = PublishedVersion.objects.filter(story=story.pk)
        versions.filter(number__in=show_again).update(hidden=False)
        versions.filter(number__in=numbers).update(hidden=True)


def begin_anew(stories: QuerySet[StoryPage]) -> None:
    """From now on readers can compare only what is published from now on.

    For stories that are taken from readers: what they said may be the very reason.
    """
    shown = PublishedVersion.objects.filter(hidden=False, story__in=stories.order_by().values("pk"))
    ids = set(shown.values_list("story", flat=True))
    if ids:
        PublishedVersion.objects.filter(story__in=ids).update(hidden=True)
        outbox.note({_TABLE, *(row_key(StoryPage, pk) for pk in ids)})


def rewrite_versions(story: StoryPage, change: Callable[[str], str]) -> None:
    """Put other words into everything it ever said, such as another name for somebody who needs
    protection. ``change`` is given a headline, a standfirst or a body as it was kept."""
    with telling(story):
        for version in PublishedVersion.objects.filter(story=story.pk):
            version.say(change(version.headline), change(version.standfirst), change(version.body))
            PublishedVersion.objects.filter(pk=version.pk).update(
                headline=version.headline,
                standfirst=version.standfirst,
                body=version.body,
                digest=version.digest,
            )


def forget_versions(story: StoryPage) -> None:
    """Remove for good what it said before and says now; its next publication is its first."""
    with telling(story):
        PublishedVersion.objects.filter(story=story.pk).delete()


@contextmanager
def telling(story: StoryPage) -> Iterator[None]:
    """The story's page and that of its changes say something else afterwards, or are gone."""
    with transaction.atomic():
        before = changes_paths(story)
        yield
        after = changes_paths(story)
        outbox.note({row_key(StoryPage, story.pk), _TABLE}, before - after, after)
