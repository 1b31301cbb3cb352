"""Throw away what nobody needs any more: old entries of the outbox, files of old releases."""

from __future__ import annotations

import datetime
import json
from urllib.parse import unquote

from django.utils import timezone

from nightdesk.press import pages
from nightdesk.press.models import OutboxEntry
from nightdesk.press.shelf.write import Shelf

#: Another machine's press that sleeps longer than this prints everything anew.
_KEPT = datetime.timedelta(days=7)
_AT_ONCE = 1_000
#: A browser or a CDN may show a page of the previous release, and ask for its style sheet.
_RETIRED_KEPT = 30 * 24 * 3600.0


def forget_old_changes(shelf: Shelf) -> int:
    """Delete entries behind the cursor, but for the last one, by which the database is known; how
    many."""
    old = timezone.now() - _KEPT
    found = OutboxEntry.objects.filter(pk__lt=shelf.cursor, at__lt=old).order_by("pk")
    ids = list(found.values_list("pk", flat=True)[:_AT_ONCE])
    OutboxEntry.objects.filter(pk__in=ids).delete()
    return len(ids)


def drop_retired_files(shelf: Shelf, now: float) -> list[str]:
    """Take theme files away thirty days after the last release that had them, unless some page
    still waits to be printed with the new ones; which."""
    if "asset" not in pages.kinds():
        return []
    current = {unquote(path) for path in pages.paths("asset")}
    known = json.loads(shelf.meta("retired", "{}"))
    retired = {path: known.get(path, now) for path in shelf.paths("asset") if path not in current}
    state = shelf.state()
    settled = not state["stale"] and not state["trouble"]
    old = [path for path, since in retired.items() if settled and now - since > _RETIRED_KEPT]
    for path in old:
        shelf.drop(path)
        del retired[path]
    if retired != known:
        shelf.note(retired=json.dumps(retired))
    return old
