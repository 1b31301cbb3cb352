"""A correction is drafted, previewed and published with its story, and then readers are told."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from nightdesk.press import clock
from nightdesk.stories.corrections import Correction, CorrectionKind, Place
from nightdesk.stories.models import StoryPage
from tests.making import a_story

pytestmark = pytest.mark.django_db

WRONG = "An earlier version gave the wrong day."


@pytest.fixture
def story(section):
    page = section.add_child(instance=StoryPage(title="A bridge is closed", live=False))
    page.save_revision().publish()
    return StoryPage.objects.get(pk=page.pk)


def correct(story, words=WRONG, **fields):
    """As the form does: on what the newest revision says."""
    draft = StoryPage.objects.get(pk=story.pk).get_latest_revision_as_object()
    draft.corrections.add(Correction(words=words, **fields))
    revision = draft.save_revision()
    return revision


def later(hours=2):
    return timezone.now() + datetime.timedelta(hours=hours)


def page_of(client, story):
    return client.get(story.url).content.decode()


def test_a_drafted_correction_is_shown_to_nobody(client, story):
    correct(story)
    assert WRONG not in page_of(client, story)
    assert WRONG not in client.get("/corrections/").content.decode()
    assert StoryPage.objects.get(pk=story.pk).updated_at is None


@pytest.mark.parametrize("kind", CorrectionKind.values)
def test_publishing_one_of_any_type_moves_updated_without_a_tick(client, story, kind):
    with time_machine.travel(later(), tick=False):
        correct(story, kind=kind).publish()
        now = timezone.now()
    story = StoryPage.objects.get(pk=story.pk)
    row = story.corrections.get()
    assert story.updated_at == row.published_at == now
    assert row.at == now.replace(second=0, microsecond=0)
    page = page_of(client, story)
    assert WRONG in page
    assert str(CorrectionKind(kind).label) in page


def test_it_keeps_its_time_and_its_id_when_the_story_is_published_again(story):
    correct(story).publish()
    row = Correction.objects.get()
    with time_machine.travel(later(), tick=False):
        draft = StoryPage.objects.get(pk=story.pk).get_latest_revision_as_object()
        draft.title = "A bridge is still closed"
        draft.save_revision().publish()
    again = Correction.objects.get()
    assert (again.pk, again.at, again.published_at) == (row.pk, row.at, row.published_at)
    assert StoryPage.objects.get(pk=story.pk).updated_at == row.published_at


def test_a_typo_in_its_words_is_no_update(story):
    correct(story).publish()
    with time_machine.travel(later(), tick=False):
        draft = StoryPage.objects.get(pk=story.pk).get_latest_revision_as_object()
        (row,) = draft.corrections.all()
        row.words = "An earlier version gave a wrong day."
        draft.corrections = [row]
        draft.save_revision().publish()
    row = Correction.objects.get()
    assert row.words == "An earlier version gave a wrong day."
    assert StoryPage.objects.get(pk=story.pk).updated_at == row.published_at


def test_a_time_that_the_editor_gave_is_kept(story):
    at = timezone.now() - datetime.timedelta(days=3)
    correct(story, at=at).publish()
    assert Correction.objects.get().at == at
    assert StoryPage.objects.get(pk=story.pk).updated_at > at


def test_the_clock_publishes_a_scheduled_correction_at_its_own_moment(client, story):
    morning = later(8)
    draft = story.get_latest_revision_as_object()
    draft.corrections.add(Correction(words=WRONG))
    draft.go_live_at = morning
    draft.save_revision(approved_go_live_at=morning)
    assert WRONG not in page_of(client, story)
    with time_machine.travel(morning + datetime.timedelta(seconds=2), tick=False):
        clock.tick()
        assert Correction.objects.get().published_at == timezone.now()
        assert WRONG in page_of(client, story)


def test_a_time_to_come_is_refused_and_the_editor_told_what_to_do():
    row = Correction(words=WRONG, at=later())
    with pytest.raises(ValidationError, match="Leave it empty"):
        row.clean()


def test_it_stands_where_the_editor_wants_it(client, story):
    correct(story, "Said above.", place=Place.ABOVE)
    correct(story, "Said below.", place=Place.BELOW).publish()
    page = page_of(client, story)
    body = page.index('<div class="story__body">')
    assert page.index("<p>Said above.") < body < page.index("<p>Said below.")


def test_a_retraction_stands_above_the_text_whatever_was_chosen(client, story):
    correct(story, "It was invented.", kind=CorrectionKind.RETRACTION, place=Place.BELOW).publish()
    page = page_of(client, StoryPage.objects.get(pk=story.pk))
    assert page.index("<p>It was invented.") < page.index('<div class="story__body">')
    assert "correction--retraction" in page
    assert "This story has been retracted." in page
    assert "<title>Retracted: A bridge is closed" in page


def test_every_list_says_that_a_story_was_retracted(client, section, story):
    correct(story, kind=CorrectionKind.RETRACTION).publish()
    for address in ("/", section.url):
        card = client.get(address).content.decode()
        assert '<p class="kicker">Retracted</p>' in card


def test_a_retraction_that_is_taken_back_is_forgotten(client, story):
    correct(story, kind=CorrectionKind.RETRACTION).publish()
    draft = StoryPage.objects.get(pk=story.pk).get_latest_revision_as_object()
    draft.corrections = []
    draft.save_revision().publish()
    assert StoryPage.objects.get(pk=story.pk).retracted is False
    assert "Retracted" not in client.get("/").content.decode()


def test_no_reader_is_sent_on_to_a_retracted_story(section, story):
    other = a_story(section, "To read next")
    correct(story, kind=CorrectionKind.RETRACTION).publish()
    fresh = section.add_child(instance=StoryPage(title="Fresh", live=False))
    fresh.save_revision().publish()
    assert [row.story_id for row in fresh.related.all()] == [other.pk]


def test_an_alias_was_updated_when_its_source_was(story):
    alias = story.create_alias(update_slug="elsewhere")
    correct(story, kind=CorrectionKind.RETRACTION).publish()
    alias = StoryPage.objects.get(pk=alias.pk)
    assert alias.updated_at == StoryPage.objects.get(pk=story.pk).updated_at is not None
    assert alias.retracted
    assert alias.corrections.get().words == WRONG


def test_words_are_words_and_no_markup(client, story):
    correct(story, "<script>alert(1)</script>\n\nSecond paragraph.").publish()
    page = page_of(client, story)
    assert "<script>alert" not in page
    assert "<p>Second paragraph.</p>" in page
