"""What stands under "Read next": the editor's choice, filled up when the story is published."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Revision

from nightdesk.press import clock
from nightdesk.stories.actions import fill_related
from nightdesk.stories.models import StoryPage, StoryRelated, Topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def topics(newsroom):
    return [Topic.objects.create(name=name, slug=name, locale=newsroom.locale) for name in "abc"]


@pytest.fixture
def publish(section):
    """Publish a story: headline, hours since, topics, related stories chosen for it."""

    def _publish(headline, hours=1.0, topics=(), chosen=(), body=(), into=None):
        story = StoryPage(title=headline, body=list(body))
        story.topics = list(topics)
        story.related = [StoryRelated(story=other) for other in chosen]
        story.first_published_at = timezone.now() - datetime.timedelta(hours=hours)
        (into or section).add_child(instance=story)
        story.save_revision().publish()
        return StoryPage.objects.get(pk=story.pk)

    return _publish


def listed(story):
    return [other.title for other in StoryPage.objects.get(pk=story.pk).related_stories()]


def test_the_most_shared_topics_come_first_then_the_section_newest_first(publish, topics):
    publish("same section, older", hours=50)
    publish("same section, newer", hours=40)
    publish("one topic", hours=90, topics=topics[:1])
    publish("two topics", hours=99, topics=topics[:2])
    story = publish("the story", topics=topics)
    assert listed(story) == [
        "two topics",
        "one topic",
        "same section, newer",
        "same section, older",
    ]


def test_the_editors_choice_stands_before_what_is_filled_up(publish, topics):
    chosen = publish("chosen", hours=900)
    publish("on the same topic", hours=2, topics=topics)
    story = publish("the story", topics=topics, chosen=[chosen])
    assert listed(story) == ["chosen", "on the same topic"]


def test_a_card_in_the_body_is_not_repeated_under_the_story(publish, topics):
    card = publish("the card", topics=topics)
    body = [("related", {"story": card, "headline": ""})]
    assert listed(publish("the story", topics=topics, body=body)) == []


def test_stories_in_another_language_and_drafts_are_never_filled_in(publish, section, topics):
    from nightdesk.fronts.models import HomePage
    from nightdesk.stories.models import SectionPage

    ukrainian = HomePage.objects.get(locale__language_code="uk")
    novyny = ukrainian.add_child(instance=SectionPage(title="Новини", slug="novyny"))
    publish("українською", topics=topics, into=novyny)
    draft = section.add_child(instance=StoryPage(title="a draft", live=False))
    draft.topics = topics
    draft.save()
    assert listed(publish("the story", topics=topics)) == []


def test_the_list_stays_until_the_story_is_published_again(publish, topics):
    publish("first neighbour", topics=topics)
    story = publish("the story", topics=topics)
    publish("second neighbour", hours=0.1, topics=topics)
    assert listed(story) == ["first neighbour"]
    story.save_revision().publish()
    assert listed(story) == ["second neighbour", "first neighbour"]


def test_a_listed_story_that_is_taken_down_is_simply_not_shown(publish, topics):
    neighbour = publish("neighbour", topics=topics)
    story = publish("the story", topics=topics)
    neighbour.unpublish()
    assert listed(story) == []


def test_publishing_a_later_revision_neither_loses_the_choice_nor_doubles_the_filling(
    publish, topics
):
    chosen = publish("chosen")
    publish("filled", topics=topics)
    story = publish("the story", topics=topics, chosen=[chosen])
    for _ in range(3):
        story = StoryPage.objects.get(pk=story.pk)
        story.save_revision().publish()
    rows = StoryRelated.objects.filter(page=story)
    assert [(row.story.title, row.chosen) for row in rows] == [("chosen", True), ("filled", False)]


def test_filling_makes_no_revision_and_no_revision_carries_it(publish, topics):
    publish("filled", topics=topics)
    story = publish("the story", topics=topics)
    assert Revision.objects.for_instance(story).count() == 1
    revision = StoryPage.objects.get(pk=story.pk).save_revision()
    assert revision.content["related"] == []


def test_a_scheduled_story_is_filled_when_the_clock_publishes_it(publish, topics, section):
    publish("neighbour", topics=topics)
    soon = timezone.now() + datetime.timedelta(hours=1)
    story = StoryPage(title="the story", live=False, go_live_at=soon)
    story.topics = topics
    section.add_child(instance=story)
    story.save_revision().publish()
    assert not StoryRelated.objects.filter(page=story).exists()
    with time_machine.travel(soon + datetime.timedelta(seconds=1)):
        clock.tick()
    assert listed(story) == ["neighbour"]


def test_filling_asks_the_database_as_often_in_a_large_archive_as_in_a_small_one(publish, topics):
    def queries():
        story = StoryPage.objects.get(title="the story")
        with CaptureQueriesContext(connection) as asked:
            fill_related(story)
        return len(asked)

    for number in range(5):
        publish(f"number {number}", hours=number, topics=topics)
    publish("the story", topics=topics)
    queries()  # warms what Wagtail keeps about the tree
    few = queries()
    for number in range(5, 15):
        publish(f"number {number}", hours=number, topics=topics)
    assert queries() == few
