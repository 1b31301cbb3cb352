"""The fuse: when almost nobody confirms any more, somebody is using our form against others.

Of the last 200 confirmation mails that have had ten minutes' time, fewer than a tenth were answered:
from then on a sign-up needs a proof of work, or without a script much more patience, until the
share is better. The newsstand asks for it (``newsstand/gate.py``); the site only says so beside each
of its answers, to everybody the same.
"""

from __future__ import annotations

import datetime
import time

from django.utils import timezone
from django.utils.translation import gettext as _

from nightdesk.newsletters.models import FirstMail

#: Said to the newsstand, which takes it away again.
HEADER = "X-Nightdesk-Guarded"
MAILS = 200
LEAST_CONFIRMED = 20
TIME_TO_CONFIRM = datetime.timedelta(minutes=10)
#: A request must not count each time.
_REMEMBERED_SECONDS = 30

_known: tuple[float, bool] = (0.0, False)


def confirmed_of_last(now: datetime.datetime | None = None) -> tuple[int, int]:
    """(how many were confirmed, of how many)."""
    before = (now or timezone.now()) - TIME_TO_CONFIRM
    mails = FirstMail.objects.filter(kind=FirstMail.Kind.CONFIRM, at__lte=before)
    answers = list(mails.order_by("-at").values_list("confirmed", flat=True)[:MAILS])
    return sum(answers), len(answers)


def is_blown(now: datetime.datetime | None = None) -> bool:
    confirmed, mails = confirmed_of_last(now)
    return mails >= MAILS and confirmed < LEAST_CONFIRMED


def is_up() -> bool:
    """``is_blown``, asked twice a minute at most."""
    global _known
    asked, up = _known
    if not asked or time.monotonic() - asked > _REMEMBERED_SECONDS:
        up = is_blown()
        _known = time.monotonic(), up
    return up


def alarm() -> list[str]:
    confirmed, mails = confirmed_of_last()
    if mails < MAILS or confirmed >= LEAST_CONFIRMED:
        return []
    return [
        _(
            "Of the last %(mails)s people who signed up for a newsletter only %(confirmed)s "
            "confirmed: somebody may be using the form to annoy others. Whoever signs up now has "
            "their browser do a little work first; readers without JavaScript may have to try "
            "again. This ends by itself. If so few confirm because our mail ends up as spam, run: "
            "nightdesk mail doctor"
        )
        % {"mails": mails, "confirmed": confirmed}
    ]
