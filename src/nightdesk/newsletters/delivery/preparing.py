"""From “send it” to the first message: look at every story again, compile, write down its readers.

Runs beside the sender, in the worker. The epoch of the sender that began it stands in the edition,
and whoever finds another one there stops; killed in between, the next sender begins anew.
"""

from __future__ import annotations

import contextlib
import logging
import time

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from nightdesk.newsletters.delivery import actions, trace
from nightdesk.newsletters.delivery.audience import NotOursError, take_snapshot
from nightdesk.newsletters.models import Edition
from nightdesk.newsletters.said import Said
from nightdesk.press.learn import changing

log = logging.getLogger("nightdesk.newsletters.delivery")

#: Seconds until a database that could not be asked is asked again.
_PAUSE = 2.0


def prepare(edition_id: int, epoch: int) -> None:
    """Bring it to ``sending``, or to ``held`` with the sentence that says why."""
    from nightdesk.newsletters.editions.ready import MustHoldError, make_ready

    edition = Edition.objects.select_related("newsletter__locale").get(pk=edition_id)
    if not _claim(edition, epoch):
        return
    if (left := trace.of(edition.pk)) and left.at > edition.created_at:
        actions.hold(edition, _has_gone_back(edition, left))
        return
    try:
        make_ready(edition)
    except MustHoldError as error:
        actions.hold(edition, error.why)
        return
    with contextlib.suppress(NotOursError):
        total = take_snapshot(edition, epoch, timezone.now())
        if _begin_sending(edition, epoch, total):
            log.info("Edition %s is ready for %s readers.", edition.pk, total)


def prepare_in_background(edition_id: int, epoch: int) -> None:
    """As a thread's whole work. What the database cannot do now is tried again; a fault of ours
    would fail each time, and an editor hears of it."""
    try:
        prepare(edition_id, epoch)
    except (DatabaseError, InterfaceError) as error:
        log.warning("Edition %s waits for the database, which says: %s", edition_id, error)
        time.sleep(_PAUSE)
    except Exception as error:
        log.exception("Edition %s could not be prepared.", edition_id)
        why = Said(
            gettext_noop(
                "It could not be prepared (%(error)s). Nobody has got it. Show this to whoever "
                "runs this server."
            ),
            error=error,
        )
        actions.hold(Edition.objects.get(pk=edition_id), why)
    finally:
        connection.close()


def _has_gone_back(edition: Edition, left: trace.Trace) -> Said:
    return Said(
        gettext_noop(
            "It was being sent at %(last)s, and the database does not know of it: it was put back "
            "from a backup. Readers may have got it. Send it again, or cancel it."
        ),
        last=(left.at, edition.newsletter.zone),
    )


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
