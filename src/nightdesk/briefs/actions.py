"""What is done with a brief."""

from __future__ import annotations

import datetime
import uuid

from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale

from nightdesk.briefs.models import Brief
from nightdesk.people.models import User

#: So long an editor is offered to take back what was just sent; a slow network is forgiven more.
UNDO = datetime.timedelta(seconds=10)
_FORGIVEN = datetime.timedelta(seconds=5)


class TooLateError(Exception):
    """Readers have had the brief for longer than one takes things back without a word."""


@transaction.atomic
def send_brief(
    key: uuid.UUID,
    language: str,
    text: str,
    *,
    source: str = "",
    headline: str = "",
    at: datetime.datetime | None = None,
    by: User | None = None,
    publish: bool = True,
) -> tuple[Brief, bool]:
    """Write a brief and publish it now, or at a time to come, or leave it as a draft.

    ``key`` names this one brief: sent again, it answers with the brief that is there, and a brief
    that was taken back goes out with the words as they are now. Returns the brief and whether
    anything was done.
    """
    locale = Locale.objects.get(language_code=language)
    now = timezone.now()
    later = at if at and at > now else None
    words = {"text": text, "source": source, "headline": headline}
    brief, new = Brief.objects.select_for_update(no_key=True).get_or_create(
        translation_key=key,
        locale=locale,
        defaults={**words, "published_at": later or now, "live": False},
    )
    if not new:
        said = {name: getattr(brief, name) for name in words}
        if brief.live or brief.scheduled_revision or (said == words and not publish):
            return brief, False
        for name, value in words.items():
            setattr(brief, name, value)
        brief.published_at = later or now
    brief.go_live_at = later
    revision = brief.save_revision(user=by, log_action=True)
    if publish:
        revision.publish(user=by)
        brief.refresh_from_db()
    else:
        brief.save()
    return brief, True


def may_be_taken_back(brief: Brief, by: User) -> bool:
    """Whether ``by`` sent it a moment ago, and it is out or will be."""
    sent = brief.latest_revision
    return (
        sent is not None
        and sent.user_id == by.pk
        and (brief.live or brief.scheduled_revision is not None)
        and timezone.now() - sent.created_at <= UNDO + _FORGIVEN
    )


@transaction.atomic
def take_back(pk: int, by: User) -> Brief:
    """Withdraw what ``by`` sent a moment ago; its words remain as a draft.

    Raises ``TooLateError`` when it was not a moment ago, was sent by somebody else or was changed
    since; ``Brief.DoesNotExist``.
    """
    brief = Brief.objects.select_for_update(no_key=True).get(pk=pk)
    if not may_be_taken_back(brief, by):
        raise TooLateError
    if scheduled := brief.scheduled_revision:
        scheduled.approved_go_live_at = None
        scheduled.save(update_fields=["approved_go_live_at"])
    if brief.live:
        brief.unpublish(user=by)
    brief.refresh_from_db()
    return brief
