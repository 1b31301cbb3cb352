"""What the site's search finds of coverage, and from when on it does not find it any more."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from modelsearch.conf import get_app_config

from nightdesk.briefs.actions import correct_brief, withdraw_brief
from nightdesk.coverage import actions, searching
from nightdesk.coverage.models import Coverage, Entry, SearchDue, coverage
from nightdesk.people.models import Author, Desk
from nightdesk.people.protecting.actions import Order, protect
from nightdesk.takedown.kinds import named as kind_named
from tests.coverage.making import a_coverage, an_entry
from tests.making import a_brief

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def found(client, words: str) -> list[str]:
    return [str(hit) for hit in client.get("/search/", {"q": words}).context["covered"]]


def documents(*models: type) -> int:
    """How many the index has of these."""
    every = get_app_config().get_model("IndexEntry").objects
    names = [model._meta.model_name for model in models]
    return every.filter(content_type__app_label="coverage", content_type__model__in=names).count()


@pytest.fixture
def flood(newsroom) -> Coverage:
    flood = a_coverage("The river rises", summary="<p>A <b>dam</b> broke.</p>")
    an_entry(flood, "A kingfisher at the gates.")
    an_entry(flood, "The mayor came by boat.")
    searching.bring_in()
    return flood


def test_words_of_different_updates_and_of_the_summary_find_their_coverage(client, flood):
    assert found(client, "kingfisher mayor") == ["The river rises"]
    assert found(client, "river boat dam gates") == ["The river rises"]
    assert found(client, "kingfisher mayor tram") == []
    page = client.get("/search/", {"q": "kingfisher mayor"}).content.decode()
    assert f'href="{flood.get_absolute_url()}"' in page


def test_words_of_two_coverages_find_nothing_together(client, flood):
    an_entry(a_coverage("The tram"), "A crack in the bridge.")
    searching.bring_in()
    assert found(client, "kingfisher crack") == []


@pytest.mark.parametrize("what", ["withdrawn", "corrected", "deleted", "taken down", "anyhow"])
def test_what_readers_have_no_more_is_found_no_more_at_once(client, flood, what, data):
    entry = Entry.objects.get(text__contains="mayor")
    assert found(client, "kingfisher mayor")
    if what == "withdrawn":
        actions.withdraw_entry(entry.pk, key=uuid.uuid4())
    elif what == "corrected":
        actions.correct_entry(entry.pk, text="A clerk came by boat.", key=uuid.uuid4())
    elif what == "deleted":
        entry.delete()
    elif what == "taken down":
        kind_named("update").take_away(entry, None)
    else:
        kind_named("update").take_away_anyhow(entry)
    every = get_app_config().get_model("IndexEntry").objects
    assert found(client, "mayor") == found(client, "kingfisher mayor") == []
    if connection.vendor == "sqlite":
        assert not every.filter(body__contains="mayor").exists()
    searching.bring_in()
    assert found(client, "kingfisher river") == ["The river rises"]
    assert found(client, "mayor") == []
    expected = ["A clerk came by boat", "The river rises"] if what == "corrected" else []
    assert found(client, "clerk boat") == expected


def test_a_coverage_that_is_withdrawn_leaves_the_index_with_its_updates(client, flood):
    assert documents(Coverage, Entry) == 3
    flood.unpublish()
    assert documents(Coverage, Entry) == 0
    searching.bring_in()
    assert documents(Coverage, Entry) == 0
    flood.save_revision().publish()
    searching.bring_in()
    assert documents(Coverage, Entry) == 3
    assert found(client, "kingfisher mayor") == ["The river rises"]


def test_a_coverage_that_is_deleted_leaves_nothing_behind(flood):
    flood.delete()
    assert documents(Coverage, Entry) == 0
    searching.bring_in()
    assert documents(Coverage, Entry) == 0 and not SearchDue.objects.exists()


def test_a_brief_in_a_coverage_is_followed(client, flood, newsroom):
    brief = a_brief(newsroom.locale, "The canary sings.")
    actions.take_in(flood.pk, brief.pk)
    searching.bring_in()
    assert found(client, "canary mayor") == ["The river rises"]
    correct_brief(brief.pk, text="The sparrow sings.", note="No canary.", key=uuid.uuid4())
    assert found(client, "canary mayor") == []
    searching.bring_in()
    assert found(client, "sparrow mayor") == ["The river rises"]
    withdraw_brief(brief.pk, key=uuid.uuid4())
    assert found(client, "sparrow mayor") == []
    searching.bring_in()
    assert found(client, "sparrow mayor") == [] and found(client, "kingfisher mayor")


def test_a_protected_name_is_not_found_in_an_update(client, flood, data):
    desk = Desk.objects.create(name="The Desk", slug="the-desk", locale=flood.locale)
    author = Author.objects.create(name="Olena Marsh", slug="olena", locale=flood.locale)
    an_entry(flood, "Olena Marsh saw it.")
    searching.bring_in()
    assert found(client, "marsh kingfisher")
    protect(Order(author, desk, reason="asked"))
    assert found(client, "marsh kingfisher") == found(client, "marsh") == []
    searching.bring_in()
    assert found(client, "marsh kingfisher") == found(client, "marsh") == []
    assert found(client, "saw kingfisher") == ["The river rises"]


def test_a_new_update_takes_nothing_from_the_search_meanwhile(client, flood):
    an_entry(flood, "The lock is closed.")
    assert found(client, "kingfisher mayor") == ["The river rises"]
    actions.pin_entry(Entry.objects.first().pk, True)
    actions.end_coverage(flood.pk)
    assert found(client, "kingfisher mayor") == ["The river rises"]


def test_an_update_with_a_time_to_come_is_found_from_then_on(client, flood, time_machine):
    later = timezone.now() + datetime.timedelta(hours=1)
    entry = an_entry(flood, "The bells rang.")
    Entry.objects.filter(pk=entry.pk).update(published_at=later)
    searching.bring_in()
    assert found(client, "bells mayor") == [] and searching.call_the_worker(timezone.now()) == 0
    time_machine.move_to(later + datetime.timedelta(seconds=1), tick=False)
    assert searching.call_the_worker(timezone.now()) == 1
    searching.bring_in()
    assert found(client, "bells mayor") == ["The river rises"]
    assert not SearchDue.objects.exists()


def test_a_document_has_a_bound_and_the_newest_updates_in_it(client, flood, monkeypatch):
    monkeypatch.setattr(coverage, "SEARCHED", 60)
    an_entry(flood, "The lock is closed, and nobody knows who has the key.")
    assert "mayor" not in flood.words_of_updates()
    monkeypatch.setattr(coverage, "SEARCHED", 90)
    assert len(flood.words_of_updates()) <= 90
    searching.bring_in()
    assert found(client, "lock mayor") == ["The river rises"]
    assert found(client, "kingfisher lock") == []
    assert found(client, "kingfisher") == ["A kingfisher at the gates"]


def test_the_worker_is_called_once_while_something_is_due(flood):
    now = timezone.now()
    assert searching.call_the_worker(now) == 0
    an_entry(flood, "The lock is closed.")
    now = timezone.now()
    assert [searching.call_the_worker(now) for _ in range(3)] == [1, 0, 0]
    path = searching.bring_in_what_is_due.module_path
    assert DBTaskResult.objects.get(task_path=path).status == TaskResultStatus.READY


def test_what_a_killed_worker_had_in_hand_is_still_due(client, flood, monkeypatch):
    an_entry(flood, "The lock is closed.")
    monkeypatch.setattr(searching, "_look_again", lambda *_: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        searching.bring_in()
    monkeypatch.undo()
    searching.bring_in()
    assert found(client, "lock mayor") == ["The river rises"]


def test_many_updates_are_brought_in_a_few_at_a_time(client, newsroom, monkeypatch):
    monkeypatch.setattr(searching, "AT_ONCE", 3)
    many = a_coverage("Many")
    for number in range(7):
        an_entry(many, f"Report {number} of the kingfisher.")
    assert searching.bring_in(1) == 1
    assert documents(Entry) == 7 and not SearchDue.objects.exists()


def test_bringing_in_does_not_read_the_whole_index(flood):
    """Its average length of titles, which nothing here has: others' writes wait meanwhile."""
    an_entry(flood, "The lock is closed.")
    with CaptureQueriesContext(connection) as asked:
        searching.bring_in()
    assert not [each for each in asked.captured_queries if "AVG" in each["sql"]]


def test_a_newsroom_from_before_has_its_coverage_in_the_search_by_itself(client, flood):
    """What the migration does: all is due, and the worker sees to it."""
    from importlib import import_module

    name = "nightdesk.coverage.migrations.0002_keep_coverage_in_the_search"
    migration = import_module(name)
    get_app_config().get_model("IndexEntry").objects.all().delete()
    actions.withdraw_entry(Entry.objects.get(text__contains="mayor").pk, key=uuid.uuid4())
    SearchDue.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(migration._ALL_IS_DUE)
        cursor.execute(migration._EACH_WHOLE_IS_DUE)
    later = timezone.now() + datetime.timedelta(seconds=2)
    assert searching.call_the_worker(later) == 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: later)
        searching.bring_in()
    assert found(client, "kingfisher dam") == ["The river rises"]
    assert found(client, "mayor") == [] and documents(Coverage, Entry) == 2
