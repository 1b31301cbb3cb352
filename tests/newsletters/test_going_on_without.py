"""A story is taken down while an edition is sent: the rest can get it without that story."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from nightdesk.mail import lease
from nightdesk.mail.ports import Fate, Outcome
from nightdesk.newsletters.delivery import actions as delivery
from nightdesk.newsletters.delivery import trace
from nightdesk.newsletters.delivery.preparing import prepare
from nightdesk.newsletters.delivery.source import Editions
from nightdesk.newsletters.editions.ready import MustHoldError, make_ready, make_ready_without
from nightdesk.newsletters.editions.under_way import stands_against
from nightdesk.newsletters.models import CompiledEdition, Delivery, Edition
from nightdesk.takedown import actions as takedown
from nightdesk.takedown import kinds
from tests.making import a_story
from tests.newsletters.composing import a_newsletter, an_edition, readers

pytestmark = [pytest.mark.django_db, pytest.mark.database]

State = Edition.State


@pytest.fixture(autouse=True)
def data(tmp_path, settings, monkeypatch):
    settings.DATA = tmp_path
    monkeypatch.setattr(trace, "_folder", lambda: tmp_path / "editions")


@pytest.fixture
def story(section):
    return a_story(section, "Bridge closed")


@pytest.fixture
def edition(newsroom, section, story) -> Edition:
    """Being sent to six."""
    letter = a_newsletter(newsroom.locale)
    found = an_edition(letter, ("story", story), ("story", a_story(section, "Rain at last")))
    make_ready(found)
    at = timezone.now() - datetime.timedelta(seconds=1)
    for reader in readers(letter, 6):
        Delivery.objects.create(edition=found, subscriber=reader, not_before=at)
    Edition.objects.filter(pk=found.pk).update(state=State.SENDING, total=6)
    found.refresh_from_db()
    return found


def take_down(story) -> None:
    takedown.take_down(kinds.named("story"), story, reason="x")


def text(message) -> str:
    return message.whole.decode()


def sent(messages) -> list[Outcome]:
    return [Outcome(one.key, Fate.SENT, 250, "Ok") for one in messages]


def test_the_rest_get_it_without_and_nobody_gets_it_twice(edition, story):
    epoch = lease.take()
    editions = Editions(prepare=lambda edition, epoch: None)
    first = editions.turn([], 2, epoch)
    assert len(first) == 2 and all("Bridge closed" in text(one) for one in first)
    take_down(story)
    assert Edition.objects.get().state == State.PAUSED

    with pytest.raises(MustHoldError, match="still on their way"):
        make_ready_without(edition, None)
    assert editions.turn(sent(first), 100, epoch) == []
    assert make_ready_without(edition, None) == ["“Bridge closed” was taken down."]
    delivery.resume(edition)

    rest = editions.turn([], 100, epoch)
    assert len(rest) == 4
    assert not {one.rcpt_to for one in rest} & {one.rcpt_to for one in first}
    assert all("Bridge closed" not in text(one) and "Rain at last" in text(one) for one in rest)
    editions.turn(sent(rest), 100, epoch)
    assert Edition.objects.get().state == State.FINISHED
    counted = delivery.totals(Edition.objects.get())
    assert (counted.sent, counted.snapshot) == (6, 6)


def test_what_the_first_ones_got_is_still_known_byte_for_byte(edition, story):
    before = CompiledEdition.objects.get()
    take_down(story)
    make_ready_without(edition, None)
    was, now = CompiledEdition.objects.order_by("version")
    assert (was.html, was.text, was.sha256) == (before.html, before.text, before.sha256)
    assert (was.version, now.version) == (1, 2)
    assert f"story:{story.pk}" in was.made_of and f"story:{story.pk}" not in now.made_of


def test_what_stands_in_it_twice_is_named_once(newsroom, section):
    story = a_story(section, "Bridge closed")
    edition = an_edition(
        a_newsletter(newsroom.locale),
        ("story", story),
        ("picks", {"heading": "", "count": 3, "stories": [story.pk]}),
        state="paused",
        total=1,
    )
    take_down(story)
    assert stands_against(edition) == ["“Bridge closed” was taken down."]
    with pytest.raises(MustHoldError) as held:
        make_ready(edition)
    assert str(held.value) == "“Bridge closed” was taken down."


def test_a_sender_that_has_the_old_words_in_memory_sends_none_of_them(edition, story):
    """Paused, set right and gone on between two of its turns."""
    epoch = lease.take()
    editions = Editions(prepare=lambda edition, epoch: None)
    editions.turn(sent(editions.turn([], 1, epoch)), 0, epoch)
    take_down(story)
    make_ready_without(edition, None)
    delivery.resume(edition)
    rest = editions.turn([], 100, epoch) + editions.turn([], 100, epoch)
    assert len(rest) == 5
    assert all("Bridge closed" not in text(one) for one in rest)


def test_with_nothing_else_in_it_the_rest_can_only_be_cancelled(edition, story):
    for block in list(edition.body):
        if block.value["story"].pk != story.pk:
            take_down(block.value["story"])
    take_down(story)
    with pytest.raises(MustHoldError, match="nothing else in it"):
        make_ready_without(edition, None)
    assert Edition.objects.get().version == 1 and CompiledEdition.objects.count() == 1


def test_an_editor_is_asked_with_both_numbers_and_goes_on(edition, story, admin_client):
    take_down(story)
    overview = reverse("edition", args=[edition.pk])
    link = reverse("edition_without", args=[edition.pk])
    assert link in admin_client.get(overview).content.decode()
    page = admin_client.get(link).content.decode()
    assert "Send the rest to 6 readers without this?" in page
    assert "“Bridge closed” was taken down." in page and "0 readers have it as it was" in page
    assert admin_client.post(link)["Location"] == overview
    row = Edition.objects.get()
    assert (row.state, row.version, row.why_held) == (State.SENDING, 2, "")
    # A second press, or a second editor, finds nothing to do.
    again = admin_client.post(link, follow=True).content.decode()
    assert "It is not paused any more." in again and Edition.objects.get().version == 2


@pytest.fixture
def prepared(edition) -> Edition:
    """About to be sent: nobody has it, and its readers are being counted."""
    edition.deliveries.all().delete()
    Edition.objects.filter(pk=edition.pk).update(state=State.PREPARING, total=None)
    edition.refresh_from_db()
    return edition


def test_before_the_first_message_it_is_held_to_be_changed_or_sent_without(
    prepared, story, admin_client
):
    take_down(story)
    row = Edition.objects.get()
    assert (row.state, row.why_held) == (State.HELD, "“Bridge closed” was taken down.")
    page = admin_client.get(reverse("edition", args=[row.pk])).content.decode()
    assert reverse("edition_send", args=[row.pk]) + "?without=1" in page
    assert reverse(Edition.snippet_viewset.get_url_name("edit"), args=[row.pk]) in page


def test_paused_by_hand_before_the_first_message_it_does_not_end_in_a_dead_end(
    prepared, story, admin_client
):
    delivery.pause(prepared, "")
    take_down(story)
    page = admin_client.get(reverse("edition", args=[prepared.pk])).content.decode()
    go_on = reverse("edition_do", args=[prepared.pk, "resume"])
    assert go_on in page and "which the others would get" not in page
    admin_client.post(go_on)
    prepare(prepared.pk, lease.take())
    row = Edition.objects.get()
    assert row.state == State.HELD and "Bridge closed" in row.why_held
