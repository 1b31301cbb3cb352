"""The newest briefs, and when the next one comes."""

from __future__ import annotations

from django.utils import timezone

from nightdesk.briefs.models import Brief
from nightdesk.press.dependencies import collection, good_until
from nightdesk.stories.lists import newest


def newest_briefs(language: str, count: int, *, alone: bool = False) -> list[Brief]:
    """The first ``count`` of an edition's News Feed; ``alone`` for who does not show the stories
    that they lead to."""
    wait_for_the_next(language)
    briefs = Brief.readable(language)
    if alone:
        briefs = briefs.prefetch_related(None).prefetch_related("corrections")
    return newest(briefs, count, "briefs", language, by="published_at")


def wait_for_the_next(language: str | None = None) -> None:
    """A brief may be published with a time to come: from then on it stands in the feed. Only
    what shows the newest has to know."""
    with collection("briefs", *([language] if language else [])) as listed:
        now = timezone.now()
        coming = Brief.objects.filter(live=True, published_at__gt=now)
        if language:
            coming = coming.filter(locale__language_code=language)
        good_until(coming.order_by("published_at").values_list("published_at", flat=True).first())
        listed.between(now)
