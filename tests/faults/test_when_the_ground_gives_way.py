"""P3: the disk is full, the main database is gone or locked, Django is dead. Every stored page is
there for readers, the editor gets a plain 503 with the text kept, and within ten seconds of the
end of the trouble all is as before."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup

from nightdesk.press.shelf.pieces import Own
from nightdesk.press.shelf.read import Shown
from tests.run.conftest import PROGRAM, Newsroom, environment, gone

from .agreement import differences, is_sound, wait_until_printed
from .editor import Editor, as_it_stands, one_paragraph, sign_in
from .full_disk import fill, small_disk
from .test_held_half_requests import page, wait_for

pytestmark = pytest.mark.fault

RECOVERY = 10


def stored(data: Path) -> dict[str, int]:
    """Every path that readers may ask for → its status on the shelf."""
    with contextlib.closing(sqlite3.connect(f"file:{data}/shelf.db?mode=ro", uri=True)) as shelf:
        rows = shelf.execute("SELECT path, status FROM entry WHERE status != 0").fetchall()
    return {path: status for path, status in rows if path.startswith("/")}


class Desk:
    """A newsroom with a published story, everything printed, and an editor with an open form."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom, self.data, self.port = newsroom, newsroom.data, newsroom.port
        section, (session,) = sign_in(newsroom.data, 1)
        self.editor = Editor(newsroom.port, session)
        self._add = f"/admin/pages/add/stories/storypage/{section}/"
        assert self.editor.publish(self._add, "The ferry sails")
        wait_until_printed(self.data)
        self.paths = stored(self.data)
        self.form = self._open_form("Water in the cellar")

    def _open_form(self, headline: str) -> dict[str, object]:
        _to, text = self.editor.ask("GET", self._add)
        form = as_it_stands(BeautifulSoup(text, "html.parser").select_one("#page-edit-form"))
        form |= {"title": headline, "action-publish": "action-publish"}
        return form | one_paragraph("Typed for ten minutes, and not to be lost.")

    def readers_have_everything(self) -> None:
        """Each stored page, with its own status."""
        wrong = {
            path: status
            for path, expected in self.paths.items()
            if (status := page(self.port, quote(path))[0]) != expected
        }
        assert not wrong, wrong

    def send(self) -> tuple[int, str, float]:
        """Send the open form: status, page, seconds. 302 when it is published."""
        began = time.monotonic()
        _to, text = self.editor.ask("POST", self._add, self.form)
        return self.editor.statuses[-1], text, time.monotonic() - began

    def refused_with_the_text_kept(self) -> dict[str, object]:
        """The form that the 503 holds, to be sent again."""
        status, text, _seconds = self.send()
        assert status == 503, (status, text[:600])
        refused = BeautifulSoup(text, "html.parser")
        assert refused.select_one("h1").text == "Not saved yet"
        kept = refused.select_one("form[method=post]")
        assert kept["action"] == self._add
        fields = {
            field["name"]: field.get("value") or field.text.removeprefix("\n")
            for field in kept.select("[name]")
        }
        assert fields["title"] == "Water in the cellar"
        assert "Typed for ten minutes, and not to be lost." in fields["body-0-value"]
        return fields

    def all_is_well_again(self, kept: dict[str, object] | None = None) -> float:
        """The kept form can be sent, readers get the story; seconds since now."""
        began = time.monotonic()
        if kept is not None:
            self.form = kept
        while (answer := self.send())[0] != 302:
            assert time.monotonic() - began < RECOVERY, (answer, self.newsroom.said())
            time.sleep(0.2)
        left = RECOVERY - (time.monotonic() - began)
        assert wait_for(self.port, "/news/water-in-the-cellar/", "not to be lost", left)
        assert wait_for(self.port, "/news/", "Water in the cellar", left)
        took = time.monotonic() - began
        assert took < RECOVERY
        return took


def agree(desk: Desk) -> None:
    wait_until_printed(desk.data)
    _stored, wrong = differences(desk.data, desk.port)
    assert not wrong, wrong
    assert is_sound(desk.data / "site.db") and is_sound(desk.data / "shelf.db")


@pytest.fixture
def desk(newsroom: Newsroom) -> Desk:
    return Desk(newsroom)


def test_the_main_database_is_moved_away_and_put_back(desk):
    away = desk.data / "elsewhere"
    away.mkdir()
    files = list(desk.data.glob("site.db*"))
    for file in files:
        file.rename(away / file.name)
    desk.readers_have_everything()
    kept = desk.refused_with_the_text_kept()
    assert page(desk.port, "/no/such/page/")[0] == 404
    desk.readers_have_everything()
    assert not list(desk.data.glob("site.db")), "an empty database stands in its place"
    for file in files:
        (away / file.name).rename(file)
    print(f"recovered in {desk.all_is_well_again(kept):.1f} s")
    agree(desk)


def test_a_story_is_taken_down_while_the_database_is_away_and_stays_down(desk):
    """The address within a second; the headline on no stored page within seconds; and when the
    database is back with the story live in it, still."""
    story, headline = "/news/the-ferry-sails/", "The ferry sails"
    assert {"/", "/news/", story} <= saying(desk.data, headline)
    away = desk.data / "elsewhere"
    away.mkdir()
    files = list(desk.data.glob("site.db*"))
    for file in files:
        file.rename(away / file.name)
    words = [f"http://127.0.0.1:{desk.port}{story}", "--reason", "She is in danger."]
    command = subprocess.Popen(
        [*PROGRAM, "takedown", *words, "--say", "We are sorry.", "--data", str(desk.data)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(PORT=str(desk.port)),
    )
    while not (desk.data / "takedowns.jsonl").exists():
        assert command.poll() is None
        time.sleep(0.01)
    began = time.monotonic()
    while page(desk.port, story)[0] != 410:
        assert time.monotonic() - began < RECOVERY
        time.sleep(0.01)
    down = time.monotonic() - began
    while saying(desk.data, headline):
        assert time.monotonic() - began < RECOVERY
        time.sleep(0.05)
    print(f"410 after {down:.2f} s, on no stored page after {time.monotonic() - began:.1f} s")
    assert down < 1
    said = command.communicate(timeout=60)[0]
    assert "done: no stored page, list, feed or sitemap shows it" in said
    assert "NOT YET: the database cannot be asked" in said and command.returncode == 1
    status, text, _seconds = page(desk.port, story)
    assert status == 410 and "This page has been taken down." in text and "We are sorry." in text
    for path in ("/", "/news/", "/feeds/rss.xml", "/sitemap.xml", "/news-sitemap.xml"):
        assert headline not in page(desk.port, path)[1] and story not in page(desk.port, path)[1]
    assert not list(desk.data.glob("site.db")), "an empty database stands in its place"
    for file in files:
        (away / file.name).rename(file)
    wait_until_printed(desk.data)
    assert wait_for(desk.port, "/news/", "</html>", RECOVERY)
    assert saying(desk.data, headline) == set() and page(desk.port, story)[0] == 410
    assert headline not in page(desk.port, "/search/?q=ferry")[1]
    # An older copy of the database has the story live and knows of no takedown.
    with contextlib.closing(sqlite3.connect(desk.data / "site.db")) as older:
        older.execute("UPDATE wagtailcore_page SET live = 1 WHERE title = ?", (headline,))
        older.execute("DELETE FROM takedown_takedown")
        older.execute("DELETE FROM press_outboxentry")
        older.commit()
    wait_until_down_again(desk.data, headline)
    assert saying(desk.data, headline) == set() and page(desk.port, story)[0] == 410
    agree(desk)


def saying(data: Path, words: str) -> set[str]:
    """Stored pages and fragments with these words in them."""
    shown = Shown(data)
    try:
        paths = [path for (path,) in shown._opened.execute("SELECT path FROM entry")]
        kept = filter(None, map(shown.get, paths))
        return {
            one.path
            for one in kept
            if words.encode() in b"".join(p.raw for p in one.pieces if isinstance(p, Own))
        }
    finally:
        shown.close()


def wait_until_down_again(data: Path, headline: str) -> None:
    end = time.monotonic() + RECOVERY
    while True:
        with contextlib.closing(sqlite3.connect(f"file:{data}/site.db?mode=ro", uri=True)) as site:
            asked = "SELECT live FROM wagtailcore_page WHERE title = ?"
            (live,) = site.execute(asked, (headline,)).fetchone()
        if not live:
            break
        assert time.monotonic() < end, "the older database has brought it back"
        time.sleep(0.1)
    wait_until_printed(data)


def test_another_program_holds_the_lock_of_the_main_database(desk):
    """Longer than an editor's request waits for it."""
    with contextlib.closing(sqlite3.connect(desk.data / "site.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        desk.readers_have_everything()
        kept = desk.refused_with_the_text_kept()
        desk.readers_have_everything()
        other.execute("ROLLBACK")
    print(f"recovered in {desk.all_is_well_again(kept):.1f} s")
    agree(desk)


def test_django_is_killed_and_kept_dead(desk):
    processes = desk.newsroom.processes()
    os.kill(desk.newsroom.process.pid, signal.SIGSTOP)
    try:
        django = [pid for name, pid in processes.items() if name not in READERS_OWN]
        for pid in django:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        end = time.monotonic() + 5
        while not all(map(gone, django)) and time.monotonic() < end:
            time.sleep(0.05)
        desk.readers_have_everything()
        assert page(desk.port, "/no/such/page/")[0] == 404
        status, text, seconds = desk.send()
        assert status == 503 and seconds < 10, (status, seconds)
        assert "cannot be shown right now" in text or "Not saved yet" in text
        assert page(desk.port, "/search/?q=ferry")[0] == 503
        desk.readers_have_everything()
    finally:
        os.kill(desk.newsroom.process.pid, signal.SIGCONT)
    print(f"recovered in {desk.all_is_well_again():.1f} s")
    agree(desk)


#: What goes on when everything that knows Django is gone.
READERS_OWN = frozenset({"nd-door", "nd-newsstand"})


def test_the_disk_is_full(staffed: Path, tmp_path: Path):
    with small_disk(tmp_path / "disk", 32) as disk:
        data = Path(shutil.copytree(staffed, disk / "data"))
        newsroom = Newsroom(data).wait_until_open()
        try:
            desk = Desk(newsroom)
            filler = fill(disk)
            desk.readers_have_everything()
            kept = _refused_at_last(desk)
            desk.readers_have_everything()
            assert page(desk.port, "/no/such/page/")[0] == 404
            filler.unlink()
            print(f"recovered in {desk.all_is_well_again(kept):.1f} s")
            agree(desk)
            assert newsroom.process.poll() is None
        finally:
            newsroom.stop(signal.SIGKILL)
            _until(lambda: not newsroom.processes())


def _refused_at_last(desk: Desk) -> dict[str, object]:
    """SQLite's log has some room of its own: a few changes fit in although the disk is full."""
    headline = desk.form["title"]
    for number in range(30):
        desk.form["title"], desk.form["slug"] = f"Filling {number}", f"filling-{number}"
        status, text, _seconds = desk.send()
        if status != 302:
            break
    assert status == 503, (status, text[:600])
    desk.form["title"], desk.form["slug"] = headline, ""
    return desk.refused_with_the_text_kept()


def _until(what: Callable[[], object], seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not what() and time.monotonic() < end:
        time.sleep(0.05)
