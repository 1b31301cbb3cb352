"""Lists of stories: the newest of one, and what a list needs beside the stories."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Model, QuerySet

from nightdesk.press.dependencies import collection


def newest(rows: QuerySet, count: int, *name: object, by: str = "first_published_at") -> list:
    """The first ``count`` of a list that is newest first. ``name`` is the list's own, as its
    room's ``printed.py`` tells it; whatever enters or leaves further down does not count."""
    if count <= 0:
        return []
    with collection(*name) as listed:
        found: list[Model] = list(rows[:count])
        listed.between(getattr(found[-1], by) if len(found) == count else None)
    return found


def with_sections(stories: Iterable) -> list:
    """The same stories, each knowing its ``section``, in one query instead of one per story."""
    from nightdesk.stories.models import SectionPage, StoryPage

    listed = list(stories)
    parents = {story.path[: -StoryPage.steplen] for story in listed}
    found = SectionPage.objects.filter(path__in=parents).select_related("locale")
    sections = {section.path: section for section in found}
    for story in listed:
        story.__dict__["section"] = sections.get(story.path[: -StoryPage.steplen])
    return listed
