"""Whatever editors do, every page that says something else afterwards is known to be out of date.

Each step prints every page there is, changes one thing, and prints every page again. A page whose
text differs must have had one of the keys that the change told; a page that is gone must have
been told as gone; a new page must be told as urgent, or be linked from one that was printed anew,
or be public while the press is asked to look at all addresses.

Printing is what takes long. So between two full looks only those pages are printed that were known
to be out of date, and those that would be told something else by the database; with
``NIGHTDESK_FAULTS=full`` every look is a full one. A page that says something else for another
reason is found by the next full look, some changes later.
"""

from __future__ import annotations

import datetime
import json
import os
import random
from functools import partial
from urllib.parse import unquote

import pytest
import time_machine
from django.test import TestCase
from django.utils import timezone

from nightdesk.people.models import User
from nightdesk.press import outbox, pages
from nightdesk.press.tree import TREE
from tests.press.changes import CHANGES
from tests.press.whole import Seen, Shop, fill

pytestmark = [pytest.mark.django_db, pytest.mark.fault]

capture_on_commit = partial(TestCase.captureOnCommitCallbacks, execute=True)
START = datetime.datetime(2026, 11, 20, 9, tzinfo=datetime.UTC)
#: After how many changes every page is printed anew; after the last in any case.
FULL_LOOK = 1 if os.environ.get("NIGHTDESK_FAULTS") == "full" else 9


class Told:
    """What the outbox says since the last look."""

    def __init__(self) -> None:
        self.cursor = 0
        self.look()

    def look(self) -> None:
        entries = outbox.after(self.cursor, 100_000)
        self.cursor = entries[-1].pk if entries else self.cursor
        self.keys = {key for entry in entries for key in entry.keys}
        self.gone = {path for entry in entries for path in entry.gone}
        self.urgent = {path for entry in entries for path in entry.urgent}


def known_as_old(before: dict[str, Seen], told: Told) -> set[str]:
    now = timezone.now()
    known = {
        path
        for path, old in before.items()
        if old.keys & told.keys or (old.until and old.until <= now)
    }
    return known | told.gone | told.urgent


def not_known_as_old(before: dict[str, Seen], told: Told) -> dict[str, Seen]:
    known = known_as_old(before, told)
    return {path: old for path, old in before.items() if path not in known}


def is_full_look(number: int, steps: int) -> bool:
    return (number + 1) % FULL_LOOK == 0 or number + 1 == steps


def missed(before: dict[str, Seen], after: dict[str, Seen], told: Told) -> dict[str, str]:
    """Path → what readers would go on getting, or miss, there."""
    nothing = Seen(None, frozenset())
    known = known_as_old(before, told)
    # The press is asked to look at every address there is, and prints those that are new.
    listed = {unquote(path) for _, path in pages.all_paths()} if TREE in told.keys else set()
    reached = {link for path in known | listed if path in after for link in after[path].links}
    while (
        more := {link for path in reached if path in after for link in after[path].links} - reached
    ):
        reached |= more
    found = {}
    for path in before.keys() | after.keys():
        old, new = before.get(path, nothing), after.get(path, nothing)
        if old.text == new.text or path in known:
            continue
        # A new feed is asked for by who was told of it, in whichever language.
        unlinked = path.startswith("/sitemaps/") or "/feeds/" in path
        if old.text is None and (path in reached or path in listed or unlinked):
            continue
        found[path] = "is old" if new.text else "should be gone"
    return found


@pytest.fixture
def editor(client):
    client.force_login(User.objects.create_superuser("chief", password="night-desk"))
    return client


def walk(newsroom, monkeypatch, editor, steps: list[str], seed: int) -> dict[str, dict[str, str]]:
    """Make the changes one after the other; what was missed by which."""
    chance = random.Random(seed)
    wrong = {}
    with time_machine.travel(START, tick=False) as clock:
        fill(newsroom, stories=9, briefs=25)
        shop = Shop(monkeypatch)
        told = Told()
        before = shop.everything()
        for number, name in enumerate(steps):
            clock.shift(datetime.timedelta(minutes=40))
            with capture_on_commit():
                CHANGES[name](chance, editor)
            told.look()
            seen = {path for path, old in before.items() if old.text is not None}
            full = is_full_look(number, len(steps))
            after = shop.everything(seen, {} if full else not_known_as_old(before, told))
            if problem := missed(before, after, told):
                wrong[f"{number}: {name}"] = problem
            before = after
    if shop.undeclared:
        wrong["undeclared"] = {path: said[0] for path, said in shop.undeclared.items()}
    return wrong


#: Half of them again on PostgreSQL, where the statements that are watched look different.
_PARTS = [*(pytest.param(part, marks=pytest.mark.database) for part in (0, 1)), 2, 3]


@pytest.mark.parametrize("part", _PARTS)
def test_no_change_leaves_an_old_page_behind(newsroom, monkeypatch, editor, part):
    """Every kind of change once, in an order by chance."""
    names = sorted(CHANGES)
    random.Random(8).shuffle(names)
    wrong = walk(newsroom, monkeypatch, editor, names[part::4], seed=part)
    assert not wrong, json.dumps(wrong, indent=1)
