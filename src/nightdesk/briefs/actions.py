"""What is done with a brief."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale

from nightdesk.briefs.models import Brief
from nightdesk.people.models import User


@transaction.atomic
def send_brief(
    key: uuid.UUID,
    language: str,
    text: str,
    *,
    source: str = "",
    headline: str = "",
    by: User | None = None,
    publish: bool = True,
) -> tuple[Brief, bool]:
    """Write a brief and publish it now, or leave it as a draft.

    ``key`` names this one brief: sent again, it answers with the brief that is there. Returns the
    brief and whether it is new.
    """
    locale = Locale.objects.get(language_code=language)
    brief, new = Brief.objects.get_or_create(
        translation_key=key,
        locale=locale,
        defaults={
            "text": text,
            "source": source,
            "headline": headline,
            "published_at": timezone.now(),
            "live": False,
        },
    )
    if new:
        revision = brief.save_revision(user=by, log_action=True)
        if publish:
            revision.publish(user=by)
            brief.refresh_from_db()
    return brief, new
