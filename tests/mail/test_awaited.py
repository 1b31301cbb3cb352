"""What becomes of a mail that somebody waits for."""

from __future__ import annotations

from datetime import timedelta

import dkim as receiver
import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.mail import EmailMessage
from django.utils import timezone

from nightdesk.mail import awaited, lease
from nightdesk.mail.actions import post
from nightdesk.mail.awaited import AWAITED_MAIL
from nightdesk.mail.dkim import key_from
from nightdesk.mail.lease import StaleSenderError
from nightdesk.mail.models import OutgoingMail
from nightdesk.mail.ports import Fate, Outcome
from nightdesk.settings.table import Settings

pytestmark = [pytest.mark.django_db, pytest.mark.database]
State = OutgoingMail.State


def queue(count: int = 1) -> list[int]:
    for number in range(count):
        to = [f"reader{number}@example.org"]
        post(EmailMessage("Confirm", "Here", to=to), kind="confirmation")
    return list(OutgoingMail.objects.order_by("pk").values_list("pk", flat=True))


@pytest.fixture
def epoch() -> int:
    return lease.take()


def turn(epoch, *outcomes, limit=10):
    return AWAITED_MAIL.turn(outcomes, limit, epoch)


def became(epoch, fate, **how) -> OutgoingMail:
    """Fetch the one mail that waits and say what became of it."""
    [message] = turn(epoch)
    turn(epoch, Outcome(message.key, fate, **how), limit=0)
    return OutgoingMail.objects.get()


def test_they_go_in_the_order_in_which_they_were_posted_and_once(epoch):
    keys = queue(5)
    first = turn(epoch, limit=3)
    assert [message.key for message in first] == keys[:3]
    assert first[0].rcpt_to == "reader0@example.org" and b"Subject: Confirm" in first[0].content
    assert [message.key for message in turn(epoch)] == keys[3:]
    assert turn(epoch) == []
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {"sending"}


def test_a_mail_is_signed_as_it_leaves_by_the_domain_that_readers_see(epoch, settings):
    key = ed25519.Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    told = {"NIGHTDESK_DKIM_SELECTOR": "news2026", "NIGHTDESK_DKIM_KEY": pem}
    settings.NIGHTDESK = Settings(told)
    mail = EmailMessage("Підтвердьте", "Тут", "The Post <us@News.example>", ["reader@example.org"])
    post(mail, kind="confirmation")
    [message] = turn(epoch)
    record = key_from(pem).dns_record.encode()
    asked = []

    def dns(name, timeout=5):
        asked.append(name)
        return record

    assert receiver.verify(message.content, dnsfunc=dns)
    assert asked == [b"news2026._domainkey.news.example."]
    assert not receiver.verify(message.content.replace(b"reader@", b"another@"), dnsfunc=dns)
    assert b"DKIM-Signature" not in bytes(OutgoingMail.objects.get().content)


def test_nothing_to_do_costs_one_small_question(epoch, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert turn(epoch) == []


def test_what_was_taken_is_kept_without_its_text(epoch):
    queue()
    mail = became(epoch, Fate.SENT, code=250, text="2.0.0 queued as 7F3")
    assert (mail.state, mail.reply) == (State.SENT, "2.0.0 queued as 7F3")
    assert bytes(mail.content) == b"" and mail.settled_at


def test_what_was_refused_is_not_tried_again(epoch):
    queue()
    mail = became(epoch, Fate.REFUSED, code=550, text="no such user")
    assert (mail.state, mail.code) == (State.REFUSED, 550)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert turn(epoch) == []


def test_what_its_recipients_server_does_not_take_yet_is_tried_ever_later_for_two_days(epoch):
    queue()
    start = now = timezone.now()
    pauses = []
    while True:
        with time_machine.travel(now, tick=False):
            mail = became(epoch, Fate.LATER, code=450, text="greylisted")
            if mail.state != State.QUEUED:
                break
            assert turn(epoch) == []
            pauses.append((mail.not_before - now).total_seconds())
            now = mail.not_before
    assert pauses[:6] == [60, 120, 300, 900, 1800, 3600] and set(pauses[6:]) == {3600}
    assert mail.state == State.REFUSED
    assert timedelta(hours=46) < now - start <= timedelta(days=2)


def test_a_relay_that_takes_nothing_costs_a_mail_neither_its_place_nor_a_try(epoch):
    queue()
    for fate in (Fate.LATER, Fate.REFUSED):
        mail = became(epoch, fate, code=535, text="wrong password", concerns_all=True)
        assert (mail.state, mail.attempts) == (State.QUEUED, 0)
    assert len(turn(epoch)) == 1


def test_one_that_nobody_can_say_of_whether_it_arrived_goes_once_more_and_is_named(epoch):
    queue()
    mail = became(epoch, Fate.UNCERTAIN, text="cut after the final dot")
    first = bytes(mail.content)
    assert (mail.state, mail.doubts) == (State.QUEUED, 1) and turn(epoch) == []
    with time_machine.travel(timezone.now() + awaited.AGAIN_AFTER):
        [message] = turn(epoch)
        assert message.content == first, "the same Message-ID"
        turn(epoch, Outcome(message.key, Fate.UNCERTAIN), limit=0)
    mail = OutgoingMail.objects.get()
    assert (mail.state, mail.doubts) == (State.UNCERTAIN, 2)


def test_what_a_sender_had_in_hand_when_it_died_goes_once_more(epoch):
    queue(3)
    turn(epoch, limit=2)
    later = lease.take()
    AWAITED_MAIL.found_at_start(later)
    assert list(OutgoingMail.objects.order_by("pk").values_list("state", "doubts")) == [
        ("queued", 1),
        ("queued", 1),
        ("queued", 0),
    ]
    assert len(turn(later)) == 1


def test_a_sender_that_was_replaced_writes_nothing(epoch):
    queue(2)
    [message] = turn(epoch, limit=1)
    lease.take()
    with pytest.raises(StaleSenderError):
        turn(epoch, Outcome(message.key, Fate.SENT), limit=5)
    assert list(OutgoingMail.objects.order_by("pk").values_list("state", flat=True)) == [
        "sending",
        "queued",
    ]


def test_an_outcome_that_was_written_already_is_written_once(epoch):
    """Told again, because the first time the database's answer was lost."""
    queue()
    [message] = turn(epoch)
    turn(epoch, Outcome(message.key, Fate.SENT), limit=0)
    turn(epoch, Outcome(message.key, Fate.REFUSED, 550), limit=0)
    assert OutgoingMail.objects.get().state == State.SENT


def test_a_person_may_have_it_tried_now(epoch):
    queue()
    became(epoch, Fate.LATER, code=450)
    assert turn(epoch) == []
    assert awaited.try_now() == 1
    assert len(turn(epoch)) == 1


def test_a_week_after_it_left_nothing_is_known_of_it(epoch):
    queue(2)
    [message] = turn(epoch, limit=1)
    turn(epoch, Outcome(message.key, Fate.SENT), limit=0)
    now = timezone.now()
    assert awaited.forget(now + timedelta(days=6, hours=23)) == 0
    assert awaited.forget(now + timedelta(days=7, minutes=1)) == 2
    [kept] = OutgoingMail.objects.all()
    assert (kept.state, kept.reply, bytes(kept.content)) == (State.REFUSED, awaited.TOO_OLD, b"")
    assert awaited.forget(now + timedelta(days=14, minutes=2)) == 1
    assert not OutgoingMail.objects.exists()
