"""The order of the press's work: one thing at a time, the most urgent first.

Each step looks at the outbox before anything else, so an urgent change waits for one page at
most, however long the line is. The sequence also settles the race between a change and a page
that is being printed meanwhile: what the page was made from is on the shelf before the next change
is taken, and then marks it stale.
"""

from __future__ import annotations

import json
import logging
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from django.conf import settings
from django.core.cache import cache

from nightdesk.press import fragments, outbox, pages, withdrawals
from nightdesk.press.models import OutboxEntry
from nightdesk.press.printing import tidying
from nightdesk.press.printing.printer import (
    ERROR,
    CannotPrintError,
    OnlyForSomeError,
    Printer,
)
from nightdesk.press.printing.ranks import rank_of
from nightdesk.press.printing.recheck import Recheck
from nightdesk.press.printing.release import fingerprint
from nightdesk.press.printing.slots import fragment_path
from nightdesk.press.printing.wake import Wake
from nightdesk.press.shelf import takedowns
from nightdesk.press.shelf.write import (
    LISTED,
    SHARED,
    Change,
    Next,
    Printed,
    Shelf,
    is_a_shelf,
)
from nightdesk.press.tree import TREE

log = logging.getLogger("nightdesk.press")

#: A change with this key makes everything stale: ``nightdesk press again``.
EVERYTHING = "everything"
#: Entries of the outbox, and new paths, that are taken in one transaction.
_AT_ONCE = 500
#: After a page could not be printed, it is tried again so many seconds later, then ever later.
_FIRST_RETRY, _LAST_RETRY = 10.0, 600.0
#: The longest that the press stands aside for others between two pages, in seconds.
_LONGEST_PAUSE = 0.25
_TIDYING = 3600.0
_WARMING = 60.0
#: Whatever nobody has told: the list of takedowns and the database are compared this often.
_SETTLING = 60.0
#: Written by the newsstand: path → readings, the latest counting most.
HEAT = "heat.json"


class Press:
    """Prints a newsroom onto its shelf, step by step. Raises ``sqlite3.Error`` when the shelf
    cannot be written, ``django.db.Error`` and ``OSError`` when the main database is not there;
    the next step goes on where this one stopped.

    ``pause``: how long to stand aside before the next step, in seconds.
    """

    def __init__(self, data: Path, printer: Printer | None = None) -> None:
        self.shelf = Shelf.open(data)
        self.pause = 0.0
        self._inode = self.shelf.file.stat().st_ino
        self._printer = printer or Printer()
        self._release = fingerprint()
        self._wake = Wake()
        self._recheck = Recheck(self.shelf)
        self._listing: Iterator[None] | None = None
        self._next_tidying = self._next_warming = 0.0
        self._tries: Counter[str] = Counter()
        self._data = data
        self._withdrawn = takedowns.Watched(data)
        self._unsettled = True
        self._next_settling = 0.0
        self._withheld: set[str] = set(json.loads(self.shelf.meta("withheld", "[]")))

    @property
    def wake(self) -> Wake:
        return self._wake

    def close(self) -> None:
        self.shelf.close()

    def is_on_its_shelf(self) -> bool:
        """Whether the file on disk is still the one that is open. Throws away one that somebody
        has written over."""
        try:
            if self.shelf.file.stat().st_ino != self._inode:
                return False
            if is_a_shelf(self.shelf.file):
                return True
        except FileNotFoundError:
            return False
        log.error(
            "The shelf is damaged. Everything is printed anew; readers keep what is in memory."
        )
        self.shelf.throw_away()
        return False

    def step(self) -> bool:
        """Do the most urgent thing; whether there was one."""
        self.pause = 0.0
        self._withhold()
        self._take()
        if self._settle():
            return True
        self.shelf.doubt_due(time.time())
        self._warm()
        wanted = self.shelf.next()
        if (wanted is None or wanted.rank > SHARED) and self._list_some():
            return True
        if wanted:
            self._print_giving_way(wanted)
            return True
        self._note_complete()
        self._tidy()
        return self._look_again()

    def run_dry(self, most: int = 100_000) -> int:
        """Step until nothing is left to do; how many steps. Raises ``RuntimeError`` when there
        always is."""
        for number in range(most):
            if not self.step():
                return number
        raise RuntimeError(f"After {most} steps there is still something to print.")

    # What was taken down.

    def _withhold(self) -> None:
        """Before the database is asked for anything: it may be gone."""
        if self._withdrawn.look():
            self._unsettled = True
        held = self._withdrawn.held.down
        if held.keys() == self._withheld:
            return
        for id_ in held.keys() - self._withheld:
            one = held[id_]
            kept = json.dumps(sorted({*self._withheld, id_}))
            self.shelf.withhold(one.addresses, one.keys, one.stems, withheld=kept)
            self._withheld.add(id_)
            log.warning("%s was taken down; what shows it is withheld until printed.", one.path)
        if self._withheld - held.keys():
            self._withheld = set(held)
            self.shelf.note(withheld=json.dumps(sorted(held)))

    def _settle(self) -> bool:
        """Bring the database to what the list says; whether anything had to be done. Raises
        ``django.db.Error``, and then nothing is printed."""
        if not self._unsettled and time.monotonic() < self._next_settling:
            return False
        changed = withdrawals.settle(self._data)
        self._unsettled = False
        self._next_settling = time.monotonic() + _SETTLING
        if changed:
            self._wake.forget()  # one's own commits are not noticed
        return changed

    # What has changed.

    def _take(self) -> None:
        if self.shelf.meta("release") != self._release:
            self._doubt_everything("This is another release, or other settings.")
        if not self._wake.changed():
            return
        try:
            while self._take_some():
                pass
        except BaseException:
            self._wake.forget()
            raise

    def _take_some(self) -> bool:
        """Take the next entries of the outbox; whether there may be more."""
        cursor = self.shelf.cursor
        here, *entries = outbox.after(cursor - 1, _AT_ONCE + 1) or [None]
        if here is None or here.pk != cursor or _mark(here) != self.shelf.meta("mark"):
            self._doubt_everything("The database is not the one this shelf was printed from.")
            return False
        if not entries:
            return False
        cache.clear()  # another process's changes do not reach what this one remembers
        changes = [_change(entry) for entry in entries]
        facts: dict[str, object] = {"mark": _mark(entries[-1])}
        if any(withdrawals.KEY in change.keys for change in changes):
            self._unsettled = True
        if any(TREE in change.keys for change in changes):
            # Until all new addresses are in the line, the newsstand asks the site for what it
            # does not know.
            facts |= {"listed": 0, "complete": 0}
            self._listing = None
        self.shelf.take(changes, **facts)
        if any(EVERYTHING in change.keys for change in changes):
            self._doubt_everything("It was asked for.")
        return len(entries) == _AT_ONCE

    def _doubt_everything(self, why: str) -> None:
        """Print all of it again, and look for addresses that are new; readers keep the old pages
        until then."""
        newest = OutboxEntry.objects.order_by("-pk").first()
        if newest is None:
            # So that another database, as empty as this one, can be told from it.
            outbox.note(keys=["opened"])
            newest = OutboxEntry.objects.order_by("-pk").first()
        if self.shelf.meta("release"):
            log.info("Everything is printed anew. %s", why)
        cache.clear()
        self._unsettled = True  # an older copy of the database may have been put back
        self.shelf.doubt_everything(
            cursor=newest.pk, mark=_mark(newest), release=self._release, complete=0, listed=0
        )
        self._listing = None

    # Which addresses there are.

    def _list_some(self) -> bool:
        """Put some more of all addresses in the line; whether there was anything to do."""
        if self._listing is None:
            if self.shelf.meta("listed") == "1":
                return False
            self._listing = self._list()
        try:
            next(self._listing)
        except StopIteration:
            self._listing = None
            self.shelf.note(listed=1, live=json.dumps(list(pages.live.prefixes().items())))
        except BaseException:
            self._listing = None
            raise
        return True

    def _list(self) -> Iterator[None]:
        """What is put in the line last is printed first, within its rank: so fragments come before
        the home pages that show them, those before the files, and the newest stories before the
        old."""
        languages = [code for code, _name in settings.LANGUAGES]
        self.shelf.want_new([f"{ERROR}404:{code}" for code in languages], SHARED)
        kinds = sorted(pages.kinds(), key=lambda kind: (rank_of(kind), kind == "home"))
        for kind in [kind for kind in kinds if rank_of(kind) == SHARED]:
            self._want(kind)
        self.shelf.want_new(
            [fragment_path(name, code) for code in languages for name in fragments.names()], SHARED
        )
        for kind in [kind for kind in kinds if rank_of(kind) != SHARED]:
            yield
            self._want(kind)

    def _want(self, kind: str) -> None:
        paths = [unquote(path) for path in pages.paths(kind)][::-1]
        for start in range(0, len(paths), _AT_ONCE):
            self.shelf.want_new(paths[start : start + _AT_ONCE], rank_of(kind))

    def _warm(self) -> None:
        """Each minute: the newsstand has counted what is read most; that is printed first."""
        if time.monotonic() < self._next_warming:
            return
        self._next_warming = time.monotonic() + _WARMING
        try:
            heat = json.loads(self.shelf.file.with_name(HEAT).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return  # nobody has read anything yet
        self.shelf.warm({str(path): float(value) for path, value in heat.items()})

    def _note_complete(self) -> None:
        if self.shelf.meta("complete") != "1" and not self.shelf.unprinted():
            self.shelf.note(complete=1)

    def _tidy(self) -> None:
        """Each hour in which there is a quiet moment."""
        if time.monotonic() < self._next_tidying:
            return
        self._next_tidying = time.monotonic() + _TIDYING
        while tidying.forget_old_changes(self.shelf):
            pass
        tidying.drop_retired_files(self.shelf, time.time())

    # Printing.

    def _print_giving_way(self, wanted: Next) -> None:
        """While others want the processor, what nobody waits for is printed at half speed; before
        everything is printed once, nobody has waited for any of it."""
        wall, mine = time.monotonic(), time.thread_time()
        self._print(wanted.path)
        if wanted.rank >= LISTED or (wanted.rank == SHARED and self.shelf.meta("complete") != "1"):
            lost = (time.monotonic() - wall) - (time.thread_time() - mine)
            self.pause = min(max(lost, 0.0), _LONGEST_PAUSE)

    def _print(self, path: str) -> bool:
        """Print one path anew; whether readers get something else now."""
        cursor = self.shelf.cursor
        try:
            printed = self._printer.print(path)
        except CannotPrintError as trouble:
            outbox.newest()  # raises when the trouble is the database's, not the page's
            self._failed(path, trouble)
            return False
        self._tries.pop(path, None)
        return self._put(path, printed, cursor)

    def _put(self, path: str, printed: Printed | None, cursor: int) -> bool:
        if printed is None:
            was_there = path in self.shelf
            self.shelf.drop(path)
            return was_there
        return self.shelf.put(path, printed, seen=cursor, rank=rank_of(printed.kind))

    def _failed(self, path: str, trouble: CannotPrintError) -> None:
        if isinstance(trouble, OnlyForSomeError):
            self.shelf.leave_to_site(path, trouble.keys)
            return
        self._tries[path] += 1
        tries = self._tries[path]
        pause = min(_FIRST_RETRY * 2 ** (tries - 1), _LAST_RETRY)
        if tries == 1:
            log.error(
                "%s cannot be printed; readers keep what they had (nightdesk press status). %s",
                path,
                trouble.why,
            )
        self.shelf.fail(path, trouble.why, keys=trouble.keys, again=time.time() + pause)

    # What was missed.

    def _look_again(self) -> bool:
        """Print something that should not have changed. When it has, nothing had said so."""
        path = self._recheck.next(time.time())
        if path is None:
            return False
        wall, mine = time.monotonic(), time.thread_time()
        cursor = self.shelf.cursor
        known = path in self.shelf
        try:
            printed = self._printer.print(path)
        except CannotPrintError as trouble:
            outbox.newest()
            self._failed(path, trouble)
            return True
        self._take()
        self.shelf.doubt_due(time.time())
        if known and self.shelf.is_stale(path):
            return True  # it has changed while it was printed, and somebody has said so
        if self._put(path, printed, cursor):
            self._recheck.note_missed(path, time.time())
        lost = (time.monotonic() - wall) - (time.thread_time() - mine)
        self.pause = min(max(lost, 0.0), _LONGEST_PAUSE)
        return True


def _change(entry: OutboxEntry) -> Change:
    """Rooms name addresses as links hold them, percent-encoded; the shelf as people read them."""
    return Change(entry.pk, entry.keys, map(unquote, entry.gone), map(unquote, entry.urgent))


def _mark(entry: OutboxEntry) -> str:
    """What tells one database's history from another's: an entry's id and moment."""
    return f"{entry.pk} {entry.at.isoformat()}"
