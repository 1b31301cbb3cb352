"""Which authors, desks and topics readers may know of: those that something public names.

Whoever only ever signed drafts has no page, no place in a list and no public portrait; a topic
opened for an investigation stays unknown until its first story is out.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Exists, OuterRef, Q, QuerySet

from nightdesk.people.models import Author, Desk
from nightdesk.stories.models import StoryPage, Topic

#: Further reasons to show an author, from rooms above: conditions on `Author`.
_reasons: list[Callable[[], Q]] = []
#: The same on `Desk`.
_reasons_for_desks: list[Callable[[], Q]] = []


def register_reason(shows: Callable[[], Q]) -> None:
    """Name another reason why readers may know of an author, such as hosting a newsletter."""
    if shows not in _reasons:
        _reasons.append(shows)


def register_desk_reason(shows: Callable[[], Q]) -> None:
    """The same for a desk, such as signing a coverage."""
    if shows not in _reasons_for_desks:
        _reasons_for_desks.append(shows)


def _stories(**condition: object) -> Exists:
    return Exists(StoryPage.readable().filter(**condition).order_by().values("pk"))


def shown_authors() -> QuerySet[Author]:
    """Authors of at least one story that anyone may read, in every language."""
    because = Q(_stories(bylines__author=OuterRef("pk")))
    for reason in _reasons:
        because |= reason()
    return Author.objects.filter(because)


def shown_desks() -> QuerySet[Desk]:
    """Desks that sign a public story, or whose authors readers know."""
    authors = shown_authors().filter(desk=OuterRef("pk")).order_by()
    because = Q(_stories(bylines__desk=OuterRef("pk"))) | Q(Exists(authors))
    for reason in _reasons_for_desks:
        because |= reason()
    return Desk.objects.filter(because)


def shown_topics() -> QuerySet[Topic]:
    """Topics of at least one story that anyone may read."""
    return Topic.objects.filter(_stories(topics=OuterRef("pk")))
