"""P2 for readers: stopped dead before any SQL statement, a sign-up and a confirmation have happened
whole, or can be seen to again."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from nightdesk.mail.models import OutgoingMail
from nightdesk.newsletters.models import (
    ConsentEvent,
    FirstMail,
    Subscriber,
    Subscription,
    Wish,
)
from nightdesk.newsletters.signup import actions
from tests.newsletters.signup.reading_mail import outgoing
from tests.newsletters.signup.test_seeing_to_it import ask, wish
from tests.press.test_stopped_at_any_statement import Machine, StoppedDead

pytestmark = [pytest.mark.fault, pytest.mark.django_db]


def counts() -> list[int]:
    models = (Wish, Subscriber, Subscription, ConsentEvent, FirstMail, OutgoingMail)
    return [model.objects.count() for model in models]


def each_stop(
    verb: Callable[[], object], prepare: Callable[[], object], check: Callable[[bool], object]
) -> int:
    """Prepare, stop before statement 1, 2, 3 …, check, until the verb comes to its end. Returns
    how many statements it has."""
    for number in itertools.count(1):
        machine = Machine(number)
        try:
            with transaction.atomic():
                prepare()
                try:
                    with connection.execute_wrapper(machine):
                        verb()
                except StoppedDead:
                    check(True)
                    raise
                check(False)
        except StoppedDead:
            continue
        return machine.seen
    return 0


def test_a_sign_up_is_seen_to_whole_or_waits(morning, evening):
    before = [1, 0, 0, 0, 0, 0]
    after = [0, 1, 2, 4, 1, 1]

    def check(stopped: bool) -> None:
        assert counts() in ([before, after] if stopped else [after])
        actions.take_in()
        assert counts() == after

    stops = each_stop(actions.take_in, lambda: wish(morning, evening).save(), check)
    assert stops > 20


def test_a_confirmation_has_its_welcome_or_has_not_happened(morning):
    ask(morning)
    reader = Subscriber.objects.get()

    def confirm() -> None:
        actions.confirm(reader, place="/newsletters/confirm/", words="Confirm")

    def check(stopped: bool) -> None:
        active = Subscription.objects.filter(state="active").count()
        assert len(outgoing()) == 1 + active
        assert ConsentEvent.objects.filter(kind="confirmed").count() == active
        confirm()
        assert len(outgoing()) == 2

    assert each_stop(confirm, lambda: None, check) > 8
