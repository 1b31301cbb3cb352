"""Everything that is kept of one reader, for that reader: the proof included (GDPR art. 15, 20)."""

from __future__ import annotations

from typing import Any

from nightdesk.mail.models import OutgoingMail
from nightdesk.newsletters.addresses import fingerprint
from nightdesk.newsletters.models import (
    ConsentEvent,
    Delivery,
    MailEvent,
    Subscriber,
    Subscription,
    Suppression,
)

#: ``what`` of a line of the proof that is kept as ``moved``, when it was only asked for.
ASKED_TO_MOVE = "asked_to_move"


def of(subscriber: Subscriber) -> dict[str, Any]:
    """Ready for JSON; times as ISO 8601 in UTC."""
    key_fingerprint = fingerprint(subscriber.email_key)
    return {
        "address": subscriber.email,
        "language": subscriber.language,
        "kept_since": _time(subscriber.created_at),
        "paused_until": _time(subscriber.paused_until),
        "newsletters": [
            _subscription(each)
            for each in subscriber.subscriptions.select_related("newsletter__locale").order_by("pk")
        ],
        "proof": [
            _event(each)
            for each in ConsentEvent.objects.filter(fingerprint=key_fingerprint).select_related(
                "newsletter", "words"
            )
        ],
        "mails": [
            {
                "subject": each.edition.subject,
                "newsletter": each.edition.newsletter.name,
                "state": Delivery.State(each.state).name.lower(),
                "at": _time(each.settled_at),
                "answer": "" if each.state == Delivery.State.SKIPPED else each.reply,
                "passed_over": each.reply if each.state == Delivery.State.SKIPPED else "",
            }
            for each in Delivery.objects.filter(subscriber=subscriber)
            .select_related("edition__newsletter")
            .order_by("pk")
        ],
        "other_mails": [
            {"what": each.kind, "state": str(each.state), "at": _time(each.created_at)}
            for each in OutgoingMail.objects.filter(rcpt_to__iexact=subscriber.email_ascii)
            .defer("content")
            .order_by("pk")
        ],
        "reports": [
            {"what": each.kind, "at": _time(each.at), "code": each.code, "detail": each.detail}
            for each in MailEvent.objects.filter(subscriber=subscriber).order_by("pk")
        ],
        "suppressed": [
            {
                "reason": each.reason,
                "newsletter": each.newsletter.name if each.newsletter else "",
                "at": _time(each.at),
            }
            for each in Suppression.objects.filter(fingerprint=key_fingerprint).select_related(
                "newsletter"
            )
        ],
    }


def _subscription(row: Subscription) -> dict[str, Any]:
    return {
        "newsletter": row.newsletter.name,
        "language": row.newsletter.language,
        "state": row.state,
        "source": row.source,
        "place": row.place,
        "asked_at": _time(row.requested_at),
        "confirmed_at": _time(row.confirmed_at),
        "ended_at": _time(row.ended_at),
        "ended_why": row.reason,
    }


def _event(row: ConsentEvent) -> dict[str, Any]:
    return {
        "what": ASKED_TO_MOVE if row.detail == ConsentEvent.ASKED_TO_MOVE else row.kind,
        "at": _time(row.at),
        "newsletter": row.newsletter.name if row.newsletter else "",
        "place": row.place,
        "words": row.words.words if row.words else "",
        "detail": row.detail,
        "by_the_newsroom": row.by_id is not None,
    }


def _time(moment: Any) -> str | None:
    return moment.isoformat() if moment else None
