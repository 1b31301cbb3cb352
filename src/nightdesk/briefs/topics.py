"""The News Feed read by topic: which topics it is on, and what each of them shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from contextlib import ExitStack

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language

from nightdesk.briefs.lists import newest_briefs
from nightdesk.briefs.models import Brief
from nightdesk.briefs.rows import rows_of
from nightdesk.people.printed import named
from nightdesk.press.addresses import address
from nightdesk.press.dependencies import collection, depends_on, good_until
from nightdesk.stories.lists import newest
from nightdesk.stories.models import Topic
from nightdesk.stories.paging import page_of
from nightdesk.stories.reader import reader_page
from nightdesk.stories.shown import shown_topics

#: What feeds say of each brief.
SAID = ("topics", "corrections")

#: Topics above the feed: the most frequent ones of so many briefs, and no more than a line or two.
SHOWN = 8
LATELY = 60


def topics_of_briefs() -> QuerySet[Topic]:
    """Topics of at least one brief that readers may read. One that only drafts name is nobody's
    business."""
    readable = Brief.objects.filter(live=True, published_at__lte=timezone.now())
    return Topic.objects.filter(Exists(readable.filter(topics=OuterRef("pk"))))


def topics_with_a_page(languages: Collection[str]) -> list[Topic]:
    """Those whose page in an edition, one of these languages', has a brief on it. Only the first
    and the last brief of a topic change this list (`nightdesk.briefs.printed`)."""
    with ExitStack() as listed:
        for language in languages:
            listed.enter_context(collection("feed-topics", language))
        live = Brief.objects.filter(live=True, locale__language_code__in=languages)
        coming = live.filter(published_at__gt=timezone.now(), topics__isnull=False)
        times = coming.order_by("published_at").values_list("published_at", flat=True)
        good_until(times.first())
        here = live.filter(published_at__lte=timezone.now(), topics=OuterRef("pk"))
        known = Topic.objects.filter(Exists(here.filter(locale=OuterRef("locale"))))
        return list(known.select_related("locale").order_by("locale", "pk"))


def topics_lately(language: str) -> list[Topic]:
    """What the newest briefs are about, the most frequent first."""
    briefs = newest_briefs(language, LATELY, alone=True, also=("topics__locale",))
    found = Counter(topic for brief in briefs for topic in brief.topics.all())
    own = [topic for topic in found if topic.locale.language_code == language]
    return sorted(own, key=lambda topic: (-found[topic], topic.name, topic.pk))[:SHOWN]


def topic_at(slug: str, language: str) -> Topic:
    """The topic that an edition has at an address, whether or not anything is on it; 404."""
    with collection(*named("topic", language, slug)):
        topics = Topic.objects.select_related("locale")
        return get_object_or_404(topics, slug=slug, locale__language_code=language)


def on(topic: Topic, language: str) -> QuerySet[Brief]:
    return Brief.readable(language).filter(topics=topic)


def newest_on(topic: Topic, language: str, count: int) -> list[Brief]:
    """The first ``count`` on a topic, without the stories that they lead to."""
    _wait_for_the_next(topic, language)
    briefs = on(topic, language).prefetch_related(None).prefetch_related(*SAID)
    return newest(briefs, count, "briefs", "topic", topic.pk, by="published_at")


def _wait_for_the_next(topic: Topic, language: str) -> None:
    """A brief on this topic may be published with a time to come; those on others do not count."""
    with collection("briefs", "topic", topic.pk) as listed:
        now = timezone.now()
        coming = Brief.objects.filter(live=True, published_at__gt=now, topics=topic)
        coming = coming.filter(locale__language_code=language).order_by("published_at")
        good_until(coming.values_list("published_at", flat=True).first())
        listed.between(now)


@reader_page
def feed(request: HttpRequest, slug: str, before: int | None = None) -> HttpResponse:
    """Briefs on one topic, newest first; no page while there are none. An open page learns what
    was corrected or withdrawn from the whole feed's document, as the feed's older pages do."""
    language = get_language()
    topic = topic_at(slug, language)
    name = ("briefs", "topic", topic.pk)
    page = page_of(on(topic, language), name, before, by="published_at", length=20)
    if before is None:
        _wait_for_the_next(topic, language)
    if page is None or not page.items:
        raise Http404
    older = page.next_before and address(
        "news_feed_topic_before", language, slug=topic.slug, before=page.next_before
    )
    context = {
        "about": topic,
        "briefs": page.items,
        "rows": rows_of(page.items),
        "older_url": older,
        "before": before,
        "stories_url": topic.get_absolute_url() if _has_stories(topic, language) else "",
    }
    return render(request, "briefs/topic.html", context)


def _has_stories(topic: Topic, language: str) -> bool:
    depends_on(f"shown:topic:{topic.pk}")
    with collection(*named("topic", language, topic.slug)):
        return shown_topics().filter(pk=topic.pk).exists()
