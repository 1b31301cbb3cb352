"""What an editor decides about an edition happens once, whoever else decides the same."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from nightdesk.newsletters.delivery import actions
from nightdesk.newsletters.models import Delivery, Edition
from nightdesk.press import clock

from .making import a_newsletter, an_edition, readers, snapshot_of, state_of

pytestmark = pytest.mark.django_db

State, Fate = Edition.State, Delivery.State
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def edition(db):
    newsletter = a_newsletter()
    return an_edition(newsletter, state=State.SCHEDULED)


@pytest.fixture
def sending(edition):
    snapshot_of(edition, readers(edition.newsletter, 5))
    Edition.objects.filter(pk=edition.pk).update(state=State.SENDING)
    edition.refresh_from_db()
    return edition


def test_only_the_first_of_two_starts_it(edition):
    twin = Edition.objects.get(pk=edition.pk)
    assert actions.start(edition)
    assert edition.state == State.PREPARING
    assert edition.started_at
    assert not actions.start(twin)
    assert twin.state == State.PREPARING


def test_the_clock_starts_what_is_due_and_nothing_before(edition):
    Edition.objects.filter(pk=edition.pk).update(send_at=timezone.now() + HOUR)
    clock.tick()
    assert state_of(edition) == State.SCHEDULED
    clock.tick(timezone.now() + HOUR)
    assert state_of(edition) == State.PREPARING


def test_an_edition_of_yesterday_waits_for_an_editor(edition):
    """As after a backup was put back."""
    actions.start_due(edition.send_at + 3 * HOUR)
    edition.refresh_from_db()
    assert edition.state == State.HELD
    assert "Nobody has got it." in edition.why_held
    assert actions.start(edition), "the editor can still send it"


def test_a_pause_says_why_and_ends(sending):
    assert actions.pause(sending, "A story of it was taken down.")
    assert (sending.state, sending.why_held) == (State.PAUSED, "A story of it was taken down.")
    assert not actions.pause(sending, "Again.")
    assert actions.resume(sending)
    assert (sending.state, sending.why_held) == (State.SENDING, "")
    assert not actions.resume(sending)


def test_one_that_was_paused_before_its_readers_were_known_is_prepared_anew(edition):
    actions.start(edition)
    actions.pause(edition, "Wait.")
    actions.resume(edition)
    assert edition.state == State.PREPARING


def test_whoever_has_not_had_a_cancelled_edition_is_counted_as_passed_over(sending):
    first = sending.deliveries.first()
    Delivery.objects.filter(pk=first.pk).update(state=Fate.SENT)
    assert actions.cancel(sending)
    assert not actions.cancel(sending)
    counted = actions.totals(sending)
    assert (counted.sent, counted.skipped, counted.queued) == (1, 4, 0)
    assert counted.adds_up
    assert set(sending.deliveries.filter(state=Fate.SKIPPED).values_list("reply", flat=True)) == {
        "cancelled"
    }
    assert not actions.resume(sending)
    assert not actions.start(sending)


def test_uncertain_ones_get_it_again_only_by_an_editors_word(sending, django_user_model):
    editor = django_user_model.objects.create_user("olena")
    Delivery.objects.filter(edition=sending).update(state=Fate.SENT)
    unsure = sending.deliveries.first()
    Delivery.objects.filter(pk=unsure.pk).update(state=Fate.UNCERTAIN)
    Edition.objects.filter(pk=sending.pk).update(state=State.FINISHED)
    assert actions.uncertain(sending) == [unsure.subscriber.email]
    assert actions.send_again_to_uncertain(sending, editor) == 1
    assert actions.send_again_to_uncertain(sending, editor) == 0
    assert state_of(sending) == State.SENDING
    assert sending.deliveries.filter(state=Fate.QUEUED).get() == unsure
    assert actions.totals(sending).adds_up


def test_nobody_gets_a_cancelled_edition_again(sending, django_user_model):
    Delivery.objects.filter(edition=sending).update(state=Fate.UNCERTAIN)
    actions.cancel(sending)
    assert actions.send_again_to_uncertain(sending, None) == 0


@pytest.mark.parametrize(("taken", "state"), [(True, Fate.SENT), (False, Fate.FAILED)])
def test_a_report_settles_what_was_uncertain_and_nothing_else(sending, taken, state):
    unsure, other = sending.deliveries.all()[:2]
    Delivery.objects.filter(pk=unsure.pk).update(state=Fate.UNCERTAIN)
    assert actions.reported(sending.pk, unsure.subscriber_id, taken=taken)
    assert not actions.reported(sending.pk, unsure.subscriber_id, taken=not taken)
    assert not actions.reported(sending.pk, other.subscriber_id, taken=taken)
    unsure.refresh_from_db()
    assert unsure.state == state


def test_every_verb_of_an_editor_is_in_the_log(sending, django_user_model):
    from wagtail.log_actions import registry

    editor = django_user_model.objects.create_user("olena")
    actions.pause(sending, "Wait.", by=editor)
    actions.resume(sending, by=editor)
    actions.cancel(sending, by=editor)
    logged = [entry.action for entry in registry.get_logs_for_instance(sending)]
    assert sorted(logged) == [actions.CANCELLED, actions.PAUSED, actions.RESUMED]
    assert all(registry.action_exists(action) for action in logged)
