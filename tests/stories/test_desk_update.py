"""The public "Updated" time moves when the editor says so, and only then."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.utils import timezone

from nightdesk.press import clock
from nightdesk.stories.models import StoryPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(section):
    page = section.add_child(instance=StoryPage(title="A bridge is closed", live=False))
    page.save_revision().publish()
    return StoryPage.objects.get(pk=page.pk)


def republish(story, *, matters, go_live_at=None):
    story.update_matters = matters
    story.go_live_at = go_live_at
    story.save_revision().publish()
    return StoryPage.objects.get(pk=story.pk)


def test_a_new_story_has_no_updated_time_whatever_was_ticked(section):
    page = StoryPage(title="A bridge is closed", live=False, update_matters=True)
    section.add_child(instance=page)
    page.save_revision().publish()
    assert StoryPage.objects.get(pk=page.pk).updated_at is None


def test_a_typo_leaves_the_updated_time_alone(story):
    assert republish(story, matters=False).updated_at is None


def test_a_change_that_matters_is_updated_at_the_moment_it_is_published(story):
    later = timezone.now() + datetime.timedelta(hours=2)
    with time_machine.travel(later, tick=False):
        changed = republish(story, matters=True)
    assert changed.updated_at == changed.last_published_at == later


def test_a_draft_that_matters_moves_nothing_before_it_is_published(story):
    story.update_matters = True
    story.save_revision()
    assert StoryPage.objects.get(pk=story.pk).updated_at is None


def test_a_scheduled_change_is_updated_when_the_clock_publishes_it(story):
    morning = timezone.now() + datetime.timedelta(hours=8)
    assert republish(story, matters=True, go_live_at=morning).updated_at is None
    with time_machine.travel(morning + datetime.timedelta(seconds=2), tick=False):
        clock.tick()
        at = timezone.now()
    assert StoryPage.objects.get(pk=story.pk).updated_at == at


def test_the_tick_is_spent_once_published_and_an_older_revision_takes_no_time_back(story):
    first = story.get_latest_revision()
    changed = republish(story, matters=True)
    assert changed.update_matters is False
    first.publish()
    assert StoryPage.objects.get(pk=story.pk).updated_at == changed.updated_at
