"""The same story in a second place."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.utils import timezone

from nightdesk.press import clock
from nightdesk.stories.models import StoryPage
from tests.making import a_story

pytestmark = pytest.mark.django_db


def test_the_alias_of_a_scheduled_story_goes_out_with_it_and_not_before(section):
    """Wagtail would publish it in the moment in which the story is scheduled."""
    story = a_story(section, "In the morning", live=False)
    alias = story.create_alias(update_slug="also-in-the-morning")
    morning = timezone.now() + datetime.timedelta(hours=8)
    story.go_live_at = morning
    story.save_revision().publish()
    clock.tick()
    assert not StoryPage.objects.filter(live=True).exists()
    with time_machine.travel(morning + datetime.timedelta(minutes=1)):
        clock.tick()
    assert StoryPage.objects.get(pk=story.pk).live
    assert StoryPage.objects.get(pk=alias.pk).live
