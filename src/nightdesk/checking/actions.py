"""Share a draft for checking, and end it."""

from __future__ import annotations

import datetime
import hashlib
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import COMMENTS_RELATION_NAME
from wagtail.signals import page_unpublished

from nightdesk.checking.models import CheckLink
from nightdesk.kernel.tokens import unguessable
from nightdesk.media.models import Picture
from nightdesk.stories.models import StoryPage

SHORTEST, LONGEST = datetime.timedelta(hours=1), datetime.timedelta(days=14)

SHARED = "nightdesk.check.share"
ENDED = "nightdesk.check.end"


@transaction.atomic
def share(
    story: StoryPage, user: Any, lasts: datetime.timedelta, for_whom: str = ""
) -> tuple[CheckLink, str]:
    """A link to the newest draft as it is now, and its token, which is told this once.

    ValueError when it would last less than an hour or more than a fortnight.
    """
    if not SHORTEST <= lasts <= LONGEST:
        raise ValueError("A link for checking lasts from an hour to a fortnight.")
    version = story.get_latest_revision()
    content = dict(version.content if version else story.serializable_data())
    content.pop(COMMENTS_RELATION_NAME, None)
    now, token = timezone.now(), unguessable()
    link = CheckLink.objects.create(
        story=story,
        token_hash=hashed(token),
        content=content,
        for_whom=for_whom,
        made_by=user,
        made_at=now,
        expires_at=now + lasts,
    )
    data = {"for_whom": for_whom, "until": link.expires_at.isoformat()}
    log(instance=story, action=SHARED, user=user, revision=version, data=data)
    return link, token


def hashed(token: str) -> str:
    """What is kept of a token. It is random through and through, so no salt and no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def find(token: str, now: datetime.datetime) -> CheckLink | None:
    """The link with this token. None for one that never was as for one that has ended."""
    links = CheckLink.open_at(now).select_related("story__locale")
    return links.filter(token_hash=hashed(token)).first()


def note_opened(link: CheckLink, now: datetime.datetime) -> None:
    """To the minute: a page that is read again and again is not written each time."""
    minute = now - datetime.timedelta(minutes=1)
    if link.last_opened_at is None or link.last_opened_at < minute:
        CheckLink.objects.filter(pk=link.pk).update(last_opened_at=now)


@transaction.atomic
def end(link: CheckLink, user: Any = None) -> None:
    """From now on the link answers as if it had never been."""
    ended = CheckLink.objects.filter(pk=link.pk, revoked_at=None)
    if ended.update(revoked_at=timezone.now(), revoked_by=user, content=None):
        log(instance=link.story, action=ENDED, user=user, data={"for_whom": link.for_whom})


def end_with_the_story(instance: StoryPage, **_kwargs: object) -> None:
    """Signal handler: what is taken from readers is taken from those who check it, too."""
    for link in CheckLink.open_at(timezone.now()).filter(story=instance.pk):
        end(link)


def forget(now: datetime.datetime) -> int:
    """A due verb: what was shared is not kept longer than its link."""
    over = CheckLink.objects.filter(Q(expires_at__lte=now) | Q(revoked_at__isnull=False))
    over = over.filter(content__isnull=False)
    return over.update(content=None) if over.exists() else 0


def pictures(draft: StoryPage) -> dict[str, Picture]:
    """The files of every picture in a draft, by their names in the store."""
    ids = {
        object_id
        for model, object_id, *_where in draft.body.stream_block.extract_references(draft.body)
        if model is Picture
    }
    ids.add(draft.lead_picture_id)
    found = Picture.objects.filter(pk__in=[pk for pk in ids if pk])
    return {name: picture for picture in found for name in picture.files()}


def listen() -> None:
    page_unpublished.connect(
        end_with_the_story, sender=StoryPage, dispatch_uid="nightdesk.checking"
    )
