"""What readers do about their newsletters: end, take it back, choose, pause, move.

Each is committed before the reader is told that it is done.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from nightdesk.newsletters import subscribing
from nightdesk.newsletters.addresses import Address, fingerprint, read
from nightdesk.newsletters.models import (
    ConsentEvent,
    FirstMail,
    Newsletter,
    Subscriber,
    Subscription,
    Wish,
)
from nightdesk.newsletters.signup import limits
from nightdesk.newsletters.subscribing import is_suppressed
from nightdesk.newsletters.yours.links import Holder

Reason = Subscription.Reason
State = Subscription.State
Kind = ConsentEvent.Kind

#: Weeks for which all mail can rest.
WEEKS = (1, 2, 4)
#: An ending can be taken back by the link that ended it for so long. An old mail that was forwarded
#: must not bring back, a year later, what its reader has ended.
UNDO_FOR = datetime.timedelta(days=1)
#: Addresses that one reader may have us write to in a day.
MOVES_A_DAY = 3
_ASKED = ConsentEvent.ASKED_TO_MOVE
#: Endings of the reader's own; what bounced, or the newsroom ended, no link takes back.
_THEIR_OWN = (Reason.ONE_CLICK, Reason.LINK, Reason.MAILTO, Reason.CENTRE)


def standing(holder: Holder) -> Subscription | None:
    """How it stands with the newsletter whose link this is."""
    if holder.subscriber is None or holder.newsletter is None:
        return None
    return Subscription.objects.filter(
        subscriber=holder.subscriber, newsletter=holder.newsletter
    ).first()


def may_undo(subscription: Subscription | None) -> bool:
    return (
        subscription is not None
        and subscription.state == State.UNSUBSCRIBED
        and subscription.confirmed_at is not None
        and subscription.ended_at is not None
        and subscription.reason in _THEIR_OWN
        and timezone.now() - subscription.ended_at < UNDO_FOR
    )


def end(holder: Holder, reason: Subscription.Reason, place: str = "") -> bool:
    """Not another mail of the newsletter whose link this is. Nothing to end: nothing is done."""
    if holder.subscriber is None or holder.newsletter is None:
        return False
    return subscribing.end(holder.subscriber, holder.newsletter, reason, place=place)


@transaction.atomic
def undo(holder: Holder, place: str = "") -> bool:
    subscriber, newsletter = holder.subscriber, holder.newsletter
    if subscriber is None or newsletter is None or not may_undo(standing(holder)):
        return False
    if is_suppressed(fingerprint(subscriber.email_key), newsletter):
        return False
    return subscribing.undo_end(subscriber, newsletter, place=place)


@dataclass
class Chosen:
    """What a choice has changed. ``waiting``: added, and waits for the click in a mail."""

    ended: list[Newsletter] = field(default_factory=list)
    added: list[Newsletter] = field(default_factory=list)
    waiting: list[Newsletter] = field(default_factory=list)


@transaction.atomic
def choose(
    holder: Holder,
    shown: Iterable[int],
    wanted: Iterable[int],
    *,
    language: str,
    place: str = "",
    words: str = "",
) -> Chosen:
    """Of the newsletters that stood on the page, have those that are ticked and no others.

    Ending needs nothing, nor does taking that back on the same day. To add one, the link must prove
    the address; otherwise it is only asked for, and waits for the click in a mail like any other.
    """
    subscriber = holder.subscriber
    assert subscriber is not None
    theirs = {row.newsletter_id: row for row in subscriber.subscriptions.all()}
    have = {pk for pk, row in theirs.items() if row.state != State.UNSUBSCRIBED}
    shown, wanted = set(shown), set(wanted)
    named = Newsletter.objects.select_related("locale").in_bulk(shown)
    chosen = Chosen()
    for pk in sorted(shown & have - wanted):
        if pk in named and subscribing.end(subscriber, named[pk], Reason.CENTRE, place=place):
            chosen.ended.append(named[pk])
    # What waits for a click waits on, unless this link is the proof that the click would be.
    there = {pk for pk in have if theirs[pk].state == State.ACTIVE} if holder.is_owner else have
    adding = [
        named[pk] for pk in sorted(shown & wanted - there) if pk in named and named[pk].offered
    ]
    for newsletter in [each for each in adding if may_undo(theirs.get(each.pk))]:
        if undo(Holder(subscriber, newsletter), place):
            chosen.added.append(newsletter)
            adding.remove(newsletter)
    if not adding:
        return chosen
    if holder.is_owner:
        subscribing.ask(
            read(subscriber.email),
            adding,
            language=language,
            source="page",
            place=place,
            words=words,
        )
        confirmed = subscribing.confirm(subscriber, adding, place=place, words=words)
        chosen.added += [subscription.newsletter for subscription in confirmed]
    else:
        _leave_a_wish(subscriber, adding, language, place, words)
        chosen.waiting = adding
    return chosen


def _leave_a_wish(
    subscriber: Subscriber, newsletters: list[Newsletter], language: str, place: str, words: str
) -> None:
    """As a form does that anybody may fill in: with the same mail, and no more of them a day."""
    Wish.objects.create(
        email=subscriber.email,
        email_ascii=subscriber.email_ascii,
        email_key=subscriber.email_key,
        newsletters=[newsletter.pk for newsletter in newsletters],
        language=language,
        place=place,
        words=words,
    )


@transaction.atomic
def pause(subscriber: Subscriber, weeks: int, place: str = "") -> None:
    """No mail for so long; then it comes again by itself."""
    subscriber.paused_until = timezone.now() + datetime.timedelta(weeks=weeks)
    subscriber.save(update_fields=["paused_until"])
    until = f"{subscriber.paused_until:%Y-%m-%d %H:%M} UTC"
    subscribing.note(subscriber, None, Kind.PAUSED, place=place, detail=until)


@transaction.atomic
def resume(subscriber: Subscriber, place: str = "") -> None:
    if is_paused(subscriber):
        subscriber.paused_until = None
        subscriber.save(update_fields=["paused_until"])
        subscribing.note(subscriber, None, Kind.RESUMED, place=place)


def is_paused(subscriber: Subscriber) -> bool:
    return subscriber.paused_until is not None and subscriber.paused_until > timezone.now()


class TooOftenError(Exception):
    """So many addresses in a day are nobody's own."""


@transaction.atomic
def ask_to_move(subscriber: Subscriber, new: Address, place: str = "") -> bool:
    """Remember where to; it is done when the new address has said yes. False when nothing may be
    mailed there (it is suppressed, or has had its share of first mails today), which the reader is
    not told: it would tell them of somebody else. Raises ``TooOftenError``."""
    now = timezone.now()
    asked = ConsentEvent.objects.filter(
        subscriber=subscriber, kind=Kind.MOVED, detail=_ASKED, at__gt=now - UNDO_FOR
    )
    if asked.count() >= MOVES_A_DAY:
        raise TooOftenError
    subscriber.moving_to = new.written
    subscriber.save(update_fields=["moving_to"])
    subscribing.note(subscriber, None, Kind.MOVED, place=place, detail=_ASKED)
    if new.key == subscriber.email_key or is_suppressed(new.fingerprint, themselves=True):
        return False
    if not limits.may_write(new, now):
        return False
    limits.note(new, FirstMail.Kind.CONFIRM, [], now)
    return True


@transaction.atomic
def move(subscriber: Subscriber, place: str = "") -> tuple[Subscriber, str]:
    """The new address has said yes. Back come whoever has it now, and the old address.

    Who reads newsletters under both already keeps one of each, under the new one.
    """
    subscriber = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    new, old = read(subscriber.moving_to), subscriber.email
    there = Subscriber.objects.select_for_update().filter(email_key=new.key).first()
    if there is None or there.pk == subscriber.pk:
        _note_move(subscriber, new, place)
        subscriber.email, subscriber.email_ascii = new.written, new.ascii
        subscriber.email_key, subscriber.moving_to = new.key, ""
        subscriber.save()
        return subscriber, old
    for subscription in subscriber.subscriptions.filter(state=State.ACTIVE).select_related(
        "newsletter"
    ):
        subscribing.end(subscriber, subscription.newsletter, Reason.CENTRE, place=place)
        _take_over(subscription, there, place)
    subscriber.moving_to = ""
    subscriber.save(update_fields=["moving_to"])
    _note_move(subscriber, new, place)
    return there, old


def _take_over(subscription: Subscription, there: Subscriber, place: str) -> None:
    known, new = Subscription.objects.get_or_create(
        newsletter_id=subscription.newsletter_id,
        subscriber=there,
        defaults={"source": "page", "place": place[:500]},
    )
    if not new and known.state == State.ACTIVE:
        return
    known.state, known.confirmed_at = State.ACTIVE, timezone.now()
    known.ended_at, known.reason = None, ""
    known.save()
    subscribing.note(there, subscription.newsletter, Kind.MOVED, place=place)


def _note_move(subscriber: Subscriber, new: Address, place: str) -> None:
    """Under the old address and under the new: either can be shown that it was asked for."""
    subscribing.note(subscriber, None, Kind.MOVED, place=place, detail=ConsentEvent.FROM_HERE)
    ConsentEvent.objects.create(
        subscriber=subscriber,
        fingerprint=new.fingerprint,
        kind=Kind.MOVED,
        place=place[:500],
        detail=ConsentEvent.TO_HERE,
    )
