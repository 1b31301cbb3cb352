"""What a brief means to pages other than its own, and where it is public.

The lists: ``("briefs", "en")`` an edition's News Feed, ``("briefs",)`` all briefs,
``("briefs", "topic", 9)`` those on a topic.
"""

from __future__ import annotations

from collections.abc import Iterator

from nightdesk.briefs.models import Brief
from nightdesk.briefs.topics import topics_of_briefs
from nightdesk.press import keys, learn, pages
from nightdesk.press.addresses import address
from nightdesk.press.dependencies import list_keys_at

#: What Wagtail writes down about how a brief came to be.
BOOKKEEPING = {
    "has_unpublished_changes",
    "latest_revision",
    "live_revision",
    "first_published_at",
    "last_published_at",
    "go_live_at",
    "expire_at",
    "expired",
}


def lists_of(brief: Brief) -> Iterator[str]:
    if brief.live:
        yield from list_keys_at(brief.published_at, "briefs")
        yield from list_keys_at(brief.published_at, "briefs", brief.locale.language_code)
        for topic in Brief.topics.through.objects.filter(brief=brief).values_list("topic_id"):
            yield from list_keys_at(brief.published_at, "briefs", "topic", *topic)


def paths_of(brief: Brief) -> Iterator[str]:
    if brief.live:
        yield brief.get_absolute_url()


def brief_paths() -> Iterator[str]:
    briefs = Brief.objects.filter(live=True).select_related("locale").only("locale__language_code")
    for brief in briefs.order_by("-published_at", "-pk").iterator():
        yield brief.get_absolute_url()


def feed_paths() -> Iterator[str]:
    from django.conf import settings

    for code, _name in settings.LANGUAGES:
        yield address("news_feed", code)


def topic_paths() -> Iterator[str]:
    for topic in topics_of_briefs().select_related("locale").order_by("pk").iterator():
        yield address("news_feed_topic", topic.locale.language_code, slug=topic.slug)


def learn_of_changes() -> None:
    keys.describe(Brief, bookkeeping=BOOKKEEPING)
    keys.part_of(Brief.topics.through, "brief")
    learn.register(Brief, lists=lists_of, paths=paths_of)
    pages.register("news feed", feed_paths)
    pages.register("news feed topic", topic_paths)
    pages.register("brief", brief_paths)
