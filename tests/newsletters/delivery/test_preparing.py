"""Between “send it” and the first message: who gets it is written down."""

from __future__ import annotations

import datetime
import sys
import types

import pytest
from django.utils import timezone

from nightdesk.mail import lease
from nightdesk.newsletters import subscribing
from nightdesk.newsletters.addresses import fingerprint
from nightdesk.newsletters.delivery import actions, audience, preparing, trace
from nightdesk.newsletters.delivery.preparing import prepare
from nightdesk.newsletters.editions.ready import MustHoldError
from nightdesk.newsletters.models import Delivery, Edition, Subscriber, Subscription, Suppression
from nightdesk.newsletters.said import Said
from nightdesk.people.models import User

from .making import a_newsletter, an_edition, readers, snapshot_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]

State = Edition.State
DAY = datetime.timedelta(days=1)


@pytest.fixture
def looked_at(monkeypatch) -> list[Edition]:
    """In the place of looking at its stories, which has tests of its own."""
    seen: list[Edition] = []
    ready = types.ModuleType("nightdesk.newsletters.editions.ready")
    ready.MustHoldError = MustHoldError
    ready.make_ready = seen.append
    monkeypatch.setitem(sys.modules, "nightdesk.newsletters.editions.ready", ready)
    return seen


@pytest.fixture
def epoch(db) -> int:
    return lease.take()


def started(newsletter, **fields: object) -> Edition:
    edition = an_edition(newsletter, **fields)
    assert actions.start(edition)
    return edition


def test_everybody_who_wants_it_now_gets_it_and_nobody_else(looked_at, epoch, monkeypatch):
    monkeypatch.setattr(audience, "STRETCH", 3)
    newsletter = a_newsletter()
    wanted = readers(newsletter, 8)
    readers(a_newsletter(), 2)
    left, barred, elsewhere, paused, back, erased, unsure = readers(newsletter, 7)
    subscribing.end(left, newsletter, Subscription.Reason.LINK)
    Suppression.objects.create(fingerprint=fingerprint(barred.email_key), reason="complaint")
    Suppression.objects.create(
        fingerprint=fingerprint(elsewhere.email_key), newsletter=a_newsletter(), reason="bounce"
    )
    some = Subscriber.objects.filter
    some(pk=paused.pk).update(paused_until=timezone.now() + DAY)
    some(pk=back.pk).update(paused_until=timezone.now() - DAY)
    some(pk=erased.pk).update(erased_at=timezone.now())
    Subscription.objects.filter(subscriber=unsure).update(state="pending")
    edition = started(newsletter)
    prepare(edition.pk, epoch)
    edition.refresh_from_db()
    assert edition.state == State.SENDING
    assert looked_at == [edition]
    got = set(edition.deliveries.values_list("subscriber", flat=True))
    assert got == {one.pk for one in [*wanted, elsewhere, back]}
    assert edition.total == len(got) == actions.totals(edition).queued


def test_a_correction_goes_to_those_who_got_what_it_corrects(looked_at, epoch):
    newsletter = a_newsletter()
    got, unsure, refused, missed, left = readers(newsletter, 5)
    wrong = an_edition(newsletter, state=State.FINISHED)
    snapshot_of(wrong, [got, left], state=Delivery.State.SENT)
    snapshot_of(wrong, [unsure], state=Delivery.State.UNCERTAIN)
    snapshot_of(wrong, [refused], state=Delivery.State.FAILED)
    snapshot_of(wrong, [missed], state=Delivery.State.SKIPPED)
    subscribing.end(left, newsletter, Subscription.Reason.LINK)
    edition = started(newsletter, kind=Edition.Kind.CORRECTION, corrects=wrong)
    prepare(edition.pk, epoch)
    assert set(edition.deliveries.values_list("subscriber", flat=True)) == {got.pk, unsure.pk}


def test_a_story_that_was_taken_down_holds_it(looked_at, epoch, monkeypatch):
    def must_hold(edition):
        raise MustHoldError(Said("“%(title)s” was taken down.", title="The river turns"))

    ready = sys.modules["nightdesk.newsletters.editions.ready"]
    monkeypatch.setattr(ready, "make_ready", must_hold)
    newsletter = a_newsletter()
    readers(newsletter, 2)
    edition = started(newsletter)
    prepare(edition.pk, epoch)
    edition.refresh_from_db()
    assert (edition.state, edition.total) == (State.HELD, None)
    assert edition.why_held == "“The river turns” was taken down."
    assert not edition.deliveries.exists()


def test_killed_in_between_it_begins_anew(looked_at, epoch, monkeypatch):
    newsletter = a_newsletter()
    everybody = readers(newsletter, 5)
    edition = started(newsletter)
    snapshot_of(edition, everybody[:3])
    Edition.objects.filter(pk=edition.pk).update(total=None)
    subscribing.end(everybody[0], newsletter, Subscription.Reason.LINK)
    prepare(edition.pk, epoch)
    edition.refresh_from_db()
    assert edition.total == 4
    assert actions.totals(edition).adds_up


def test_whoever_was_overtaken_by_another_sender_stops(looked_at, epoch, monkeypatch):
    newsletter = a_newsletter()
    readers(newsletter, 5)
    edition = started(newsletter)

    def overtaken(edition):
        Edition.objects.filter(pk=edition.pk).update(epoch=epoch + 1)

    ready = sys.modules["nightdesk.newsletters.editions.ready"]
    monkeypatch.setattr(ready, "make_ready", overtaken)
    prepare(edition.pk, epoch)
    edition.refresh_from_db()
    assert (edition.state, edition.total) == (State.PREPARING, None)
    assert not edition.deliveries.exists()


def test_cancelled_meanwhile_nothing_is_sent(looked_at, epoch, monkeypatch):
    newsletter = a_newsletter()
    readers(newsletter, 5)
    edition = started(newsletter)
    ready = sys.modules["nightdesk.newsletters.editions.ready"]
    monkeypatch.setattr(ready, "make_ready", actions.cancel)
    prepare(edition.pk, epoch)
    edition.refresh_from_db()
    assert edition.state == State.CANCELLED


def test_after_a_backup_was_put_back_what_was_sent_since_is_not_sent_by_the_clock(looked_at, epoch):
    newsletter = a_newsletter()
    readers(newsletter, 2)
    edition = an_edition(newsletter, state=State.SCHEDULED)
    trace.Tracing().note(edition.pk, 7)
    assert actions.start_due(timezone.now()) == 1
    prepare(edition.pk, epoch)
    edition.refresh_from_db()
    assert edition.state == State.HELD
    assert "backup" in edition.why_held
    assert actions.start(edition, by=User.objects.create_user("olena")), "an editor said so"
    prepare(edition.pk, epoch)
    edition.refresh_from_db()
    assert edition.state == State.SENDING


def test_a_fault_of_ours_holds_it_with_a_sentence(looked_at, epoch, monkeypatch):
    def broken(edition):
        raise TypeError("oh")

    ready = sys.modules["nightdesk.newsletters.editions.ready"]
    monkeypatch.setattr(ready, "make_ready", broken)
    monkeypatch.setattr(preparing.connection, "close", lambda: None)
    edition = started(a_newsletter())
    preparing.prepare_in_background(edition.pk, epoch)
    edition.refresh_from_db()
    assert edition.state == State.HELD
    assert "Nobody has got it" in edition.why_held
