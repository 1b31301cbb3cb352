"""What is done with a brief."""

from __future__ import annotations

import datetime
import uuid

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Locale

from nightdesk.briefs.models import Brief, BriefCorrection
from nightdesk.briefs.taking_back import TooLateError, may_be_taken_back
from nightdesk.people.models import User

#: As the history of a brief knows them.
CORRECTED, WITHDRAWN = "briefs.correct", "briefs.withdraw"


class NotOutError(Exception):
    """Readers do not have the brief now: there is nothing to correct, only a draft to change."""


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


class NotADraftError(Exception):
    """Readers have it, or will have it by itself: it is corrected, withdrawn or changed in the
    whole form."""


@transaction.atomic
def change_draft(
    pk: int, *, text: str, headline: str, source: str, by: User, publish: bool
) -> Brief:
    """Give a draft new words, and publish it now if ``publish``. What else its last version says
    (picture, topics, the full story) stays. ``NotADraftError``; ``Brief.DoesNotExist``."""
    row = Brief.objects.select_for_update(no_key=True).get(pk=pk)
    if row.live or (row.scheduled_revision and not publish):
        raise NotADraftError
    brief = row.get_latest_revision_as_object()
    brief.text, brief.headline, brief.source = text, headline, source
    if publish:
        # Also of one that was to go out later.
        brief.published_at, brief.go_live_at = timezone.now(), None
    revision = brief.save_revision(user=by, log_action=True)
    if publish:
        revision.publish(user=by)
    else:
        row.text, row.headline, row.source = text, headline, source
        row.save(update_fields=["text", "headline", "source"])
    return Brief.objects.get(pk=pk)


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


@transaction.atomic
def correct_brief(
    pk: int,
    *,
    text: str,
    headline: str | None = None,
    source: str | None = None,
    note: str,
    by: User | None = None,
    key: uuid.UUID,
) -> Brief:
    """Put a published brief right and say so: ``note`` is what readers are told was wrong.

    ``key`` names this one correction: sent again, it changes nothing. ``headline`` and ``source``
    stay as they are when None. Raises ``NotOutError``, ``ValueError`` without a note or a text,
    ``Brief.DoesNotExist``.
    """
    text, note = text.strip(), note.strip()
    if not text or not note:
        raise ValueError("A correction has a text, and says what was wrong.")
    brief = Brief.objects.select_for_update(no_key=True).get(pk=pk)
    if BriefCorrection.objects.filter(key=key).exists():
        return brief
    if not brief.live:
        raise NotOutError
    BriefCorrection.objects.create(brief=brief, key=key, words=note)
    brief.text = text
    brief.headline = brief.headline if headline is None else headline.strip()
    brief.source = brief.source if source is None else source.strip()
    brief.go_live_at = None
    brief.save_revision(user=by, log_action=True).publish(user=by)
    log(instance=brief, action=CORRECTED, user=by, data={"key": str(key)})
    brief.refresh_from_db()
    return brief


@transaction.atomic
def mend_brief(pk: int, *, text: str, headline: str, source: str, by: User) -> Brief:
    """Put a slip of the pen right in what readers have, without a word to them. Asked twice, it is
    done once. ``NotOutError``; ``Brief.DoesNotExist``."""
    brief = Brief.objects.select_for_update(no_key=True).get(pk=pk)
    if not brief.live:
        raise NotOutError
    if (brief.text, brief.headline, brief.source) == (text, headline, source):
        return brief
    brief.text, brief.headline, brief.source = text, headline, source
    brief.go_live_at = None
    brief.save_revision(user=by, log_action=True).publish(user=by)
    brief.refresh_from_db()
    return brief


@transaction.atomic
def withdraw_brief(pk: int, *, by: User | None = None, key: uuid.UUID, reason: str = "") -> Brief:
    """Take a published brief from readers, and tell those who have it open that it was withdrawn.
    Its words stay with the desk as a draft; ``reason`` stands in its history alone.

    ``key`` names this one order: sent again, it does nothing, even if the brief has been published
    since. One that readers do not have stays as it is. Raises ``Brief.DoesNotExist``.
    """
    brief = Brief.objects.select_for_update(no_key=True).get(pk=pk)
    if brief.withdrawal_key == key or not brief.live:
        return brief
    brief.withdrawal_key = key
    brief.unpublish(user=by)
    log(instance=brief, action=WITHDRAWN, user=by, data={"key": str(key), "reason": reason})
    brief.refresh_from_db()
    return brief
