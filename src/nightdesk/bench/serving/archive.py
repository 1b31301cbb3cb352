"""An archive of many stories, made in seconds: rows in the database and on the shelf.

The stories are copies of one real story, spread backwards over twenty years, oldest first, below
its section. The shelf gets an entry for each of them, for the older pages of the section and for
the months, with the dependencies that all real stories of the section share. They have no authors
and no topics, and the search index does not know them.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from wagtail.models import Page

from nightdesk.press.shelf.format import hashed
from nightdesk.press.shelf.write import Shelf
from nightdesk.stories.models import SectionPage, StoryPage

_SPAN = datetime.timedelta(days=365 * 20)
_AT_ONCE = 5_000


def grow(stories: int) -> dict[str, Any]:
    """Add so many; {"stories": how many there are now}."""
    section = SectionPage.objects.live().filter(numchild__gt=2).order_by("pk").first()
    template = section.get_children().live().type(StoryPage).order_by("pk").first()
    with transaction.atomic():
        made = _insert(section, template, stories)
    shelf = Shelf.open(Path(settings.DATA))
    try:
        _put_on_shelf(shelf, section, template, made)
    finally:
        shelf.close()
    return {"stories": StoryPage.objects.live().count()}


def _insert(
    section: SectionPage, template: Page, count: int
) -> list[tuple[int, str, datetime.datetime]]:
    """Rows of both tables; [(id, slug, moment)], the oldest first."""
    page = _row("wagtailcore_page", "id", template.pk)
    story = _row("stories_storypage", "page_ptr_id", template.pk)
    first = _newest("wagtailcore_page") + 1
    taken = section.numchild + 10_000
    begin = timezone.now() - _SPAN - datetime.timedelta(days=30)
    made, pages, stories = [], [], []
    for number in range(count):
        pk = first + number
        moment = begin + _SPAN * number / count
        slug = f"archive-{pk}"
        title = f"{template.title} {pk}"
        made.append((pk, slug, moment))
        pages.append(
            page
            | {
                "id": pk,
                "path": Page._get_path(section.path, section.depth + 1, taken + number),
                "numchild": 0,
                "slug": slug,
                "url_path": f"{section.url_path}{slug}/",
                "title": title,
                "draft_title": title,
                "translation_key": uuid.uuid4().hex
                if connection.vendor == "sqlite"
                else uuid.uuid4(),
                "first_published_at": moment,
                "last_published_at": moment,
                "latest_revision_created_at": moment,
                "latest_revision_id": None,
                "live_revision_id": None,
            }
        )
        stories.append(
            story
            | {
                "page_ptr_id": pk,
                "updated_at": None,
                "headline_key": f"{story['headline_key']} {pk}",
                "source_key": slug,
            }
        )
    _insert_rows("wagtailcore_page", pages)
    _insert_rows("stories_storypage", stories)
    Page.objects.filter(pk=section.pk).update(numchild=section.numchild + count)
    return made


def _row(table: str, key: str, value: int) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE {key} = %s", [value])
        return dict(zip([one[0] for one in cursor.description], cursor.fetchone(), strict=True))


def _newest(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(id) FROM {table}")
        return int(cursor.fetchone()[0])


def _insert_rows(table: str, rows: list[dict[str, Any]]) -> None:
    names = list(rows[0])
    marks = ", ".join(["%s"] * len(names))
    sql = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"
    with connection.cursor() as cursor:
        for start in range(0, len(rows), _AT_ONCE):
            lot = rows[start : start + _AT_ONCE]
            cursor.executemany(sql, [_plain(row) for row in lot])


def _plain(row: dict[str, Any]) -> list[Any]:
    return [
        value.astimezone(datetime.UTC).replace(tzinfo=None).isoformat(" ")
        if isinstance(value, datetime.datetime) and connection.vendor == "sqlite"
        else value
        for value in row.values()
    ]


def _put_on_shelf(
    shelf: Shelf,
    section: SectionPage,
    template: Page,
    made: list[tuple[int, str, datetime.datetime]],
) -> None:
    front = section.get_url()
    like = template.get_url()
    shared = _shared_keys(shelf, front)
    with shelf._transaction() as db:
        _copies(db, like, [f"{front}{slug}/" for _pk, slug, _ in made])
        _copies(db, front, [f"{front}before/{pk}/" for pk, _slug, _ in made if pk % 20 == 0])
        months = {(moment.year, moment.month) for _pk, _slug, moment in made}
        _copies(db, "/archive/", [f"/archive/{year:04}/{month:02}/" for year, month in months])
        of_each = [
            (key, f"{front}{slug}/")
            for pk, slug, _ in made
            for key in (*shared, hashed(f"page:{pk}"))
        ]
        db.executemany(
            "INSERT OR IGNORE INTO dep SELECT ?1, id FROM entry WHERE path = ?2", of_each
        )


def _shared_keys(shelf: Shelf, front: str) -> set[int]:
    """What every real story of the section depends on."""
    paths = [
        path
        for path in shelf.paths("story")
        if path.startswith(front) and not path.startswith(f"{front}archive-")
    ]
    return set.intersection(*(shelf.keys_of(path) for path in paths)) if paths else set()


def _copies(db: Any, like: str, paths: Iterable[str]) -> None:
    """Entries like one that there is. Their change numbers stay old: nobody has to read them."""
    columns = [row[1] for row in db.execute("PRAGMA table_info(entry)")]
    kept = ", ".join(name for name in columns if name not in ("id", "path", "stale", "due"))
    db.executemany(
        f"INSERT OR IGNORE INTO entry (path, {kept}) SELECT ?1, {kept} FROM entry WHERE path = ?2",
        [(path, like) for path in paths],
    )
