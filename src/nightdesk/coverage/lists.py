"""The updates of one coverage: a page of them, those on top, the newest."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import ExitStack

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from nightdesk.coverage.models import Coverage, Entry, EntryCorrection
from nightdesk.coverage.models.coverage import wait_for_the_next as wait_for_coverage
from nightdesk.press.dependencies import collection, depends_on, good_until
from nightdesk.stories.lists import newest
from nightdesk.stories.models import Topic
from nightdesk.stories.paging import ListPage, one_in_six, page_ends, page_of
from nightdesk.stories.shown import shown_topics

#: Updates on a page at least, and half of those at most: with their texts once for readers and
#: once for machines, and all style sheets, 60 of them stay below 60 KB compressed.
LENGTH = 30
#: Key moments that the top of the page leads to, and updates that stand pinned there.
KEY_MOMENTS, PINNED = 12, 3
#: Updates named below one that is shown alone.
BEFORE = 3


def with_something_on_it(languages: Collection[str]) -> list[Coverage]:
    """Coverage in these languages that has a summary or an update. Of its updates only the first
    and the last of each change this list (`nightdesk.coverage.printed`)."""
    with ExitStack() as listed:
        for language in languages:
            listed.enter_context(collection("coverages", language))
            listed.enter_context(collection("coverage-with-something", language))
        coming = Entry.objects.filter(live=True, published_at__gt=timezone.now())
        coming = coming.filter(coverage__locale__language_code__in=languages)
        good_until(coming.order_by("published_at").values_list("published_at", flat=True).first())
        wait_for_coverage(*languages)
        has_updates = Exists(Entry.public().filter(coverage=OuterRef("pk")).order_by())
        return list(Coverage.readable(*languages).filter(has_updates | ~Q(summary="")))


def readable_entry_corrections(language: str) -> QuerySet[EntryCorrection]:
    """Corrections of updates that anyone may read in an edition, the newest first. Those of a brief
    that was taken in are the brief's."""
    found = EntryCorrection.objects.filter(
        entry__in=Entry.public().order_by().values("pk"),
        entry__coverage__started_at__lte=timezone.now(),
        entry__coverage__locale__language_code=language,
    )
    found = found.select_related("entry__coverage__locale", "entry__brief__locale")
    return found.order_by("-at", "-pk")


def page(coverage: Coverage, before: int | None = None) -> ListPage[Entry] | None:
    if before is None:
        wait_for_the_next(coverage)
    return page_of(
        Entry.readable(coverage),
        ("entries", coverage.pk),
        before,
        by="published_at",
        length=LENGTH,
        breaks_after=one_in_six,
    )


def older_pages(coverage: Coverage) -> set[int]:
    """The updates that its older pages follow now."""
    ids = Entry.public().filter(coverage=coverage).values_list("pk", flat=True)
    return set(page_ends(list(ids), LENGTH, one_in_six))


def wait_for_the_next(coverage: Coverage) -> None:
    """An update may be published with a time to come: from then on it is here."""
    with collection("entries", coverage.pk) as listed:
        now = timezone.now()
        coming = Entry.objects.filter(coverage=coverage, live=True, published_at__gt=now)
        times = coming.order_by("published_at").values_list("published_at", flat=True)
        good_until(times.first())
        listed.between(now)


def newest_entries(coverage: Coverage, count: int) -> list[Entry]:
    wait_for_the_next(coverage)
    entries = Entry.readable(coverage)
    return newest(entries, count, "entries", coverage.pk, by="published_at")


def pinned(coverage: Coverage) -> list[Entry]:
    """Kept on top, the newest first."""
    with collection("pinned-entries", coverage.pk):
        return list(Entry.readable(coverage).filter(pinned=True)[:PINNED])


def key_entries(coverage: Coverage) -> list[Entry]:
    """Key moments, the newest first, each with what it is called."""
    with collection("key-entries", coverage.pk):
        return list(Entry.readable(coverage).filter(is_key=True)[:KEY_MOMENTS])


def just_before(coverage: Coverage, entry: Entry) -> list[Entry]:
    """The updates that it followed."""
    older = page_of(
        Entry.readable(coverage).prefetch_related(None),
        ("entries", coverage.pk),
        entry.pk,
        by="published_at",
        length=BEFORE,
        breaks_after=lambda _pk: True,
    )
    return older.items if older else []


def topics(coverage: Coverage) -> list[Topic]:
    """Those that readers may know of."""
    ids = [topic.pk for topic in coverage.topics.all()]
    depends_on(*(f"shown:topic:{pk}" for pk in ids))
    with collection("topics-of-coverage", coverage.pk):
        return list(shown_topics().filter(pk__in=ids).select_related("locale"))
