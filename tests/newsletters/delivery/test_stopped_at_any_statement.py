"""P2: a newsroom that stops dead before any SQL statement of starting, preparing and sending an
edition has done the whole step, or nothing of it; and whoever comes next brings it to its end."""

from __future__ import annotations

import sys
import types

import pytest
from django.db import connection
from wagtail.log_actions import registry

from nightdesk.mail import lease
from nightdesk.mail.models import Sender
from nightdesk.mail.ports import Fate, Outcome
from nightdesk.newsletters.delivery import actions, audience
from nightdesk.newsletters.delivery.preparing import prepare
from nightdesk.newsletters.delivery.source import Editions
from nightdesk.newsletters.models import Delivery, Edition
from tests.press.test_stopped_at_any_statement import Machine, StoppedDead

from .making import a_newsletter, an_edition, readers, snapshot_of

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

State, Row = Edition.State, Delivery.State


def rows() -> list[tuple]:
    editions = Edition.objects.order_by("pk").values_list("pk", "state", "total", "epoch")
    deliveries = Delivery.objects.order_by("pk").values_list("pk", "state", "attempt", "code")
    return [*editions, *deliveries]


def stopped_before(number: int, verb, *given: object) -> bool:
    """Whether it was stopped, or had come to its end before that."""
    try:
        with connection.execute_wrapper(Machine(number)):
            verb(*given)
    except StoppedDead:
        return True
    return False


def another_begins() -> int:
    Sender.objects.update(holder="")
    return lease.take()


def test_starting():
    edition = an_edition(a_newsletter(), state=State.SCHEDULED)
    before, number, undone = rows(), 1, 0
    while stopped_before(number, lambda: actions.start(Edition.objects.get(pk=edition.pk))):
        logged = registry.get_logs_for_instance(edition).filter(action=actions.STARTED).count()
        if rows() == before:
            assert logged == 0
            undone += 1
        else:  # committed; what was stopped came after
            assert Edition.objects.get(pk=edition.pk).state == State.PREPARING
            assert logged == 1, f"half started at statement {number}"
        number += 1
    assert undone > 5
    assert Edition.objects.get(pk=edition.pk).state == State.PREPARING


def test_preparing(monkeypatch):
    ready = types.ModuleType("nightdesk.newsletters.editions.ready")
    ready.MustHoldError, ready.make_ready = ValueError, lambda edition: None
    monkeypatch.setitem(sys.modules, "nightdesk.newsletters.editions.ready", ready)
    monkeypatch.setattr(audience, "STRETCH", 2)
    newsletter = a_newsletter()
    readers(newsletter, 5)
    number, stopped = 1, True
    while stopped:
        edition = an_edition(newsletter, state=State.PREPARING)
        first = another_begins()
        stopped = stopped_before(number, prepare, edition.pk, first)
        edition.refresh_from_db()
        assert (edition.state, edition.total) in [(State.PREPARING, None), (State.SENDING, 5)]
        prepare(edition.pk, another_begins())
        edition.refresh_from_db()
        assert (edition.state, edition.total) == (State.SENDING, 5), f"at statement {number}"
        assert actions.totals(edition) == actions.Totals(5, queued=5)
        number += 1
    assert number > 10


def test_a_turn():
    """Results of the last window and marks of the next one: all of it, or nothing."""
    newsletter = a_newsletter()
    who = readers(newsletter, 6)
    number, stopped = 1, True
    while stopped:
        edition = an_edition(newsletter, state=State.SENDING)
        snapshot_of(edition, who)
        source = Editions(prepare=lambda edition, epoch: None)
        epoch = another_begins()
        a, b, c = source.turn([], 3, epoch)
        told = [
            Outcome(a.key, Fate.SENT, 250, "Ok"),
            Outcome(b.key, Fate.REFUSED, 550, "No"),
            Outcome(c.key, Fate.LATER, 451, "Later"),
        ]
        before = rows()
        stopped = stopped_before(number, source.turn, told, 2, epoch)
        if stopped:
            assert rows() == before, f"half done at statement {number}"
        following = Editions(prepare=lambda edition, epoch: None)
        epoch = another_begins()
        following.found_at_start(epoch)
        counted = actions.totals(edition)
        assert counted.adds_up
        assert counted.sending == 0
        assert counted.uncertain == (3 if stopped else 2)
        while messages := following.turn([], 10, epoch):
            following.turn([Outcome(one.key, Fate.SENT, 250, "Ok") for one in messages], 0, epoch)
        assert actions.totals(edition).sent == (3 if stopped else 2)
        Edition.objects.filter(pk=edition.pk).update(state=State.CANCELLED)
        number += 1
    assert number > 6


def test_finding_what_another_sender_left():
    newsletter = a_newsletter()
    edition = an_edition(newsletter, state=State.SENDING)
    snapshot_of(edition, readers(newsletter, 4))
    Editions(prepare=lambda edition, epoch: None).turn([], 3, another_begins())
    epoch = another_begins()
    before, number = rows(), 1
    source = Editions(prepare=lambda edition, epoch: None)
    while stopped_before(number, source.found_at_start, epoch):
        counted = actions.totals(edition)
        assert rows() == before or (counted.uncertain, counted.sending) == (3, 0)
        number += 1
    assert actions.totals(edition).uncertain == 3
    assert number > 3
