"""How often an address may be mailed before it is anybody's reader.

One mail a day for each newsletter, three a day over all, nine in thirty days that were never
answered; and to one domain so many an hour as it has readers of ours, and sixty: who owns a domain
may have all its addresses. Over the first three nothing is sent, over the last it is sent later.
"""

from __future__ import annotations

import datetime
import enum
from collections.abc import Collection, Iterable

from nightdesk.newsletters.addresses import Address, fingerprint
from nightdesk.newsletters.models import FirstMail, Newsletter, Subscriber, Subscription

A_DAY = datetime.timedelta(days=1)
AN_HOUR = datetime.timedelta(hours=1)
#: Kept for so long, and an address that never answered is left alone for so long.
REMEMBERED = datetime.timedelta(days=30)
MOST_A_DAY = 3
MOST_UNANSWERED = 9
MOST_TO_A_DOMAIN = 60
#: Where strangers by the million have their addresses, nobody has them all.
MOST_TO_A_PROVIDER = 2000
_PROVIDERS = """
    aol.com fastmail.com gmail.com gmx.at gmx.ch gmx.de gmx.net googlemail.com hotmail.com i.ua
    icloud.com live.com mail.com me.com meta.ua msn.com outlook.com pm.me proton.me protonmail.com
    ukr.net web.de yahoo.com ymail.com
"""
PROVIDERS = frozenset(_PROVIDERS.split())


class May(enum.Enum):
    NOW = "now"
    LATER = "later"
    NOT = "not"


def may_confirm(
    address: Address, pending: Iterable[int], now: datetime.datetime
) -> tuple[May, set[int]]:
    """Whether a confirmation mail may go, and for which of the ``pending`` newsletters' sake."""
    sent = FirstMail.objects.filter(fingerprint=address.fingerprint)
    remembered = list(sent.filter(at__gt=now - REMEMBERED))
    today = [mail for mail in remembered if mail.at > now - A_DAY]
    wanted = set(pending).difference(*(_confirming(mail) for mail in today))
    unanswered = [mail for mail in remembered if _confirming(mail) and not mail.confirmed]
    if not wanted or len(today) >= MOST_A_DAY or len(unanswered) >= MOST_UNANSWERED:
        return May.NOT, set()
    return (May.LATER if _is_full(address.domain, now) else May.NOW), wanted


def may_say_already(address: Address, now: datetime.datetime) -> bool:
    """At most once a day, and within the three."""
    sent = FirstMail.objects.filter(fingerprint=address.fingerprint, at__gt=now - A_DAY)
    kinds = list(sent.values_list("kind", flat=True))
    return FirstMail.Kind.ALREADY not in kinds and len(kinds) < MOST_A_DAY


def note(
    address: Address,
    kind: FirstMail.Kind,
    newsletters: Collection[Newsletter],
    now: datetime.datetime,
) -> None:
    FirstMail.objects.create(
        fingerprint=address.fingerprint,
        domain=_domain(address.domain),
        kind=kind,
        newsletters=[row.pk for row in newsletters],
        at=now,
    )


def note_confirmed(key_fingerprint: str) -> None:
    FirstMail.objects.filter(fingerprint=key_fingerprint, confirmed=False).update(confirmed=True)


def forget(now: datetime.datetime) -> int:
    over = FirstMail.objects.filter(at__lte=now - REMEMBERED)
    return over.delete()[0] if over.exists() else 0


def _confirming(mail: FirstMail) -> list[int]:
    return mail.newsletters if mail.kind == FirstMail.Kind.CONFIRM else []


def _is_full(domain: str, now: datetime.datetime) -> bool:
    sent = FirstMail.objects.filter(domain=_domain(domain), at__gt=now - AN_HOUR).count()
    if domain in PROVIDERS:
        return sent >= MOST_TO_A_PROVIDER
    if sent < MOST_TO_A_DOMAIN:
        return False
    readers = Subscriber.objects.filter(
        email_key__endswith=f"@{domain}",
        subscriptions__state=Subscription.State.ACTIVE,
    )
    return sent >= MOST_TO_A_DOMAIN + readers.distinct().count()


def _domain(domain: str) -> str:
    return fingerprint(f"@{domain}")
