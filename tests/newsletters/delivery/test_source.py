"""What the sender is given of an edition, and what is known afterwards: of everybody, always."""

from __future__ import annotations

import datetime
from collections import Counter

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from nightdesk.mail import lease
from nightdesk.mail.ports import Fate, Outcome
from nightdesk.newsletters import subscribing
from nightdesk.newsletters.addresses import fingerprint
from nightdesk.newsletters.delivery import actions, source, trace
from nightdesk.newsletters.delivery.source import WINDOW, Editions, next_wait
from nightdesk.newsletters.models import Delivery, Edition, Subscription, Suppression

from .making import a_newsletter, an_edition, readers, snapshot_of, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]

State, Row = Edition.State, Delivery.State


@pytest.fixture
def epoch(db) -> int:
    return lease.take()


@pytest.fixture
def editions() -> Editions:
    return Editions(prepare=lambda edition, epoch: None)


def being_sent(count: int, **fields: object) -> Edition:
    newsletter = a_newsletter()
    edition = an_edition(newsletter, state=State.SENDING, **fields)
    snapshot_of(edition, readers(newsletter, count))
    return edition


def of(edition: Edition) -> dict[str, int]:
    counted = actions.totals(edition)
    assert counted.adds_up
    return {
        name: count
        for name in ("queued", "sending", "sent", "skipped", "failed", "uncertain")
        if (count := getattr(counted, name))
    }


def sent(messages) -> list[Outcome]:
    return [Outcome(one.key, Fate.SENT, 250, "2.0.0 Ok: queued as 4F") for one in messages]


def someone_else_begins() -> int:
    from nightdesk.mail.models import Sender

    Sender.objects.update(holder="another-machine 1 1", lease_until=None)
    return lease.take()


def test_everybody_gets_it_once_and_it_is_over(editions, epoch):
    edition = being_sent(150)
    got: Counter[str] = Counter()
    told: list[Outcome] = []
    while messages := editions.turn(told, 1000, epoch):
        assert len(messages) <= 2 * WINDOW
        got.update(message.rcpt_to for message in messages)
        told = sent(messages)
    assert len(got) == 150
    assert set(got.values()) == {1}
    assert of(edition) == {"sent": 150}
    assert state_of(edition) == State.FINISHED
    row = edition.deliveries.first()
    assert (row.code, row.reply) == (250, "2.0.0 Ok: queued as 4F")
    assert row.settled_at


def test_what_is_given_away_is_marked_before(editions, epoch):
    edition = being_sent(3)
    assert len(editions.turn([], 2, epoch)) == 2
    assert of(edition) == {"queued": 1, "sending": 2}


def test_marking_looks_at_those_who_are_marked_and_not_at_all_who_wait(editions, epoch):
    """With 200,000 waiting, looking at all of them cost more than everything else together."""
    edition = being_sent(300)
    with CaptureQueriesContext(connection) as asked:
        assert editions.turn([], 3, epoch)
    (mark,) = [one["sql"] for one in asked if "SET state = 1" in one["sql"]]
    plan = planned(mark)
    assert "deliveries_waiting" not in plan
    assert ("rowid=?" if connection.vendor == "sqlite" else "newsletters_delivery_pkey") in plan
    assert of(edition) == {"queued": 297, "sending": 3}


def planned(statement: str) -> str:
    """How the database would do it: which index it looks through."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
            return " ".join(row[3] for row in cursor.fetchall())
        # Of so few rows it would read all; with many it cannot.
        cursor.execute("ANALYZE newsletters_delivery")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {statement}")
        return " ".join(row[0] for row in cursor.fetchall())


def test_never_more_than_two_windows_are_under_way(editions, epoch):
    edition = being_sent(3 * WINDOW)
    for _ in range(5):
        editions.turn([], 1000, epoch)
    assert of(edition) == {"queued": WINDOW, "sending": 2 * WINDOW}


@pytest.mark.parametrize(
    ("leave", "why"),
    [
        (
            lambda letter, one: subscribing.end(one, letter, Subscription.Reason.LINK),
            "unsubscribed",
        ),
        (
            lambda letter, one: Suppression.objects.create(
                fingerprint=fingerprint(one.email_key), reason="complaint"
            ),
            "suppressed",
        ),
        (
            lambda letter, one: Suppression.objects.create(
                fingerprint=fingerprint(one.email_key), newsletter=letter, reason="bounce"
            ),
            "suppressed",
        ),
        (
            lambda letter, one: (
                type(one)
                .objects.filter(pk=one.pk)
                .update(paused_until=timezone.now() + datetime.timedelta(days=9))
            ),
            "paused",
        ),
        (
            lambda letter, one: (
                type(one)
                .objects.filter(pk=one.pk)
                .update(erased_at=timezone.now(), email="", email_ascii="")
            ),
            "erased",
        ),
    ],
)
def test_who_left_a_moment_ago_is_passed_over(editions, epoch, leave, why):
    edition = being_sent(3)
    gone = edition.deliveries.last().subscriber
    leave(edition.newsletter, gone)
    messages = editions.turn([], 10, epoch)
    assert gone.email not in [message.rcpt_to for message in messages]
    assert len(messages) == 2
    row = edition.deliveries.get(subscriber=gone)
    assert (row.state, row.reply) == (Row.SKIPPED, why)
    editions.turn(sent(messages), 10, epoch)
    assert state_of(edition) == State.FINISHED


def test_one_barred_from_another_newsletter_gets_this_one(editions, epoch):
    edition = being_sent(1)
    one = edition.deliveries.get().subscriber
    Suppression.objects.create(
        fingerprint=fingerprint(one.email_key), newsletter=a_newsletter(), reason="bounce"
    )
    assert len(editions.turn([], 10, epoch)) == 1


def test_a_refusal_ends_it_for_the_refused_alone(editions, epoch):
    edition = being_sent(2)
    first, second = editions.turn([], 10, epoch)
    told = [Outcome(first.key, Fate.REFUSED, 550, "5.1.1 Unknown"), *sent([second])]
    editions.turn(told, 10, epoch)
    assert of(edition) == {"sent": 1, "failed": 1}
    assert edition.deliveries.get(pk=first.key).reply == "5.1.1 Unknown"
    assert state_of(edition) == State.FINISHED


def test_a_greylisted_reader_gets_it_later(editions, epoch):
    edition = being_sent(1)
    (message,) = editions.turn([], 10, epoch)
    begun = timezone.now()
    assert editions.turn([Outcome(message.key, Fate.LATER, 451, "4.7.1 Later")], 10, epoch) == []
    assert of(edition) == {"queued": 1}
    assert state_of(edition) == State.SENDING
    row = edition.deliveries.get()
    assert row.attempt == 1
    assert 50 < (row.not_before - begun).total_seconds() < 70
    with time_machine.travel(begun + datetime.timedelta(seconds=90), tick=False):
        assert [one.key for one in editions.turn([], 10, epoch)] == [message.key]


def test_tries_go_on_for_a_day_and_not_longer():
    waits = []
    while (wait := next_wait(len(waits))) is not None:
        waits.append(wait)
    assert waits[:5] == [60, 240, 960, 3840, 14400]
    assert max(waits) == 4 * 3600
    assert 20 * 3600 < sum(waits) <= 24 * 3600


def test_one_that_was_not_taken_for_a_day_is_given_up(editions, epoch):
    edition = being_sent(1)
    edition.deliveries.update(attempt=len([n for n in range(50) if next_wait(n)]))
    (message,) = editions.turn([], 10, epoch)
    editions.turn([Outcome(message.key, Fate.LATER, 452, "4.2.2 Full")], 10, epoch)
    assert of(edition) == {"failed": 1}


@pytest.mark.parametrize("fate", [Fate.LATER, Fate.REFUSED])
def test_a_relay_that_refuses_everything_counts_against_nobody(editions, epoch, fate):
    edition = being_sent(1)
    (message,) = editions.turn([], 10, epoch)
    before = edition.deliveries.get().not_before
    refusal = Outcome(message.key, fate, 535, "No", concerns_all=True)
    editions.turn([refusal], 10, epoch)
    (again,) = editions.turn([], 10, epoch)
    assert again.key == message.key
    row = edition.deliveries.get()
    assert (row.attempt, row.not_before) == (0, before)


def test_one_cut_after_the_dot_is_named_and_not_tried_again(editions, epoch):
    edition = being_sent(2)
    first, second = editions.turn([], 10, epoch)
    told = [Outcome(first.key, Fate.UNCERTAIN, 0, "cut"), *sent([second])]
    assert editions.turn(told, 10, epoch) == []
    assert of(edition) == {"sent": 1, "uncertain": 1}
    assert state_of(edition) == State.FINISHED
    assert actions.uncertain(edition) == [first.rcpt_to]


def test_what_a_sender_that_died_had_under_way_is_uncertain(editions, epoch):
    edition = being_sent(5)
    lost = editions.turn([], 2, epoch)
    later = someone_else_begins()
    following = Editions(prepare=lambda edition, epoch: None)
    following.found_at_start(later)
    assert of(edition) == {"queued": 3, "uncertain": 2}
    with pytest.raises(lease.StaleSenderError):
        editions.turn(sent(lost), 2, epoch)
    assert of(edition) == {"queued": 3, "uncertain": 2}
    following.turn(sent(following.turn([], 10, later)), 10, later)
    assert of(edition) == {"sent": 3, "uncertain": 2}


def test_an_older_epoch_in_the_row_is_enough_to_change_nothing(editions, epoch):
    """Should the lease ever be wrong: every statement asks for itself."""
    edition = being_sent(1)
    (message,) = editions.turn([], 10, epoch)
    Edition.objects.filter(pk=edition.pk).update(epoch=epoch + 1)
    editions.turn(sent([message]), 10, epoch)
    assert of(edition) == {"sending": 1}


@pytest.mark.parametrize("verb", ["pause", "cancel"])
def test_a_paused_edition_gives_no_more_but_what_was_under_way_is_written_down(
    editions, epoch, verb
):
    edition = being_sent(5)
    messages = editions.turn([], 2, epoch)
    actions.pause(edition, "Wait.") if verb == "pause" else actions.cancel(edition)
    assert editions.turn(sent(messages), 10, epoch) == []
    rest = {"queued": 3} if verb == "pause" else {"skipped": 3}
    assert of(edition) == {"sent": 2, **rest}
    if verb == "pause":
        actions.resume(edition)
        assert len(editions.turn([], 10, epoch)) == 3


def test_nobody_is_tried_again_after_the_edition_was_cancelled(editions, epoch):
    edition = being_sent(1)
    (message,) = editions.turn([], 10, epoch)
    actions.cancel(edition)
    editions.turn([Outcome(message.key, Fate.LATER, 451, "Later")], 10, epoch)
    assert of(edition) == {"skipped": 1}


def test_two_editions_share_every_turn(editions, epoch):
    large, small = being_sent(50), being_sent(3)
    messages = editions.turn([], 20, epoch)
    assert len(messages) == 20
    assert of(small) == {"sending": 3}
    assert of(large)["sending"] == 17


def test_an_edition_can_be_spread_over_minutes(editions, epoch, monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(source.time, "monotonic", lambda: clock[0])
    being_sent(120, spread_minutes=1)
    told: list[Outcome] = []
    got = []
    for _second in range(10):
        messages = editions.turn(told, 1000, epoch)
        told = sent(messages)
        got.append(len(messages))
        clock[0] += 1.0
    assert got == [1, 2, 2, 2, 2, 2, 2, 2, 2, 2]


def test_a_database_put_back_from_a_backup_does_not_go_on_by_itself(editions, epoch):
    edition = being_sent(5)
    messages = editions.turn([], 2, epoch)
    editions.turn(sent(messages), 0, epoch)
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=3), tick=False):
        editions.found_at_start(someone_else_begins())
    edition.refresh_from_db()
    assert edition.state == State.PAUSED
    assert "backup" in edition.why_held
    assert of(edition) == {"queued": 3, "sent": 2}


def test_a_backup_of_an_hour_ago_is_known_by_what_the_folder_remembers(editions, epoch):
    edition = being_sent(5)
    as_saved = list(edition.deliveries.values())
    editions.turn(sent(editions.turn([], 2, epoch)), 0, epoch)
    edition.deliveries.all().delete()
    Delivery.objects.bulk_create(Delivery(**row) for row in as_saved)
    editions.found_at_start(someone_else_begins())
    edition.refresh_from_db()
    assert edition.state == State.PAUSED
    assert "backup" in edition.why_held
    actions.resume(edition)
    assert len(editions.turn([], 9, someone_else_begins())) == 5, "an editor said so"


def test_what_the_folder_remembers_of_another_edition_with_this_number_is_nothing(editions, epoch):
    """The number was given again, after a backup was put back."""
    edition = being_sent(5)
    trace.Tracing().note(edition.pk, edition.deliveries.last().pk)
    Edition.objects.filter(pk=edition.pk).update(
        created_at=timezone.now() + datetime.timedelta(seconds=1)
    )
    editions.found_at_start(someone_else_begins())
    assert state_of(edition) == State.SENDING


def test_a_sender_that_was_away_for_a_minute_goes_on(editions, epoch):
    edition = being_sent(5)
    editions.turn([], 0, epoch)
    editions.found_at_start(someone_else_begins())
    assert state_of(edition) == State.SENDING


def test_rows_that_are_missing_stop_it_with_a_sentence(editions, epoch):
    edition = being_sent(3)
    Delivery.objects.filter(pk=edition.deliveries.first().pk).delete()
    editions.turn(sent(editions.turn([], 10, epoch)), 10, epoch)
    edition.refresh_from_db()
    assert edition.state == State.PAUSED
    assert "3 readers, and 2 are accounted for" in edition.why_held


def test_a_mail_that_cannot_be_made_stops_nobody_elses(editions, epoch, monkeypatch):
    edition = being_sent(2)
    first = edition.deliveries.first()
    build = Editions._message

    def fails_for_the_first(segments, one):
        if one.id == first.pk:
            raise ValueError("no such letter")
        return build(segments, one)

    monkeypatch.setattr(editions, "_message", fails_for_the_first)
    (message,) = editions.turn([], 10, epoch)
    editions.turn(sent([message]), 10, epoch)
    assert of(edition) == {"sent": 1, "failed": 1}


def test_a_fault_of_ours_gives_up_nobody(editions, epoch, monkeypatch):
    edition = being_sent(2)

    def broken(segments, one):
        raise TypeError("oh")

    monkeypatch.setattr(editions, "_message", broken)
    assert editions.turn([], 10, epoch) == []
    assert editions.turn([], 10, epoch) == []
    assert state_of(edition) == State.PAUSED
    assert of(edition) == {"queued": 2}


def test_an_edition_that_cannot_be_compiled_is_stopped_before_anybody_is_marked(editions, epoch):
    edition = being_sent(2, compiled=False)
    other = being_sent(2)
    assert len(editions.turn([], 10, epoch)) == 2
    assert state_of(edition) == State.PAUSED
    assert of(edition) == {"queued": 2}
    assert of(other) == {"sending": 2}


def test_nothing_to_send_costs_no_transaction(editions, epoch, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert editions.turn([], 10, epoch) == []
