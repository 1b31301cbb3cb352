"""To whom nothing is sent any more, and why; the newsroom can lift that, the list of one who was
erased at their own wish excepted."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction

from nightdesk.newsletters import subscribing
from nightdesk.newsletters.addresses import fingerprint
from nightdesk.newsletters.models import Newsletter, Subscriber, Subscription, Suppression

Reason = Suppression.Reason

_ENDED = {
    Reason.BOUNCE: Subscription.Reason.BOUNCE,
    Reason.COMPLAINT: Subscription.Reason.COMPLAINT,
}
_ADDRESS = re.compile(r"\S*@\S+")


@transaction.atomic
def suppress(
    key: str,
    reason: Suppression.Reason,
    *,
    newsletter: Newsletter | None = None,
    detail: str = "",
    place: str = "",
    by: Any = None,
) -> bool:
    """Nothing is sent to this address (``key`` as in ``Address.key``) any more: of one newsletter,
    or of any. Its subscriptions end, with proof. False when it was so already."""
    _row, new = Suppression.objects.get_or_create(
        fingerprint=fingerprint(key),
        newsletter=newsletter,
        defaults={"reason": reason, "detail": without_addresses(detail)[:200]},
    )
    subscriber = Subscriber.objects.filter(email_key=key).first()
    if subscriber is not None:
        theirs = subscriber.subscriptions.select_related("newsletter")
        for subscription in theirs.filter(newsletter=newsletter) if newsletter else theirs:
            why = _ENDED.get(reason, Subscription.Reason.DESK)
            subscribing.end(subscriber, subscription.newsletter, why, place=place, by=by)
    return new


def lift(row: Suppression) -> bool:
    """Mail may go there again; nothing is subscribed by that."""
    if row.reason == Reason.ERASED:
        return False
    row.delete()
    return True


def of_key(key: str) -> list[Suppression]:
    return list(
        Suppression.objects.filter(fingerprint=fingerprint(key)).select_related("newsletter")
    )


def without_addresses(text: str) -> str:
    """What a mail server or a colleague wrote, without the address it may repeat: a suppression
    outlives the address."""
    return _ADDRESS.sub("…", text)
