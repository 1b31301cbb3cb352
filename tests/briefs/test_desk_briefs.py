"""Writing briefs: the whole form, and the short one that is bookmarked."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from nightdesk.briefs.models import Brief
from nightdesk.press import clock

pytestmark = pytest.mark.django_db

SHORT = "/admin/brief/"


@pytest.fixture
def editor(signed_in):
    return signed_in("editor")


def empty_form(client, query=""):
    form = client.get(SHORT + query).context["form"]
    return {"key": str(form["key"].value()), "language": form["language"].value()}


def whole(**fields):
    empty = dict.fromkeys(
        ["headline", "published_at", "source", "source_url", "story", "picture"], ""
    )
    return {**empty, "text": "The gauge reads four metres.", "action-publish": "1", **fields}


@pytest.fixture
def add(editor):
    return reverse(Brief.snippet_viewset.get_url_name("add"))


def test_one_field_is_enough(editor):
    page = editor.post(SHORT, {**empty_form(editor), "text": "Trams run again."}, follow=True)
    brief = Brief.objects.get()
    assert brief.live
    assert abs(brief.published_at - timezone.now()) < datetime.timedelta(minutes=1)
    html = page.content.decode()
    assert "“Trams run again” is in the News Feed." in html
    assert f'href="{brief.get_absolute_url()}"' in html
    assert page.context["form"]["text"].value() is None


def test_an_empty_brief_is_a_message_and_keeps_what_was_typed(editor):
    page = editor.post(SHORT, {**empty_form(editor), "text": " ", "source": "River service"})
    assert page.status_code == 200
    assert "Write at least a sentence." in page.content.decode()
    assert "River service" in page.content.decode()
    assert not Brief.objects.exists()


def test_the_same_form_sent_twice_is_one_brief(editor):
    sent = {**empty_form(editor), "text": "Trams run again."}
    editor.post(SHORT, sent)
    editor.post(SHORT, sent)
    assert Brief.objects.count() == 1
    assert editor.post(SHORT, {**sent, "key": "nonsense"}).status_code == 200


def test_a_brief_goes_into_the_language_that_was_chosen(editor):
    form = empty_form(editor, "?language=uk")
    assert form["language"] == "uk"
    again = editor.post(SHORT, {**form, "text": "Трамваї знову ходять."})
    assert Brief.objects.get().get_absolute_url().startswith("/uk/news-feed/")
    assert again.url == f"{SHORT}?language=uk&sent={Brief.objects.get().pk}"
    assert empty_form(editor, "?language=xx")["language"] == "en"


def test_a_reporter_leaves_a_draft_for_an_editor(signed_in):
    reporter = signed_in("reporter")
    page = reporter.post(SHORT, {**empty_form(reporter), "text": "Unconfirmed."}, follow=True)
    assert "kept as a draft" in page.content.decode()
    assert Brief.objects.get().live is False


def test_nobody_gets_the_form_without_signing_in(client, newsroom):
    assert client.get(SHORT).status_code == 302


def test_the_whole_form_publishes_at_the_moment_of_publishing(editor, add):
    editor.post(add, whole(source="River service"))
    brief = Brief.objects.get()
    assert brief.live
    assert abs(brief.published_at - timezone.now()) < datetime.timedelta(minutes=1)


def test_a_draft_is_timed_when_it_is_published_not_when_it_was_begun(editor, add):
    yesterday = timezone.now() - datetime.timedelta(days=1)
    with time_machine.travel(yesterday):
        data = whole()
        del data["action-publish"]
        editor.post(add, data)
    brief = Brief.objects.get()
    assert brief.live is False
    edit = reverse(Brief.snippet_viewset.get_url_name("edit"), args=[brief.pk])
    assert editor.get(edit).context["form"]["published_at"].value() is None
    editor.post(edit, whole())
    assert Brief.objects.get().published_at > yesterday + datetime.timedelta(hours=23)


def test_a_time_to_come_is_when_it_is_published(editor, add):
    later = timezone.localtime() + datetime.timedelta(hours=3)
    editor.post(add, whole(published_at=f"{later:%Y-%m-%d %H:%M}"))
    assert Brief.objects.get().live is False
    with time_machine.travel(later + datetime.timedelta(minutes=1)):
        clock.tick()
    assert Brief.objects.get().live


def test_the_last_five_sources_are_offered(editor, newsroom, add):
    for number in range(7):
        Brief.objects.create(
            text="x",
            source=f"source {number % 6}",
            locale=newsroom.locale,
            published_at=timezone.now() - datetime.timedelta(hours=number),
        )
    assert Brief.recent_sources(5) == [f"source {number}" for number in range(5)]
    assert '<option value="source 4">' in editor.get(add).content.decode()


def test_the_list_tells_time_words_source_and_state(editor, newsroom):
    Brief.objects.create(
        text="The gauge reads four metres. More at noon.",
        source="River service",
        locale=newsroom.locale,
    )
    page = editor.get(reverse(Brief.snippet_viewset.get_url_name("list"))).content.decode()
    assert "The gauge reads four metres" in page
    assert "River service" in page


def send(client, text="Trams run again.", **fields):
    return client.post(SHORT, {**empty_form(client), "text": text, **fields}, follow=True)


def undo(client, brief):
    return client.post(reverse("undo_brief", args=[brief.pk]), follow=True)


def test_what_was_just_sent_is_taken_back_and_sent_again_put_right(editor):
    page = send(editor, "Trams ruin again.", source="Trams")
    brief = Brief.objects.get()
    assert f'action="{reverse("undo_brief", args=[brief.pk])}"' in page.content.decode()
    page = undo(editor, brief)
    brief.refresh_from_db()
    assert brief.live is False
    assert "“Trams ruin again” was taken back." in page.content.decode()
    form = page.context["form"]
    assert form["text"].value() == "Trams ruin again." and form["source"].value() == "Trams"
    again = {"key": str(form["key"].value()), "language": "en", "text": "Trams run again."}
    editor.post(SHORT, again)
    brief.refresh_from_db()
    assert (Brief.objects.count(), brief.live, brief.text) == (1, True, "Trams run again.")


def test_after_some_seconds_it_is_too_late_to_undo_and_nothing_changes(editor):
    with time_machine.travel(timezone.now(), tick=False) as clock_:
        send(editor)
        clock_.shift(16)
        page = undo(editor, Brief.objects.get())
    assert "It was too late to undo" in page.content.decode()
    assert Brief.objects.get().live


def test_nobody_undoes_what_a_colleague_sent(editor, signed_in):
    send(editor)
    brief = Brief.objects.get()
    chief = signed_in("desk-chief")
    assert "/undo/" not in chief.get(f"{SHORT}?sent={brief.pk}").content.decode()
    undo(chief, brief)
    assert Brief.objects.get().live
    reporter = signed_in("reporter")
    undo(reporter, brief)
    assert Brief.objects.get().live


def test_a_look_at_the_address_of_undo_changes_nothing(editor):
    send(editor)
    editor.get(reverse("undo_brief", args=[Brief.objects.get().pk]))
    assert Brief.objects.get().live


def test_the_short_form_publishes_later_when_told_and_undo_takes_the_time_away(editor):
    later = timezone.localtime() + datetime.timedelta(hours=3)
    page = send(editor, at=f"{later:%Y-%m-%dT%H:%M}")
    brief = Brief.objects.get()
    assert brief.live is False and brief.scheduled_revision
    assert "“Trams run again” goes out at" in page.content.decode()
    undo(editor, brief)
    with time_machine.travel(later + datetime.timedelta(minutes=1)):
        clock.tick()
    assert Brief.objects.get().live is False
    send(editor, "The second.", at=f"{later:%Y-%m-%dT%H:%M}")
    with time_machine.travel(later + datetime.timedelta(minutes=1)):
        clock.tick()
    assert Brief.objects.get(text="The second.").live


def test_a_time_that_nobody_can_read_is_a_message_and_keeps_the_words(editor):
    page = send(editor, at="soon")
    assert page.context["form"].errors["at"]
    assert page.context["form"]["text"].value() == "Trams run again."
    assert not Brief.objects.exists()


def test_a_draft_of_somebody_else_is_never_put_into_the_form(editor, signed_in, newsroom):
    other = Brief.objects.create(text="Secret.", locale=newsroom.locale, live=False)
    assert "Secret." not in editor.get(f"{SHORT}?again={other.pk}").content.decode()
