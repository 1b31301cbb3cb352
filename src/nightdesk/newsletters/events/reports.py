"""What somebody says became of a mail, and what follows: in one transaction, once.

A report names its mail by what we signed (Message-ID, the address it was returned to) or only by
its recipient; then it is about the last edition that went there. That a mail was delivered is
nobody's news and kept nowhere: it only settles one of which we were not certain.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from nightdesk.newsletters import subscribing
from nightdesk.newsletters.addresses import NoAddressError, read
from nightdesk.newsletters.delivery import actions as delivery
from nightdesk.newsletters.models import (
    Delivery,
    MailEvent,
    Subscriber,
    Subscription,
    Suppression,
)
from nightdesk.newsletters.returns import Mail
from nightdesk.newsletters.suppressing import suppress, without_addresses

Kind = MailEvent.Kind
State = Delivery.State

#: A report that names only the recipient is about an edition that left at most so long ago.
LATELY = datetime.timedelta(days=14)
#: A mail that came back for now counts when it did so this often in a row, over so long.
IN_A_ROW, OVER = 3, datetime.timedelta(days=7)

_CODE = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
#: RFC 3463 §3.2, §3.3: there is no such address, or it is shut for good. What is full (5.2.2) may be
#: emptied; what a server will not take from us, or of this content (5.7.x), is not its reader's.
_NO_SUCH = re.compile(r"5\.(?:0\.0|1\.(?:0|1|2|3|4|6|10)|2\.1)")


@dataclass(frozen=True, slots=True)
class Report:
    """``event_id`` makes the same report twice one. ``mail``: by what we signed. ``code``: an
    enhanced status (RFC 3463), "" when none was said. ``is_certain``: whoever says that it came
    back for good knows that from the address alone."""

    kind: str
    source: str
    event_id: str
    mail: Mail | None = None
    recipient: str = ""
    at: datetime.datetime | None = None
    code: str = ""
    detail: str = ""
    is_certain: bool = False


@transaction.atomic
def take(report: Report) -> bool:
    """False when it is about nobody we know, or was taken before."""
    subscriber, edition_id = _about(report)
    if subscriber is None and edition_id is None:
        return False
    if report.kind == Kind.DELIVERED:
        return _settle(report, edition_id, subscriber)
    kind = _kind(report)
    _event, new = MailEvent.objects.get_or_create(
        event_id=report.event_id[:120],
        defaults={
            "edition_id": edition_id,
            "subscriber": subscriber,
            "kind": kind,
            "at": min(report.at or timezone.now(), timezone.now()),
            "code": report.code[:20],
            "detail": without_addresses(report.detail)[:300],
            "source": report.source[:20],
        },
    )
    if not new:
        return False
    _settle(report, edition_id, subscriber)
    if subscriber is not None and subscriber.erased_at is None:
        _follow(kind, report, edition_id, subscriber)
    return True


def status_in(text: str) -> str:
    """The enhanced status in what a server said: ``550 5.1.1 No such user`` → ``5.1.1``."""
    found = _CODE.search(text)
    return found.group() if found else ""


def is_for_good(code: str, is_certain: bool = False) -> bool:
    """Whether nothing will ever arrive there."""
    return bool(_NO_SUCH.fullmatch(code)) if code else is_certain


def _kind(report: Report) -> str:
    if report.kind == Kind.BOUNCED and not is_for_good(report.code, report.is_certain):
        return Kind.SOFT
    return report.kind


def _follow(kind: str, report: Report, edition_id: int | None, subscriber: Subscriber) -> None:
    key, place = subscriber.email_key, f"report: {report.source}"
    if kind == Kind.BOUNCED:
        suppress(key, Suppression.Reason.BOUNCE, detail=report.code, place=place)
    elif kind == Kind.COMPLAINED:
        suppress(key, Suppression.Reason.COMPLAINT, place=place)
    elif kind == Kind.UNSUBSCRIBED:
        theirs = subscriber.subscriptions.select_related("newsletter")
        if edition_id:
            theirs = theirs.filter(newsletter__editions=edition_id)
        for subscription in theirs:
            subscribing.end(
                subscriber, subscription.newsletter, Subscription.Reason.ONE_CLICK, place=place
            )
    elif kind == Kind.SOFT and _came_back_too_often(subscriber):
        said = f"came back {IN_A_ROW} times in a row"
        suppress(key, Suppression.Reason.BOUNCE, detail=said, place=place)


def _came_back_too_often(subscriber: Subscriber) -> bool:
    """The last editions that were sent there all came back, and not in one bad week."""
    last = list(
        Delivery.objects.filter(subscriber=subscriber, state=State.SENT)
        .order_by("-edition")
        .values_list("edition", flat=True)[:IN_A_ROW]
    )
    if len(last) < IN_A_ROW:
        return False
    events = MailEvent.objects.filter(subscriber=subscriber, edition__in=last, kind=Kind.SOFT)
    found = dict(events.order_by("at").values_list("edition", "at"))
    times = sorted(found.values())
    return len(found) == IN_A_ROW and times[-1] - times[0] >= OVER


def _settle(report: Report, edition_id: int | None, subscriber: Subscriber | None) -> bool:
    if edition_id is None or subscriber is None:
        return False
    taken = report.kind != Kind.REJECTED
    said = without_addresses(report.detail) or f"Reported by {report.source}."
    return delivery.reported(edition_id, subscriber.pk, taken=taken, text=said)


def _about(report: Report) -> tuple[Subscriber | None, int | None]:
    if report.mail is not None:
        found = Delivery.objects.filter(
            edition=report.mail.edition, subscriber=report.mail.subscriber
        ).select_related("subscriber")
        for row in found:
            return row.subscriber, row.edition_id
    try:
        key = read(report.recipient).key
    except NoAddressError:
        return None, None
    subscriber = Subscriber.objects.filter(email_key=key).first()
    if subscriber is None:
        return None, None
    at = report.at or timezone.now()
    left = Delivery.objects.filter(
        subscriber=subscriber, state__in=[State.SENT, State.SENDING, State.UNCERTAIN]
    )
    for row in left.order_by("-pk").select_related("edition")[:1]:
        begun = row.settled_at or row.edition.started_at or timezone.now()
        if abs(at - begun) < LATELY:
            return subscriber, row.edition_id
    return subscriber, None
