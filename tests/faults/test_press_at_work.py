"""The real newsroom, its real press and its real newsstand, whatever happens to the press."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from nightdesk.press.shelf.read import Shown
from tests.faults.editor import Editor, sign_in
from tests.faults.test_editors_under_load import live_stories
from tests.run.conftest import PROGRAM, Newsroom, environment, gone

pytestmark = pytest.mark.fault

_STORIES = """
from django.db import transaction
from nightdesk.stories.models import SectionPage
from tests.making import a_story
section = SectionPage.objects.order_by("pk").first()
with transaction.atomic():
    for number in range({count}):
        a_story(section, f"{name} {{number}}")
"""


def shell(data: Path, code: str) -> str:
    answer = subprocess.run(
        [*PROGRAM, "django", "shell", "--data", str(data), "--no-imports", "-c", code],
        capture_output=True,
        text=True,
        env=environment(PYTHONPATH=str(Path(__file__).parents[2])),
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def get(newsroom: Newsroom, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", newsroom.port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def state(data: Path) -> dict:
    shown = Shown(data)
    try:
        return shown.state()
    finally:
        shown.close()


def is_printed(newsroom: Newsroom, path: str) -> bool:
    shown = Shown(newsroom.data)
    try:
        stored = shown.get(path)
        return stored is not None and stored.status == 200
    finally:
        shown.close()


def wait_until_printed(newsroom: Newsroom, seconds: float = 90) -> None:
    def is_printed() -> bool:
        try:
            found = state(newsroom.data)
        except (OSError, ValueError):
            return False
        return found["complete"] and not found["stale"]

    newsroom.wait_for(is_printed, seconds)


def test_an_editor_who_publishes_lands_on_the_page_that_readers_get(running):
    wait_until_printed(running)
    section, sessions = sign_in(running.data, 1)
    editor = Editor(running.port, sessions[0])
    began = time.monotonic()
    leads_to = editor.publish(f"/admin/pages/add/stories/storypage/{section}/", "The gates closed")
    took = time.monotonic() - began
    assert leads_to == "/news/the-gates-closed/"
    for path in (leads_to, "/news/", "/"):
        running.wait_for(lambda path=path: "The gates closed" in get(running, path)[1], 3)
    assert took < 5
    assert state(running.data)["missed"] == 0


def test_a_story_is_gone_for_readers_when_unpublishing_answers(running):
    wait_until_printed(running)
    section, sessions = sign_in(running.data, 1)
    editor = Editor(running.port, sessions[0])
    editor.publish(f"/admin/pages/add/stories/storypage/{section}/", "Not for long")
    assert get(running, "/news/not-for-long/")[0] == 200
    pk = live_stories(running.data / "site.db")["Not for long"]
    _to, page = editor.ask("GET", f"/admin/pages/{pk}/unpublish/")
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    editor.ask("POST", f"/admin/pages/{pk}/unpublish/", {"csrfmiddlewaretoken": token})
    assert get(running, "/news/not-for-long/")[0] == 404


def test_a_press_killed_in_the_middle_of_printing_goes_on_where_it_was(newsroom):
    wait_until_printed(newsroom)
    shell(newsroom.data, _STORIES.format(count=60, name="Killed"))
    for kills in range(1, 4):
        newsroom.wait_for(lambda: "nd-press" in newsroom.processes())
        time.sleep(0.7)
        # Looked up only now: a process that is just being forked has its parent's name for a moment.
        press = newsroom.processes()["nd-press"]
        os.kill(press, signal.SIGKILL)
        newsroom.wait_for(lambda press=press: gone(press))
        assert get(newsroom, "/")[0] == 200
        newsroom.wait_for(lambda kills=kills: newsroom.said().count("The press was ") == kills)
    newsroom.wait_for(lambda: state(newsroom.data)["cursor"] > 50, 30)
    wait_until_printed(newsroom)
    found = state(newsroom.data)
    assert found["trouble"] == {} and found["missed"] == 0
    for number in (0, 30, 59):
        assert get(newsroom, f"/news/killed-{number}/")[0] == 200


def test_a_second_press_waits_and_takes_over(newsroom):
    wait_until_printed(newsroom)
    second = subprocess.Popen(
        [*PROGRAM, "press", "--data", str(newsroom.data)], env=environment(), start_new_session=True
    )
    try:
        time.sleep(4)
        assert second.poll() is None
        os.kill(newsroom.processes()["nd-press"], signal.SIGSTOP)  # holds the lock still
        shell(newsroom.data, _STORIES.format(count=1, name="Taken over"))
        time.sleep(1)
        assert not is_printed(newsroom, "/news/taken-over-0/")
        os.kill(newsroom.processes()["nd-press"], signal.SIGKILL)
        newsroom.wait_for(lambda: is_printed(newsroom, "/news/taken-over-0/"), 10)
        assert second.poll() is None
    finally:
        second.send_signal(signal.SIGTERM)
        second.wait(20)


def test_another_release_serves_the_old_pages_while_it_prints_the_new_ones(open_newsroom, data):
    first = open_newsroom().wait_until_open()
    wait_until_printed(first)
    first.stop()
    again = open_newsroom(NIGHTDESK_READING_SPEED="100").wait_until_open()
    for path in ("/", "/news/"):
        assert get(again, path)[0] == 200
    wait_until_printed(again)


def test_with_the_database_moved_away_pages_stay_and_the_press_waits_for_it(newsroom):
    wait_until_printed(newsroom)
    file = newsroom.data / "site.db"
    away = file.with_name("away.db")
    file.rename(away)
    newsroom.wait_for(lambda: "the database file is not there" in newsroom.said(), 10)
    assert get(newsroom, "/")[0] == get(newsroom, "/news/")[0] == 200
    file.unlink(missing_ok=True)
    away.rename(file)
    newsroom.wait_for(lambda: "The press goes on." in newsroom.said(), 10)
    shell(newsroom.data, _STORIES.format(count=1, name="Back again"))
    newsroom.wait_for(lambda: is_printed(newsroom, "/news/back-again-0/"), 10)


def test_the_press_tells_how_its_work_stands(running):
    wait_until_printed(running)
    answer = subprocess.run(
        [*PROGRAM, "press", "status", "--data", str(running.data)],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "The press is at work." in answer.stdout
    assert "Nothing waits." in answer.stdout
