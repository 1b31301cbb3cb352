"""What the doctor looks at with Django: the database's version, accounts, schedules."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator

from nightdesk.kernel.finding import Finding, ok, problem, warning
from nightdesk.run import folder
from nightdesk.run.trouble import CannotRunError

#: The clock acts within a second or two; later than this it has not acted.
GRACE = datetime.timedelta(minutes=2)
_SHOWN = 5
#: A newsroom younger than this, in seconds, may not have its press yet.
PRESS_STARTS = 30


def all_of_them() -> Iterator[Finding]:
    import django

    django.setup()
    from nightdesk.run.database import pending_migrations

    try:
        pending = pending_migrations()
    except CannotRunError as error:
        said, _dot, do = str(error).partition(". ")
        yield problem("version", said, do)
        return
    if pending:
        yield warning(
            "version",
            f"the database waits for {len(pending)} changes of this version",
            "start Nightdesk; it copies the database, then makes them",
        )
        return
    yield ok("version", "program and database fit")
    yield from accounts()
    yield from schedule()
    yield from press()
    yield from audit()
    yield from mail()


def accounts() -> Iterator[Finding]:
    from django.contrib.auth import get_user_model

    if get_user_model().objects.filter(is_superuser=True, is_active=True).exists():
        yield ok("accounts", "somebody can administer this newsroom")
    else:
        yield problem(
            "accounts",
            "nobody can administer this newsroom",
            "nightdesk user add NAME --role owner",
        )


def schedule() -> Iterator[Finding]:
    from django.utils import timezone

    from nightdesk.press.schedule import overdue

    now = timezone.now()
    late = overdue(now, GRACE)
    for said in late[:_SHOWN]:
        yield problem("schedule", said, "see that Nightdesk runs, or publish it by hand")
    if len(late) > _SHOWN:
        yield problem("schedule", f"{len(late) - _SHOWN} more are late", "see the lines above")
    lost = list(forgotten(now))
    for said in lost[:_SHOWN]:
        yield warning("schedule", said, "publish it, or clear its date")
    if not late and not lost:
        yield ok("schedule", "nothing is late")


def press() -> Iterator[Finding]:
    """Only while Nightdesk runs: without it, readers keep what is printed."""
    from django.conf import settings

    from nightdesk.press.standing import LATE, standing_now

    if folder.running_parent(settings.DATA) is None:
        return
    found = standing_now()
    young = time.time() - folder.running_since(settings.DATA) < PRESS_STARTS
    see = "nightdesk press status says more"
    if not found.at_work and not young:
        yield problem("press", "it does not work: readers get no change", see)
        return
    if found.oldest > LATE and found.complete:
        yield problem("press", f"a page has waited for {found.oldest:.0f} s to be printed", see)
    for path, why in list(found.trouble.items())[:_SHOWN]:
        yield warning("press", f"{path} cannot be printed: {why.rstrip('.')}", see)
    if found.missed:
        said = f"{found.missed} pages had changed and nothing had said so; they are right now"
        yield warning("press", said, "please report the addresses in nightdesk press status")
    if not found.complete:
        yield ok("press", "printing everything for the first time, or for a new release")
    elif not found.trouble and found.oldest <= LATE:
        yield ok("press", "readers have everything as it is now")


def audit() -> Iterator[Finding]:
    """The chain, what the last look for forged pages found, and whether the newsroom is frozen."""
    from django.conf import settings

    from nightdesk.audit import chain, look
    from nightdesk.kernel.frozen import frozen

    put_up = frozen(settings.DATA)
    if put_up:
        said = f"the newsroom is frozen since {put_up.since:%Y-%m-%d %H:%M} UTC"
        yield warning("freeze", said, "nightdesk thaw ends it")
    try:
        walk = chain.verify()
    except chain.AuditTrouble as trouble:
        yield problem("audit", f"the chain cannot be read: {trouble}", "see docs/operate/audit.md")
        return
    if walk.broken:
        yield problem("audit", f"the chain is broken: {walk.broken}", "see docs/operate/audit.md")
    said = look.alarms()
    for sentence in said[:_SHOWN]:
        yield problem("audit", sentence.rstrip("."), "nightdesk audit check says what is wrong now")
    if not walk.broken and not said:
        yield ok("audit", f"{walk.seq} entries, unbroken")


def mail() -> Iterator[Finding]:
    """What the alarm on the admin's first page says; nightdesk mail doctor looks further."""
    from nightdesk.mail import health

    found = health.leaving()
    if found.ok:
        goes = (
            "becomes files in the folder mail" if health.relay_name() == health.FOLDER else "leaves"
        )
        yield ok("mail", f"it {goes}; nightdesk mail doctor looks whether others believe it")
    else:
        said = f"{health.in_a_sentence(found)} {found.cause}".rstrip(".")
        yield problem("mail", said, found.remedy.rstrip("."))


def forgotten(now: datetime.datetime) -> Iterator[str]:
    """Stories with a date that has passed, never live since, and no longer on any schedule."""
    from django.db.models import F, Q
    from django.utils import timezone
    from wagtail.models import Page, Revision

    due = Page.objects.filter(live=False, expired=False, go_live_at__lt=now - GRACE).filter(
        Q(last_published_at=None) | Q(last_published_at__lt=F("go_live_at"))
    )
    for page in due.order_by("go_live_at"):
        if not Revision.page_revisions.filter(
            object_id=str(page.pk), approved_go_live_at__isnull=False
        ).exists():
            when = timezone.localtime(page.go_live_at)
            yield f"“{page.title}” was meant for {when:%d %B %H:%M} and is not on the schedule"
