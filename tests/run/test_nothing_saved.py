"""What the database cannot take is not lost: the editor keeps what was typed, and may try again."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

import pytest

from tests.end_to_end.whole import open_whole

pytestmark = pytest.mark.browser

TYPED = "<p>Line one & two.\n\n“Quoted” — Київ</p>"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    data = tmp_path_factory.mktemp("desk") / "data"
    with open_whole(data, NIGHTDESK_SECOND_FACTOR="offered") as opened:
        yield opened


@pytest.fixture
def desk(whole, chromium):
    """A signed-in editor, at the form for a new topic."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{whole.url}/admin/")
    page.fill("input[name=username]", whole.name)
    page.fill("input[name=password]", whole.password)
    page.click("button[type=submit]")
    page.goto(f"{whole.url}/admin/snippets/stories/topic/add/")
    yield page
    context.close()


def fill(page, name: str) -> None:
    page.fill("input[name=name]", name)
    page.fill("input[name=slug]", name.lower().replace(" ", "-"))
    page.fill("textarea[name=description]", TYPED)


def topics(whole) -> dict[str, str]:
    opened = sqlite3.connect(whole.data / "site.db")
    try:
        found = opened.execute("SELECT name, description FROM stories_topic").fetchall()
        return {name: text.replace("\r\n", "\n") for name, text in found}
    finally:
        opened.close()


def test_a_database_that_is_not_in_its_place_takes_nothing_and_the_text_is_kept(whole, desk):
    database, away = whole.data / "site.db", whole.data / "away.db"
    fill(desk, "Moved away")
    database.rename(away)
    try:
        with desk.expect_navigation() as answer:
            desk.click("form button[type=submit] >> nth=-1")
        assert answer.value.status == 503
        assert "nothing of this one was saved" in desk.inner_text("main")
        assert not database.exists(), "an empty one in its place would hide the real one"
    finally:
        away.rename(database)
    assert "Moved away" not in topics(whole)
    with desk.expect_navigation() as answer:
        desk.get_by_role("button", name="Try again").click()
    assert answer.value.ok
    assert topics(whole)["Moved away"] == TYPED


def test_a_database_that_somebody_holds_is_waited_for_and_then_said(whole, desk):
    fill(desk, "Held up")
    holder = sqlite3.connect(whole.data / "site.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        with desk.expect_navigation(timeout=60_000) as answer:
            desk.click("form button[type=submit] >> nth=-1")
        assert answer.value.status == 503
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    assert desk.input_value("textarea[name=description]") == TYPED
    with desk.expect_navigation():
        desk.get_by_role("button", name="Try again").click()
    assert topics(whole)["Held up"] == TYPED


def press_of(whole) -> Path:
    """The press's place in /proc."""
    parent = (whole.data / "nightdesk.lock").read_text().strip()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            about = (process / "status").read_text()
        except OSError:
            continue
        if "Name:\tnd-press" in about and f"PPid:\t{parent}\n" in about:
            return process
    raise AssertionError("The press is not running.")


def files_gone_that_are_held(process: Path) -> list[str]:
    held = []
    for handle in (process / "fd").iterdir():
        try:
            held.append(os.readlink(handle))
        except OSError:
            continue
    return [name for name in held if "site.db" in name and name.endswith("(deleted)")]


def test_a_database_put_in_the_place_of_another_is_the_one_that_is_published_from(whole):
    """Restored from a copy while the newsroom runs: neither clock nor press goes on in the old."""
    database, copy = whole.data / "site.db", whole.data / "copy.db"
    source = sqlite3.connect(database)
    target = sqlite3.connect(copy)
    source.backup(target)
    source.close()
    target.close()
    os.replace(copy, database)
    for end in ("-wal", "-shm"):
        os.unlink(f"{database}{end}")
    press = press_of(whole)
    deadline = time.monotonic() + 60
    while files_gone_that_are_held(press) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert files_gone_that_are_held(press) == []
    assert press_of(whole) == press, "it was the same process all the time"


def test_the_clock_gives_no_sign_of_life_while_the_database_is_away(whole):
    database, away = whole.data / "site.db", whole.data / "away.db"
    clock = whole.data / "clock"
    database.rename(away)
    try:
        # A look that had begun before may still be at its end.
        deadline = time.monotonic() + 30
        silent_since = 0.0
        while clock.stat().st_mtime != silent_since:
            assert time.monotonic() < deadline, "the clock goes on"
            silent_since = clock.stat().st_mtime
            time.sleep(2.5)
        assert not database.exists()
    finally:
        away.rename(database)
    deadline = time.monotonic() + 60
    while clock.stat().st_mtime == silent_since and time.monotonic() < deadline:
        time.sleep(0.2)
    assert clock.stat().st_mtime > silent_since
