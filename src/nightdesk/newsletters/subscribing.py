"""The verbs of a subscription: ask, confirm, end, take the ending back. Each leaves its proof.

They run in the caller's transaction, say nothing to anybody and send no mail: who calls them does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from nightdesk.newsletters.addresses import Address, fingerprint
from nightdesk.newsletters.models import (
    ConsentEvent,
    ConsentWords,
    Newsletter,
    Subscriber,
    Subscription,
    Suppression,
)

#: Asked again within so long, what waits for its click simply waits on.
_SAME_WISH = timedelta(days=1)

State = Subscription.State
Kind = ConsentEvent.Kind


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of the wish: ``pending`` waits for a click, ``active`` was there before.
    ``suppressed``: nothing is sent to this address, whatever it asks."""

    subscriber: Subscriber | None
    pending: list[Subscription]
    active: list[Subscription]
    suppressed: bool = False


#: Where readers ask for themselves, and not the newsroom for them.
THEMSELVES = frozenset({"form", "page"})


def is_suppressed(
    key_fingerprint: str, newsletter: Newsletter | None = None, *, themselves: bool = False
) -> bool:
    """Whether the address gets nothing: at all, or from this newsletter.

    ``themselves``: the reader is asking. Who was erased at their wish may come back like anybody
    who was never here; nobody else may bring them back.
    """
    where = Q(newsletter=None) | (Q(newsletter=newsletter) if newsletter else Q(pk=None))
    found = Suppression.objects.filter(where, fingerprint=key_fingerprint)
    if themselves:
        found = found.exclude(reason=Suppression.Reason.ERASED)
    return found.exists()


@transaction.atomic
def ask(
    address: Address,
    newsletters: Iterable[Newsletter],
    *,
    language: str,
    source: str = "form",
    place: str = "",
    words: str = "",
) -> Asked:
    """Somebody wrote this address into a form. What is pending becomes active by ``confirm``.

    However often that happens in a day, it is one wish with one line of proof: a form that is sent
    ten thousand times fills nothing.
    """
    themselves = source in THEMSELVES
    if is_suppressed(address.fingerprint, themselves=themselves):
        return Asked(None, [], [], suppressed=True)
    subscriber, _new = Subscriber.objects.get_or_create(
        email_key=address.key,
        defaults={"email": address.written, "email_ascii": address.ascii, "language": language},
    )
    pending, active = [], []
    for newsletter in newsletters:
        if is_suppressed(address.fingerprint, newsletter, themselves=themselves):
            continue
        subscription, new = Subscription.objects.get_or_create(
            newsletter=newsletter,
            subscriber=subscriber,
            defaults={"source": source, "place": place[:500]},
        )
        if subscription.state == State.ACTIVE:
            active.append(subscription)
            continue
        if not new and _waits_since_today(subscription):
            pending.append(subscription)
            continue
        if not new:
            subscription.state = State.PENDING
            subscription.source, subscription.place = source, place[:500]
            subscription.requested_at = timezone.now()
            subscription.confirmed_at = subscription.ended_at = None
            subscription.reason = ""
            subscription.save()
        pending.append(subscription)
        note(subscriber, newsletter, Kind.ASKED, place=place, words=words)
    return Asked(subscriber, pending, active)


def _waits_since_today(subscription: Subscription) -> bool:
    return (
        subscription.state == State.PENDING
        and timezone.now() - subscription.requested_at < _SAME_WISH
    )


@transaction.atomic
def confirm(
    subscriber: Subscriber,
    newsletters: Iterable[Newsletter] | None = None,
    *,
    place: str = "",
    words: str = "",
) -> list[Subscription]:
    """Every newsletter that still waited for this reader's click is theirs now (only
    ``newsletters``, when these are said); those are given back, none on the second click."""
    now = timezone.now()
    waiting = Subscription.objects.select_for_update(of=("self",)).filter(
        subscriber=subscriber, state=State.PENDING
    )
    if newsletters is not None:
        waiting = waiting.filter(newsletter__in=list(newsletters))
    confirmed = list(waiting.select_related("newsletter__locale"))
    for subscription in confirmed:
        subscription.state, subscription.confirmed_at = State.ACTIVE, now
        subscription.save(update_fields=["state", "confirmed_at"])
        note(subscriber, subscription.newsletter, Kind.CONFIRMED, place=place, words=words)
    if confirmed:
        # Who had themselves erased has come back by their own click.
        Suppression.objects.filter(
            fingerprint=fingerprint(subscriber.email_key), reason=Suppression.Reason.ERASED
        ).delete()
    return confirmed


@transaction.atomic
def end(
    subscriber: Subscriber,
    newsletter: Newsletter,
    reason: Subscription.Reason,
    *,
    place: str = "",
    by: Any = None,
) -> bool:
    """From now on not another mail of this newsletter. False when there was nothing to end."""
    ended = Subscription.objects.filter(
        subscriber=subscriber, newsletter=newsletter, state__in=[State.ACTIVE, State.PENDING]
    ).update(state=State.UNSUBSCRIBED, ended_at=timezone.now(), reason=reason)
    if ended:
        note(subscriber, newsletter, Kind.ENDED, place=place, detail=str(reason), by=by)
    return bool(ended)


@transaction.atomic
def undo_end(subscriber: Subscriber, newsletter: Newsletter, *, place: str = "") -> bool:
    """The reader takes it back. Only what was confirmed once comes back without a new mail."""
    undone = Subscription.objects.filter(
        subscriber=subscriber,
        newsletter=newsletter,
        state=State.UNSUBSCRIBED,
        confirmed_at__isnull=False,
    ).update(state=State.ACTIVE, ended_at=None, reason="")
    if undone:
        note(subscriber, newsletter, Kind.UNDONE, place=place)
    return bool(undone)


def note(
    subscriber: Subscriber,
    newsletter: Newsletter | None,
    kind: ConsentEvent.Kind,
    *,
    place: str = "",
    words: str = "",
    detail: str = "",
    by: Any = None,
) -> ConsentEvent:
    """One more line of the proof."""
    return ConsentEvent.objects.create(
        subscriber=subscriber,
        fingerprint=fingerprint(subscriber.email_key),
        newsletter=newsletter,
        kind=kind,
        place=place[:500],
        words=_kept(words),
        detail=detail[:200],
        by=by,
    )


def _kept(words: str) -> ConsentWords | None:
    if not words:
        return None
    digest = hashlib.sha256(words.encode()).hexdigest()
    return ConsentWords.objects.get_or_create(sha256=digest, defaults={"words": words})[0]
