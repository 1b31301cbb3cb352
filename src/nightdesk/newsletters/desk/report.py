"""The numbers of an edition, as its page says them."""

from __future__ import annotations

from nightdesk.newsletters.delivery.ledger import Totals
from nightdesk.newsletters.editions.times import number

NAMES = ("queued", "sending", "sent", "skipped", "failed", "uncertain")


def in_words(found: Totals) -> dict[str, str]:
    """``{"sent": "12,431", …, "snapshot": "12,440"}``; that is "?" until it is known."""
    said = {name: number(getattr(found, name)) for name in NAMES}
    return said | {"snapshot": "?" if found.snapshot is None else number(found.snapshot)}
