"""The verbs behind the forms: see to what was sent, confirm, forget.

Each address is seen to in one transaction: its wishes go, its subscriptions and the proof come, and
the mail is in the queue, all or nothing. So a worker that is killed leaves a wish or a mail, never
neither, never both.
"""

from __future__ import annotations

import datetime
import itertools
import logging
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from nightdesk.newsletters import subscribing
from nightdesk.newsletters.addresses import Address, fingerprint
from nightdesk.newsletters.models import (
    ConsentEvent,
    FirstMail,
    Newsletter,
    Subscriber,
    Subscription,
    Wish,
)
from nightdesk.newsletters.signup import domains, limits, mails
from nightdesk.newsletters.signup.limits import May

log = logging.getLogger("nightdesk.newsletters")

State = Subscription.State
#: Wishes read at once.
_BATCH = 500
#: When a domain has had its share, the rest of its wishes wait so long.
_LATER = datetime.timedelta(minutes=10)
#: What was never confirmed is forgotten.
PENDING_FOR = datetime.timedelta(days=30)


def take_in(now: datetime.datetime | None = None) -> int:
    """See to every sign-up that waits; returns how many. Safe to run twice, and at once."""
    now = now or timezone.now()
    Wish.objects.filter(trap=True).delete()
    count = 0
    while wishes := list(Wish.objects.filter(not_before__lte=now).order_by("pk")[:_BATCH]):
        by_address = sorted(wishes, key=lambda wish: wish.email_key)
        for _key, same in itertools.groupby(by_address, key=lambda wish: wish.email_key):
            count += _see_to(list(same), now)
    return count


def _see_to(wishes: list[Wish], now: datetime.datetime) -> int:
    """All that one address has sent."""
    first = wishes[0]
    address = Address(
        first.email, first.email_ascii, first.email_key, not first.email_ascii.isascii()
    )
    reachable = domains.takes_mail(address.domain)  # outside the transaction: it may take a while
    with transaction.atomic():
        taken, _rows = Wish.objects.filter(pk__in=[wish.pk for wish in wishes]).delete()
        if taken and reachable:
            _answer(address, wishes, now)
    return len(wishes)


def _answer(address: Address, wishes: list[Wish], now: datetime.datetime) -> None:
    if subscribing.is_suppressed(address.fingerprint, themselves=True):
        return
    active: list[Newsletter] = []
    seen: set[int] = set()
    for wish in wishes:
        ids = set(wish.newsletters) - seen
        if not ids:  # said already; or a new link for what waits: who never asked gets nothing
            continue
        seen |= ids
        asked = subscribing.ask(
            address,
            Newsletter.objects.filter(pk__in=ids).select_related("locale"),
            language=wish.language,
            place=wish.place,
            words=wish.words,
        )
        active += [row.newsletter for row in asked.active]
    # Two workers with wishes of one address: one after the other, or each would send its mail.
    subscriber = Subscriber.objects.select_for_update().filter(email_key=address.key).first()
    if subscriber is None:
        return
    pending = pending_of(subscriber)
    if pending:
        _ask_to_confirm(address, subscriber, pending, wishes[-1], now)
    elif active and limits.may_say_already(address, now):
        limits.note(address, FirstMail.Kind.ALREADY, active, now)
        mails.already(subscriber, list(dict.fromkeys(active)))


def _ask_to_confirm(
    address: Address,
    subscriber: Subscriber,
    pending: Sequence[Newsletter],
    wish: Wish,
    now: datetime.datetime,
) -> None:
    """One mail for everything that waits; its subject names what was not mailed about today."""
    may, wanted = limits.may_confirm(address, [row.pk for row in pending], now)
    if may == May.LATER:
        wish.pk, wish.newsletters, wish.again, wish.not_before = None, [], True, now + _LATER
        wish.save(force_insert=True)
    if may != May.NOW:
        return
    named = [row for row in pending if row.pk in wanted]
    limits.note(address, FirstMail.Kind.CONFIRM, named, now)
    mails.confirmation(subscriber, named, pending)
    for newsletter in named:
        subscribing.note(subscriber, newsletter, ConsentEvent.Kind.MAILED)


@transaction.atomic
def confirm(subscriber: Subscriber, *, place: str, words: str) -> list[Newsletter]:
    """The reader pressed the button. Everything that waited is theirs, and each says welcome."""
    confirmed = subscribing.confirm(subscriber, place=place, words=words)
    limits.note_confirmed(fingerprint(subscriber.email_key))
    newsletters = [row.newsletter for row in confirmed]
    for newsletter in newsletters:
        mails.welcome(subscriber, newsletter)
    return newsletters


def pending_of(subscriber: Subscriber) -> list[Newsletter]:
    return _of(subscriber, State.PENDING)


def active_of(subscriber: Subscriber) -> list[Newsletter]:
    return _of(subscriber, State.ACTIVE)


def _of(subscriber: Subscriber, state: Subscription.State) -> list[Newsletter]:
    rows = Newsletter.objects.filter(
        subscriptions__subscriber=subscriber, subscriptions__state=state
    )
    return list(rows.select_related("locale"))


def forget(now: datetime.datetime) -> int:
    """A due verb: what was not confirmed within thirty days goes, and the address with it when
    nothing else is known of it. The proof that somebody asked stays as a fingerprint."""
    old = Subscription.objects.filter(state=State.PENDING, requested_at__lte=now - PENDING_FOR)
    if not old.exists():
        return limits.forget(now)
    with transaction.atomic():
        addresses = set(old.values_list("subscriber", flat=True))
        count, _rows = old.delete()
        Subscriber.objects.filter(
            pk__in=addresses, erased_at=None, subscriptions=None, deliveries=None
        ).delete()
    return count + limits.forget(now)
