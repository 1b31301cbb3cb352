"""Keep coverage in the site's search: one document for the whole of each, with what its updates
say, so that words of different updates find it together; and one for each update alone.

What readers have no more leaves the index with the change itself. What is new enters it a second
or two later, by the worker: a document of 500 updates is no work for a request. What is due stands
in a table (`SearchDue`), so a worker that was killed has lost nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django_tasks import task
from modelsearch.backends import get_search_backends
from modelsearch.conf import get_app_config

from nightdesk.briefs.models import Brief
from nightdesk.coverage.models import Coverage, Entry, SearchDue
from nightdesk.jobs.calling import call_once
from nightdesk.press import clock, learn

#: Updates that one transaction gives documents of their own, and coverage of one task.
AT_ONCE, COVERAGE_AT_ONCE = 100, 20

#: What stands in a document, by the column.
_OF_COVERAGE = ("live", "headline", "standfirst", "summary")
_OF_ENTRY = ("live", "coverage_id", "brief_id", "published_at", "headline", "text")
_OF_BRIEF = ("live", "published_at", "headline", "text")


def listen() -> None:
    learn.on_change(Coverage, _coverage)
    learn.on_change(Entry, _entry)
    learn.on_change(Brief, _brief)
    clock.register("coverage in the search", call_the_worker)


def _said(state: learn.State | None, columns: Iterable[str]) -> tuple[Any, ...]:
    """What readers have of it; nothing of a draft."""
    if state is None or not state.values["live"]:
        return ()
    return tuple(state.values[name] for name in columns)


def _coverage(before: learn.State | None, after: learn.State | None) -> None:
    was, is_now = _said(before, _OF_COVERAGE), _said(after, _OF_COVERAGE)
    if was == is_now:
        return
    pk = (before or after).pk  # type: ignore[union-attr]  # one of them is there
    _note([pk], gone=bool(was))
    if not (was and is_now):
        # It takes its updates out of readers' sight, or brings them back.
        entries = list(Entry.objects.filter(coverage=pk).values_list("pk", flat=True))
        if was:
            _forget(Entry, entries)
        else:
            _note_due((pk, entry) for entry in entries)


def _entry(before: learn.State | None, after: learn.State | None) -> None:
    was, is_now = _said(before, _OF_ENTRY), _said(after, _OF_ENTRY)
    if was != is_now:
        found = {words[1] for words in (was, is_now) if words}
        pk = (before or after).pk  # type: ignore[union-attr]
        _note(found, pk, gone=bool(was))


def _brief(before: learn.State | None, after: learn.State | None) -> None:
    was, is_now = _said(before, _OF_BRIEF), _said(after, _OF_BRIEF)
    if before and was != is_now:
        taken_in = Entry.objects.filter(brief=before.pk, live=True)
        _note(taken_in.values_list("coverage_id", flat=True), gone=bool(was))


@transaction.atomic
def _note(coverages: Iterable[int], entry: int | None = None, *, gone: bool) -> None:
    """``gone``: there were words before, and some of them may not be found any more."""
    coverages = list(coverages)
    if gone:
        # Whoever is writing the document may have read the old words: it is waited for.
        list(_held(coverages))
        _forget(Coverage, coverages)
        if entry is not None:
            _forget(Entry, [entry])
    _note_due((pk, entry) for pk in coverages)


def _note_due(due: Iterable[tuple[int, int | None]]) -> None:
    SearchDue.objects.bulk_create(SearchDue(coverage_id=pk, entry_id=entry) for pk, entry in due)


def _forget(model: type[Model], pks: Iterable[int]) -> None:
    documents = get_app_config().get_model("IndexEntry")._default_manager
    which = {"content_type": ContentType.objects.get_for_model(model)}
    documents.filter(object_id__in=[str(pk) for pk in pks], **which)._raw_delete(documents.db)


def _held(coverages: Iterable[int]) -> Iterable[Coverage]:
    """Against each other: who takes words out, and who brings them in."""
    found = Coverage.objects.filter(pk__in=coverages).order_by("pk")
    return found.select_for_update(of=("self",), no_key=True)


@task()
def bring_in_what_is_due() -> None:
    bring_in(COVERAGE_AT_ONCE)


def call_the_worker(now: datetime.datetime) -> int:
    """A due verb: leave word for the worker, once, while something is due."""
    if not SearchDue.objects.filter(at__lte=now).exists():
        return 0
    return call_once(bring_in_what_is_due, now)


def bring_in(most: int | None = None) -> int:
    """Write what is due, of ``most`` coverages or of all. Returns of how many it was."""
    due = SearchDue.objects.filter(at__lte=timezone.now()).order_by("coverage")
    found = list(due.values_list("coverage", flat=True).distinct()[:most])
    for pk in found:
        while not _bring_in(pk):
            pass
    return len(found)


@transaction.atomic
def _bring_in(pk: int) -> bool:
    """Some updates of one coverage, or with the last of them the whole. Whether that was all."""
    list(_held([pk]))
    now = timezone.now()
    due = SearchDue.objects.filter(coverage=pk, at__lte=now)
    some = list(due.filter(entry__isnull=False).order_by("pk")[:AT_ONCE])
    whole = list(due.filter(entry=None))
    _write_or_forget(Entry, {each.entry_id for each in some})
    is_all = len(some) < AT_ONCE
    if is_all:
        _write_or_forget(Coverage, {pk})
        _look_again(pk, now)
    done = [each.pk for each in (*some, *(whole if is_all else ()))]
    SearchDue.objects.filter(pk__in=done).delete()
    return is_all


def _look_again(pk: int, now: datetime.datetime) -> None:
    """When the next of its updates begins to be read that was published with a time to come."""
    SearchDue.objects.filter(coverage=pk, entry=None, at__gt=now).delete()
    coming = Entry.objects.filter(coverage=pk, live=True, published_at__gt=now)
    first = coming.order_by("published_at").values_list("published_at", flat=True).first()
    if first:
        SearchDue.objects.create(coverage_id=pk, at=first)


def _write_or_forget(model: type[Coverage] | type[Entry], pks: set[int]) -> None:
    rows = list(model.get_indexed_objects().filter(pk__in=pks))
    if hidden := pks - {row.pk for row in rows}:
        _forget(model, hidden)
    for backend in get_search_backends(with_auto_update=True) if rows else ():
        documents = backend.get_index_for_model(model)
        if hasattr(documents, "_refresh_title_norms"):
            # It reads through the whole index for the average length of titles, and neither of
            # these has a title; meanwhile everybody else's writes would wait.
            documents._refresh_title_norms = lambda full=False: None
        documents.add_items(model, rows)
