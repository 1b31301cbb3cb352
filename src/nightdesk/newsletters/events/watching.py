"""While an edition is sent: does too much of it come back, do too many mark it as spam?

Both are found out by mail providers, too, and what they do then (all of the newsroom's mail into
spam, passwords included) takes weeks to undo. So the edition stops by itself, and an editor reads
why. An address that a relay refuses for good while we speak with it counts as come back.
"""

from __future__ import annotations

import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_noop
from wagtail.models import ModelLogEntry

from nightdesk.newsletters.delivery import actions
from nightdesk.newsletters.events.reports import Report, is_for_good, status_in, take
from nightdesk.newsletters.models import Delivery, Edition, MailEvent
from nightdesk.newsletters.returns import Mail
from nightdesk.newsletters.said import Said

Kind = MailEvent.Kind

#: Gmail and Yahoo ask for fewer than one complaint in a thousand. One of a thousand is chance:
#: three are not. Of what comes back one in twenty is a list that was bought or is years old.
COMPLAINTS, COMPLAINTS_OF, COMPLAINTS_LEAST = 0.001, 1000, 3
BOUNCES, BOUNCES_OF, BOUNCES_LEAST = 0.05, 100, 10

#: Seconds between two looks, and for how long after its end an edition's refusals are looked for.
_EVERY = 10.0
_AFTER = datetime.timedelta(hours=1)
_KEPT = datetime.timedelta(days=90)
_looked: dict[str, datetime.datetime] = {}


def look(now: datetime.datetime) -> int:
    """A due verb; returns how many editions were stopped."""
    last = _looked.get("look")
    if last is not None and abs((now - last).total_seconds()) < _EVERY:
        return 0
    _looked["look"] = now
    stopped = 0
    under_way = Edition.objects.filter(state__in=[Edition.State.SENDING, Edition.State.PAUSED])
    lately = Edition.objects.filter(state=Edition.State.FINISHED, finished_at__gt=now - _AFTER)
    for edition in under_way | lately:
        suppress_refused(edition)
        if edition.state == Edition.State.SENDING:
            stopped += _stop_if_too_many(edition)
    return stopped


def suppress_refused(edition: Edition) -> int:
    """Those whose address a relay refused for good get nothing from the next edition on."""
    refused = Delivery.objects.filter(edition=edition, state=Delivery.State.FAILED)
    known = set(
        MailEvent.objects.filter(edition=edition, source="relay").values_list(
            "subscriber", flat=True
        )
    )
    count = 0
    for subscriber, reply, at in refused.values_list("subscriber", "reply", "settled_at"):
        code = status_in(reply)
        if subscriber not in known and is_for_good(code):
            count += take(
                Report(
                    kind=Kind.BOUNCED,
                    source="relay",
                    event_id=f"relay {edition.pk} {subscriber}",
                    mail=Mail(edition.pk, subscriber),
                    at=at,
                    code=code,
                    detail=reply,
                )
            )
    return count


def _stop_if_too_many(edition: Edition) -> bool:
    why = too_many(edition)
    return why is not None and actions.pause(edition, why)


def too_many(edition: Edition) -> Said | None:
    """Why it must stop, as a sentence for an editor; None while it may go on.

    What came before it was last told to go on is not counted again: who has read the sentence and
    goes on shall not be stopped by the same complaint.
    """
    events = MailEvent.objects.filter(edition=edition)
    told = ModelLogEntry.objects.for_instance(edition).filter(action=actions.RESUMED).first()
    if told is not None:
        events = events.filter(at__gt=told.timestamp)
    complained = _readers(events, Kind.COMPLAINED)
    returned = _readers(events, Kind.BOUNCED)
    if complained < COMPLAINTS_LEAST and returned < BOUNCES_LEAST:
        return None  # as nearly always: then nobody counts two hundred thousand rows
    sent = Delivery.objects.filter(
        edition=edition, state__in=[Delivery.State.SENT, Delivery.State.FAILED]
    ).count()
    if sent >= COMPLAINTS_OF and complained >= COMPLAINTS_LEAST and complained >= COMPLAINTS * sent:
        return Said(
            gettext_noop(
                "%(complained)s of %(sent)s readers have marked it as spam. From one in a thousand "
                "on, mail providers hold back everything this newsroom sends. Who complained gets "
                "nothing more. Go on only if you know why they did."
            ),
            complained=complained,
            sent=sent,
        )
    if sent >= BOUNCES_OF and returned >= BOUNCES_LEAST and returned >= BOUNCES * sent:
        return Said(
            gettext_noop(
                "%(returned)s of %(sent)s came back: there are no such addresses. From one in "
                "twenty on, mail providers take a sender for one with a bought list. Those "
                "addresses get nothing more. Go on only if you know where they came from."
            ),
            returned=returned,
            sent=sent,
        )
    return None


def _readers(events: QuerySet[MailEvent], kind: str) -> int:
    return events.filter(kind=kind).values("subscriber").distinct().count()


def forget(now: datetime.datetime) -> int:
    """A due verb: what is older than ninety days, once an hour."""
    last = _looked.get("forget")
    if last is not None and abs(now - last) < datetime.timedelta(hours=1):
        return 0
    _looked["forget"] = now
    old = MailEvent.objects.filter(at__lt=now - _KEPT)
    return old.delete()[0] if old.exists() else 0
