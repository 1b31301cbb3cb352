"""P2: processes are killed at random points while an editor publishes, corrects, withdraws and
schedules. Afterwards nothing acknowledged is lost, nothing is half published, no schedule is
forgotten, and every stored page is what a fresh print gives.

Eight kills here; 200 with ``NIGHTDESK_FAULTS=full``.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import threading
import time
from pathlib import Path

import pytest

from tests.run.conftest import Newsroom

from .agreement import differences, is_sound, wait_until_printed
from .diary import NOTHING, Diary, headline_of
from .editor import Editor, sign_in
from .test_held_half_requests import page

pytestmark = pytest.mark.fault

KILLS = 200 if os.environ.get("NIGHTDESK_FAULTS") == "full" else 8
#: By their names in ``ps``: the site and its worker for the newsroom, the press, and the process
#: that readers talk to.
VICTIMS = ("nd-site", "nd-newsroom", "nd-press", "nd-press", "nd-newsstand", "nd-worker")


def kill_and_wait(newsroom: Newsroom, name: str) -> None:
    """kill -9; back when another has taken its place."""
    before = newsroom.processes().get(name)
    if before is None:
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(before, signal.SIGKILL)
    newsroom.wait_for(lambda: newsroom.processes().get(name) not in (None, before))


def half_published(data: Path) -> list[str]:
    """Live stories that are not their live revision, or have none, and schedules that are over."""
    with contextlib.closing(sqlite3.connect(f"file:{data}/site.db?mode=ro", uri=True)) as site:
        torn = site.execute(
            "SELECT page.title FROM wagtailcore_page page JOIN stories_storypage ON page_ptr_id = page.id "
            "LEFT JOIN wagtailcore_revision revision ON revision.id = page.live_revision_id "
            "WHERE page.live AND (revision.id IS NULL OR "
            "json_extract(revision.content, '$.title') != page.title)"
        ).fetchall()
        forgotten = site.execute(
            "SELECT object_str FROM wagtailcore_revision WHERE approved_go_live_at IS NOT NULL"
        ).fetchall()
    return [title for (title,) in torn + forgotten]


def test_nothing_acknowledged_is_lost_and_the_shelf_agrees_with_the_database(newsroom):
    seed = int(os.environ.get("NIGHTDESK_FAULT_SEED", random.randrange(10**6)))
    print(f"NIGHTDESK_FAULT_SEED={seed}")
    chance = random.Random(seed)
    section, (session,) = sign_in(newsroom.data, 1)
    diary = Diary(Editor(newsroom.port, session), section, newsroom.data, chance)
    over = threading.Event()
    trouble: list[BaseException] = []

    def work() -> None:
        while not over.is_set():
            try:
                diary.write()
            except BaseException as error:
                trouble.append(error)
                raise

    working = threading.Thread(target=work)
    working.start()
    try:
        for _number in range(KILLS):
            time.sleep(random.Random(chance.random()).uniform(0.1, 2.0))
            kill_and_wait(newsroom, chance.choice(VICTIMS))
            if not working.is_alive():
                break
    finally:
        over.set()
        working.join(120)
    assert not trouble, trouble
    time.sleep(max(0.0, max(diary.scheduled.values(), default=0.0) - time.time()) + 1.5)
    wait_until_printed(newsroom.data)

    wrong = []
    for path, states in diary.states.items():
        status, text, _seconds = page(newsroom.port, path)
        got = headline_of(text) if status == 200 else ""
        if got not in {state.headline for state in states}:
            wrong.append(f"{path} ({status}) has {got!r}, expected {states}")
        if status not in (200, 404):
            wrong.append(f"{path} answers with {status}")
    feed = page(newsroom.port, "/feeds/rss.xml")[1] + page(newsroom.port, "/news-feed/")[1]
    wrong += [
        f"brief {text!r} {'is' if text in feed else 'is not'} there"
        for text, states in list(diary.briefs.items())[-10:]
        if (text in feed) not in states
    ]
    stored, differing = differences(newsroom.data, newsroom.port)
    print(
        f"{KILLS} kills, {diary.acknowledged} verbs acknowledged, {diary.unanswered} unanswered, "
        f"{len(diary.states)} stories, {stored} pages stored"
    )
    assert not wrong, "\n".join(wrong)
    assert not differing, differing
    assert half_published(newsroom.data) == []
    assert is_sound(newsroom.data / "site.db") and is_sound(newsroom.data / "shelf.db")
    assert any(NOTHING not in states for states in diary.states.values())
    assert "Traceback" not in newsroom.said(), newsroom.said()
