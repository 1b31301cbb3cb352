"""There is one sender, however many workers run on however many machines.

Whoever holds the lease sends. With each new holder the epoch grows by one, and it is asked again in
every transaction that writes down what became of mail: a sender that was asleep while another took
its place (a stopped virtual machine, a long pause) writes nothing any more.

A holder that has died on this machine is known to be gone and replaced at once; one on another
machine when its lease has run out.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from nightdesk.kernel.processes import is_gone, who_am_i
from nightdesk.mail.models import Sender

#: How long a machine that went silent keeps others from sending, and how often it says it is there.
LEASE = timedelta(seconds=60)
RENEW_EVERY = 15.0


class StaleSenderError(Exception):
    """Another sender has begun; this one must stop and write nothing."""


def take(holder: str = "") -> int | None:
    """The epoch, when the lease is ours now; None while somebody else holds it. ``holder``: on whose
    life it hangs (``who_am_i``); this process's unless another is named."""
    me = holder or who_am_i()
    if _is_held(Sender.objects.filter(pk=1).first(), me):
        return None  # whoever waits for its turn asks each second, and need not lock for that
    with transaction.atomic():
        Sender.objects.get_or_create(pk=1)
        row = Sender.objects.select_for_update().get(pk=1)
        if _is_held(row, me):
            return None
        row.holder, row.epoch = me, row.epoch + 1
        row.lease_until = timezone.now() + LEASE
        row.save()
        return row.epoch


def renew(epoch: int, holder: str = "") -> None:
    """Raises ``StaleSenderError``."""
    until, me = timezone.now() + LEASE, holder or who_am_i()
    if not Sender.objects.filter(epoch=epoch, holder=me).update(lease_until=until):
        raise StaleSenderError


def give_up(epoch: int, holder: str = "") -> None:
    """Let another begin at once."""
    Sender.objects.filter(epoch=epoch, holder=holder or who_am_i()).update(
        holder="", lease_until=None
    )


def hold(epoch: int) -> None:
    """For the rest of this transaction no other sender begins. Raises ``StaleSenderError``."""
    locked = "FOR UPDATE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:  # of each turn: written out it costs a tenth
        cursor.execute(f"SELECT id FROM mail_sender WHERE epoch = %s {locked}", [epoch])
        if not cursor.fetchall():
            raise StaleSenderError


def _is_held(row: Sender | None, me: str) -> bool:
    """By somebody else, who may be alive."""
    if row is None or not row.holder or row.holder == me or is_gone(row.holder):
        return False
    return row.lease_until is not None and row.lease_until > timezone.now()
