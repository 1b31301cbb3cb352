"""The press looks again at what should not have changed, and throws away what nobody needs."""

from __future__ import annotations

import datetime
import json
import time

import time_machine
from django.utils import timezone

from nightdesk.press import clock, outbox
from nightdesk.press.models import OutboxEntry
from nightdesk.press.printing import tidying
from nightdesk.press.printing.recheck import missed
from nightdesk.press.shelf.pieces import Own
from nightdesk.press.shelf.write import Printed
from nightdesk.stories.models import StoryPage
from tests.making import a_story

_A_MINUTE = datetime.timedelta(seconds=61)


def test_a_minute_later_nothing_turns_out_to_have_been_missed(press, section):
    a_story(section)
    press.run_dry()
    with time_machine.travel(timezone.now() + _A_MINUTE):
        assert press.run_dry() > 5
    assert press.shelf.state()["missed"] == 0


def test_a_change_that_nobody_told_is_put_right_and_counted(press, reader, section):
    story = a_story(section, "Told")
    press.run_dry()
    StoryPage.objects.filter(pk=story.pk).update(title="Not told")
    with time_machine.travel(timezone.now() + _A_MINUTE):
        press.run_dry()
    assert "Not told" in reader.text(story.url)
    assert press.shelf.state()["missed"] >= 1
    paths = [path for path, _when in missed(press.shelf.meta("missed_paths"))]
    assert story.url in paths


def test_a_change_that_was_told_while_it_is_looked_at_is_not_missed(
    press, reader, section, monkeypatch
):
    story = a_story(section, "Before")
    press.run_dry()
    plain = press._printer.print

    def editing(path: str):
        if path == story.url and StoryPage.objects.get(pk=story.pk).title == "Before":
            again = StoryPage.objects.get(pk=story.pk)
            again.title = "Meanwhile"
            again.save_revision().publish()
        return plain(path)

    monkeypatch.setattr(press._printer, "print", editing)
    plain_take = press._take

    def take():
        press.wake.forget()
        plain_take()

    monkeypatch.setattr(press, "_take", take)
    with time_machine.travel(timezone.now() + _A_MINUTE):
        press.run_dry()
    assert "Meanwhile" in reader.text(story.url)
    assert press.shelf.state()["missed"] == 0


def test_each_night_everything_is_looked_at_also_what_the_shelf_never_heard_of(
    press, reader, section
):
    story = a_story(section, "Lost from the shelf")
    press.run_dry()
    press.shelf.drop(story.url)
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=40)):
        press.run_dry()
    assert reader.status(story.url) == 200


def test_old_entries_of_the_outbox_go_but_not_the_one_that_tells_databases_apart(press):
    for number in range(3):
        outbox.note(keys=[f"key:{number}"])
    press.run_dry()
    OutboxEntry.objects.update(at=timezone.now() - datetime.timedelta(days=8))
    tidying.forget_old_changes(press.shelf)
    assert list(OutboxEntry.objects.values_list("pk", flat=True)) == [press.shelf.cursor]


def test_files_of_an_old_release_stay_for_thirty_days(press):
    old = "/assets/css/nightdesk.0123456789.css"
    press.shelf.put(old, Printed("asset", 200, [], [Own.of(b"body{}")]), seen=0)
    now = time.time()
    assert tidying.drop_retired_files(press.shelf, now) == []
    assert old in json.loads(press.shelf.meta("retired"))
    assert tidying.drop_retired_files(press.shelf, now + 29 * 86400) == []
    assert old in press.shelf
    assert tidying.drop_retired_files(press.shelf, now + 31 * 86400) == [old]
    assert old not in press.shelf


def test_a_clock_that_is_set_back_stops_neither_printing_nor_looking_again(press, reader, section):
    """The machine believed it was tomorrow, and was put right."""
    now = timezone.now()
    with time_machine.travel(now + datetime.timedelta(days=1)):
        press.run_dry()
    with time_machine.travel(now):
        story = a_story(section, "Told")
        press.run_dry()
        assert reader.status(story.url) == 200
        StoryPage.objects.filter(pk=story.pk).update(title="Not told")
    with time_machine.travel(now + 2 * _A_MINUTE):
        press.run_dry()
    assert "Not told" in reader.text(story.url)


def test_a_clock_that_jumps_ahead_publishes_what_has_become_due_once(press, reader, section):
    at = timezone.now() + datetime.timedelta(hours=2)
    story = a_story(section, "Tonight", live=False)
    story.go_live_at = at
    story.save_revision().publish()
    press.run_dry()
    assert reader.status(story.url) == 0
    with time_machine.travel(at + datetime.timedelta(hours=5)):
        assert clock.tick()["publish what is due"] == 1
        assert clock.tick()["publish what is due"] == 0
        press.run_dry()
        assert reader.status(story.url) == 200
    with time_machine.travel(at - datetime.timedelta(hours=1)):
        assert clock.tick()["publish what is due"] == 0
        press.run_dry()
    assert reader.status(story.url) == 200, "set back again, the clock takes nothing back"
