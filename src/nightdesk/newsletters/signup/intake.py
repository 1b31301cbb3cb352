"""Leave a sign-up for the worker: one row, the same whoever is meant."""

from __future__ import annotations

from collections.abc import Sequence

from nightdesk.newsletters.addresses import Address
from nightdesk.newsletters.models import Newsletter, Wish
from nightdesk.newsletters.signup.form import Sent


def leave(
    sent: Sent, address: Address, newsletters: Sequence[Newsletter], language: str, words: str
) -> None:
    """What a machine sent is written down like everything else: the time an answer takes tells
    nobody anything."""
    Wish.objects.create(
        email=address.written,
        email_ascii=address.ascii,
        email_key=address.key,
        newsletters=[row.pk for row in newsletters],
        language=language,
        place=sent.place,
        words=words,
        again=sent.again,
        trap=sent.by_a_machine,
    )
