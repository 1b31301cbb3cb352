"""Mail services report what became of a mail, each in its own way; django-anymail reads them all.

Which one, what it must know and with what it signs are settings. Its opening and clicking are
thrown away unread: nobody asked readers whether they may be watched.
"""

from __future__ import annotations

import importlib
import re
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

from anymail.exceptions import AnymailError, AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from anymail.webhooks.amazon_ses import AmazonSESTrackingWebhookView
from django.conf import settings
from django.http import HttpRequest

from nightdesk.newsletters.addresses import fingerprint
from nightdesk.newsletters.events.reports import Report, is_for_good, status_in
from nightdesk.newsletters.models import MailEvent
from nightdesk.newsletters.returns import Mail, read_bounce_address, read_message_id

Kind = MailEvent.Kind

#: service → the name under which anymail wants the key that its reports are signed with.
_KEYS = {
    "mailersend": "signing_secret",
    "mailgun": "webhook_signing_key",
    "mandrill": "webhook_key",
    "postal": "webhook_key",
    "unisender_go": "api_key",
}

_KINDS = {
    EventType.SENT: Kind.DELIVERED,  # the service has it: that settles what we did not know
    EventType.DELIVERED: Kind.DELIVERED,
    EventType.BOUNCED: Kind.BOUNCED,
    EventType.DEFERRED: Kind.DEFERRED,
    EventType.COMPLAINED: Kind.COMPLAINED,
    EventType.UNSUBSCRIBED: Kind.UNSUBSCRIBED,
    EventType.REJECTED: Kind.REJECTED,
    EventType.FAILED: Kind.REJECTED,
}
#: What a service refuses to send at all, it says of the reader's address, too.
_REFUSED = {
    RejectReason.BOUNCED: Kind.BOUNCED,
    RejectReason.INVALID: Kind.BOUNCED,
    RejectReason.SPAM: Kind.COMPLAINED,
    RejectReason.UNSUBSCRIBED: Kind.UNSUBSCRIBED,
}
#: Where anymail says only “bounced”, the service itself has said whether for good: service → what
#: it calls that, in its own report. Of a service that is not here (resend's words are for people,
#: postal's notices are whole mails) only the status of the far server counts.
_FOR_GOOD: dict[str, Callable[[Any], bool]] = {
    "amazon_ses": lambda raw: raw["bounce"]["bounceType"] == "Permanent",
    "brevo": lambda raw: raw["event"] == "hard_bounce",
    "mailersend": lambda raw: raw["type"] == "activity.hard_bounced",
    "mailgun": lambda raw: raw["event-data"]["severity"] == "permanent",
    "mailjet": lambda raw: raw["hard_bounce"] is True,
    "mandrill": lambda raw: raw["event"] == "hard_bounce",
    "postmark": lambda raw: raw["Type"] in ("HardBounce", "BadEmailAddress"),
    "resend": lambda raw: raw["data"]["bounce"]["type"] == "Permanent",
    # 10: no such recipient.
    "sparkpost": lambda raw: str(raw["msys"]["message_event"]["bounce_class"]) == "10",
    "unisender_go": lambda raw: raw["event_data"]["status"] == "hard_bounced",
}
_AMAZON = re.compile(r"https://sns\.[a-z0-9-]{1,40}\.amazonaws\.com(?:\.cn)?/")


class NotBelievedError(Exception):
    """It does not prove that it comes from the service."""


class UnreadableError(Exception):
    """It is none of this service's reports."""


def is_open(service: str) -> bool:
    """Whether reports from this service are taken at all."""
    given = settings.NIGHTDESK
    return (
        service == given["NIGHTDESK_MAIL_SERVICE"]
        and bool(given["NIGHTDESK_MAIL_SERVICE_SECRET"])
        and (service not in _KEYS or bool(given["NIGHTDESK_MAIL_SERVICE_KEY"]))
    )


def read(service: str, request: HttpRequest) -> list[Report]:
    """Raises ``NotBelievedError``, ``UnreadableError``."""
    view = _view(service)
    view.setup(request)
    try:
        view.run_validators(request)
        return [report for event in view.parse_events(request) for report in _of(service, event)]
    except AnymailWebhookValidationFailure:
        raise NotBelievedError from None
    except (AnymailError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        raise UnreadableError from None


def _view(service: str) -> Any:
    given = settings.NIGHTDESK
    how = {"webhook_secret": given["NIGHTDESK_MAIL_SERVICE_SECRET"]}
    if service in _KEYS:
        how[_KEYS[service]] = given["NIGHTDESK_MAIL_SERVICE_KEY"]
    if service == "amazon_ses":
        return _Amazon(**how)
    module = importlib.import_module(f"anymail.webhooks.{service}")
    [view] = [
        found
        for name, found in vars(module).items()
        if name.endswith("TrackingWebhookView") and found.__module__ == module.__name__
    ]
    return view(**how)


class _Amazon(AmazonSESTrackingWebhookView):
    """Without Amazon's library, which is large: what it is for is one request, by which we say that
    we want the reports. Only who knows the secret gets here."""

    def __init__(self, **how: Any) -> None:
        super(AmazonSESTrackingWebhookView.__mro__[1], self).__init__(**how)

    def auto_confirm_sns_subscription(self, sns_message: dict[str, Any]) -> None:
        url = str(sns_message.get("SubscribeURL", ""))
        if not _AMAZON.match(url):
            raise ValueError("That is not Amazon's address.")
        with urllib.request.urlopen(url, timeout=10):
            pass


def _of(service: str, event: AnymailTrackingEvent) -> Iterator[Report]:
    kind = _KINDS.get(event.event_type)
    if kind == Kind.REJECTED:
        kind = _REFUSED.get(event.reject_reason, kind)
    if kind is None or not event.recipient:
        return
    said = " ".join(filter(None, (event.mta_response, event.description)))
    code = status_in(said)
    if kind == Kind.REJECTED and is_for_good(code):
        kind = Kind.BOUNCED
    event_id = event.event_id or f"{event.message_id} {event.timestamp}"
    yield Report(
        kind=kind,
        source=service,
        event_id=f"{service} {event.event_type} {event_id} {_short(event.recipient)}",
        mail=_mail(event),
        recipient=event.recipient,
        at=event.timestamp,
        code=code,
        detail=said,
        is_certain=_is_certain(service, event),
    )


def _is_certain(service: str, event: AnymailTrackingEvent) -> bool:
    if event.event_type == EventType.REJECTED:
        return True  # the service itself sends nothing there any more
    try:
        return _FOR_GOOD[service](event.esp_event)
    except (LookupError, TypeError):
        return False


def _mail(event: AnymailTrackingEvent) -> Mail | None:
    """Some services keep our Message-ID, most put theirs in its place."""
    named = read_message_id(event.message_id) if event.message_id else None
    if named is not None:
        return named
    raw = event.esp_event if isinstance(event.esp_event, dict) else {}
    sender = raw.get("mail", {}).get("source") if isinstance(raw.get("mail"), dict) else None
    return read_bounce_address(sender) if isinstance(sender, str) else None


def _short(address: str) -> str:
    """Of one notice about several recipients each is a report; the address is not kept."""
    return fingerprint(address.casefold())[:12]
