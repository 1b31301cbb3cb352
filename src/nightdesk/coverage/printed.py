"""What a coverage and its updates mean to pages other than their own, and where they are public.

The lists: ``("coverages", "en")`` an edition's coverage, ``("coverages",)`` all of it,
``("coverage-under-way", "en")`` what is covered now, ``("entry-corrections", "en")`` corrections of its updates,
``("coverage-with-something", "en")`` which of it has an update or a summary, ``("named", "coverage", "en", slug)`` what an
address names, ``("coverage-out", "en", slug)`` whether readers have it; of one coverage ``("entries", 5)`` its updates, ``("pinned-entries", 5)``,
``("key-entries", 5)``, and ``("live-entries", 5)`` whatever happened to those that readers had:
corrected, withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings

from nightdesk.briefs.printed import BOOKKEEPING
from nightdesk.coverage.models import (
    Coverage,
    CoverageByline,
    Entry,
    EntryByline,
    EntryCorrection,
)
from nightdesk.people.models import Author, Desk
from nightdesk.people.printed import named
from nightdesk.press import keys, learn, pages
from nightdesk.press.addresses import address
from nightdesk.press.dependencies import list_key, list_keys_at
from nightdesk.stories.printed import shown_because, translation

#: How it is written, and nothing that readers see.
_OF_COVERAGE = {"key", "takes_briefs", "last_published_at"}

FEEDS = ("rss.xml", "atom.xml", "feed.json")


def lists_of_coverage(coverage: Coverage) -> Iterator[str]:
    language = coverage.locale.language_code
    yield list_key(*named("coverage", language, coverage.slug))
    if not coverage.live:
        return
    yield translation(coverage.translation_key)
    yield list_key("coverage-out", language, coverage.slug)
    yield from list_keys_at(coverage.started_at, "coverages")
    yield from list_keys_at(coverage.started_at, "coverages", language)
    found = EntryCorrection.objects.filter(entry__coverage=coverage, entry__live=True)
    for at in found.values_list("at", flat=True):
        yield from list_keys_at(at, "entry-corrections", language)
    if coverage.is_under_way:
        yield list_key("coverage-under-way", language)
    if coverage.summary:
        yield list_key("coverage-with-something", language)
    for line in CoverageByline.objects.filter(coverage=coverage):
        yield from _signed(line)
    # Whoever signs its updates is known as long as it is out.
    for kind in (Author, Desk):
        signs = {"entrybylines__entry__in": Entry.public().filter(coverage=coverage).order_by()}
        for who in kind.objects.filter(**signs).distinct():
            yield from _becomes_known(who)


def paths_of_coverage(coverage: Coverage) -> Iterator[str]:
    """Without those of its updates, which no change of it makes urgent; see `following`."""
    if coverage.live:
        page = coverage.get_absolute_url()
        yield page
        yield coverage.live_url
        yield from (f"{page}{name}" for name in FEEDS)


def lists_of_entry(entry: Entry) -> Iterator[str]:
    coverage = entry.coverage
    if not (coverage.live and entry.live):
        return
    yield from list_keys_at(entry.published_at, "entries", coverage.pk)
    others = Entry.objects.filter(coverage=coverage, live=True).exclude(pk=entry.pk)
    if not others.filter(published_at__lt=entry.published_at).exists():
        yield list_key("coverage-with-something", coverage.locale.language_code)
    for at in entry.corrections.values_list("at", flat=True):
        yield from list_keys_at(at, "entry-corrections", coverage.locale.language_code)
    if entry.pinned:
        yield list_key("pinned-entries", coverage.pk)
    if entry.is_key:
        yield list_key("key-entries", coverage.pk)
    for line in EntryByline.objects.filter(entry=entry):
        yield from _signed(line)


def lists_of_correction(correction: EntryCorrection) -> Iterator[str]:
    entry = correction.entry
    if entry.live and entry.coverage.live:
        language = entry.coverage.locale.language_code
        yield from list_keys_at(correction.at, "entry-corrections", language)


def happened_to(entry: Entry) -> Iterator[str]:
    if entry.live or entry.is_withdrawn:
        yield list_key("live-entries", entry.coverage_id)


def lists_of_byline(line: EntryByline) -> Iterator[str]:
    if line.entry.live and line.entry.coverage.live:
        yield from _signed(line)


def lists_of_coverage_byline(line: CoverageByline) -> Iterator[str]:
    if line.coverage.live:
        yield from _signed(line)


def _signed(line: Any) -> Iterator[str]:
    """Whoever signs it becomes known to readers, if they were not."""
    who = line.who
    if who is None or _signs_something_else(line, who):
        return
    yield from _becomes_known(who)


def _becomes_known(who: Author | Desk) -> Iterator[str]:
    yield from shown_because(who)
    if isinstance(who, Author) and who.desk:
        yield list_key("desk-authors", who.desk_id)
        yield from shown_because(who.desk)


def _signs_something_else(line: Any, who: Any) -> bool:
    name = who._meta.model_name
    updates = Entry.public().filter(**{f"bylines__{name}": who})
    if isinstance(line, EntryByline):
        updates = updates.exclude(pk=line.entry_id)
    if updates.order_by().exists():
        return True
    covered = Coverage.objects.filter(live=True, **{f"bylines__{name}": who})
    if isinstance(line, CoverageByline):
        covered = covered.exclude(pk=line.coverage_id)
    return covered.order_by().exists()


def paths_of_entry(entry: Entry) -> Iterator[str]:
    if entry.live and entry.coverage.live:
        yield entry.own_url


def withdrawn_path_of(entry: Entry) -> Iterator[str]:
    """Nothing of it is there, but that it was withdrawn."""
    if entry.is_withdrawn and entry.coverage.live:
        yield entry.own_url


def coverage_paths() -> Iterator[str]:
    found = Coverage.objects.filter(live=True).select_related("locale")
    for coverage in found.order_by("-started_at", "-pk").iterator():
        yield coverage.get_absolute_url()


def live_paths() -> Iterator[str]:
    found = Coverage.objects.filter(live=True).select_related("locale")
    for coverage in found.order_by("-started_at", "-pk").iterator():
        yield coverage.live_url


def entry_paths() -> Iterator[str]:
    found = Entry.public().select_related("coverage__locale")
    for entry in found.only("coverage").iterator():
        yield entry.own_url


def withdrawn_paths() -> Iterator[str]:
    gone = Entry.objects.filter(live=False, withdrawn_at__isnull=False, coverage__live=True)
    for entry in gone.select_related("coverage__locale").order_by("-withdrawn_at").iterator():
        yield entry.own_url


def index_paths() -> Iterator[str]:
    for code, _name in settings.LANGUAGES:
        yield address("coverages", code)


def learn_of_changes() -> None:
    keys.describe(Coverage, bookkeeping={*BOOKKEEPING, *_OF_COVERAGE})
    keys.describe(Entry, bookkeeping={*BOOKKEEPING, "key", "withdrawal_key"})
    keys.part_of(Coverage.topics.through, "coverage")
    keys.part_of(CoverageByline, "coverage")
    keys.part_of(EntryByline, "entry")
    keys.part_of(EntryCorrection, "entry")
    learn.register(Coverage, lists=lists_of_coverage, paths=paths_of_coverage)
    learn.register(CoverageByline, lists=lists_of_coverage_byline)
    learn.register(
        Entry,
        keys=happened_to,
        lists=lists_of_entry,
        paths=paths_of_entry,
        for_some=withdrawn_path_of,
    )
    learn.register(EntryCorrection, lists=lists_of_correction)
    learn.register(EntryByline, lists=lists_of_byline)
    pages.register("coverage", coverage_paths)
    pages.register("coverages", index_paths)
    pages.register("coverage entry", entry_paths)
    pages.register("withdrawn entry", withdrawn_paths)
    pages.register("coverage live", live_paths)
