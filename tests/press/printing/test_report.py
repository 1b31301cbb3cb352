"""How the press stands, for the newsroom, for whoever runs it, and for programs."""

from __future__ import annotations

import json
import threading
import time

import pytest
from django.urls import reverse

from nightdesk.press import outbox
from nightdesk.press.command import press_command
from nightdesk.press.printing import lock
from nightdesk.press.standing import standing_now
from tests.making import a_story


@pytest.fixture
def at_work(press, settings, tmp_path):
    """The press of this machine, with the lock that says so."""
    settings.DATA = tmp_path
    held = lock.wait_for_turn(tmp_path, threading.Event())
    yield press
    held.close()


def test_an_editor_sees_which_page_cannot_be_printed_and_why(at_work, section, signed_in):
    story = a_story(section, "Broken")
    at_work.run_dry()
    at_work.shelf.fail(story.url, "TemplateSyntaxError: no such tag", again=time.time() + 600)
    page = signed_in("editor").get(reverse("press_report")).content.decode()
    assert story.url in page and "TemplateSyntaxError: no such tag" in page
    assert "these pages cannot be printed" in page
    assert reverse("press_report") in page


def test_what_is_printed_is_named_in_words(at_work, section, signed_in):
    a_story(section)
    at_work.run_dry()
    shown = signed_in("editor").get(reverse("press_report")).context["kinds"]
    names = {name for name, _count in shown}
    assert {"Stories", "Front pages", "Feeds"} <= names
    assert not [name for name in names if "_" in name or name == name.lower()]


def test_everything_is_well_when_the_press_has_nothing_to_do(at_work, capsys):
    assert standing_now().is_well
    assert press_command(["status"]) == 0
    assert "Nothing waits." in capsys.readouterr().out


def test_programs_read_the_same(at_work, section, capsys):
    a_story(section)
    assert press_command(["status", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["behind"] >= 1 and found["missed"] == 0 and found["kinds"]["home"] == 3


def test_a_press_that_does_not_run_is_said_not_to(press, settings, tmp_path, capsys):
    settings.DATA = tmp_path
    assert press_command(["status"]) == 1
    assert "not running" in capsys.readouterr().out


def test_before_the_first_start_there_is_no_shelf_to_look_at(newsroom, settings, tmp_path, capsys):
    settings.DATA = tmp_path
    assert press_command(["status"]) == 1
    assert "no shelf yet" in capsys.readouterr().out


def test_a_page_is_printed_anew_when_somebody_asks_for_its_address(at_work, section, capsys):
    story = a_story(section)
    at_work.run_dry()
    press_command(["print", f"https://news.example{story.url}?utm=1"])
    assert list(outbox.after(at_work.shelf.cursor, 1)[0].urgent) == [story.url]


def test_everything_is_printed_anew_when_somebody_asks_for_it(at_work, capsys):
    press_command(["again"])
    at_work.step()
    assert at_work.shelf.state()["stale"] > 10
    assert "keep the old pages" in capsys.readouterr().out
