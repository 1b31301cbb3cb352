"""Lists cost the same in every archive: the database walks an index, and sorts nothing."""

from __future__ import annotations

import datetime
import re

import pytest
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.utils import timezone

from nightdesk.press.printing.printer import Printer
from nightdesk.stories import actions
from nightdesk.stories.indexes import ON_PAGES
from nightdesk.stories.models import StoryPage
from tests.making import a_story
from tests.press.changes import publish
from tests.press.whole import fill

pytestmark = pytest.mark.django_db

sqlite_only = pytest.mark.skipif(connection.vendor != "sqlite", reason="asks for SQLite's plan")

#: What looks at every story there is, or at every one of a language, section or depth.
WALKS_ALL = re.compile(
    r"SCAN (?:wagtailcore_page|stories_storypage)\b"
    r"|USING (?:COVERING )?INDEX wagtailcore_page_locale_id"
    r"|INDEX stories_page_(?:edition|section) \([^ ]*\)"
    r"|USING INDEX sqlite_autoindex_wagtailcore_page_1 \(path>"
)
#: Of a few rows that were asked for by their ids, paths or languages, the order may be made.
SORTS = "USE TEMP B-TREE FOR ORDER BY"
FEW = re.compile(
    r'"(?:page_ptr_id|id|path|translation_key|headline_key|alias_of_id)" (?:IN \(|= )%s|pageviewrestriction'
    r'|"wagtailcore_site"|"depth" < 4|FROM "months"'
)


@pytest.fixture
def plans():
    """How SQLite answers every statement about pages meanwhile: [(statement, plan)]."""
    found: list[tuple[str, list[str]]] = []

    def watch(execute, statement, params, many, context):
        if '"wagtailcore_page"' in statement and statement.lstrip("( ").startswith(
            ("SELECT", "WITH")
        ):
            with connection.cursor() as cursor:
                raw = cursor.cursor if hasattr(cursor, "cursor") else cursor
                raw.execute(f"EXPLAIN QUERY PLAN {statement}", params)
                found.append((statement, [row[3] for row in raw.fetchall()]))
        return execute(statement, params, many, context)

    with connection.execute_wrapper(watch):
        yield found


def costly(plans) -> list[tuple[str, list[str]]]:
    return [
        (statement, plan)
        for statement, plan in plans
        if any(WALKS_ALL.search(step) for step in plan)
        or (SORTS in plan and not FEW.search(statement))
    ]


@sqlite_only
def test_a_list_of_the_newest_stories_walks_an_index_however_large_the_archive_is(newsroom, plans):
    whole = fill(newsroom)
    section = whole.sections[0]
    plans.clear()
    for path in (
        "/",
        "/uk/",
        section.url,
        whole.stories[5].url,
        "/feeds/rss.xml",
        f"/feeds/{section.slug}/rss.xml",
        "/sitemap.xml",
        "/sitemaps/pages.xml",
        "/news-sitemap.xml",
        f"/sitemaps/stories-{timezone.localtime():%Y-%m}.xml",
        "/archive/",
        f"/archive/{whole.stories[-1].first_published_at:%Y/%m}/",
        "/news-feed/",
        "fragment:editors-picks:en",
        "fragment:sections:en",
        "error:404:en",
    ):
        Printer().print(path)
    assert len(plans) > 50
    assert costly(plans) == []


@sqlite_only
def test_publishing_looks_at_few_stories_however_large_the_archive_is(newsroom, plans):
    whole = fill(newsroom)
    plans.clear()
    publish(StoryPage.objects.get(pk=whole.stories[5].pk))
    assert plans
    assert costly(plans) == []


@sqlite_only
@pytest.mark.parametrize("newest_first", [True, False])
def test_each_list_has_its_index(section, newest_first):
    lists = {
        "stories_page_edition": StoryPage.readable_in("en"),
        "stories_page_section": section.stories(),
        "wagtailcore_page_first_published_at": StoryPage.readable(),
    }
    lists["stories_page_section (<expr>=?"] = StoryPage.readable_in("en", section)
    for index, stories in lists.items():
        ordered = stories if newest_first else stories.reverse()
        plan = ordered[:5].explain()
        assert f"USING INDEX {index}" in plan
        assert SORTS not in plan


@pytest.mark.database
def test_a_section_lists_its_own_stories_and_an_edition_those_of_its_language(newsroom):
    whole = fill(newsroom)
    (one, two, empty, *_) = [section for section in whole.sections if section.slug != "quiet"] + [
        section for section in whole.sections if section.slug == "quiet"
    ]
    assert set(one.stories()) | set(two.stories()) == set(whole.stories)
    assert {story.get_parent().pk for story in one.stories()} == {one.pk}
    assert list(empty.stories()) == []
    assert list(StoryPage.readable_in("en", two)) == list(two.stories())
    assert list(StoryPage.readable_in("uk", two)) == []
    assert [story.title for story in StoryPage.readable_in("uk")] == ["Та сама історія"]


@pytest.mark.database
def test_what_follows_a_story_without_topics_is_the_newest_of_its_section(section):
    now = timezone.now()
    old, new, story = (a_story(section, at=now - datetime.timedelta(days=n)) for n in (3, 2, 1))
    assert actions._like(story, {story.pk}, 2) == [new.pk, old.pk]


@pytest.mark.database
def test_indexes_on_wagtails_table_come_back_after_it_was_made_anew(db):
    def there() -> set[str]:
        with connection.cursor() as cursor:
            return set(connection.introspection.get_constraints(cursor, "wagtailcore_page"))

    assert there() >= ON_PAGES.keys()
    with connection.cursor() as cursor:
        for name in ON_PAGES:
            cursor.execute(f'DROP INDEX "{name}"')
    assert there().isdisjoint(ON_PAGES)
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    assert there() >= ON_PAGES.keys()
