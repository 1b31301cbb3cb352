"""Readers are told what was wrong in a brief, and that one was withdrawn; nothing is said twice."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.utils import timezone
from wagtail.log_actions import registry

from nightdesk.briefs.actions import (
    CORRECTED,
    WITHDRAWN,
    NotOutError,
    correct_brief,
    send_brief,
    take_back,
    withdraw_brief,
)
from nightdesk.briefs.models import Brief, BriefCorrection, DeletedBrief
from tests.making import a_brief

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def editor(signed_in):
    return signed_in("editor").user


@pytest.fixture
def sent(editor):
    brief, _new = send_brief(uuid.uuid4(), "en", "Ten are hurt.", headline="Ten hurt", by=editor)
    return brief


def correct(brief: Brief, text: str = "Two are hurt.", note: str = "It said ten.", **more) -> Brief:
    return correct_brief(brief.pk, text=text, note=note, key=uuid.uuid4(), **more)


def test_a_correction_puts_the_text_right_and_keeps_what_was_wrong(sent, editor):
    found = correct(sent, by=editor)
    assert (found.live, found.text, found.headline) == (True, "Two are hurt.", "Ten hurt")
    assert [row.words for row in found.corrections.all()] == ["It said ten."]
    assert found.changed_at >= found.corrections.get().at > sent.published_at
    assert found.published_at == sent.published_at


def test_the_headline_is_corrected_when_it_is_given(sent):
    assert correct(sent, headline="Two hurt").headline == "Two hurt"
    assert correct(sent, headline="").headline == ""


def test_a_correction_sent_twice_is_one(sent):
    key = uuid.uuid4()
    for text in ("Two are hurt.", "Something else"):
        correct_brief(sent.pk, text=text, note="It said ten.", key=key)
    sent.refresh_from_db()
    assert sent.text == "Two are hurt."
    assert sent.corrections.count() == 1


@pytest.mark.parametrize(("text", "note"), [("", "It said ten."), ("Two are hurt.", " ")])
def test_a_correction_says_what_was_wrong_and_what_is_right(sent, text, note):
    with pytest.raises(ValueError, match="correction"):
        correct(sent, text=text, note=note)
    assert not BriefCorrection.objects.exists()


def test_only_what_readers_have_is_corrected(newsroom, sent):
    draft = a_brief(newsroom.locale, "Not yet.", live=False)
    withdraw_brief(sent.pk, key=uuid.uuid4())
    for brief in (draft, sent):
        with pytest.raises(NotOutError):
            correct(brief)
    assert not BriefCorrection.objects.exists()


def test_withdrawn_its_words_stay_with_the_desk(sent, editor):
    before = timezone.now()
    found = withdraw_brief(sent.pk, by=editor, key=uuid.uuid4(), reason="The source took it back.")
    assert found.is_withdrawn
    assert found.withdrawn_at >= before
    assert found.text == "Ten are hurt."
    assert not Brief.readable("en").exists()
    told = registry.get_logs_for_instance(found).get(action=WITHDRAWN)
    assert told.comment == "The source took it back."


def test_withdrawn_twice_is_withdrawn_once_whatever_was_done_between(sent):
    key = uuid.uuid4()
    first = withdraw_brief(sent.pk, key=key).withdrawn_at
    assert withdraw_brief(sent.pk, key=uuid.uuid4()).withdrawn_at == first
    Brief.objects.get(pk=sent.pk).save_revision().publish()
    again = withdraw_brief(sent.pk, key=key)
    assert again.live
    assert again.withdrawn_at is None


@pytest.mark.parametrize("way", ["Wagtail's menu", "undo", "expiry", "takedown", "broken takedown"])
def test_whichever_way_it_is_withdrawn_it_says_since_when(sent, editor, way, tmp_path, settings):
    from nightdesk.takedown.actions import take_down
    from nightdesk.takedown.kinds import named

    settings.DATA = tmp_path
    kind = named("brief")
    match way:
        case "Wagtail's menu":
            sent.unpublish(user=editor)
        case "undo":
            take_back(sent.pk, editor)
        case "expiry":
            sent.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
        case "takedown":
            take_down(kind, sent, reason="By order.", by=editor)
        case "broken takedown":
            kind.take_away_anyhow(sent)
    assert Brief.objects.get(pk=sent.pk).is_withdrawn


def test_a_draft_of_a_withdrawn_brief_leaves_it_withdrawn_until_it_is_published(sent, editor):
    at = withdraw_brief(sent.pk, key=uuid.uuid4()).withdrawn_at
    draft = Brief.objects.get(pk=sent.pk).get_latest_revision_as_object()
    draft.text = "Two are hurt."
    draft.save()
    revision = draft.save_revision(user=editor)
    assert Brief.objects.get(pk=sent.pk).withdrawn_at == at
    revision.publish(user=editor)
    found = Brief.objects.get(pk=sent.pk)
    assert (found.live, found.withdrawn_at) == (True, None)


def test_what_readers_never_had_was_never_withdrawn(newsroom):
    draft = a_brief(newsroom.locale, "Not yet.", live=False)
    draft.unpublish()
    draft.delete()
    assert not DeletedBrief.objects.exists()


def test_of_a_deleted_brief_only_its_number_is_left(sent):
    number = sent.pk
    sent.delete()
    left = DeletedBrief.objects.get()
    assert (left.number, left.language) == (number, "en")
    assert timezone.now() - left.at < datetime.timedelta(minutes=1)


def test_the_history_tells_of_a_correction(sent, editor):
    found = correct(sent, by=editor)
    told = registry.get_logs_for_instance(found).get(action=CORRECTED)
    assert told.user == editor
    assert told.formatter.format_message(told) == "Corrected, and told readers"
