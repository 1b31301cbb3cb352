"""Whatever the newsroom does is in the chain, once, with who did it; what was undone is not."""

from __future__ import annotations

import hashlib
import json

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry, PageLogEntry

from nightdesk.audit import chain, events
from nightdesk.audit.content import revision_digest
from nightdesk.audit.follow import behind, follow, follow_if_possible
from nightdesk.people.models import User
from nightdesk.people.roles import give_role
from nightdesk.stories.models import StoryPage
from tests.making import a_story

from .conftest import entries, wrong

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(newsroom):
    user = User.objects.create_user("olena", password="night-desk")
    give_role(user, "editor")
    return user


@pytest.fixture
def draft(section):
    return section.add_child(instance=StoryPage(title="Bridge opens", live=False))


@pytest.mark.database
def test_publishing_is_an_entry_with_the_version_and_who(begun, draft, editor):
    revision = draft.save_revision(user=editor)
    revision.publish(user=editor)
    (entry,) = entries(action="wagtail.publish")
    assert (entry.who, entry.name, entry.label) == (editor.pk, "olena", "Bridge opens")
    assert (entry.object, entry.revision) == (f"page:{draft.pk}", revision.pk)
    revision.refresh_from_db()
    assert entry.content == revision_digest(revision)
    assert chain.verify().broken == ""


def test_nothing_is_copied_twice(begun, draft):
    draft.save_revision().publish()
    follow()
    assert follow() == 0
    assert len(entries(action="wagtail.publish")) == 1


@pytest.mark.django_db(transaction=True)
def test_the_chain_is_written_after_the_commit_and_what_is_rolled_back_never_enters(begun, draft):
    with transaction.atomic():
        log(instance=draft, action="wagtail.lock")
        with chain.reading() as book:
            assert book.last().action != "wagtail.lock"
    with chain.reading() as book:
        assert book.last().action == "wagtail.lock"
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        log(instance=draft, action="wagtail.unlock")
        raise ZeroDivisionError
    log(instance=draft, action="wagtail.rename", data={"title": {"old": "a", "new": "b"}})
    with chain.reading() as book:
        last = book.last()
    assert last.action == "wagtail.rename"
    assert entries(action="wagtail.unlock") == []


def test_what_a_crash_kept_from_the_chain_is_made_up_for(begun, draft):
    with time_machine.travel(timezone.now() - timezone.timedelta(minutes=5)):
        draft.save_revision().publish()  # and nobody came to write it down
    assert behind() is not None
    assert follow() > 0
    assert behind() is None
    assert len(entries(action="wagtail.publish")) == 1


def test_publishing_goes_on_when_the_chain_cannot_be_written(begun, draft, caplog, monkeypatch):
    monkeypatch.setattr(chain, "path", lambda: begun / "no such folder" / "audit.db")
    draft.save_revision().publish()
    follow_if_possible()
    assert StoryPage.objects.get(pk=draft.pk).live
    assert "The audit chain waits" in caplog.text
    monkeypatch.undo()
    assert len(entries(action="wagtail.publish")) == 1


def test_an_entry_of_the_log_that_was_written_past_nightdesk_is_found(begun, draft, editor):
    real = PageLogEntry.objects.filter(page=draft).last()
    forged = PageLogEntry(
        content_type=real.content_type,
        page=draft,
        label="Bridge opens",
        action="wagtail.publish",
        timestamp=timezone.now(),
        user=editor,
    )
    PageLogEntry.objects.bulk_create([forged])
    assert any("Nightdesk has not written that" in said for said in wrong())


def test_a_sealed_entry_that_is_copied_word_for_word_is_found(begun, draft):
    draft.save_revision().publish()
    follow()
    real = PageLogEntry.objects.filter(page=draft, action="wagtail.publish").get()
    real.pk = None
    PageLogEntry.objects.bulk_create([real])
    assert any("a second time" in said for said in wrong())


def test_a_chain_that_was_deleted_is_missed(begun, draft):
    with time_machine.travel(timezone.now() - timezone.timedelta(hours=1)):
        draft.save_revision().publish()
    for file in begun.glob("audit.*"):
        file.unlink()
    assert any("an earlier one is missing" in said for said in wrong())


def test_a_new_newsroom_misses_no_chain(newsroom, draft):
    draft.save_revision().publish()
    assert wrong() == []
    assert len(entries(action="wagtail.publish")) == 1


def test_another_database_in_its_place_is_noticed(begun, draft, section):
    draft.save_revision().publish()
    follow()
    PageLogEntry.objects.filter(page=draft, action="wagtail.publish").delete()
    a_story(section, "Written after the database was put back")
    assert entries(action="nightdesk.audit.rewound")
    assert any("was set back" in said for said in wrong())


def test_signing_in_and_out_are_entries_without_address_and_session_key(begun, editor, client):
    client.post("/admin/login/", {"username": "olena", "password": "night-desk"})
    key = client.session.session_key
    client.post("/admin/logout/")
    signed_in, signed_out = entries(kind="user", who=editor.pk)
    assert signed_in.action == events.SIGNED_IN
    assert signed_in.session == hashlib.sha256(key.encode()).hexdigest()[:32]
    assert signed_out.action == events.SIGNED_OUT
    everything = json.dumps([entry.as_json() for entry in entries()])
    assert key not in everything
    assert "127.0.0.1" not in everything


def test_what_an_editor_does_carries_the_session(begun, signed_in, draft):
    editor = signed_in("editor")
    editor.post(f"/admin/pages/{draft.pk}/lock/", {"next": "/admin/"})
    (entry,) = entries(action="wagtail.lock")
    expected = hashlib.sha256(editor.session.session_key.encode()).hexdigest()[:32]
    assert (entry.name, entry.session) == ("editor", expected)


def test_guesses_at_an_account_are_noted_seldom_and_never_what_was_guessed(begun, editor, client):
    cache.clear()
    for guess in ("hunter2", "hunter3", "hunter4"):
        client.post("/admin/login/", {"username": "olena", "password": guess})
    client.post("/admin/login/", {"username": "nobody-here", "password": "hunter5"})
    (entry,) = entries(action=events.REFUSED)
    assert entry.label == "olena"
    assert not any("hunter" in entry.as_json() for entry in entries())


def test_a_new_role_is_an_entry(begun, editor):
    give_role(editor, "administrator")
    said = [entry.note["log"] for entry in entries(action=events.ROLES, object=_id(editor))]
    assert said[-2:] == [{"removed": ["Editor"]}, {"added": ["Administrator"]}]


def test_new_rights_of_a_group_are_an_entry(begun, editor):
    from django.contrib.auth.models import Permission

    right = Permission.objects.get(codename="freeze_newsroom")
    Group.objects.get(name="Editor").permissions.add(right)
    assert entries(action=events.RIGHTS)[-1].note["log"] == {"added": ["audit.freeze_newsroom"]}


def test_a_new_password_and_an_owner_made_are_entries_without_the_password(begun, editor):
    editor.is_superuser = True
    editor.set_password("a new one")
    editor.save()
    entry = entries(action=events.ACCOUNT, object=_id(editor))[-1]
    assert entry.note["log"] == {"changed": ["is_superuser", "password"]}


def test_signing_in_is_no_change_of_an_account(begun, editor, client):
    client.force_login(editor)
    follow()
    last = ModelLogEntry.objects.for_instance(editor).first()
    assert last.action == events.SIGNED_IN


def _id(user: User) -> str:
    return f"people.user:{user.pk}"
