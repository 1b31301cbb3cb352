"""Lists of stories: the newest of one, and what a list needs beside the stories."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, Model, OuterRef, QuerySet

from nightdesk.press.dependencies import collection
from nightdesk.stories.corrections import Correction


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


def readable_corrections(language: str) -> QuerySet[Correction]:
    """Corrections of an edition's stories that anyone may read, each once, the newest first."""
    from nightdesk.stories.models import StoryPage

    stories = StoryPage.readable().filter(alias_of__isnull=True, locale__language_code=language)
    public = stories.filter(pk=OuterRef("page")).order_by().values("pk")
    published = Correction.objects.filter(Exists(public), at__isnull=False)
    return published.order_by("-at", "-pk")


def with_stories(corrections: Iterable[Correction]) -> list[Correction]:
    """The same corrections, each knowing its story as lists show it, in one query."""
    from nightdesk.stories.models import StoryPage

    listed = list(corrections)
    stories = StoryPage.readable().prefetch_related(None)
    found = stories.in_bulk({correction.page_id for correction in listed})
    for correction in listed:
        correction.story = found[correction.page_id]
    return listed
