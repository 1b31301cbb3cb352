"""An edition that is held, or was paused by what happened to a story: who must know is told, once
by mail and as long as it stands on the first page of the admin."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log as write_log

from nightdesk.mail.actions import post
from nightdesk.newsletters.editions import digests, times
from nightdesk.newsletters.editions.actions import HELD
from nightdesk.newsletters.models import Edition
from nightdesk.people.models import User
from nightdesk.press.addresses import absolute

State = Edition.State


def standing() -> list[Edition]:
    """Those that wait for an editor."""
    stopped = Q(state=State.HELD) | Q(state=State.PAUSED) & ~Q(held_because="")
    rows = Edition.objects.filter(stopped).select_related("newsletter", "approved_by", "made_by")
    return list(rows.order_by("pk"))


def alarms() -> Iterator[str]:
    """What is held today stands there; what was held a month ago and forgotten, too."""
    for edition in standing():
        yield in_a_sentence(edition)
    for edition in digests.waiting_too_long():
        yield _(
            "The digest “%(subject)s” (%(newsletter)s) was due at %(when)s and nobody has approved "
            "it: nothing is sent. Open it under Editions."
        ) % {
            "subject": edition.subject,
            "newsletter": edition.newsletter.name,
            "when": times.in_words(edition.send_at, edition.newsletter.zone),
        }


def in_a_sentence(edition: Edition) -> str:
    words = {
        "subject": edition.subject,
        "newsletter": edition.newsletter.name,
        "why": edition.why_held,
    }
    if edition.state == State.HELD:
        return (
            _(
                "“%(subject)s” (%(newsletter)s) was not sent: %(why)s Open it under Editions to "
                "send it without that, to edit it, or to cancel it."
            )
            % words
        )
    return (
        _(
            "“%(subject)s” (%(newsletter)s) is paused while being sent: %(why)s Open it under "
            "Editions to decide."
        )
        % words
    )


def tell(now: datetime.datetime | None = None) -> int:
    """For the clock: whoever approved it, or else made it, else everybody who may send."""
    told = 0
    _forget()
    for edition in standing():
        if edition.held_told_at is None:
            told += _tell(edition, now or timezone.now())
    return told


@transaction.atomic
def _tell(edition: Edition, now: datetime.datetime) -> int:
    row = Edition.objects.select_for_update(of=("self",)).filter(pk=edition.pk, held_told_at=None)
    found = row.first()
    if found is None:
        return 0
    found.held_told_at = now
    found.save(update_fields=["held_told_at"])
    write_log(instance=edition, action=HELD, data={"why": edition.held_because})
    to = _who_must_know(edition)
    if to:
        said = in_a_sentence(edition)
        link = absolute(reverse("edition", args=[edition.pk]))
        subject = (
            _("Not sent: %(subject)s") if edition.state == State.HELD else _("Paused: %(subject)s")
        )
        message = EmailMessage(
            subject=" ".join((subject % {"subject": edition.subject}).split()),
            body=f"{said}\n\n{link}\n",
            to=to,
        )
        post(message, kind="edition held", once=f"held {edition.pk} {now.isoformat()}")
    return 1


def _who_must_know(edition: Edition) -> list[str]:
    for account in (edition.approved_by, edition.made_by):
        if account and account.is_active and account.email:
            return [account.email]
    may = User.objects.with_perm(
        "newsletters.send_edition", backend="django.contrib.auth.backends.ModelBackend"
    )
    return list(may.exclude(email="").order_by("pk").values_list("email", flat=True))


def _forget() -> None:
    """What was held and is no more may be held again, and is told again."""
    rows = Edition.objects.exclude(held_told_at=None).exclude(
        Q(state=State.HELD) | Q(state=State.PAUSED)
    )
    for edition in rows:
        edition.held_told_at = None
        edition.save(update_fields=["held_told_at"])
