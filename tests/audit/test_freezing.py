"""A frozen newsroom takes nothing, from nobody, and is still read."""

from __future__ import annotations

import datetime
import os
import threading
import time
from pathlib import Path

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from nightdesk.audit import chain, freezing
from nightdesk.audit.command import freeze_command, thaw_command
from nightdesk.kernel import frozen as sign
from nightdesk.people.models import User
from nightdesk.press import clock
from nightdesk.stories.models import StoryPage
from tests.making import a_story

pytestmark = pytest.mark.django_db
WORDS = "This newsroom is frozen since"


@pytest.fixture
def frozen(newsroom, data):
    freezing.freeze("somebody else is signed in", "olena")
    return data


def test_readers_go_on_reading(frozen, section, client):
    story = a_story(section, "Bridge opens")
    assert client.get(story.url).status_code == 200
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("path", ["/admin/login/", "/admin/pages/3/edit/", "/newsletters/", "/"])
def test_nothing_can_be_sent(frozen, client, path):
    answer = client.post(path, {"email": "reader@example.com"})
    assert answer.status_code == 503
    assert WORDS in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_no_other_method_changes_anything(frozen, client, method):
    assert getattr(client, method)("/admin/").status_code == 503


def test_staff_are_told_why_and_strangers_are_not(frozen, client):
    assert "somebody else is signed in" in client.get("/admin/login/").content.decode()
    assert "somebody else" not in client.post("/newsletters/").content.decode()


def test_everybody_is_signed_out_and_stays_so_after_the_thaw(newsroom, data, signed_in):
    editor = signed_in("editor")
    assert editor.get("/admin/").status_code == 200
    freezing.freeze()
    assert not Session.objects.exists()
    freezing.thaw()
    assert editor.get("/admin/").url.startswith("/admin/login/")
    assert editor.login(username="editor", password="night-desk")


def test_a_database_that_is_down_hinders_no_freeze_and_no_session_survives_it(
    newsroom, data, signed_in, monkeypatch
):
    editor = signed_in("editor")

    def down():
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(freezing, "end_sessions", down)
    _sign, lacking = freezing.freeze()
    assert "sessions end when the database is back (disk I/O error)" in lacking
    assert editor.get("/admin/").status_code == 503
    with pytest.raises(freezing.CannotThawError, match="disk I/O error"):
        freezing.thaw()
    assert sign.is_frozen(data)
    monkeypatch.undo()
    assert Session.objects.exists()
    assert clock.tick()["sign everybody out"] > 0
    assert not Session.objects.exists()


def test_what_is_scheduled_waits_for_the_thaw(newsroom, data, section):
    at = timezone.now() + datetime.timedelta(minutes=10)
    story = section.add_child(instance=StoryPage(title="Later", live=False, go_live_at=at))
    story.save_revision().publish()
    freezing.freeze()
    with time_machine.travel(at, tick=False):
        assert "publish what is due" not in clock.tick()
        assert not StoryPage.objects.get(pk=story.pk).live
        freezing.thaw()
        assert clock.tick()["publish what is due"] == 1
    assert StoryPage.objects.get(pk=story.pk).live


def test_freeze_and_thaw_are_in_the_chain(newsroom, data):
    freezing.freeze("a test", "olena", 7)
    freezing.thaw()
    with chain.reading() as book:
        first, second = book.after(0, 10)
    assert (first.action, first.name, first.who) == (freezing.FREEZE, "olena", 7)
    assert first.note == {"reason": "a test"}
    assert second.action == freezing.THAW


def test_freezing_twice_keeps_since_when(frozen):
    since = sign.frozen(frozen).since
    with time_machine.travel(since + datetime.timedelta(hours=1)):
        assert freezing.freeze("again")[0].since == since


def test_a_sign_that_cannot_be_read_freezes_too(data, client, newsroom):
    (data / "frozen").write_bytes(b"")
    assert client.post("/").status_code == 503


def test_a_chain_that_cannot_be_written_hinders_no_freeze(newsroom, data, monkeypatch):
    monkeypatch.setattr(chain, "path", lambda: data / "no such folder" / "audit.db")
    assert "the audit chain could not be told" in freezing.freeze()[1]
    assert sign.is_frozen(data)


def test_the_button_freezes_only_when_one_is_sure(newsroom, data, signed_in):
    keeper = signed_in("administrator")
    address = reverse("audit_freeze")
    assert "Tick that you are sure" in keeper.post(address, {"reason": "x"}).content.decode()
    assert not sign.is_frozen(data)
    answer = keeper.post(address, {"reason": "a stolen laptop", "sure": "yes"}, follow=True)
    assert (answer.status_code, sign.frozen(data).reason) == (503, "a stolen laptop")
    assert sign.frozen(data).by == "administrator"
    assert [s.get_decoded() for s in Session.objects.all()] == []
    assert "nightdesk thaw" in answer.content.decode()


@pytest.mark.parametrize("role", ["reporter", "editor", "producer", "desk-chief"])
def test_the_button_is_for_administrators(newsroom, data, signed_in, role):
    person = signed_in(role)
    person.post(reverse("audit_freeze"), {"sure": "yes"})
    assert not sign.is_frozen(data)
    assert person.get(reverse("audit_report")).status_code == 302
    assert person.get(reverse("audit_export")).status_code == 302


def test_the_commands_say_what_they_did(newsroom, data, capsys):
    User.objects.create_user("somebody")
    assert freeze_command(["--reason", "a drill"]) == 0
    assert "nothing can be changed" in capsys.readouterr().out
    assert freeze_command([]) == 0
    assert "Frozen already" in capsys.readouterr().out
    assert thaw_command([]) == 0
    assert "Thawed" in capsys.readouterr().out
    assert thaw_command([]) == 0
    assert "It was not frozen" in capsys.readouterr().out


def test_the_worker_begins_nothing_while_frozen(newsroom, data, monkeypatch):
    from django_tasks_db.models import DBTaskResult, DBTaskResultQuerySet

    from nightdesk.jobs.worker import _begin_nothing_while_frozen
    from nightdesk.people.password_reset import send_password_reset

    monkeypatch.setattr(DBTaskResultQuerySet, "ready", DBTaskResultQuerySet.ready)
    _begin_nothing_while_frozen()
    DBTaskResult.objects.all().delete()
    send_password_reset.enqueue("olena@example.com")
    assert DBTaskResult.objects.ready().count() == 1
    freezing.freeze()
    assert DBTaskResult.objects.ready().count() == 0


def test_the_sign_is_whole_or_frozen_whenever_it_is_looked_at(data):
    """Whoever looks between the making of the file and its text sees a frozen newsroom."""
    seen: list[bool] = []
    done = threading.Event()

    def watch():
        while not done.is_set():
            if sign.is_frozen(data):
                seen.append(sign.frozen(data) is not None)

    watcher = threading.Thread(target=watch)
    watcher.start()
    sign.put_up(data, "x" * 10_000)
    deadline = time.monotonic() + 30
    while not seen and time.monotonic() < deadline:
        time.sleep(0.001)
    done.set()
    watcher.join()
    assert seen
    assert all(seen)
    assert os.stat(Path(data) / "frozen").st_mode & 0o077 == 0


def test_readers_of_an_edition_are_told_in_its_language(frozen, client):
    assert "Цю редакцію заморожено" in client.post("/uk/newsletters/").content.decode()


def test_a_flood_of_forms_fills_no_log(frozen, client, caplog):
    client.post("/newsletters/")
    assert caplog.text == ""
