"""The command line takes down what it is told to, with nothing but the data folder."""

from __future__ import annotations

import json

import pytest

from nightdesk.press.printing import lock
from nightdesk.press.shelf import takedowns
from nightdesk.press.shelf.pieces import Own
from nightdesk.press.shelf.read import Shown
from nightdesk.press.shelf.write import Printed, Shelf
from nightdesk.takedown import command
from nightdesk.takedown.command import takedown_command

HTML = [("content-type", "text/html; charset=utf-8")]


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A folder with a printed story on a home page, and no newsroom at work on it."""
    for name, value in {
        "NIGHTDESK_DATA": str(tmp_path),
        "NIGHTDESK_URL": "https://news.example",
        "PORT": "1",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(command, "NEWSSTAND", 0.0)
    monkeypatch.setattr(command, "PRESS", 0.3)

    def no_database(*_args, **_kwargs):
        return False, "the database cannot be asked (it is not there)"

    monkeypatch.setattr(command, "_database", no_database)
    shelf = Shelf.open(tmp_path)
    story = (
        '<meta name="nightdesk-page" content="12"><meta property="og:title" content="A name">'
        '<img src="/media/pictures/ab-640.jpg">'
    )
    shelf.put("/news/a-name/", printed(story, "story", "page:12"), seen=1)
    shelf.put("/", printed("A name leads", "home", "page:12:card"), seen=1)
    shelf.put("/other/", printed("Another", "story", "page:13"), seen=1)
    picks = printed("A name", "fragment", "page:12:card")
    shelf.put("fragment:editors-picks:en", picks, seen=1)
    shelf.close()
    return tmp_path


def printed(text: str, kind: str, *keys: str) -> Printed:
    return Printed(kind, 200, HTML, [Own.of(text.encode())], keys=frozenset(keys))


def statuses(data) -> dict[str, int]:
    shown = Shown(data)
    try:
        return dict(shown._opened.execute("SELECT path, status FROM entry"))
    finally:
        shown.close()


def test_it_is_on_the_list_and_off_the_shelf_though_nothing_else_is_there(data, capsys):
    code = takedown_command(
        ["https://news.example/news/a-name/", "--reason", "danger", "--say", "Sorry.", "--by", "Al"]
    )
    (one,) = takedowns.read(data).down.values()
    assert (one.path, one.reason, one.say, one.by) == ("/news/a-name/", "danger", "Sorry.", "Al")
    assert (one.kind, one.thing, one.title) == ("story", "12", "A name")
    assert one.files == ("pictures/ab-640.jpg",)
    kept = statuses(data)
    assert kept["/news/a-name/"] == kept["/"] == 0
    assert kept["/other/"] == kept["fragment:editors-picks:en"] == 200
    said = capsys.readouterr().out
    assert code == 1  # the newsstand and the database could not be asked
    assert "/news/a-name/ is taken down." in said
    assert "NOT YET: the newsstand on this machine cannot be asked" in said
    assert "done: the press is not running; every stored page that shows it was taken away" in said
    assert "NOT YET: the database cannot be asked" in said
    assert "What nobody can recall" in said


def test_a_press_at_work_is_left_to_do_it_and_missed_when_it_does_not(data, capsys):
    import threading

    held = lock.wait_for_turn(data, threading.Event())
    takedown_command(["/news/a-name/", "--reason", "danger"])
    held.close()
    assert statuses(data)["/"] == 200
    assert "the press is at work and does not answer" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://elsewhere.example/news/a-name/", "is not this newsroom"),
        ("https://news.example/", "is no story, brief, coverage, update or picture"),
        ("/admin/pages/3/", "is no story, brief, coverage, update or picture"),
        ("/media/masters/secret.jpg", "is no picture"),
    ],
)
def test_what_is_no_story_brief_or_picture_of_ours_is_refused(data, address, said, capsys):
    assert takedown_command([address, "--reason", "x"]) == 2
    assert said in capsys.readouterr().err
    assert not takedowns.read(data).down


@pytest.fixture
def covered(data):
    shelf = Shelf.open(data)
    page = '<meta property="og:title" content="The flood">'
    for below, kind in (("", "coverage"), ("live/", "live"), ("rss.xml", "feed")):
        shelf.put(f"/coverage/flood/{below}", printed(page, kind, "coverage.coverage:5"), seen=1)
    for pk in (7, 8):
        keys = ("coverage.coverage:5", f"coverage.entry:{pk}")
        shelf.put(f"/coverage/flood/{pk}/", printed(page, "coverage_entry", *keys), seen=1)
    shelf.put("/coverage/flood/before/8/", printed("Old", "coverage", "coverage.entry:7"), seen=1)
    shelf.put("/coverage/flood-two/", printed("Another", "coverage", "coverage.coverage:6"), seen=1)
    shelf.put("/", printed("An update leads", "home", "coverage.entry:7"), seen=1)
    shelf.close()
    return data


def test_a_coverage_goes_with_everything_below_it(covered):
    assert takedown_command(["/coverage/flood/", "--reason", "x"]) == 1
    (one,) = takedowns.read(covered).down.values()
    assert (one.kind, one.title) == ("coverage", "The flood")
    down = {path for path, status in statuses(covered).items() if not status}
    assert {path for path in statuses(covered) if path.startswith("/coverage/flood/")} <= down
    assert "/" in down and "/coverage/flood-two/" not in down


def test_an_update_goes_alone(covered):
    assert takedown_command(["/coverage/flood/7/", "--reason", "x"]) == 1
    (one,) = takedowns.read(covered).down.values()
    assert (one.kind, one.thing, one.path) == ("update", "7", "/coverage/flood/7/")
    kept = {path for path, status in statuses(covered).items() if status}
    assert {"/coverage/flood/", "/coverage/flood/8/"} <= kept
    assert kept.isdisjoint({"/coverage/flood/7/", "/coverage/flood/before/8/", "/"})


def test_an_older_page_of_a_coverage_is_nothing_by_itself(covered, capsys):
    assert takedown_command(["/coverage/flood/before/8/", "--reason", "x"]) == 2
    assert "is no story" in capsys.readouterr().err


def test_without_a_reason_nothing_is_done(data, capsys):
    with pytest.raises(SystemExit):
        takedown_command(["/news/a-name/"])
    assert "one day somebody asks why" in capsys.readouterr().err
    assert not takedowns.read(data).down


def test_lifting_is_a_verb_of_its_own_and_the_list_shows_what_is_down(data, capsys):
    takedown_command(["/news/a-name/", "--reason", "danger", "--by", "Al"])
    capsys.readouterr()
    takedown_command(["--list"])
    assert "/news/a-name/  by Al: danger" in capsys.readouterr().out
    takedown_command(["--lift", "https://news.example/news/a-name"])
    assert "It stays a draft" in capsys.readouterr().out
    assert not takedowns.read(data).down
    assert takedown_command(["--lift", "/news/a-name/"]) == 1


def test_a_second_takedown_of_the_same_is_the_first(data, capsys):
    takedown_command(["/news/a-name/", "--reason", "danger", "--by", "Al"])
    takedown_command(["/news/a-name", "--reason", "again"])
    assert len(takedowns.read(data).down) == 1
    assert "is down already" in capsys.readouterr().out


def test_a_damaged_shelf_keeps_nobody_from_taking_down(data, capsys):
    (data / "shelf.db").write_bytes(b"ruins" * 1000)
    takedown_command(["/news/a-name/", "--reason", "danger"])
    assert takedowns.read(data).at("/news/a-name/")


def test_a_picture_is_known_by_any_of_its_files(data):
    takedown_command(["/media/pictures/ab-640.jpg", "--reason", "danger"])
    (one,) = takedowns.read(data).down.values()
    assert one.stems == ("pictures/ab",)
    assert statuses(data)["/news/a-name/"] == 0 and statuses(data)["/"] == 200


def test_the_withheld_are_noted_so_that_the_press_does_not_begin_again(data):
    takedown_command(["/news/a-name/", "--reason", "danger"])
    (id_,) = takedowns.read(data).down
    shown = Shown(data)
    assert json.loads(shown.meta("withheld")) == [id_]
    shown.close()
