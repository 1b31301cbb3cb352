"""From “send it” to the first message: look at every story again, compile, write down its readers.

Runs beside the sender, in the worker. The epoch of the sender that began it stands in the edition,
and whoever finds another one there stops; killed in between, the next sender begins anew.
"""

from __future__ import annotations

import contextlib
import logging

from django.db import connection, transaction
from django.utils import timezone

from nightdesk.newsletters.delivery import actions
from nightdesk.newsletters.delivery.audience import NotOursError, take_snapshot
from nightdesk.newsletters.models import Edition
from nightdesk.press.learn import changing

log = logging.getLogger("nightdesk.newsletters.delivery")


def prepare(edition_id: int, epoch: int) -> None:
    """Bring it to ``sending``, or to ``held`` with the sentence that says why."""
    from nightdesk.newsletters.editions.ready import MustHoldError, make_ready

    edition = Edition.objects.select_related("newsletter__locale").get(pk=edition_id)
    if not _claim(edition, epoch):
        return
    try:
        make_ready(edition)
    except MustHoldError as error:
        actions.hold(edition, str(error))
        return
    with contextlib.suppress(NotOursError):
        total = take_snapshot(edition, epoch, timezone.now())
        if _begin_sending(edition, epoch, total):
            log.info("Edition %s is ready for %s readers.", edition.pk, total)


def prepare_in_background(edition_id: int, epoch: int) -> None:
    """As a thread's whole work."""
    try:
        prepare(edition_id, epoch)
    except Exception:
        log.exception("Edition %s could not be prepared. It is tried again.", edition_id)
    finally:
        connection.close()


def _claim(edition: Edition, epoch: int) -> bool:
    return bool(
        Edition.objects.filter(
            pk=edition.pk, state=Edition.State.PREPARING, epoch__lte=epoch
        ).update(epoch=epoch)
    )


@transaction.atomic
def _begin_sending(edition: Edition, epoch: int, total: int) -> bool:
    with changing(edition):
        return bool(
            Edition.objects.filter(
                pk=edition.pk, state=Edition.State.PREPARING, epoch=epoch
            ).update(state=Edition.State.SENDING, total=total, changed_at=timezone.now())
        )
