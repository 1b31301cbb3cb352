"""What a mail service reports is believed when it proves whose it is, once, and acted on."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest
from django.test import Client

from nightdesk.newsletters import returns, subscribing
from nightdesk.newsletters.addresses import read
from nightdesk.newsletters.events import services
from nightdesk.newsletters.models import (
    ConsentEvent,
    Delivery,
    MailEvent,
    Subscription,
    Suppression,
)
from nightdesk.settings.table import MAIL_SERVICES

pytestmark = pytest.mark.django_db

SECRET = "postmark:long-and-made-up"
AT = "/newsletters/reports/postmark/"


@pytest.fixture
def service():
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def postmark(with_settings, service):
    with_settings(NIGHTDESK_MAIL_SERVICE="postmark", NIGHTDESK_MAIL_SERVICE_SECRET=SECRET)

    def _post(event: dict, secret: str = SECRET, at: str = AT):
        return service.post(
            at, json.dumps(event), content_type="application/json", headers=by(secret)
        )

    return _post


def by(secret: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"}


def a_bounce(**more) -> dict:
    return {
        "RecordType": "Bounce",
        "ID": 42,
        "Type": "HardBounce",
        "TypeCode": 1,
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Details": "smtp;550 5.1.1 <olha@example.org>: no such user",
        "Email": "olha@example.org",
        "BouncedAt": "2026-11-28T05:00:00Z",
        **more,
    }


def a_complaint(**more) -> dict:
    return a_bounce(RecordType="SpamComplaint", Type="SpamComplaint", TypeCode=512, **more)


def test_an_address_that_is_not_there_gets_nothing_more_with_proof(
    postmark, reader, an_edition, sent
):
    row = sent(an_edition(), reader)
    assert postmark(a_bounce()).status_code == 200
    event = MailEvent.objects.get()
    assert (event.kind, event.code, event.edition) == ("bounced", "5.1.1", row.edition)
    assert "olha" not in event.detail
    assert Suppression.objects.get().reason == "bounce"
    assert Subscription.objects.get().reason == "bounce"
    proof = ConsentEvent.objects.get(kind="ended")
    assert proof.place == "report: postmark" and proof.detail == "bounce"
    assert subscribing.ask(read("olha@example.org"), [], language="en").suppressed


def test_a_complaint_ends_everything(postmark, reader, an_edition, sent):
    sent(an_edition(), reader)
    postmark(a_complaint())
    assert Suppression.objects.get().reason == "complaint"
    assert Subscription.objects.get().state == "unsubscribed"


def test_the_same_report_twice_is_one(postmark, reader, an_edition, sent):
    sent(an_edition(), reader)
    for _time in range(3):
        assert postmark(a_bounce()).status_code == 200
    assert MailEvent.objects.count() == 1
    assert ConsentEvent.objects.filter(kind="ended").count() == 1


def test_what_the_newsroom_has_lifted_the_same_report_does_not_bring_back(postmark, reader):
    postmark(a_bounce())
    Suppression.objects.get().delete()
    assert postmark(a_bounce()).status_code == 200
    assert not Suppression.objects.exists()


def test_a_full_mailbox_is_no_missing_one(postmark, reader, an_edition, sent):
    sent(an_edition(), reader)
    postmark(a_bounce(Details="smtp;552 5.2.2 mailbox full"))
    assert MailEvent.objects.get().kind == "soft"
    assert not Suppression.objects.exists()


def test_what_a_server_will_not_take_from_us_is_not_the_readers_fault(
    postmark, reader, an_edition, sent
):
    sent(an_edition(), reader)
    postmark(a_bounce(Details="smtp;550 5.7.1 message looks like spam"))
    assert not Suppression.objects.exists()
    assert Subscription.objects.get().state == "active"


@pytest.mark.parametrize("kind", ["Delivery", "Bounce", "SpamComplaint"])
def test_an_uncertain_mail_was_sent_when_the_service_had_it(
    postmark, reader, an_edition, sent, kind
):
    row = sent(an_edition(), reader, Delivery.State.UNCERTAIN)
    event = a_bounce(RecordType=kind, Recipient="olha@example.org")
    if kind == "Delivery":
        event = {
            "RecordType": "Delivery",
            "MessageID": "883953f4",
            "Recipient": "olha@example.org",
            "DeliveredAt": "2026-11-28T05:00:00Z",
            "Details": "250 2.0.0 OK",
        }
    assert postmark(event).status_code == 200
    row.refresh_from_db()
    assert row.state == Delivery.State.SENT
    assert "olha" not in row.reply


def test_that_a_mail_was_delivered_or_opened_is_kept_nowhere(postmark, reader, an_edition, sent):
    sent(an_edition(), reader)
    for kind in ("Delivery", "Open", "Click"):
        moment = {"DeliveredAt": "2026-11-28T05:00:00Z", "ReceivedAt": "2026-11-28T05:00:00Z"}
        postmark({"RecordType": kind, "MessageID": "8", "Recipient": "olha@example.org", **moment})
    assert not MailEvent.objects.exists()


def test_a_confirmation_mail_that_comes_back_suppresses_too(postmark, reader):
    postmark(a_bounce())
    assert Suppression.objects.exists()
    assert MailEvent.objects.get().edition is None


def test_a_report_about_a_stranger_is_taken_and_changes_nothing(postmark, reader):
    assert postmark(a_bounce(Email="stranger@example.net")).status_code == 200
    assert not MailEvent.objects.exists() and not Suppression.objects.exists()


@pytest.mark.parametrize("secret", ["postmark:wrong", "x", ":"])
def test_who_does_not_know_the_secret_changes_nothing(postmark, reader, secret):
    assert postmark(a_bounce(), secret).status_code == 403
    assert not Suppression.objects.exists()


def test_who_says_nothing_is_asked_and_changes_nothing(postmark, service, reader):
    answer = service.post(AT, json.dumps(a_bounce()), content_type="application/json")
    assert answer.status_code == 401 and "WWW-Authenticate" in answer
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("body", ["", "{", "[]", "[1]", '"x"', '{"RecordType": 7}', "null"])
def test_what_is_no_report_is_refused_and_breaks_nothing(postmark, service, reader, body):
    answer = service.post(AT, body, content_type="application/json", headers=by(SECRET))
    assert answer.status_code in (200, 400)
    assert not MailEvent.objects.exists()


def test_without_a_secret_or_from_another_service_nothing_is_taken(
    with_settings, postmark, service, reader
):
    assert postmark(a_bounce(), at="/newsletters/reports/brevo/").status_code == 404
    with_settings(NIGHTDESK_MAIL_SERVICE="postmark")
    assert postmark(a_bounce()).status_code == 404
    assert service.get(AT).status_code == 404
    with_settings(NIGHTDESK_MAIL_SERVICE="mailgun", NIGHTDESK_MAIL_SERVICE_SECRET=SECRET)
    assert service.post("/newsletters/reports/mailgun/", headers=by(SECRET)).status_code == 404


@pytest.mark.parametrize("name", MAIL_SERVICES)
def test_every_service_of_the_settings_can_be_asked(with_settings, service, name):
    with_settings(
        NIGHTDESK_MAIL_SERVICE=name,
        NIGHTDESK_MAIL_SERVICE_SECRET=SECRET,
        NIGHTDESK_MAIL_SERVICE_KEY="MIIB",
    )
    at = f"/newsletters/reports/{name}/"
    assert service.head(at).status_code == 200
    answer = service.post(at, "{}", content_type="application/json", headers=by("not:it"))
    assert answer.status_code in (400, 403)


def test_mailguns_signature_is_checked_and_our_message_id_known(
    with_settings, service, reader, an_edition, sent
):
    older, newer = sent(an_edition(), reader), sent(an_edition(), reader)
    with_settings(
        NIGHTDESK_MAIL_SERVICE="mailgun",
        NIGHTDESK_MAIL_SERVICE_SECRET=SECRET,
        NIGHTDESK_MAIL_SERVICE_KEY="signing",
    )

    def post(key: str):
        signed = hmac.new(key.encode(), b"1764300000token", hashlib.sha256).hexdigest()
        event = {
            "signature": {"timestamp": "1764300000", "token": "token", "signature": signed},
            "event-data": {
                "event": "failed",
                "severity": "permanent",
                "timestamp": 1764300000.0,
                "recipient": "olha@example.org",
                "reason": "bounce",
                "delivery-status": {"message": "5.1.1 no such user", "code": 550},
                "message": {
                    "headers": {
                        "message-id": returns.message_id(older.edition_id, reader.pk).strip("<>")
                    }
                },
            },
        }
        return service.post(
            "/newsletters/reports/mailgun/",
            json.dumps(event),
            content_type="application/json",
            headers=by(SECRET),
        )

    assert post("made up").status_code == 403
    assert not MailEvent.objects.exists()
    assert post("signing").status_code == 200
    assert MailEvent.objects.get().edition_id == older.edition_id != newer.edition_id


def test_amazon_says_what_is_for_now_and_what_for_good(
    with_settings, service, reader, an_edition, sent
):
    edition = an_edition()
    sent(edition, reader)
    with_settings(
        NIGHTDESK_MAIL_SERVICE="amazon_ses",
        NIGHTDESK_MAIL_SERVICE_SECRET=SECRET,
        NIGHTDESK_MAIL_BOUNCES="bounces.news.example",
    )

    def post(kind: str, number: str):
        event = {
            "notificationType": "Bounce",
            "bounce": {
                "bounceType": kind,
                "bounceSubType": "General",
                "bouncedRecipients": [{"emailAddress": "olha@example.org"}],
            },
            "mail": {
                "messageId": "0100",
                "destination": ["olha@example.org"],
                "source": returns.bounce_address(edition.pk, reader.pk),
            },
        }
        body = {
            "Type": "Notification",
            "MessageId": number,
            "Timestamp": "2026-11-28T05:00:00.000Z",
            "Message": json.dumps(event),
        }
        return service.post(
            "/newsletters/reports/amazon_ses/",
            json.dumps(body),
            content_type="text/plain",
            headers={
                **by(SECRET),
                "x-amz-sns-message-type": "Notification",
                "x-amz-sns-message-id": number,
            },
        )

    assert post("Transient", "1").status_code == 200
    assert MailEvent.objects.get().kind == "soft" and not Suppression.objects.exists()
    assert post("Permanent", "2").status_code == 200
    assert Suppression.objects.get().reason == "bounce"


def brevo(hard: bool) -> dict:
    return {
        "event": "hard_bounce" if hard else "soft_bounce",
        "email": "olha@example.org",
        "message-id": "<1@smtp-relay.mailin.fr>",
        "ts_epoch": 1764300000000,
        "reason": "bounced",
    }


def mailjet(hard: bool) -> dict:
    return {
        "event": "bounce",
        "time": 1764300000,
        "MessageID": 19421777396190490,
        "email": "olha@example.org",
        "hard_bounce": hard,
        "error_related_to": "recipient",
        "error": "user unknown" if hard else "mailbox inactive",
    }


def sparkpost(hard: bool) -> list:
    event = {
        "type": "bounce",
        "bounce_class": "10" if hard else "20",
        "timestamp": "1764300000",
        "event_id": "92356927693813856",
        "raw_rcpt_to": "olha@example.org",
        "raw_reason": "bounced",
    }
    return [{"msys": {"message_event": event}}]


def resend(hard: bool) -> dict:
    bounce = {"type": "Permanent" if hard else "Transient", "message": "a bounce message"}
    return {
        "type": "email.bounced",
        "created_at": "2026-11-28T05:00:00Z",
        "data": {"email_id": "56761188", "to": ["olha@example.org"], "bounce": bounce},
    }


def postmark_(hard: bool) -> dict:
    return a_bounce(Type="HardBounce" if hard else "SoftBounce", Details="bounced")


@pytest.mark.parametrize("hard", [True, False])
@pytest.mark.parametrize("make", [brevo, mailjet, sparkpost, resend, postmark_])
def test_what_the_service_calls_soft_suppresses_nobody(with_settings, service, reader, make, hard):
    name = make.__name__.rstrip("_")
    with_settings(NIGHTDESK_MAIL_SERVICE=name, NIGHTDESK_MAIL_SERVICE_SECRET=SECRET)
    answer = service.post(
        f"/newsletters/reports/{name}/",
        json.dumps(make(hard)),
        content_type="application/json",
        headers=by(SECRET),
    )
    assert answer.status_code == 200
    assert MailEvent.objects.get().kind == ("bounced" if hard else "soft")
    assert Suppression.objects.exists() is hard


@pytest.mark.parametrize(
    "url",
    [
        "https://sns.evil.example/amazonaws.com/",
        "http://sns.eu-west-1.amazonaws.com/",
        "https://sns.x@10.0.0.1/.amazonaws.com/",
        "file:///etc/passwd",
        "",
    ],
)
def test_only_amazon_is_asked_to_begin(with_settings, url):
    with_settings(NIGHTDESK_MAIL_SERVICE="amazon_ses", NIGHTDESK_MAIL_SERVICE_SECRET=SECRET)
    with pytest.raises(ValueError, match="not Amazon"):
        services._view("amazon_ses").auto_confirm_sns_subscription({"SubscribeURL": url})
