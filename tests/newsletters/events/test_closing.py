"""After twelve weeks an edition's numbers stay, and who got it is forgotten."""

from __future__ import annotations

import datetime

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from nightdesk.newsletters import subscribing
from nightdesk.newsletters.delivery import actions as delivery
from nightdesk.newsletters.editions import times
from nightdesk.newsletters.events import closing, reporting
from nightdesk.newsletters.models import Delivery, Edition, EditionRecord, MailEvent, Subscription
from tests.newsletters.composing import a_newsletter, an_edition, readers, sent

pytestmark = pytest.mark.django_db

#: What an edition's rows say, four of them.
FATES = (Delivery.State.SENT, Delivery.State.SENT, Delivery.State.FAILED, Delivery.State.SKIPPED)
FIVE_MINUTES = datetime.timedelta(minutes=5)
LATER = timezone.now() + closing.AFTER + datetime.timedelta(days=1)


@pytest.fixture
def edition(newsroom) -> Edition:
    letter = a_newsletter(newsroom.locale)
    found = sent(an_edition(letter, ("text", "<p>Rain.</p>"), total=len(FATES)))
    people = readers(letter, len(FATES))
    for reader, fate in zip(people, FATES, strict=True):
        Delivery.objects.create(
            edition=found, subscriber=reader, state=fate, settled_at=found.started_at
        )
    MailEvent.objects.create(
        edition=found, subscriber=people[0], kind="complained", source="x", event_id="1"
    )
    subscribing.end(people[1], letter, Subscription.Reason.LINK)
    return found


def test_its_numbers_are_the_same_before_and_after(edition):
    before = reporting.of(edition)
    assert (before.complained, before.unsubscribed, before.totals.sent) == (1, 1, 2)
    assert closing.CloseBooks()(timezone.now()) == 0, "too early"
    close = closing.CloseBooks()
    assert close(LATER) == 1 + len(FATES)
    assert not Delivery.objects.exists()
    MailEvent.objects.all().delete()
    assert reporting.of(edition) == before
    assert before.totals.adds_up
    assert close(LATER + datetime.timedelta(hours=1)) == 0


@pytest.mark.parametrize("reason", ["bounce", "complaint"])
def test_what_came_back_or_was_marked_as_spam_is_not_counted_as_unsubscribed_too(edition, reason):
    reader = edition.deliveries.order_by("pk").first().subscriber
    subscribing.end(reader, edition.newsletter, Subscription.Reason(reason))
    assert reporting.of(edition).unsubscribed == 1


def test_killed_in_between_it_goes_on_and_the_numbers_hold(edition, monkeypatch):
    before = reporting.of(edition)
    monkeypatch.setattr(closing, "STRETCH", 3)
    assert closing.CloseBooks()(LATER) == 1 + 3
    assert Delivery.objects.count() == 1 and reporting.of(edition) == before
    assert closing.CloseBooks()(LATER) == 1
    assert not Delivery.objects.exists() and reporting.of(edition) == before


def test_books_that_do_not_add_up_stay_open_for_somebody_to_look_at(edition):
    Edition.objects.filter(pk=edition.pk).update(total=5)
    assert closing.CloseBooks()(LATER) == 0
    assert Delivery.objects.count() == len(FATES) and not EditionRecord.objects.exists()


def test_an_edition_that_is_paused_is_not_over_however_old(edition):
    Edition.objects.filter(pk=edition.pk).update(state=Edition.State.PAUSED)
    assert closing.CloseBooks()(LATER) == 0


def test_the_relays_pace_is_still_known(edition, monkeypatch):
    monkeypatch.setattr(times, "_ENOUGH", 2)
    before = times.pace()
    assert before.a_second
    closing.CloseBooks()(LATER)
    assert times.pace() == before


def test_a_night_for_which_one_was_paused_says_nothing_of_the_relays_pace(edition, monkeypatch):
    """Or the next one, promised for seven, would begin at midnight."""
    monkeypatch.setattr(times, "_ENOUGH", 2)
    assert times.INTERRUPTED == (delivery.PAUSED, delivery.SENT_AGAIN)
    usual = times.pace()
    Edition.objects.filter(pk=edition.pk).update(state=Edition.State.SENDING)
    assert delivery.pause(edition, "") and delivery.resume(edition)
    Edition.objects.filter(pk=edition.pk).update(
        state=Edition.State.FINISHED, finished_at=edition.started_at + datetime.timedelta(hours=9)
    )
    assert times.pace() == times.Pace()
    other = sent(an_edition(edition.newsletter, ("text", "<p>Sun.</p>"), total=2))
    for reader in edition.deliveries.filter(state=Delivery.State.SENT):
        Delivery.objects.create(
            edition=other, subscriber=reader.subscriber, state=Delivery.State.SENT
        )
    Edition.objects.filter(pk=other.pk).update(finished_at=F("started_at") + FIVE_MINUTES)
    assert times.pace() == usual and usual.a_second


def test_a_correction_to_those_who_got_it_is_refused_in_plain_words(edition, admin_client):
    closing.CloseBooks()(LATER)
    answer = admin_client.post(reverse("edition_correct", args=[edition.pk]), follow=True)
    assert "after twelve weeks it is not kept who got an edition" in answer.content.decode()
    assert Edition.objects.count() == 1
