"""What a brief means to pages other than its own, and where it is public.

The lists: ``("briefs", "en")`` an edition's News Feed, ``("briefs",)`` all briefs, ``("briefs",
"topic", 9)`` those on a topic, ``("feed-topics", "en")`` which topics have any, ``("live briefs", "en")`` whatever happened to briefs that readers
had: corrected, withdrawn, deleted.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db.models.signals import pre_delete

from nightdesk.briefs.models import Brief, BriefCorrection, DeletedBrief
from nightdesk.briefs.topics import topics_of_briefs
from nightdesk.press import keys, learn, pages
from nightdesk.press.addresses import address
from nightdesk.press.dependencies import list_key, list_keys_at

#: What Wagtail writes down about how a brief came to be.
BOOKKEEPING = {
    "has_unpublished_changes",
    "latest_revision",
    "live_revision",
    "first_published_at",
    "withdrawal_key",
    "go_live_at",
    "expire_at",
    "expired",
}


def lists_of(brief: Brief) -> Iterator[str]:
    if brief.live:
        yield from list_keys_at(brief.published_at, "briefs")
        yield from list_keys_at(brief.published_at, "briefs", brief.locale.language_code)
        yield from _corrections_of(brief)
        for topic in Brief.topics.through.objects.filter(brief=brief).values_list("topic_id"):
            yield from list_keys_at(brief.published_at, "briefs", "topic", *topic)
            if _is_the_first_on(brief, *topic):
                yield list_key("feed-topics", brief.locale.language_code)


def _corrections_of(brief: Brief) -> Iterator[str]:
    """``("brief-corrections", "en")``: corrections of an edition's briefs that readers have."""
    for at in brief.corrections.values_list("at", flat=True):
        yield from list_keys_at(at, "brief-corrections", brief.locale.language_code)


def lists_of_correction(correction: BriefCorrection) -> Iterator[str]:
    if correction.brief.live:
        language = correction.brief.locale.language_code
        yield from list_keys_at(correction.at, "brief-corrections", language)


def _is_the_first_on(brief: Brief, topic: int) -> bool:
    """Whether a topic's page is there since this brief, or would end with it."""
    others = Brief.objects.filter(live=True, locale=brief.locale_id, topics=topic)
    return not others.filter(published_at__lt=brief.published_at).exclude(pk=brief.pk).exists()


def happened_to(brief: Brief) -> Iterator[str]:
    if brief.live or brief.is_withdrawn:
        yield list_key("live briefs", brief.locale.language_code)


def paths_of(brief: Brief) -> Iterator[str]:
    if brief.live:
        yield brief.get_absolute_url()


def withdrawn_path_of(brief: Brief) -> Iterator[str]:
    """Nothing of it is there, but that it was withdrawn."""
    if brief.is_withdrawn:
        yield brief.get_absolute_url()


def note_deletion(instance: Brief, **_more: object) -> None:
    """Open pages still show it, and only rows can tell them."""
    if instance.live or instance.is_withdrawn:
        DeletedBrief.objects.get_or_create(
            number=instance.pk, defaults={"language": instance.locale.language_code}
        )


def brief_paths() -> Iterator[str]:
    briefs = Brief.objects.filter(live=True).select_related("locale").only("locale__language_code")
    for brief in briefs.order_by("-published_at", "-pk").iterator():
        yield brief.get_absolute_url()


def withdrawn_paths() -> Iterator[str]:
    withdrawn = Brief.objects.filter(live=False, withdrawn_at__isnull=False)
    briefs = withdrawn.select_related("locale").only("locale__language_code", "live")
    for brief in briefs.order_by("-withdrawn_at").iterator():
        yield brief.get_absolute_url()
    for deleted in DeletedBrief.objects.order_by("-at").iterator():
        yield deleted.get_absolute_url()


def feed_paths() -> Iterator[str]:
    for code, _name in settings.LANGUAGES:
        yield address("news_feed", code)


def topic_paths() -> Iterator[str]:
    for topic in topics_of_briefs().select_related("locale").order_by("pk").iterator():
        yield address("news_feed_topic", topic.locale.language_code, slug=topic.slug)


def live_paths() -> Iterator[str]:
    for code, _name in settings.LANGUAGES:
        yield address("news_feed_live", code)


def learn_of_changes() -> None:
    keys.describe(Brief, bookkeeping=BOOKKEEPING)
    keys.part_of(Brief.topics.through, "brief")
    keys.part_of(BriefCorrection, "brief")
    learn.register(
        Brief, keys=happened_to, lists=lists_of, paths=paths_of, for_some=withdrawn_path_of
    )
    learn.register(BriefCorrection, lists=lists_of_correction)
    learn.register(
        DeletedBrief,
        keys=lambda row: [list_key("live briefs", row.language)],
        paths=lambda row: [row.get_absolute_url()],
    )
    pre_delete.connect(note_deletion, sender=Brief, dispatch_uid="briefs.note_deletion")
    pages.register("news feed", feed_paths)
    pages.register("news feed topic", topic_paths)
    pages.register("live", live_paths)
    pages.register("brief", brief_paths)
    pages.register("withdrawn brief", withdrawn_paths)
