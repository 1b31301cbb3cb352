"""What makes the suite's fixtures cheap changes nothing of what tests find."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.management.color import no_style
from django.db import connection, transaction
from django.utils import timezone

from nightdesk.fronts.actions import open_newsroom
from nightdesk.fronts.models import HomePage
from nightdesk.press import outbox
from nightdesk.press.models import OutboxEntry
from nightdesk.stories.models import SectionPage
from tests import migrated
from tests.making import a_story
from tests.migrated import fingerprint
from tests.replay import Replay, rows_of

KEPT = [
    m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy
]
_ID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")


def contents() -> dict[str, list]:
    """Every row there is, with moments of today alike and random keys told apart by their turn."""
    turns: dict[str, str] = {}

    def plain(value: object) -> object:
        if isinstance(value, datetime.datetime) and value.year < 9999:
            return "a moment"
        return _ID.sub(lambda key: turns.setdefault(key[0], f"key {len(turns)}"), str(value))

    rows = {model._meta.db_table: rows_of(model) for model in KEPT}
    # Tasks have no other key than a random one.
    rows["django_tasks_database_dbtaskresult"].sort(
        key=lambda row: [_ID.sub("", str(v)) for v in row]
    )
    return {table: [tuple(map(plain, row)) for row in held] for table, held in rows.items()}


def count_anew() -> None:
    """So that what is made next has the same keys as what was made and taken back."""
    for sql in connection.ops.sequence_reset_sql(no_style(), KEPT):
        with connection.cursor() as cursor:
            cursor.execute(sql)
    cache.clear()


@pytest.mark.database
def test_the_newsroom_that_is_put_in_is_the_one_that_is_opened(db, monkeypatch):
    count_anew()
    opening = Replay(lambda: open_newsroom("The Test Post", ["en", "uk"], "News"))
    with transaction.atomic():
        count_anew()
        open_newsroom("The Test Post", ["en", "uk"], "News")
        opened = contents()
        transaction.set_rollback(True)
    monkeypatch.setattr(opening, "_act", lambda: pytest.fail("it was really opened"))
    opening()
    put_in = contents()
    assert len(opened["wagtailcore_page"]) == 4
    assert [table for table in opened if opened[table] != put_in[table]] == []


@pytest.mark.database
def test_what_is_made_after_it_gets_keys_of_its_own(newsroom, section):
    section.get_parent().add_child(instance=SectionPage(title="World", locale=newsroom.locale))
    a_story(section)
    Group.objects.create(name="Guests")
    before = outbox.newest()
    assert outbox.note({"one"}) > before


@pytest.mark.database
def test_where_something_stands_already_it_is_really_opened(opening, db):
    mine = outbox.note({"mine"})
    opening()
    opening()
    assert HomePage.objects.count() == 2
    assert OutboxEntry.objects.get(pk=mine).keys == ["mine"]


@pytest.mark.database
def test_it_was_opened_when_the_test_says_that_it_is(opening, db):
    then = datetime.datetime(2019, 5, 4, 12, 0, tzinfo=datetime.UTC)
    with time_machine.travel(then, tick=False):
        opening()
        assert timezone.now() == then
    for at in OutboxEntry.objects.values_list("at", flat=True):
        assert datetime.timedelta(0) <= then - at < datetime.timedelta(minutes=1)


def test_databases_are_migrated_anew_when_a_migration_changes(tmp_path: Path, monkeypatch):
    room = SimpleNamespace(name="elsewhere", label="elsewhere", path=str(tmp_path))
    monkeypatch.setattr(migrated.apps, "get_app_configs", lambda: [room])
    (tmp_path / "migrations").mkdir()
    seen = [fingerprint()]
    for text in ("one = 1", "one = 2", "one = 2\n"):
        (tmp_path / "migrations" / "0001_one.py").write_text(text)
        seen.append(fingerprint())
    (tmp_path / "migrations" / "0001_one.py").rename(tmp_path / "migrations" / "0002_one.py")
    seen.append(fingerprint())
    assert len(set(seen)) == 5
    assert fingerprint() == seen[-1]


def test_databases_are_migrated_anew_when_what_a_migration_imports_changes(tmp_path: Path):
    migration = tmp_path / "0001_names.py"
    migration.write_text(
        "import nightdesk.kernel.tokens\n"
        "def give(apps, editor):\n    from nightdesk.narration.lexicon.given import given_names\n"
    )
    named = {f"{folder.parent.name}/{folder.name}" for folder in migrated._imported(migration)}
    assert named == {"nightdesk/kernel", "narration/lexicon"}


def test_databases_are_migrated_anew_for_other_languages(settings):
    before = fingerprint()
    settings.LANGUAGE_CODE = "uk"
    assert fingerprint() != before
