"""Indexes on Wagtail's table of pages, by which lists of stories are walked, and who walks them.

What a list is sorted by (when a story was first published) and what it is a list of (an edition,
a section, the front pages) are columns of Wagtail's table, not of ours, so that no `Meta.indexes`
can name them. Copies of those columns in our own table would have to follow every move and every
bulk write of Wagtail's; an index of the database follows by itself. What may not be forgotten:
Django makes a table anew to change it on SQLite, and knows nothing of our indexes when Wagtail's
next version does that. So they are made, where they are missing, after every migration.
"""

from __future__ import annotations

from typing import TypeVar

from django.db import connections
from django.db.models import BooleanField, F, Func, QuerySet
from wagtail.models import Page

Pages = TypeVar("Pages", bound=QuerySet)

#: Name → what it is on. A path without its last step is that of the page above (`ParentPath`).
ON_PAGES = {
    # An edition, the newest first; its oldest and newest story; its months.
    "stories_page_edition": "(locale_id, first_published_at)",
    # A section, the newest first, even if all of the archive's newest stand in others.
    "stories_page_section": "(SUBSTR(path, 1, LENGTH(path) - 4), first_published_at)",
    # The few front pages and sections, which every page asks for, without a look at the stories.
    # Stories are left out, or SQLite would walk a section to find one by its address.
    "stories_page_front": "(depth, path) WHERE depth < 4",
}


class ParentPath(Func):
    """The path of the page above. Without parameters: SQLite knows the index's expression again
    only if it is written down in full."""

    template = f"SUBSTR(%(expressions)s, 1, LENGTH(%(expressions)s) - {Page.steplen})"
    arity = 1


class IsFront(Func):
    """Whether a page stands above all stories. Written down in full for the same reason."""

    template = "%(expressions)s < 4"
    arity = 1
    output_field = BooleanField()


def fronts(pages: Pages, *depths: int) -> Pages:
    """Those at some of the depths of front pages (2) and sections (3)."""
    return pages.filter(IsFront("depth"), depth__in=depths)


def below(stories: Pages, section: Page) -> Pages:
    """Those that stand in one section, found by its own index of times."""
    return stories.alias(section=ParentPath("path")).filter(section=section.path)


def only_in(stories: Pages, locale: object) -> Pages:
    """Those of one locale, of a list that walks another index than that of editions: SQLite
    guesses that both are as good, and the sum takes the choice from it."""
    return stories.alias(edition=F("locale_id") + 0).filter(edition__exact=locale)


def make_missing(using: str = "default", **_: object) -> None:
    """Signal handler: after migrations, every index is there."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if "stories_storypage" not in connection.introspection.table_names(cursor):
            return  # migrated back to before there were stories
        for name, what in ON_PAGES.items():
            cursor.execute(f'CREATE INDEX IF NOT EXISTS "{name}" ON "wagtailcore_page" {what}')
