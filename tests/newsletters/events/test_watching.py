"""An edition that comes back too often, or is marked as spam, stops by itself and says why."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.utils import timezone

from nightdesk.newsletters.delivery import actions
from nightdesk.newsletters.events import reports, watching
from nightdesk.newsletters.events.reports import Report
from nightdesk.newsletters.models import (
    Delivery,
    MailEvent,
    Subscriber,
    Subscription,
    Suppression,
)
from nightdesk.newsletters.returns import Mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent_to_many(an_edition):
    def _sent(count: int):
        edition = an_edition(total=count)
        readers = Subscriber.objects.bulk_create(
            [
                Subscriber(uid=uuid.uuid4(), email_key=f"{n}@example.org", email=f"{n}@example.org")
                for n in range(count)
            ]
        )
        Delivery.objects.bulk_create(
            [Delivery(edition=edition, subscriber=each, state=2) for each in readers]
        )
        return edition, readers

    return _sent


def say(kind: str, edition, readers, **more):
    for reader in readers:
        event_id = f"{kind} {edition.pk} {reader.pk}"
        reports.take(
            Report(kind, "test", event_id, Mail(edition.pk, reader.pk), **{"code": "5.1.1", **more})
        )


def look():
    watching._looked.clear()
    return watching.look(timezone.now())


def test_three_complaints_in_a_thousand_stop_it_with_the_reason(sent_to_many):
    edition, readers = sent_to_many(1000)
    say("complained", edition, readers[:2])
    assert look() == 0
    say("complained", edition, readers[2:3])
    assert look() == 1
    edition.refresh_from_db()
    assert edition.state == "paused"
    assert edition.why_held.startswith("3 of 1,000 readers have marked it as spam.")


def test_a_few_complaints_among_many_or_of_few_stop_nothing(sent_to_many):
    edition, readers = sent_to_many(300)
    say("complained", edition, readers[:3])
    assert look() == 0


def test_one_in_twenty_that_comes_back_stops_it(sent_to_many):
    edition, readers = sent_to_many(200)
    say("bounced", edition, readers[:9])
    assert look() == 0
    say("bounced", edition, readers[9:10])
    assert look() == 1
    edition.refresh_from_db()
    assert edition.why_held.startswith("10 of 200 came back")


def test_an_editor_who_goes_on_is_not_stopped_by_the_same_again(sent_to_many):
    edition, readers = sent_to_many(1000)
    say("complained", edition, readers[:3], at=timezone.now() - datetime.timedelta(minutes=1))
    assert look() == 1
    edition.refresh_from_db()
    assert actions.resume(edition)
    assert look() == 0
    later = timezone.now() + datetime.timedelta(seconds=1)
    MailEvent.objects.bulk_create(
        [
            MailEvent(
                edition=edition, subscriber=r, kind="complained", at=later, event_id=f"n{r.pk}"
            )
            for r in readers[10:13]
        ]
    )
    assert look() == 1


def test_it_looks_once_in_ten_seconds(sent_to_many, django_assert_num_queries):
    now = timezone.now()
    watching.look(now)
    with django_assert_num_queries(0):
        watching.look(now + datetime.timedelta(seconds=5))
    with django_assert_num_queries(1):
        watching.look(now + datetime.timedelta(seconds=11))


def test_an_address_that_the_relay_refused_for_good_is_suppressed(an_edition, reader, sent):
    edition = an_edition()
    sent(edition, reader, 4, code=550, reply="550 5.1.1 <olha@example.org> User unknown")
    look()
    assert Suppression.objects.get().reason == "bounce"
    event = MailEvent.objects.get()
    assert event.source == "relay" and "olha" not in event.detail
    look()
    assert MailEvent.objects.count() == 1


@pytest.mark.parametrize("reply", ["550 5.7.1 Blocked", "554 Too much", "552 5.2.2 Full", ""])
def test_what_a_relay_refuses_for_another_reason_is_nobodys_end(an_edition, reader, sent, reply):
    sent(an_edition(), reader, 4, code=550, reply=reply)
    look()
    assert not Suppression.objects.exists()


@pytest.mark.parametrize(("days", "ends"), [((0, 3, 8), True), ((0, 1, 2), False)])
def test_three_that_came_back_for_now_over_a_week_are_enough(an_edition, reader, sent, days, ends):
    start = timezone.now() - datetime.timedelta(days=10)
    for day in days:
        edition = an_edition()
        sent(edition, reader)
        say("bounced", edition, [reader], code="4.2.2", at=start + datetime.timedelta(days=day))
    assert Suppression.objects.exists() is ends


def test_one_that_arrived_in_between_begins_the_count_anew(an_edition, reader, sent):
    start = timezone.now() - datetime.timedelta(days=20)
    for number, day in enumerate((0, 5, 9, 13)):
        edition = an_edition()
        sent(edition, reader)
        if number != 2:
            at = start + datetime.timedelta(days=day)
            say("bounced", edition, [reader], code="4.2.2", at=at)
    assert Subscription.objects.get().state == "active"


def test_reports_are_forgotten_after_ninety_days(reader):
    now = timezone.now()
    for days in (89, 91):
        MailEvent.objects.create(
            subscriber=reader,
            kind="soft",
            at=now - datetime.timedelta(days=days),
            event_id=str(days),
        )
    assert watching.forget(now) == 1
    assert MailEvent.objects.get().event_id == "89"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("smtp;550 5.1.1 no such user", "5.1.1"),
        ("550-5.7.26 not accepted", "5.7.26"),
        ("from 192.5.1.1 refused", ""),
        ("version 15.1.1 of x", ""),
        ("", ""),
    ],
)
def test_the_status_is_read_out_of_what_a_server_said(said, code):
    assert reports.status_in(said) == code
