"""Digests made by rule: once for each time that one is due, whatever happened meanwhile.

A digest is due on its days at its time on the newsletter's clock, and made some minutes earlier.
Its period is that time as the clock shows it, so that one in the night in which the clocks change
comes once. A machine that was off makes the last one that it missed and none of those before;
whether that still goes out is for the rule about late editions (`delivery.actions.start_due`).
"""

from __future__ import annotations

import datetime
import logging
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from wagtail.log_actions import log as write_log

from nightdesk.briefs.models import Brief
from nightdesk.mail.actions import post
from nightdesk.newsletters.editions import contents, times
from nightdesk.newsletters.models import DigestRule, DigestRun, Edition
from nightdesk.newsletters.said import Said, kept, ngettext_noop
from nightdesk.people.models import User
from nightdesk.press.addresses import absolute
from nightdesk.stories.embargo import may_be_used
from nightdesk.stories.indexes import ParentPath
from nightdesk.stories.models import Kind, StoryPage

log = logging.getLogger("nightdesk.newsletters.digests")

#: How far back a newsletter that never had an edition looks.
_FIRST = datetime.timedelta(days=7)
#: Editions whose stories are not told again.
_REMEMBERED = datetime.timedelta(days=60)
BRIEFS = 5
_TOO_FEW = ngettext_noop(
    "Skipped: %(count)s new story since %(when)s, and it takes %(least)s.",
    "Skipped: %(count)s new stories since %(when)s, and it takes %(least)s.",
)


@dataclass(frozen=True)
class Due:
    """``period`` on the newsletter's clock, ``at`` the moment it is sent, ``made_at`` before."""

    period: str
    at: datetime.datetime
    made_at: datetime.datetime


def make_due(now: datetime.datetime) -> int:
    """For the clock."""
    rules = DigestRule.objects.filter(on=True).select_related("newsletter__locale").order_by("pk")
    return sum(_make(rule, now) for rule in rules)


def last_due(rule: DigestRule, now: datetime.datetime) -> Due | None:
    """The last time at which it was, or is about to be, due, and should be made by ``now``."""
    for due in _around(rule, now):
        if due.made_at <= now:
            return due if due.at > rule.since else None
    return None


def next_due(rule: DigestRule, now: datetime.datetime) -> Due | None:
    later = [due for due in _around(rule, now) if due.at > now]
    return later[-1] if later else None


def _around(rule: DigestRule, now: datetime.datetime) -> Iterator[Due]:
    """A week to come and a week past, the latest first."""
    zone = rule.newsletter.zone
    today = now.astimezone(zone).date()
    days = rule.days
    for distance in range(8, -9, -1):
        day = today + datetime.timedelta(days=distance)
        if day.weekday() in days:
            at = times.at_or_after(day, rule.at, zone)
            made_at = at - datetime.timedelta(minutes=rule.minutes_before)
            yield Due(f"{day.isoformat()}T{rule.at:%H:%M}", at, made_at)


def _make(rule: DigestRule, now: datetime.datetime) -> int:
    due = last_due(rule, now)
    if due is None or DigestRun.objects.filter(rule=rule, period=due.period).exists():
        return 0
    try:
        with transaction.atomic():
            run = DigestRun.objects.create(rule=rule, period=due.period, at=now)
            _fill(run, due, now)
    except IntegrityError:
        return 0  # somebody else made it at this very moment
    return 1


def _fill(run: DigestRun, due: Due, now: datetime.datetime) -> None:
    rule = run.rule
    since = _since(rule, due)
    stories = _stories(rule, since, now)
    if len(stories) < rule.least:
        run.said = _skipped(len(stories), rule, since)
        run.save(update_fields=["said"])
        log.info("Digest %s of %s is skipped: %s", due.period, rule.newsletter, run.why_skipped)
        return
    edition = Edition(
        newsletter=rule.newsletter,
        kind=Edition.Kind.DIGEST,
        subject=(rule.subject or stories[0].title)[:200],
        preheader=" · ".join(story.title for story in stories[1 if not rule.subject else 0 :][:2])[
            :200
        ],
        state=Edition.State.SCHEDULED if rule.by_itself else Edition.State.APPROVING,
        send_at=due.at,
        created_at=now,
    )
    blocks = list(_blocks(rule, stories, since))
    edition.body = edition.body.stream_block.to_python(blocks)
    edition.save()
    write_log(instance=edition, action="wagtail.create")
    run.edition = edition
    run.save(update_fields=["edition"])
    if not rule.by_itself:
        _ask_for_approval(edition)


def _since(rule: DigestRule, due: Due) -> datetime.datetime:
    """From when on stories count: the newsletter's last edition. A digest has all that was out when
    it was made, not when it was sent."""
    last = Edition.out().filter(newsletter=rule.newsletter).exclude(kind=Edition.Kind.CORRECTION)
    found = last.first()
    if found is None:
        return due.at - _FIRST
    return found.created_at if found.kind == Edition.Kind.DIGEST else found.started_at


def _stories(rule: DigestRule, since: datetime.datetime, now: datetime.datetime) -> list[StoryPage]:
    """The newest first, none that an edition of the newsletter had, or is about to have."""
    found = (
        StoryPage.readable_in(rule.newsletter.language)
        .prefetch_related(None)
        .filter(first_published_at__gt=since, alias_of=None, retracted=False)
        .exclude(kind=Kind.SPONSORED)
    )
    paths = list(rule.sections.values_list("path", flat=True))
    topics = list(rule.topics.values_list("pk", flat=True))
    if paths or topics:
        found = found.alias(section=ParentPath("path")).filter(
            Q(section__in=paths) | Q(topics__in=topics)
        )
    had = _had_already(rule, now)
    # A story on two of the topics comes twice.
    once = {story.pk: story for story in found[: rule.most * 3 + len(had)]}
    fresh = [story for story in once.values() if story.pk not in had and may_be_used(story, now)]
    return fresh[: rule.most]


def _had_already(rule: DigestRule, now: datetime.datetime) -> set[int]:
    editions = Edition.objects.filter(
        newsletter=rule.newsletter, created_at__gt=now - _REMEMBERED
    ).exclude(state__in=[Edition.State.DRAFT, Edition.State.CANCELLED])
    return {pk for edition in editions for pk in contents.stories_in(edition)}


def _blocks(
    rule: DigestRule, stories: list[StoryPage], since: datetime.datetime
) -> Iterator[dict[str, Any]]:
    for story in stories:
        value = {"story": story.pk, "headline": "", "words": "", "picture": True}
        yield {"type": "story", "value": value, "id": str(uuid.uuid4())}
    if not rule.briefs:
        return
    briefs = Brief.readable(rule.newsletter.language).filter(published_at__gt=since)
    for brief in briefs.prefetch_related(None)[:BRIEFS]:
        yield {"type": "brief", "value": {"brief": brief.pk}, "id": str(uuid.uuid4())}


def _skipped(count: int, rule: DigestRule, since: datetime.datetime) -> str:
    when = (since, rule.newsletter.zone)
    if not count:
        return kept(Said(gettext_noop("Skipped: nothing new since %(when)s."), when=when))
    return kept(Said(*_TOO_FEW, count=count, when=when, least=rule.least))


def _ask_for_approval(edition: Edition) -> None:
    may = User.objects.with_perm(
        "newsletters.send_edition", backend="django.contrib.auth.backends.ModelBackend"
    )
    to = list(may.exclude(email="").order_by("pk").values_list("email", flat=True))
    when = times.in_words(edition.send_at, edition.newsletter.zone)
    words = {"subject": edition.subject, "newsletter": edition.newsletter.name, "when": when}
    for address in to:
        message = EmailMessage(
            subject=" ".join((_("Please approve: %(newsletter)s, %(when)s") % words).split()),
            body=_(
                "“%(subject)s” is made and waits for somebody's approval. Without it nothing is "
                "sent. It is due at %(when)s."
            )
            % words
            + f"\n\n{absolute(reverse('edition', args=[edition.pk]))}\n",
            to=[address],
        )
        post(message, kind="digest to approve", once=f"approve {edition.pk} {address}")


def waiting_too_long(now: datetime.datetime | None = None) -> list[Edition]:
    """Digests whose time has come and that nobody approved."""
    rows = Edition.objects.filter(state=Edition.State.APPROVING, send_at__lte=now or timezone.now())
    return list(rows.select_related("newsletter__locale").order_by("pk"))
