"""What is posted waits in the queue, whole, and leaves with its writer's transaction or not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.db import transaction
from django.utils import timezone

from nightdesk.mail.actions import erase, post
from nightdesk.mail.models import OutgoingMail

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def a_mail(**how) -> EmailMessage:
    return EmailMessage(
        "Confirm", "Click here: https://news.example/x", **{"to": ["reader@example.org"], **how}
    )


def test_a_mail_is_queued_with_its_envelope_and_its_text():
    assert post(a_mail(from_email="The Post <news@news.example>"), kind="confirmation")
    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.state) == ("confirmation", "queued")
    assert (mail.mail_from, mail.rcpt_to) == ("news@news.example", "reader@example.org")
    message = mail.message
    assert message["To"] == "reader@example.org" and message["Subject"] == "Confirm"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@news.example>")
    assert message.get_content().strip() == "Click here: https://news.example/x"


def test_a_mail_is_gone_with_the_transaction_that_wrote_it():
    with pytest.raises(RuntimeError), transaction.atomic():
        post(a_mail(), kind="confirmation")
        raise RuntimeError
    assert not OutgoingMail.objects.exists()


def test_any_relay_takes_it_whatever_it_says():
    """Seven bits, CRLF, lines of at most 998: no relay has to re-encode it."""
    mail = EmailMultiAlternatives(
        "Підтвердьте", "Натисніть " * 300, to=["Читачка <reader@пошта.укр>"]
    )
    mail.attach_alternative("<p>" + "Натисніть " * 300 + "</p>", "text/html")
    post(mail, kind="confirmation")
    sent = OutgoingMail.objects.get()
    content = bytes(sent.content)
    content.decode("ascii")
    assert content.count(b"\n") == content.count(b"\r\n") and content.endswith(b"\r\n")
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert sent.rcpt_to == "reader@xn--80a1acn3a.xn--j1amh"
    assert sent.message["Subject"] == "Підтвердьте"
    assert sent.message.get_body(("plain",)).get_content().strip() == ("Натисніть " * 300).strip()
    assert not sent.message.defects


def test_the_same_wish_within_a_day_is_one_mail():
    assert post(a_mail(), kind="confirmation", once="reader@example.org 3")
    assert not post(a_mail(), kind="confirmation", once="reader@example.org 3")
    assert post(a_mail(), kind="confirmation", once="reader@example.org 4")
    assert OutgoingMail.objects.count() == 2
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert post(a_mail(), kind="confirmation", once="reader@example.org 3")
    assert "reader" not in "".join(OutgoingMail.objects.values_list("once", flat=True))


def test_a_wish_that_was_answered_already_undoes_nothing_of_its_writer():
    post(a_mail(), kind="confirmation", once="one")
    with transaction.atomic():
        assert not post(a_mail(), kind="confirmation", once="one")
        assert post(a_mail(), kind="confirmation", once="two")
    assert OutgoingMail.objects.count() == 2


def test_everybody_who_is_addressed_gets_their_own_and_sees_no_hidden_one():
    post(a_mail(cc=["two@example.org"], bcc=["three@example.org"]), kind="staff")
    mails = list(OutgoingMail.objects.order_by("pk"))
    assert [mail.rcpt_to.split("@")[0] for mail in mails] == ["reader", "two", "three"]
    assert all(b"three@" not in bytes(mail.content) for mail in mails)
    assert not post(a_mail(to=[]), kind="staff")


def test_whatever_mails_in_djangos_way_gets_into_the_queue(settings):
    settings.EMAIL_BACKEND = "nightdesk.mail.backend.Queue"
    assert send_mail("A new password", "Here", None, ["olena@example.org"]) == 1
    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.mail_from) == ("staff", settings.DEFAULT_FROM_EMAIL)


def test_delivered_newsrooms_mail_through_the_queue():
    from nightdesk.settings import site

    assert site.EMAIL_BACKEND == "nightdesk.mail.backend.Queue"


def test_letters_of_any_language_leave_as_seven_bits_and_arrive():
    words = "Ви попросили посилання. " * 60
    post(EmailMessage("Ваші розсилки", words, to=["olha@example.org"]), kind="test")
    mail = OutgoingMail.objects.get()
    assert bytes(mail.content).isascii()
    assert mail.message["Subject"].strip() == "Ваші розсилки"
    assert mail.message.get_content().strip() == words.strip()


def test_whoever_wants_to_be_forgotten_is():
    for to in ("reader@example.org", "other@example.org"):
        post(a_mail(to=[to]), kind="confirmation")
    OutgoingMail.objects.update(state="sent")
    post(a_mail(), kind="welcome")
    assert erase("Reader@Example.org") == 2
    assert OutgoingMail.objects.get().rcpt_to == "other@example.org"
