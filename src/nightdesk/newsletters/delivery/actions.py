"""The verbs of an edition on its way: start, hold, pause, resume, cancel, send again.

Each is a conditional update: it says from which states it leads, and the second of two who do the
same at once finds nothing to do. What a verb decides the sender sees at its next turn, within a
second. Nothing is sent from here, and nothing waits here for anything.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop
from wagtail.log_actions import log as write_log

from nightdesk.newsletters.delivery import trace, words
from nightdesk.newsletters.delivery.ledger import Totals, totals, uncertain
from nightdesk.newsletters.models import Delivery, Edition
from nightdesk.newsletters.returns import bounce_address, message_id
from nightdesk.newsletters.said import Said, kept
from nightdesk.press.learn import changing

__all__ = [
    "Totals",
    "bounce_address",
    "cancel",
    "finish",
    "hold",
    "message_id",
    "pause",
    "reported",
    "resume",
    "send_again_to_uncertain",
    "start",
    "start_due",
    "stop",
    "totals",
    "uncertain",
]

log = logging.getLogger("nightdesk.newsletters.delivery")

State = Edition.State
Fate = Delivery.State
#: What an editor reads of it, in their language; "" when there is nothing to say.
Why = str | Said | Sequence[Said]

#: An edition that could not start for longer than this waits for an editor: readers do not want the
#: morning's news at noon, and a database put back from a backup must not send a past edition again.
LATEST = datetime.timedelta(hours=2)

#: Names of the verbs in the log; their words are in ``delivery/log.py``.
STARTED = "newsletters.start"
PAUSED = "newsletters.pause"
RESUMED = "newsletters.resume"
CANCELLED = "newsletters.cancel"
SENT_AGAIN = "newsletters.send_again"


def start(edition: Edition, by: Any = None) -> bool:
    """Send it now. False when it is on its way already, or over.

    One that was held after some had it goes on where it stopped: its recipients are not chosen
    anew.
    """
    now = timezone.now()
    begun = {"held_because": "", "started_at": edition.started_at or now}
    if by is not None:
        begun |= {"approved_by": by, "approved_at": now}
        trace.forget(edition.pk)
    to = State.SENDING if edition.total is not None else State.PREPARING
    waiting = (State.DRAFT, State.APPROVING, State.SCHEDULED, State.HELD)
    return _move(edition, waiting, to, STARTED, by, **begun)


def start_due(now: datetime.datetime) -> int:
    """For the clock: start what is scheduled for now; what is too late waits for an editor."""
    done = 0
    due = Edition.objects.filter(state=State.SCHEDULED, send_at__lte=now).order_by("send_at", "pk")
    for edition in due:
        if now - edition.send_at > LATEST:
            done += hold(edition, _too_late(edition, now))
        else:
            done += start(edition)
    return done


def hold(edition: Edition, why: Why) -> bool:
    """Something stands between it and its readers: nothing leaves until an editor decides. ``why``
    is the sentence they read. Only before the first message: later it is ``pause``."""
    before = (State.APPROVING, State.SCHEDULED, State.PREPARING)
    held = _move(edition, before, State.HELD, held_because=kept(why))
    if held:
        log.warning("Edition %s is held: %s", edition.pk, edition.why_held)
    return held


def pause(edition: Edition, why: Why, by: Any = None) -> bool:
    """No further message leaves; those in flight are waited for and written down."""
    under_way = (State.PREPARING, State.SENDING)
    return _move(edition, under_way, State.PAUSED, PAUSED, by, held_because=kept(why))


def stop(edition: Edition, why: Why) -> bool:
    """Something that stands in it may not be read any more. Before the first message it is held,
    and can be changed or sent without that; later it is paused."""
    return hold(edition, why) or pause(edition, why)


def resume(edition: Edition, by: Any = None) -> bool:
    """On where it stopped."""
    to = State.SENDING if edition.total is not None else State.PREPARING
    return _move(edition, (State.PAUSED,), to, RESUMED, by, held_because="")


@transaction.atomic
def cancel(edition: Edition, by: Any = None) -> bool:
    """Nobody else gets it, ever. Those who still waited are passed over, and counted as such."""
    alive = (
        *(State.APPROVING, State.SCHEDULED, State.PREPARING),
        *(State.SENDING, State.PAUSED, State.HELD),
    )
    if not _move(edition, alive, State.CANCELLED, CANCELLED, by, finished_at=timezone.now()):
        return False
    Delivery.objects.filter(edition=edition, state=Fate.QUEUED).update(
        state=Fate.SKIPPED, settled_at=timezone.now(), reply=words.CANCELLED
    )
    return True


def finish(edition: Edition) -> bool:
    """For the sender: nobody waits any more. Those that are uncertain stay so, and are named."""
    return _move(edition, (State.SENDING,), State.FINISHED, finished_at=timezone.now())


@transaction.atomic
def send_again_to_uncertain(edition: Edition, by: Any) -> int:
    """An editor would rather have some read it twice than not at all: how many it goes to again.

    Only who is uncertain now, and under the same Message-ID, so that most mail programs show one.
    """
    now = timezone.now()
    Edition.objects.select_for_update().get(pk=edition.pk)
    again = Delivery.objects.filter(
        edition=edition,
        edition__state__in=[State.SENDING, State.PAUSED, State.FINISHED],
        state=Fate.UNCERTAIN,
    ).update(state=Fate.QUEUED, not_before=now, settled_at=None, attempt=0)
    if again:
        _move(edition, (State.FINISHED,), State.SENDING, finished_at=None)
        write_log(instance=edition, action=SENT_AGAIN, user=by, data={"recipients": again})
    return again


def reported(edition: int, subscriber: int, *, taken: bool, code: int = 0, text: str = "") -> bool:
    """The mail service, or a returned mail, says what became of a message of which we were not
    certain. ``taken``: the service had it (delivered, opened, bounced later, complained about);
    otherwise it never took it. False when nothing was uncertain."""
    return bool(
        Delivery.objects.filter(
            edition=edition, subscriber=subscriber, state=Fate.UNCERTAIN
        ).update(
            state=Fate.SENT if taken else Fate.FAILED,
            settled_at=timezone.now(),
            code=code,
            reply=text[:200],
        )
    )


def _move(
    edition: Edition,
    of: tuple[Edition.State, ...],
    to: Edition.State,
    verb: str = "",
    by: Any = None,
    **fields: object,
) -> bool:
    """From one of these states to that one, once; ``edition`` is as the database has it then."""
    with changing(edition):
        moved = Edition.objects.filter(pk=edition.pk, state__in=of).update(
            state=to, changed_at=timezone.now(), **fields
        )
        edition.refresh_from_db(fields=["state", "changed_at", "total", *fields])
        if moved and verb:
            write_log(instance=edition, action=verb, user=by)
    return bool(moved)


def _too_late(edition: Edition, now: datetime.datetime) -> Said:
    zone = edition.newsletter.zone
    return Said(
        gettext_noop(
            "It was to be sent at %(due)s, and at %(now)s it had not been. Nobody has got it. Send "
            "it now, give it another time, or cancel it."
        ),
        due=(edition.send_at, zone),
        now=(now, zone),
    )
