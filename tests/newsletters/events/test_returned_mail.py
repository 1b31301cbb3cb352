"""Mail that comes back is read; forged notices and machines that answer change nothing."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest

from nightdesk.newsletters import returns, tokens
from nightdesk.newsletters.events.returned import NOTHING, RETURNED, WISH, receive
from nightdesk.newsletters.models import MailEvent, Subscription, Suppression

pytestmark = pytest.mark.django_db

DOMAIN = "bounces.news.example"


@pytest.fixture(autouse=True)
def takes_mail_back(with_settings):
    with_settings(NIGHTDESK_MAIL_BOUNCES=DOMAIN)


def a_notice(
    to: str,
    action: str = "failed",
    status: str = "5.1.1",
    said: str = "smtp; 550 5.1.1 <olha@example.org>: Recipient address rejected",
    number: int = 1,
    **headers: str,
) -> bytes:
    """As Postfix writes it."""
    more = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items())
    return f"""\
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Message-Id: <{number}@mx.example.net>
Auto-Submitted: auto-replied
{more}MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="AAA"

--AAA
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--AAA
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Arrival-Date: Sat, 28 Nov 2026 05:00:00 +0000

Final-Recipient: rfc822; olha@example.org
Action: {action}
Status: {status}
Diagnostic-Code: {said}

--AAA
Content-Type: message/rfc822

Subject: Rain at last

The mail.
--AAA--
""".replace("\n", "\r\n").encode()


@pytest.fixture
def row(reader, an_edition, sent):
    return sent(an_edition(), reader)


@pytest.fixture
def back(row) -> str:
    return returns.bounce_address(row.edition_id, row.subscriber_id)


def test_a_mail_that_came_back_for_good_suppresses_its_address(row, back):
    assert receive(a_notice(back)) == RETURNED
    event = MailEvent.objects.get()
    assert (event.kind, event.code, event.edition_id) == ("bounced", "5.1.1", row.edition_id)
    assert "olha" not in event.detail
    assert Suppression.objects.get().reason == "bounce"


def test_to_whom_it_was_brought_counts_more_than_what_stands_in_it(row, back):
    assert receive(a_notice("somebody@example.net"), back.upper()) == RETURNED
    assert receive(a_notice("x@example.net", Delivered_To=back, number=2)) == RETURNED


def test_the_same_notice_twice_is_one(row, back):
    for _time in range(2):
        receive(a_notice(back))
    assert MailEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("action", "status", "said", "kind"),
    [
        ("delayed", "4.4.1", "smtp; connect timed out", "deferred"),
        ("failed", "4.4.7", "smtp; 451 4.4.7 delivery time expired", "soft"),
        ("failed", "5.2.2", "smtp; 552 5.2.2 mailbox full", "soft"),
        ("failed", "5.7.1", "smtp; 550 5.7.1 blocked", "soft"),
        ("failed", "5.0.0", "smtp; 452 4.2.2 over quota", "soft"),
    ],
)
def test_what_is_not_for_good_suppresses_nobody(row, back, action, status, said, kind):
    receive(a_notice(back, action, status, said))
    assert MailEvent.objects.get().kind == kind
    assert not Suppression.objects.exists()


def test_a_notice_to_an_address_that_we_never_signed_changes_nothing(row, back, reader):
    signed = back[2:].split(".")
    forged = [
        f"b+{signed[0]}.{signed[1]}.{'a' * 16}@{DOMAIN}",
        f"b+{row.edition_id}.{reader.pk}@{DOMAIN}",
        returns.message_id(row.edition_id, reader.pk).strip("<>"),
        f"b+{'.'.join(['zz', *signed[1:]])}",
        "olha@example.org",
    ]
    for address in forged:
        assert receive(a_notice(address), address) == NOTHING
    assert not MailEvent.objects.exists() and not Suppression.objects.exists()


def test_a_machine_that_answers_is_not_a_mail_that_came_back(row, back):
    holiday = f"To: {back}\r\nSubject: On holiday\r\nAuto-Submitted: auto-replied\r\n\r\n5.1.1 550"
    assert receive(holiday.encode()) == NOTHING
    assert not MailEvent.objects.exists()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff" * 500,
        b"To: =?utf-8?q?=ff?= <a@b>\r\n\r\n",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=A\r\n\r\n--A",
        b"To: " + b"a@b," * 10_000 + b"\r\n\r\n",
    ],
)
def test_what_is_no_mail_breaks_nothing(row, back, raw):
    assert receive(raw, back) == NOTHING
    assert receive(raw) == NOTHING


def test_a_mail_program_unsubscribes_by_mail(reader, morning):
    to = returns.wish_address(tokens.for_reader(reader.uid, morning.pk))
    assert receive(f"From: o@example.org\r\nTo: {to}\r\n\r\n".encode()) == WISH
    assert Subscription.objects.get().reason == "mailto"


def test_a_machine_that_answers_unsubscribes_nobody(reader, morning):
    to = returns.wish_address(tokens.for_reader(reader.uid, morning.pk))
    raw = f"To: {to}\r\nAuto-Submitted: auto-replied\r\n\r\n".encode()
    assert receive(raw) == NOTHING
    altered = f"u+{'a' * 52}@{DOMAIN}"
    assert receive(f"To: {altered}\r\n\r\n".encode()) == NOTHING
    assert Subscription.objects.get().state == "active"


def test_the_mails_of_signing_up_name_the_address_for_it(reader, morning):
    from nightdesk.mail.models import OutgoingMail
    from nightdesk.newsletters.signup import mails

    mails.welcome(reader, morning)
    ways = OutgoingMail.objects.get().message["List-Unsubscribe"]
    to = returns.wish_address(tokens.for_reader(reader.uid, morning.pk))
    assert f"<mailto:{to}?subject=unsubscribe>" in "".join(ways.split())
    assert ways.strip().startswith("<http")


def test_a_mail_server_hands_it_over_by_the_command(row, back, monkeypatch):
    from nightdesk.cli import main

    pipe = io.TextIOWrapper(io.BytesIO(a_notice("x@example.net")))
    monkeypatch.setattr(sys, "stdin", pipe)
    assert main(["mail", "receive", back]) == 0
    assert MailEvent.objects.count() == 1


def test_without_a_database_the_mail_server_is_asked_to_keep_it(tmp_path):
    """75 is what Postfix takes for “later”; anything else would send the mail back."""
    words = ["-m", "nightdesk", "mail", "receive", "--data", str(tmp_path / "none")]
    done = subprocess.run(
        [sys.executable, *words], input=b"To: a@b\r\n\r\n", capture_output=True, check=False
    )
    assert done.returncode == 75, done.stderr
