"""Erase a reader: the address goes from everywhere, and nobody but they can bring it back.
The mails in the folder of a newsroom without a relay go with it, a moment later.

What stays says nothing of them: an emptied row that keeps the counts of past editions right and
lets the link in an old mail answer; the lines of proof and a suppression under the address'
fingerprint, which only this newsroom, shown the address, can recognise (GDPR art. 17 (3) e).
"""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.utils import timezone

from nightdesk.mail.models import OutgoingMail
from nightdesk.newsletters import subscribing
from nightdesk.newsletters.addresses import fingerprint, read
from nightdesk.newsletters.models import (
    ConsentEvent,
    Delivery,
    MailEvent,
    Subscriber,
    Subscription,
    Suppression,
    Wish,
)
from nightdesk.newsletters.yours.tasks import forget_files


@transaction.atomic
def erase(subscriber: Subscriber, *, place: str = "") -> None:
    subscriber = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    if subscriber.erased_at:
        return
    key_fingerprint = fingerprint(subscriber.email_key)
    for subscription in subscriber.subscriptions.select_related("newsletter"):
        subscribing.end(
            subscriber, subscription.newsletter, Subscription.Reason.ERASED, place=place
        )
    subscribing.note(subscriber, None, ConsentEvent.Kind.ERASED, place=place)
    # A suppression that is there already (mail came back, was marked as spam) says more.
    Suppression.objects.get_or_create(
        fingerprint=key_fingerprint,
        newsletter=None,
        defaults={"reason": Suppression.Reason.ERASED},
    )
    Wish.objects.filter(email_key=subscriber.email_key).delete()
    # The mail that is leaving this moment, too: what becomes of it is nobody's any more.
    for address in _addresses(subscriber):
        transaction.on_commit(partial(forget_files.enqueue, fingerprint(read(address).key)))
        OutgoingMail.objects.filter(rcpt_to__iexact=address).delete()
    # Relays and services repeat the address in what they answer; of a mail that was skipped it is
    # we who say why.
    Delivery.objects.filter(subscriber=subscriber).exclude(state=Delivery.State.SKIPPED).update(
        reply=""
    )
    MailEvent.objects.filter(subscriber=subscriber).update(subscriber=None, detail="")
    ConsentEvent.objects.filter(subscriber=subscriber).update(subscriber=None)
    Subscription.objects.filter(subscriber=subscriber).update(place="")
    subscriber.email = subscriber.email_ascii = subscriber.moving_to = subscriber.language = ""
    subscriber.email_key = f"erased {subscriber.uid}"
    subscriber.paused_until, subscriber.erased_at = None, timezone.now()
    subscriber.save()


def _addresses(subscriber: Subscriber) -> set[str]:
    """As the queue of mail has them."""
    moving = read(subscriber.moving_to).ascii if subscriber.moving_to else ""
    return {subscriber.email_ascii, moving} - {""}
