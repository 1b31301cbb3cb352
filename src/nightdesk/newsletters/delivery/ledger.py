"""What became of an edition's recipients, counted from their rows. As long as there are rows no
count is kept: one that is kept can differ from what it counts, and then nobody knows which of the
two is true. After twelve weeks the rows go and their last count stays (``events/closing.py``)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from nightdesk.newsletters.models import Delivery, Edition, EditionRecord

State = Delivery.State


@dataclass(frozen=True, slots=True)
class Totals:
    """``snapshot`` is how many the edition was for; None before that is known. The six states sum
    to it, always: ``adds_up``."""

    snapshot: int | None = None
    queued: int = 0
    sending: int = 0
    sent: int = 0
    skipped: int = 0
    failed: int = 0
    uncertain: int = 0

    @property
    def counted(self) -> int:
        return self.queued + self.sending + self.sent + self.skipped + self.failed + self.uncertain

    @property
    def under_way(self) -> int:
        """Of whom it is not known yet what becomes of them."""
        return self.queued + self.sending

    @property
    def adds_up(self) -> bool:
        return self.snapshot is None or self.counted == self.snapshot


def totals(edition: Edition) -> Totals:
    record = EditionRecord.objects.filter(edition=edition).first()
    if record is not None:
        return Totals(
            edition.total,
            sent=record.sent,
            skipped=record.skipped,
            failed=record.failed,
            uncertain=record.uncertain,
        )
    rows = Delivery.objects.filter(edition=edition).order_by().values_list("state")
    counts = dict(rows.annotate(Count("pk")))
    snapshot = Edition.objects.filter(pk=edition.pk).values_list("total", flat=True).first()
    return Totals(snapshot, **{state.name.lower(): counts.get(state, 0) for state in State})


def uncertain(edition: Edition) -> list[str]:
    """Their addresses, for the editor who decides."""
    rows = Delivery.objects.filter(edition=edition, state=State.UNCERTAIN).order_by("pk")
    return list(rows.values_list("subscriber__email", flat=True))
