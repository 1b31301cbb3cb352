"""What is scheduled goes live or down on time, once, wholly, and is never forgotten."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from wagtail.models import Revision

from nightdesk.press import clock, schedule
from nightdesk.stories.models import StoryPage

MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def story(section):
    return section.add_child(instance=StoryPage(title="Bridge opens", live=False))


def set_for(story, moment):
    story.go_live_at = moment
    revision = story.save_revision()
    revision.publish()
    return revision


def tick_at(moment):
    with time_machine.travel(moment, tick=False):
        return clock.tick()


def is_live(story):
    return StoryPage.objects.get(pk=story.pk).live


@pytest.mark.django_db
@pytest.mark.database
def test_a_scheduled_story_goes_live_at_its_minute_and_not_before(story):
    at = timezone.now() + 10 * MINUTE
    set_for(story, at)
    assert tick_at(at - MINUTE)["publish what is due"] == 0
    assert not is_live(story)
    assert tick_at(at)["publish what is due"] == 1
    assert is_live(story)
    assert tick_at(at + MINUTE)["publish what is due"] == 0


@pytest.mark.django_db
@pytest.mark.database
def test_a_story_goes_down_when_its_time_is_over(story):
    over = timezone.now() + 10 * MINUTE
    story.expire_at = over
    story.save_revision().publish()
    tick_at(over - MINUTE)
    assert is_live(story)
    assert tick_at(over)["take down what is over"] == 1
    assert not is_live(story)


@pytest.mark.django_db
def test_a_crash_before_any_statement_of_publishing_loses_no_schedule(story):
    """Stock Wagtail forgets the story when it stops between its two commits."""
    at = timezone.now() + MINUTE
    revision = set_for(story, at)
    statements = 0

    class Killed(BaseException):
        pass

    def stop_before(number):
        def wrapper(execute, sql, params, many, context):
            nonlocal statements
            statements += 1
            if statements == number:
                raise Killed
            return execute(sql, params, many, context)

        return wrapper

    for number in range(1, 400):
        statements = 0
        try:
            with connection.execute_wrapper(stop_before(number)), time_machine.travel(at):
                schedule.publish_due(at)
        except Killed:
            kept = Revision.objects.filter(pk=revision.pk, approved_go_live_at=at).exists()
            assert is_live(story) or kept, f"lost at statement {number}"
            assert not (is_live(story) and kept), f"half done at statement {number}"
        else:
            break
    assert number > 5
    assert is_live(story)


@pytest.mark.django_db
def test_one_story_that_cannot_be_published_holds_up_no_other(story, section, monkeypatch):
    other = section.add_child(instance=StoryPage(title="Ferry sails", live=False))
    at = timezone.now() + MINUTE
    set_for(story, at)
    set_for(other, at)
    publish = Revision.publish

    def broken(self, *args, **kwargs):
        if self.object_id == str(story.pk):
            raise RuntimeError("a block that cannot be read")
        return publish(self, *args, **kwargs)

    monkeypatch.setattr(Revision, "publish", broken)
    with time_machine.travel(at):
        assert schedule.publish_due(at) == 1
    assert is_live(other)
    late = schedule.overdue(at + 5 * MINUTE, grace=MINUTE)
    assert late == [f"Bridge opens should have been published at {at:%H:%M}"]


def test_a_verb_that_fails_does_not_stop_the_clock(monkeypatch):
    ran = []

    def fails(now):
        raise RuntimeError("no")

    monkeypatch.setattr(clock, "_verbs", {})
    clock.register("fails", fails)
    clock.register("works", lambda now: ran.append(now) or 1)
    assert clock.tick() == {"works": 1}
    assert len(ran) == 1
