"""Failures that other systems of stored pages have had, each tried on the whole newsroom.

The rest of the list is tried closer to where it is decided; docs/operate/promises.md says where.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup

from tests.run.conftest import PROGRAM, Newsroom, environment

from .agreement import differences, wait_until_printed
from .editor import Editor, as_it_stands, one_paragraph, sign_in
from .test_editors_under_load import live_stories
from .test_held_half_requests import page, wait_for

pytestmark = pytest.mark.fault

#: A change is with readers within a second; here the machine is shared with other tests.
SOON = 4.0


class Desk:
    """An editor and a reader of one newsroom."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom, self.data, self.port = newsroom, newsroom.data, newsroom.port
        section, (session,) = sign_in(newsroom.data, 1)
        self.editor = Editor(newsroom.port, session)
        self.add = f"/admin/pages/add/stories/storypage/{section}/"
        self.section = section
        wait_until_printed(newsroom.data, 60)

    def publish(self, headline: str) -> int:
        assert self.editor.publish(self.add, headline), self.editor.statuses
        return live_stories(self.data / "site.db")[headline]

    def change(self, address: str, **fields: str) -> None:
        """Send an admin's form as it stands, but for these fields."""
        _to, text = self.editor.ask("GET", address)
        form = BeautifulSoup(text, "html.parser").select_one("#page-edit-form")
        filled = as_it_stands(form) | one_paragraph("Seen, said somebody who was there.")
        filled |= {"action-publish": "action-publish"} | fields
        to, text = self.editor.ask("POST", address, filled)
        assert to, text[:3000]

    def press(self) -> int:
        return self.newsroom.processes()["nd-press"]


@pytest.fixture(scope="module")
def desk(running: Newsroom) -> Desk:
    return Desk(running)


def get(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers=named)
        answer = connection.getresponse()
        held = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, held, answer.read()
    finally:
        connection.close()


def links(port: int, path: str) -> list[str]:
    found = BeautifulSoup(page(port, path)[1], "html.parser").select("main a")
    return [str(link.get("href")) for link in found]


_HALF_DONE = """
import sys
from django.db import transaction
from nightdesk.stories.models import StoryPage
try:
    with transaction.atomic():
        story = StoryPage.objects.get(pk={pk})
        story.title = "Never committed"
        story.save_revision().publish()
        print("written", flush=True)
        sys.stdin.readline()
        raise KeyError("undone")
except KeyError:
    print("undone", flush=True)
"""


@contextlib.contextmanager
def a_change_not_yet_committed(desk: Desk, pk: int) -> Iterator[None]:
    words = ["django", "shell", "--data", str(desk.data), "--no-imports", "-c"]
    process = subprocess.Popen(
        [*PROGRAM, *words, _HALF_DONE.format(pk=pk)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(PORT=str(desk.port)),
    )
    try:
        assert process.stdout.readline() == "written\n"
        yield
        process.stdin.write("\n")
        process.stdin.flush()
        assert process.stdout.readline() == "undone\n"
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def test_told_before_the_commit(desk):
    """A page printed or purged before the change is committed would stay old for ever."""
    pk = desk.publish("Early word")
    wait_until_printed(desk.data)
    with a_change_not_yet_committed(desk, pk):
        time.sleep(1.2)
        assert "Never committed" not in page(desk.port, "/news/early-word/")[1]
    time.sleep(0.5)
    assert "Never committed" not in page(desk.port, "/news/early-word/")[1]
    desk.change(f"/admin/pages/{pk}/edit/", title="Early word, and now the last")
    assert wait_for(desk.port, "/news/early-word/", "and now the last", SOON)


def test_a_lost_wake_up(desk):
    """The press sleeps, or hangs, in the moment that a change is committed."""
    press = desk.press()
    os.kill(press, signal.SIGSTOP)
    try:
        began = time.monotonic()
        desk.publish("While the press slept")
        assert time.monotonic() - began < 10
        assert page(desk.port, "/")[0] == 200
    finally:
        os.kill(press, signal.SIGCONT)
    assert wait_for(desk.port, "/news/while-the-press-slept/", "said somebody", SOON)
    assert wait_for(desk.port, "/feeds/rss.xml", "While the press slept", SOON)


def test_a_404_remembered_from_before_the_story_was_published(desk):
    for _time in range(3):
        assert page(desk.port, "/news/not-yet-there/")[0] == 404
        assert page(desk.port, "/news/not-yet-there")[0] in (301, 404)
    desk.publish("Not yet there")
    assert wait_for(desk.port, "/news/not-yet-there/", "Not yet there", SOON)
    assert page(desk.port, "/news/not-yet-there")[0] == 301


def test_a_redirect_remembered_from_before_another_story_came_to_its_address(desk):
    pk = desk.publish("First of that name")
    edit = f"/admin/pages/{pk}/edit/"
    desk.change(edit, slug="second-name")
    assert wait_for(desk.port, "/news/second-name/", "First of that name", SOON)
    status, headers, _body = get(desk.port, "/news/first-of-that-name/")
    assert (status, headers.get("location", "")[-18:]) == (301, "/news/second-name/")
    desk.publish("First of that name")
    assert wait_for(desk.port, "/news/first-of-that-name/", "said somebody", SOON)
    assert page(desk.port, "/news/second-name/")[0] == 200


def test_tracking_parameters_and_cookies_that_miss_the_stored_page(desk):
    """Each address with ``?fbclid`` would be a page of its own, and each reader with a cookie."""
    desk.publish("Shared by everybody")
    path = "/news/shared-by-everybody/"
    assert wait_for(desk.port, path, "said somebody", SOON)
    wait_until_printed(desk.data)
    _status, plain, body = get(desk.port, path)
    session = desk.editor._cookies["nightdesk_session"]
    for number, (query, cookie) in enumerate(
        [
            ("?utm_source=x&utm_medium=y", ""),
            ("?fbclid=abc", "_ga=GA1.2.3; _fbp=fb.1"),
            ("", "nightdesk_staff=1"),
            ("", f"nightdesk_session={session}"),
            ("?%00=1&x[]=2", "a=" + "b" * 2000),
        ]
    ):
        headers = {"Cookie": cookie} if cookie else {}
        status, held, got = get(desk.port, path + query, **headers)
        assert (status, got == body, held.get("etag")) == (200, True, plain["etag"]), number
        assert "cookie" not in held["vary"].lower() and "set-cookie" not in held
        again = get(desk.port, path + query, If_None_Match=plain["etag"], **headers)
        assert again[0] == 304


def test_a_stampede_when_a_page_changes_under_everybody(desk):
    """Readers never wait for a print: while a page is made anew they get the one before."""
    pk = desk.publish("Read by everybody")
    path = "/news/read-by-everybody/"
    assert wait_for(desk.port, path, "said somebody", SOON)
    over, waited, statuses = threading.Event(), [], set()

    def read() -> None:
        while not over.is_set():
            status, _text, seconds = page(desk.port, path)
            statuses.add(status)
            waited.append(seconds)

    readers = [threading.Thread(target=read) for _ in range(8)]
    for reader in readers:
        reader.start()
    for number in range(3):
        desk.change(f"/admin/pages/{pk}/edit/", title=f"Read by everybody, {number}")
    over.set()
    for reader in readers:
        reader.join()
    assert statuses == {200}
    assert sorted(waited)[int(len(waited) * 0.99)] < 0.5, max(waited)
    assert wait_for(desk.port, path, "Read by everybody, 2", SOON)


def test_what_each_process_remembers_for_itself(desk):
    """Two processes of the site answer readers and the newsroom; what one changes, the other must
    not remember otherwise, even of the tree that addresses are made from."""
    pk = desk.publish("Told by two")
    search = "/search/?q=Told"
    assert wait_for(desk.port, search, "/news/told-by-two/", SOON)
    with contextlib.closing(sqlite3.connect(f"file:{desk.data}/site.db?mode=ro", uri=True)) as site:
        (home,) = site.execute(
            "SELECT page_ptr_id FROM fronts_homepage ORDER BY page_ptr_id"
        ).fetchone()
    desk.change(f"/admin/pages/{home}/edit/", slug="another-home")
    assert wait_for(desk.port, search, "/news/told-by-two/", SOON), links(desk.port, search)
    desk.change(f"/admin/pages/{desk.section}/edit/", slug="reports")
    assert wait_for(desk.port, search, "/reports/told-by-two/", SOON), links(desk.port, search)
    assert wait_for(desk.port, "/reports/told-by-two/", "Told by two", SOON)
    assert get(desk.port, "/news/told-by-two/")[0] == 301
    desk.change(f"/admin/pages/{desk.section}/edit/", slug="news")
    assert wait_for(desk.port, "/news/told-by-two/", "Told by two", SOON)
    assert pk in live_stories(desk.data / "site.db").values()


@pytest.mark.parametrize("how", ["deleted", "overwritten"])
def test_the_shelf_is_lost_while_it_is_read(desk, how):
    wait_until_printed(desk.data)
    shelf = desk.data / "shelf.db"
    inode = shelf.stat().st_ino
    if how == "deleted":
        for file in desk.data.glob("shelf.db*"):
            file.unlink()
    else:
        shelf.write_bytes(b"This is no database. " * 4000)
    end = time.monotonic() + 15
    while time.monotonic() < end:
        assert page(desk.port, "/")[0] == 200
        with contextlib.suppress(OSError, sqlite3.Error, AssertionError):
            if shelf.stat().st_ino != inode or how == "overwritten":
                wait_until_printed(desk.data, 0.6)
                break
        time.sleep(0.1)
    headline = f"After the shelf was {how}"
    desk.publish(headline)
    assert wait_for(desk.port, "/news/", headline, SOON + 6)
    wait_until_printed(desk.data, 30)


def test_after_all_this_the_shelf_says_what_the_database_says(desk):
    wait_until_printed(desk.data)
    stored, wrong = differences(desk.data, desk.port)
    assert stored > 20
    assert not wrong, wrong
