"""P5: floods of sign-ins and searches; readers read, editors work, who is signed out gets in.

200 addresses and 1,000 requests a second for 8 s here; with ``NIGHTDESK_FAULTS=full`` for 30 s.

The flood is sent from the two cores that it is sent to, which readers feel whatever it asks for. So
the same hour is lived through twice: once while the flood goes to a port at which nothing is done
with it, and once while the newsroom itself has to deal with it. Between the two, what readers wait
may double.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

import pytest
from bs4 import BeautifulSoup

from .editor import Editor, sign_in
from .flood import Flood, drain
from .readers import Readers
from .test_editors_under_load import live_stories
from .test_held_half_requests import wait_for

pytestmark = pytest.mark.fault

FULL = os.environ.get("NIGHTDESK_FAULTS") == "full"
ADDRESSES, PER_SECOND = 200, 1000
#: How long the flood lasts, and the one beside it; how long readers read before.
SECONDS, ALONE, QUIET = (30, 12, 4) if FULL else (8, 6, 3)
#: Readers' p95 in seconds: below the first it may be the machine's own unrest; never above the second.
UNREST, MOST = 0.01, 0.1
PUBLISHED, SIGNED_IN = 5.0, 10.0
#: Both hours are lived through again when readers waited too long: with other tests on the same two
#: cores one of the two may have been theirs. What is promised to editors must hold in every one.
MEASURED_AGAIN = 2


@dataclass
class Hour:
    """What readers and editors saw, in seconds, and what became of the flood meanwhile."""

    p95: float
    statuses: set[int]
    signed_in: float
    brief: float
    correction: float
    flood: dict[str, int]


class Newsroom:
    """An editor at work, and one who has her own browser and is signed out."""

    def __init__(self, newsroom, password: str) -> None:
        self.port = newsroom.port
        self._password = password
        section, [session] = sign_in(newsroom.data, 1)
        self._working = Editor(self.port, session)
        self._working.publish(f"/admin/pages/add/stories/storypage/{section}/", "The bridge holds")
        self._story = live_stories(newsroom.data / "site.db")["The bridge holds"]
        self._signed_out = Editor(self.port, "")
        assert signs_in(self._signed_out, password)
        self._number = 0
        self._brief(), self._correct()

    def hour(self, kind: str, flooded: int, seconds: float) -> Hour:
        with Flood(flooded, kind, ADDRESSES, PER_SECOND, seconds) as flood:
            readers = Readers(self.port, seconds - 2)
            signed_in, brief, correction = self._sign_in(), self._brief(), self._correct()
            readers.finish()
        return Hour(readers.p95(), readers.statuses, signed_in, brief, correction, flood.answers)

    def _sign_in(self) -> float:
        held = self._signed_out._cookies
        self._signed_out._cookies = {"nightdesk_device": held["nightdesk_device"]}
        began = time.monotonic()
        assert signs_in(self._signed_out, self._password)
        return time.monotonic() - began

    def _brief(self) -> float:
        self._number += 1
        began = time.monotonic()
        assert self._working.brief(f"The gauge at the bridge reads {self._number} metres.")
        assert wait_for(self.port, "/news-feed/", f"reads {self._number} metres", PUBLISHED)
        return time.monotonic() - began

    def _correct(self) -> float:
        self._number += 1
        began = time.monotonic()
        headline = f"The bridge holds against flood {self._number}"
        assert self._working.publish(f"/admin/pages/{self._story}/edit/", headline)
        assert wait_for(self.port, "/news/the-bridge-holds/", headline, PUBLISHED)
        return time.monotonic() - began


def signs_in(editor: Editor, password: str) -> bool:
    _to, page = editor.ask("GET", "/admin/login/")
    field = BeautifulSoup(page, "html.parser").select_one("[name=csrfmiddlewaretoken]")
    if field is None:
        return False
    form = {"csrfmiddlewaretoken": field["value"], "username": "olena", "password": password}
    leads_to, _page = editor.ask("POST", "/admin/login/", form)
    return leads_to == "/admin/"


@pytest.fixture(scope="module")
def at_work(running, first_run):
    """One for both kinds of flood, as a newsroom would see them in one night."""
    return Newsroom(running, first_run.password())


@pytest.fixture(scope="module")
def quiet(at_work) -> float:
    return Readers(at_work.port, QUIET).finish().p95()


@pytest.mark.parametrize("kind", ["sign-in", "search"])
def test_in_the_middle_of_a_flood_readers_read_and_editors_work(running, at_work, quiet, kind):
    for _ in range(MEASURED_AGAIN + 1):
        with drain() as nowhere:
            alone = at_work.hour(kind, nowhere, ALONE)
        here = at_work.hour(kind, running.port, SECONDS)
        print(
            f"{kind} flood {here.flood}: readers' p95 {quiet * 1000:.1f} ms, "
            f"{alone.p95 * 1000:.1f} ms beside its sender, {here.p95 * 1000:.1f} ms flooded; "
            f"signed in within {here.signed_in:.1f} s, brief {here.brief:.1f} s, "
            f"correction {here.correction:.1f} s ({alone.signed_in:.1f}, {alone.brief:.1f}, "
            f"{alone.correction:.1f} s beside the sender)"
        )
        the_flood_was_one_and_was_turned_away(here.flood)
        assert here.statuses == alone.statuses == {200}
        assert here.signed_in < SIGNED_IN
        assert here.brief <= PUBLISHED
        assert here.correction <= PUBLISHED
        longest = min(MOST, max(2 * alone.p95, UNREST))
        if here.p95 <= longest:
            break
    assert here.p95 <= longest
    assert "Traceback" not in running.said()


def the_flood_was_one_and_was_turned_away(answers: dict[str, int]) -> None:
    sent = sum(answers.values())
    assert sent > 0.75 * PER_SECOND * SECONDS
    assert answers.get("429", 0) + answers.get("503", 0) > sent / 2
    assert not [status for status in answers if status.startswith("5") and status != "503"]
