"""The source of mail that somebody waits for: ``actions.post`` fills it, the sender empties it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from nightdesk.mail import lease
from nightdesk.mail.models import OutgoingMail
from nightdesk.mail.ports import Fate, Message, Outcome
from nightdesk.mail.signing import signed
from nightdesk.mail.sources import AWAITED

State = OutgoingMail.State

#: Between tries of a mail that its recipient's server does not take yet; the last one repeats.
PAUSES = (60, 120, 300, 900, 1800, 3600)
#: From when it was queued: tries of one that its recipient's server does not take; and how long
#: mail is kept for a relay that takes nothing. Links in mail end after seven days, too.
TRIED_FOR = timedelta(days=2)
KEPT_FOR = timedelta(days=7)
#: After it left, or was given up.
FORGOTTEN_AFTER = timedelta(days=7)
#: An uncertain mail goes once more after so long: time for a relay to hand out what it has, so that
#: a reader who got the first has used its link when the second comes.
AGAIN_AFTER = timedelta(minutes=1)

NOT_ANSWERED = "The sender ended before the relay had answered."
TOO_OLD = "It could not be sent within seven days."


class AwaitedMail:
    name = "awaited mail"
    rank = AWAITED

    def turn(self, outcomes: Sequence[Outcome], limit: int, epoch: int) -> list[Message]:
        if not outcomes and (limit < 1 or not _is_one_due(timezone.now())):
            return []  # asked at every turn: no transaction for nothing
        with transaction.atomic():
            lease.hold(epoch)
            now = timezone.now()
            in_hand = OutgoingMail.objects.filter(state=State.SENDING, epoch=epoch)
            mails = in_hand.in_bulk([outcome.key for outcome in outcomes])
            for outcome in outcomes:
                if outcome.key in mails:
                    _became(mails[outcome.key], outcome, now)
            return _next(limit, epoch, now) if limit > 0 else []

    def found_at_start(self, epoch: int) -> None:
        """What an earlier sender had in hand when it ended: it may be with the relay."""
        with transaction.atomic():
            lease.hold(epoch)
            now = timezone.now()
            for mail in OutgoingMail.objects.filter(state=State.SENDING, epoch__lt=epoch):
                _became(mail, Outcome(mail.pk, Fate.UNCERTAIN, 0, NOT_ANSWERED), now)


AWAITED_MAIL = AwaitedMail()


def _due(now: datetime) -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(state=State.QUEUED, not_before__lte=now)


def _is_one_due(now: datetime) -> bool:
    """Written out, because it is asked at each turn of an edition: Django makes a statement anew
    each time, which costs ten times its answer."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM mail_outgoingmail WHERE state = %s AND not_before <= %s LIMIT 1",
            [State.QUEUED.value, connection.ops.adapt_datetimefield_value(now)],
        )
        return cursor.fetchone() is not None


def _next(limit: int, epoch: int, now: datetime) -> list[Message]:
    chosen = list(_due(now).order_by("not_before", "pk")[:limit])
    OutgoingMail.objects.filter(pk__in=[mail.pk for mail in chosen]).update(
        state=State.SENDING, epoch=epoch
    )
    return [
        Message(mail.pk, mail.mail_from, mail.rcpt_to, signed(bytes(mail.content)))
        for mail in chosen
    ]


def _became(mail: OutgoingMail, outcome: Outcome, now: datetime) -> None:
    """Write down what became of a mail in hand, and when it is tried again."""
    if outcome.code or outcome.text:  # otherwise it was not even tried
        mail.code, mail.reply = outcome.code, outcome.text[:300]
    if outcome.fate is Fate.SENT:
        _settle(mail, State.SENT, now)
    elif outcome.fate is Fate.UNCERTAIN:
        mail.doubts += 1
        if mail.doubts > 1:
            _settle(mail, State.UNCERTAIN, now)
        else:
            _wait(mail, now + AGAIN_AFTER)
    elif outcome.concerns_all:
        _wait(mail, now)  # nothing that was said is about this mail: it keeps its place
    elif outcome.fate is Fate.REFUSED:
        _settle(mail, State.REFUSED, now)
    else:
        pause = PAUSES[min(mail.attempts, len(PAUSES) - 1)]
        mail.attempts += 1
        again = now + timedelta(seconds=pause)
        if again > mail.created_at + TRIED_FOR:
            _settle(mail, State.REFUSED, now)
        else:
            _wait(mail, again)
    mail.save()


def _wait(mail: OutgoingMail, until: datetime) -> None:
    mail.state, mail.not_before = State.QUEUED, until


def _settle(mail: OutgoingMail, state: str, now: datetime) -> None:
    """It is out of our hands: what was in it is not kept."""
    mail.state, mail.settled_at, mail.content = state, now, b""


def try_now() -> int:
    """Everything that waits for a better moment is due at once; how many that were."""
    now = timezone.now()
    return OutgoingMail.objects.filter(state=State.QUEUED, not_before__gt=now).update(
        not_before=now
    )


def forget(now: datetime) -> int:
    """A due verb: what left a week ago, the address with it; and give up what could not leave."""
    late = OutgoingMail.objects.filter(state=State.QUEUED, created_at__lt=now - KEPT_FOR)
    over = OutgoingMail.objects.filter(settled_at__lt=now - FORGOTTEN_AFTER)
    done = 0
    if late.exists():
        done += late.update(state=State.REFUSED, settled_at=now, content=b"", reply=TOO_OLD)
    if over.exists():
        done += over.delete()[0]
    return done
