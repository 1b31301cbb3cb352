"""An edition on its way while everything breaks: nobody gets it twice, nobody is forgotten, and of
whom it is not known is named (docs/decisions/delivery.md).

Real processes, real connections, a real sink. Some kills here, fifty with ``NIGHTDESK_FAULTS=full``.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import time

import pytest

from nightdesk.bench.newsletters.behaviour import Refusal
from nightdesk.newsletters import subscribing
from nightdesk.newsletters.delivery import actions, source
from nightdesk.newsletters.models import Delivery, Edition, Subscription
from tests.mail.hand import books_of

from .postroom import post_room

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

FULL = os.environ.get("NIGHTDESK_FAULTS") == "full"
KILLS = 50 if FULL else 5
READERS = 40_000 if FULL else 4_000
State, Row = Edition.State, Delivery.State


@pytest.fixture(autouse=True)
def soon_again(monkeypatch):
    """A greylisted reader is tried again after a second instead of a minute."""
    monkeypatch.setattr(source, "_FIRST_WAIT", 1)


@pytest.mark.database
def test_killed_over_and_over_with_two_workers_cuts_and_refusals(tmp_path):
    seed = int(os.environ.get("NIGHTDESK_FAULT_SEED", random.randrange(10**6)))
    print(f"NIGHTDESK_FAULT_SEED={seed}")
    chance = random.Random(seed)
    bad = {
        "cut_after_dot": 0.005,
        "cut_before_dot": 0.002,
        "refuse": (Refusal(450, 0.02),),
        "delay": 3.0,
        "seed": seed,
    }
    kills = 0
    with post_room(tmp_path, READERS, **bad) as room:
        room.begin()
        room.begin()
        while kills < KILLS and room.state != State.FINISHED:
            room.wait_until_more_has_left()
            time.sleep(chance.uniform(0, 0.1))
            victim = room.sender if chance.random() < 0.8 else chance.choice(room.posts)
            victim = victim or room.posts[0]
            if chance.random() < 0.3:
                room.end_books(victim)
            else:
                room.end(victim)
            kills += 1
            room.begin()
        room.wait_until_over()
        cuts = sum(message.answered == "cut" for message in room.taken)
        counted = room.totals
        room.nobody_is_forgotten_and_nobody_got_it_twice()
    print(f"{kills} kills, {cuts} accepted and cut: {counted}")
    assert counted.uncertain <= 2 * source.WINDOW * kills + cuts
    assert counted.uncertain >= cuts
    assert counted.skipped == counted.failed == 0


def test_a_reader_who_leaves_in_the_middle_an_editor_who_pauses_and_one_who_cancels(tmp_path):
    with post_room(tmp_path, 3_000, delay=15.0) as room:
        room.begin()
        room.wait_until(lambda: len(room.taken) > 100)
        edition = room.edition
        waiting = edition.deliveries.filter(state=Row.QUEUED).select_related("subscriber")
        gone = [row.subscriber for row in waiting[:400]]
        for one in gone:
            subscribing.end(one, edition.newsletter, Subscription.Reason.ONE_CLICK)
        time.sleep(1.0)
        theirs = {one.email for one in gone}
        had_it_by_then = {message.recipient for message in room.taken} & theirs
        room.wait_until(lambda: room.totals.skipped + len(had_it_by_then) >= len(gone))

        assert actions.pause(edition, "An editor looks.")
        time.sleep(1.0)
        by_then = len(room.taken)
        assert room.totals.sending == 0
        time.sleep(1.0)
        assert len(room.taken) == by_then

        assert actions.resume(edition)
        room.wait_until(lambda: len(room.taken) > by_then + 50)
        assert actions.cancel(edition)
        time.sleep(1.0)
        by_then = len(room.taken)
        time.sleep(0.5)
        assert len(room.taken) == by_then

        assert {message.recipient for message in room.taken} & theirs == had_it_by_then
        counted = room.totals
        assert (counted.sent, counted.uncertain, counted.under_way) == (by_then, 0, 0)
        assert room.state == State.CANCELLED
        room.nobody_is_forgotten_and_nobody_got_it_twice()


def test_told_to_stop_it_leaves_nothing_uncertain(tmp_path):
    with post_room(tmp_path, 1_500, delay=5.0) as room:
        post = room.begin()
        room.wait_until(lambda: len(room.taken) > 200)
        room.end(post, signal.SIGTERM)
        counted = room.totals
        assert (counted.sending, counted.uncertain) == (0, 0)
        assert counted.queued > 0
        room.begin()
        room.wait_until_over()
        assert room.totals.sent == 1_500
        room.nobody_is_forgotten_and_nobody_got_it_twice()


def test_a_disk_that_takes_nothing_stops_it_and_loses_nothing(tmp_path):
    """Nothing can be marked, so nothing more leaves; what the relay said meanwhile is kept."""
    with post_room(tmp_path, 2_000, delay=5.0) as room:
        post = room.begin()
        room.wait_until(lambda: len(room.taken) > 200)
        books = books_of(post)
        limits = resource.prlimit(books, resource.RLIMIT_FSIZE)
        resource.prlimit(books, resource.RLIMIT_FSIZE, (0, limits[1]))
        time.sleep(1.5)
        by_then = len(room.taken)
        time.sleep(1.0)
        assert len(room.taken) == by_then
        assert room.state == State.SENDING
        assert room.totals.sending <= 2 * source.WINDOW
        resource.prlimit(books, resource.RLIMIT_FSIZE, limits)
        room.wait_until_over()
        assert room.totals.sent == 2_000
        room.nobody_is_forgotten_and_nobody_got_it_twice()
