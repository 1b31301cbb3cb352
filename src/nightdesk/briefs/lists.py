"""The newest briefs, and when the next one comes."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from nightdesk.briefs.models import Brief, BriefCorrection
from nightdesk.press.dependencies import collection, good_until
from nightdesk.stories.lists import newest


def newest_briefs(
    language: str, count: int, *, alone: bool = False, also: tuple[str, ...] = ()
) -> list[Brief]:
    """The first ``count`` of an edition's News Feed; ``alone`` for who does not show the stories
    that they lead to, ``also`` what else to fetch with all of them at once."""
    wait_for_the_next(language)
    briefs = Brief.readable(language)
    if alone:
        briefs = briefs.prefetch_related(None).prefetch_related("corrections")
    briefs = briefs.prefetch_related(*also)
    return newest(briefs, count, "briefs", language, by="published_at")


def readable_brief_corrections(language: str) -> QuerySet[BriefCorrection]:
    """Corrections of an edition's briefs that anyone may read, the newest first."""
    found = BriefCorrection.objects.filter(
        brief__live=True,
        brief__published_at__lte=timezone.now(),
        brief__locale__language_code=language,
    )
    return found.select_related("brief__locale").order_by("-at", "-pk")


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
