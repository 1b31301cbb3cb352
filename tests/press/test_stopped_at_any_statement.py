"""P2: a newsroom that stops dead before any SQL statement has done the whole thing, or nothing.

Each verb goes through the admin's own forms, or the clock, again and again, and is stopped before
its first, second, third… statement, as a lost machine would stop it. Every seventh here, from
another one each run; every one with ``NIGHTDESK_FAULTS=full``.
"""

from __future__ import annotations

import datetime
import os
import random
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from nightdesk.briefs.models import Brief
from nightdesk.press import clock
from nightdesk.stories.models import StoryPage
from tests.faults.editor import as_it_stands, one_paragraph

pytestmark = [pytest.mark.fault, pytest.mark.django_db]

STEP = 1 if os.environ.get("NIGHTDESK_FAULTS") == "full" else 7
HOUR = datetime.timedelta(hours=1)

#: Everything that says what is published, what will be, and what the press is told.
_TABLES = (
    *("wagtailcore_page", "stories_storypage", "stories_storybyline", "wagtailcore_revision"),
    *("briefs_brief", "press_outboxentry", "wagtailcore_pagelogentry", "wagtailredirects_redirect"),
)
#: Moments and keys that differ from one time to the next, though the same happened.
_NOT_COMPARED = frozenset({"id", "uuid", "content", "translation_key", "at", "timestamp"})


class StoppedDead(BaseException):
    """The process is gone; nothing catches it."""


def contents() -> dict[str, list]:
    """The rows of those tables, in order, as far as they can be compared."""
    found = {}
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
            names = [column[0] for column in cursor.description]
            kept = [n for n, name in enumerate(names) if name not in _NOT_COMPARED]
            found[table] = [tuple(row[n] for n in kept) for row in cursor.fetchall()]
    return found


def told() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM press_outboxentry")
        return cursor.fetchone()[0]


@dataclass
class Machine:
    """Counts statements, and stops before one of them."""

    stops_before: int = 0
    seen: int = 0

    def __call__(self, execute: Callable, sql: str, params: object, many: bool, context: dict):
        if not self.stops_before or self.seen < self.stops_before:
            self.seen += 1
            if self.seen == self.stops_before:
                raise StoppedDead
        return execute(sql, params, many, context)


def wholly_or_not_at_all(
    verb: Callable[[], object], done: Callable[[], bool], *, tells: bool = True
) -> None:
    """Stop ``verb`` before each of its statements; afterwards let it run to its end.

    Each time the newsroom must be as it was before, or ``done`` and, if the verb ``tells``
    readers something, the press must know.
    """
    before, entries = contents(), told()
    number = random.randint(1, STEP)
    while True:
        machine = Machine(number)
        try:
            with transaction.atomic():
                try:
                    with connection.execute_wrapper(machine):
                        verb()
                except StoppedDead:
                    if done():
                        assert told() > entries or not tells, (
                            f"not told to the press at statement {number}"
                        )
                    else:
                        assert contents() == before, f"half done at statement {number}"
                    raise
        except StoppedDead:
            number += STEP
            continue
        break
    assert done()
    assert told() > entries or not tells
    print(f"{machine.seen} statements, stopped before every {STEP}.")


@pytest.fixture
def editor(signed_in) -> Client:
    client = signed_in("editor")
    client.get("/admin/")
    return client


@pytest.fixture
def add(section) -> str:
    return f"/admin/pages/add/stories/storypage/{section.pk}/"


def filled(editor: Client, address: str, form: str = "#page-edit-form", **fields: str) -> dict:
    page = BeautifulSoup(editor.get(address).content, "html.parser").select_one(form)
    return as_it_stands(page) | one_paragraph("Seen from the bank.") | fields


def publish(editor: Client, add: str, headline: str) -> StoryPage:
    editor.post(add, filled(editor, add, title=headline, **{"action-publish": "1"}))
    return StoryPage.objects.get(title=headline)


def row(page: Page) -> Page:
    return Page.objects.get(pk=page.pk)


def test_publishing_a_new_story(editor, add):
    form = filled(editor, add, title="The river turns", **{"action-publish": "1"})
    wholly_or_not_at_all(
        lambda: editor.post(add, form),
        lambda: StoryPage.objects.filter(title="The river turns", live=True).exists(),
    )


def test_correcting_a_published_story(editor, add):
    story = publish(editor, add, "The river turns")
    edit = f"/admin/pages/{story.pk}/edit/"
    form = filled(editor, edit, title="The river turned", **{"action-publish": "1"})
    wholly_or_not_at_all(
        lambda: editor.post(edit, form), lambda: row(story).title == "The river turned"
    )


def test_scheduling_a_story(editor, add):
    at = timezone.localtime(timezone.now() + 48 * HOUR)
    form = filled(editor, add, title="On Tuesday", go_live_at=f"{at:%Y-%m-%d %H:%M}")
    form["action-publish"] = "1"

    def scheduled() -> bool:
        story = StoryPage.objects.filter(title="On Tuesday").first()
        return bool(story and story.revisions.filter(approved_go_live_at__isnull=False).exists())

    wholly_or_not_at_all(lambda: editor.post(add, form), scheduled, tells=False)


def test_a_scheduled_story_going_live(editor, add):
    at = timezone.now() + HOUR
    story = publish(editor, add, "Now and then")
    story.title, story.go_live_at = "At the hour", at
    revision = story.save_revision()
    revision.publish()

    def due() -> None:
        with time_machine.travel(at + HOUR, tick=False):
            clock.tick()

    wholly_or_not_at_all(
        due,
        lambda: (
            row(story).title == "At the hour"
            and not story.revisions.filter(approved_go_live_at__isnull=False).exists()
        ),
    )


def test_a_story_going_down_when_its_time_is_over(editor, add):
    story = publish(editor, add, "For an hour")
    StoryPage.objects.filter(pk=story.pk).update(expire_at=timezone.now() + HOUR)

    def due() -> None:
        with time_machine.travel(timezone.now() + 2 * HOUR, tick=False):
            clock.tick()

    wholly_or_not_at_all(due, lambda: not row(story).live)


def test_unpublishing_a_story(editor, add):
    story = publish(editor, add, "Taken back")
    address = f"/admin/pages/{story.pk}/unpublish/"
    wholly_or_not_at_all(lambda: editor.post(address), lambda: not row(story).live)


def test_moving_a_story_to_another_address(editor, add):
    story = publish(editor, add, "At first")
    edit = f"/admin/pages/{story.pk}/edit/"
    form = filled(editor, edit, slug="at-last", **{"action-publish": "1"})
    wholly_or_not_at_all(lambda: editor.post(edit, form), lambda: row(story).slug == "at-last")


def test_publishing_a_brief(editor):
    short = "form:has(textarea[name=text])"
    form = filled(editor, "/admin/brief/", short, text="The gauge reads four metres.")
    wholly_or_not_at_all(
        lambda: editor.post("/admin/brief/", form), lambda: Brief.objects.filter(live=True).exists()
    )
