"""Runs an import: opens each source, reads it, keeps its stories, and says what became of them."""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TextIO

from django.db import DatabaseError, connection, transaction

from nightdesk.fronts.models import HomePage
from nightdesk.people.models import Author, Desk
from nightdesk.stories.models import SectionPage, StoryPage, Topic

from .archive import read_archive
from .copied_text import read_copied_text
from .direct_index import index_now, indexed_directly
from .found import FoundStory
from .progress import Progress
from .saved_html import read_saved_html
from .source import Archive, Page, open_source
from .store import Became, Outcome, Store
from .unreadable import SourceUnreadable

# Stories in one transaction: long enough that commits cost little, short enough (about half a second)
# that editors never wait for the import's write lock.
_BATCH = 20


class NoNewsroom(Exception):
    """There is nothing yet to import into."""


def import_sources(
    sources: list[str],
    *,
    tz: str = "",
    as_draft: bool = False,
    out: TextIO | None = None,
    err: TextIO | None = None,
    may_connect: Callable[[str], bool] | None = None,
) -> bool:
    """Import every source; True when each could be read to its end.

    One line a story goes to `out`, one line for every source or line that cannot be read to `err`.
    """
    out, err = out or sys.stdout, err or sys.stderr
    _require_newsroom()
    store = Store(zone=tz, as_draft=as_draft)
    all_read = True
    with indexed_directly(StoryPage, SectionPage, Author, Desk, Topic):
        for name in sources:
            try:
                opened = open_source(name, may_connect=may_connect)
                if isinstance(opened, Archive):
                    all_read &= _import_archive(opened, store, out, err)
                else:
                    _import_page(opened, store, out)
            except SourceUnreadable as problem:
                print(f"{name}: {problem}", file=err)
                all_read = False
    return all_read


def _require_newsroom() -> None:
    file = Path(str(connection.settings_dict["NAME"]))
    is_missing = connection.vendor == "sqlite" and file.is_absolute() and not file.exists()
    try:
        # Asking SQLite would make an empty database there.
        is_open = not is_missing and HomePage.objects.exists()
    except DatabaseError:
        is_open = False
    if not is_open:
        raise NoNewsroom(
            "there is no newsroom in this data folder yet. Open it once with nightdesk run, "
            "or name its folder with --data"
        )


def _import_page(page: Page, store: Store, out: TextIO) -> None:
    found = _read_page(page)
    with transaction.atomic():
        outcome = store.keep(found)
        _index([outcome], store)
    print(line_of(outcome), file=out, flush=True)


def _read_page(page: Page) -> FoundStory:
    if page.is_html:
        found = read_saved_html(page.text, page.name, page.address)
    else:
        found = read_copied_text(page.text, page.name)
    if not found.is_a_story:
        raise SourceUnreadable("no story was found in it")
    if page.guessed_encoding:
        found = replace(found, notes=(*found.notes, f"read as {page.guessed_encoding}"))
    return found


def _import_archive(archive: Archive, store: Store, out: TextIO, err: TextIO) -> bool:
    """Batch by batch; a killed import leaves whole batches, and the next run goes on after them."""
    counts = dict.fromkeys(Became, 0)
    bad = 0
    started = time.monotonic()
    is_quiet = out.isatty()
    with archive.open_lines() as (lines, stored), Progress(archive.size, err) as progress:
        rows = read_archive(lines, archive.name)
        while batch := list(islice(rows, _BATCH)):
            outcomes, refused = _keep_batch(
                [(number, row) for number, row in batch if isinstance(row, FoundStory)], store
            )
            problems = [(number, row) for number, row in batch if isinstance(row, str)]
            for number, problem in sorted(problems + refused):
                bad += 1
                progress.say(f"{archive.name}, line {number}: {problem}")
            for outcome in outcomes:
                counts[outcome.became] += 1
                if not is_quiet or outcome.became == Became.DRAFT:
                    progress.clear()
                    print(line_of(outcome), file=out)
            progress.show(stored.tell(), sum(counts.values()))
        out.flush()
    seconds = time.monotonic() - started
    print(
        f"{archive.name}: {counts[Became.PUBLISHED]:,} published, {counts[Became.DRAFT]:,} drafts, "
        f"{counts[Became.ALREADY_HERE]:,} already here, {bad:,} lines not read, {seconds:.0f} s",
        file=err,
        flush=True,
    )
    return not bad


def _keep_batch(
    stories: list[tuple[int, FoundStory]], store: Store
) -> tuple[list[Outcome], list[tuple[int, str]]]:
    """What became of numbered stories, kept in one transaction; and which were refused, and why."""
    outcomes: list[Outcome] = []
    refused: list[tuple[int, str]] = []
    try:
        with transaction.atomic():
            for number, found in stories:
                try:
                    outcomes.append(store.keep(found))
                except SourceUnreadable as problem:
                    refused.append((number, str(problem)))
            _index(outcomes, store)
    except BaseException:
        store.forget()
        raise
    return outcomes, refused


def _index(outcomes: list[Outcome], store: Store) -> None:
    """Search and references of what was just written."""
    index_now(outcome.story for outcome in outcomes if outcome.became != Became.ALREADY_HERE)
    index_now(store.added())


def line_of(outcome: Outcome) -> str:
    """`Published: Headline (assumed: …) http://…`"""
    said = []
    if outcome.doubts:
        said.append(f"unsure: {'; '.join(outcome.doubts)}")
    if outcome.notes:
        said.append(f"assumed: {'; '.join(outcome.notes)}")
    if outcome.became == Became.ALREADY_HERE:
        said.append("nothing was changed")
    remarks = f" ({'. '.join(said)})" if said else ""
    return f"{outcome.became}: {outcome.story.title}{remarks} {outcome.url}"
