"""A forger with the database in hand is found: in the row, in the version, in the schedule, in the
chain. What editors and the clock do is not mistaken for one."""

from __future__ import annotations

import datetime
import json

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from nightdesk.audit import chain, look
from nightdesk.briefs.actions import send_brief
from nightdesk.exchange.found import FoundStory, FoundText
from nightdesk.exchange.store import Store
from nightdesk.people.models import Author
from nightdesk.press import alarms, clock, schedule
from nightdesk.stories.corrections import Correction
from nightdesk.stories.models import SectionPage, StoryByline, StoryPage, StoryRelated, Topic
from tests.making import a_picture

from .conftest import by_hand, in_the_file, wrong

pytestmark = pytest.mark.django_db

BODY = [("text", "<p>The bridge opened at <b>noon</b>.</p>"), ("text", "<p>Rain fell.</p>")]


@pytest.fixture
def story(begun, section):
    return published(section)


def published(section, title="Bridge opens", **fields):
    locale = section.locale
    author, _ = Author.objects.get_or_create(name="Anna Koval", slug="anna", locale=locale)
    topic, _ = Topic.objects.get_or_create(name="Rivers", slug="rivers", locale=locale)
    story = StoryPage(title=title, body=BODY, live=False, standfirst="At last.", **fields)
    story.bylines = [StoryByline(author=author, sort_order=0)]
    story.topics = [topic]
    section.add_child(instance=story)
    story.save_revision().publish()
    return StoryPage.objects.get(pk=story.pk)


@pytest.mark.database
def test_what_was_published_is_what_readers_get(story):
    assert wrong() == []
    assert look.last_round()["looked"] >= 4


def test_a_headline_altered_in_the_database_is_found_and_named(story):
    by_hand("UPDATE wagtailcore_page SET title = 'Bridge collapses' WHERE id = %s", story.pk)
    (said,) = wrong()
    assert said.startswith("“Bridge collapses”: what readers get is not what")


@pytest.mark.parametrize(
    ("column", "value", "named"),
    [
        ("body", json.dumps([{"type": "text", "value": "<p>Forged.</p>", "id": "x"}]), "body"),
        ("standfirst", "Forged.", "standfirst"),
        ("kind", "opinion", "kind"),
    ],
)
def test_whatever_readers_see_of_a_story_is_compared(story, column, value, named):
    by_hand(f"UPDATE stories_storypage SET {column} = %s WHERE page_ptr_id = %s", value, story.pk)
    (said,) = wrong()
    assert said.endswith(f"It differs in: {named}.")


def test_a_byline_given_to_somebody_else_is_found(story, section):
    other = Author.objects.create(name="B. Other", slug="other", locale=section.locale)
    by_hand("UPDATE stories_storybyline SET author_id = %s WHERE page_id = %s", other.pk, story.pk)
    assert "differs in: bylines." in wrong()[0]


@pytest.mark.database
def test_a_version_altered_together_with_the_row_is_found_by_the_chain(story):
    by_hand("UPDATE wagtailcore_page SET title = 'Bridge collapses' WHERE id = %s", story.pk)
    content = {**story.live_revision.content, "title": "Bridge collapses"}
    by_hand(
        "UPDATE wagtailcore_revision SET content = %s WHERE id = %s",
        json.dumps(content),
        story.live_revision_id,
    )
    (said,) = wrong()
    assert "was altered since" in said


def test_another_version_put_in_its_place_is_found(story):
    forged = Revision.objects.get(pk=story.live_revision_id)
    forged.pk = None
    forged.save()
    by_hand("UPDATE wagtailcore_page SET live_revision_id = %s WHERE id = %s", forged.pk, story.pk)
    assert "readers have another version than" in wrong()[0]


def test_a_draft_made_live_in_the_database_is_found(begun, section):
    draft = section.add_child(instance=StoryPage(title="Not ready", live=False))
    draft.save_revision()
    by_hand("UPDATE wagtailcore_page SET live = %s WHERE id = %s", True, draft.pk)
    assert "nobody has published it" in wrong()[0]


def test_a_story_that_was_taken_down_and_is_back_is_found(story):
    story.unpublish()
    assert wrong() == []
    by_hand("UPDATE wagtailcore_page SET live = %s WHERE id = %s", True, story.pk)
    assert "it was taken down on" in wrong()[0]


def test_a_section_without_versions_is_compared_field_by_field(begun, section):
    by_hand("UPDATE wagtailcore_page SET title = 'Fakes' WHERE id = %s", section.pk)
    assert "differs in: title." in wrong()[0]


def test_a_brief_is_compared(begun, newsroom):
    brief, _done = send_brief("6fa459ea-ee8a-4ca4-894e-db77e160355e", "en", "The ferry sails.")
    assert wrong() == []
    by_hand("UPDATE briefs_brief SET text = 'The ferry sank.' WHERE id = %s", brief.pk)
    assert "differs in: text." in wrong()[0]


def test_a_scheduled_version_that_was_altered_is_found_before_it_is_out(begun, section):
    _story, revision = scheduled(section)
    assert wrong() == []
    forged = json.dumps({**revision.content, "title": "Forged"})
    by_hand("UPDATE wagtailcore_revision SET content = %s WHERE id = %s", forged, revision.pk)
    assert "scheduled on" in wrong()[0]


def test_a_version_that_nobody_scheduled_is_found(begun, section):
    story = section.add_child(instance=StoryPage(title="Forged", live=False))
    revision = story.save_revision()
    soon = timezone.now() + datetime.timedelta(hours=1)
    by_hand(
        "UPDATE wagtailcore_revision SET approved_go_live_at = %s WHERE id = %s", soon, revision.pk
    )
    assert "nobody has scheduled it" in wrong()[0]


def scheduled(section):
    at = timezone.now() + datetime.timedelta(minutes=10)
    story = section.add_child(instance=StoryPage(title="Later", live=False, go_live_at=at))
    revision = story.save_revision()
    revision.publish()
    revision.refresh_from_db()
    return story, revision


def test_an_altered_chain_is_found(story):
    look.look_through_everything()
    in_the_file("UPDATE entry SET name = 'somebody' WHERE action = 'wagtail.publish'")
    assert any("The audit chain is broken: entry" in said for said in wrong())


def test_an_entry_cut_from_the_chain_is_found(story):
    log(instance=story, action="wagtail.lock")
    look.look_through_everything()
    in_the_file("DELETE FROM entry WHERE action = 'wagtail.publish'")
    assert any("is missing" in said for said in wrong())


# --- what is no forgery ----------------------------------------------------------------------


def test_editing_moving_and_updating_are_no_forgery(story, section):
    story.title = "Bridge opens late"
    story.update_matters = True
    story.save_revision().publish()
    story = StoryPage.objects.get(pk=story.pk)
    story.standfirst = "A draft that nobody reads yet."
    story.save_revision()
    other = section.get_parent().add_child(instance=SectionPage(title="World", slug="world"))
    StoryPage.objects.get(pk=story.pk).move(other, pos="last-child")
    assert StoryPage.objects.get(pk=story.pk).updated_at
    assert wrong() == []


def test_a_correction_is_no_forgery_until_its_words_are_altered(story):
    for words in ("The bridge opened at one.", "It is 300 metres long."):
        story.corrections.add(Correction(words=words))
        story.save_revision().publish()
        story = StoryPage.objects.get(pk=story.pk)
    assert Correction.objects.filter(published_at__isnull=False).count() == 2
    assert wrong() == []
    by_hand(
        "UPDATE stories_correction SET words = 'All of it was true.' WHERE page_id = %s", story.pk
    )
    assert "differs in: corrections." in wrong()[0]


def test_related_stories_filled_in_and_chosen_are_no_forgery(story, section):
    chosen = published(section, "Ferry sails")
    story.related = [StoryRelated(story=chosen)]
    story.save_revision().publish()
    published(section, "Third")
    assert StoryRelated.objects.count() > 1
    assert wrong() == []


def test_what_a_version_names_and_is_deleted_is_no_forgery(story, section):
    picture, chosen = a_picture(), published(section, "Ferry sails")
    story.lead_picture = picture
    story.related = [StoryRelated(story=chosen)]
    story.save_revision().publish()
    picture.delete()
    chosen.delete()
    Topic.objects.all().delete()
    assert wrong() == []


def test_what_goes_live_and_down_by_the_clock_is_no_forgery(begun, section):
    _story, revision = scheduled(section)
    later = revision.approved_go_live_at
    with time_machine.travel(later, tick=False):
        assert schedule.publish_due(later) == 1
    assert wrong() == []


def test_an_imported_story_is_no_forgery(begun, newsroom):
    found = FoundStory(
        source="old.html", headline="Old news", body=[FoundText("<p>It was long ago.</p>")]
    )
    kept = Store().keep(found)
    assert kept.story.live
    assert wrong() == []
    by_hand("UPDATE wagtailcore_page SET title = 'New news' WHERE id = %s", kept.story.pk)
    assert len(wrong()) == 1


def test_an_alias_says_what_its_source_says(story, section):
    alias = story.create_alias(parent=section, update_slug="bridge-again")
    assert wrong() == []
    story.title = "Bridge opens late"
    story.save_revision().publish()
    assert wrong() == []
    by_hand("UPDATE wagtailcore_page SET title = 'Forged' WHERE id = %s", alias.pk)
    assert "of the page that it repeats" in wrong()[0]


def test_a_copy_that_stays_live_is_no_forgery(story, section):
    story.copy(to=section, update_attrs={"slug": "bridge-copy"})
    assert Page.objects.get(slug="bridge-copy").live
    assert wrong() == []


def test_what_was_live_before_the_chain_began_is_held_to_what_it_was(newsroom, section):
    story = published(section)
    assert wrong() == []
    by_hand("UPDATE wagtailcore_page SET title = 'Forged' WHERE id = %s", story.pk)
    assert len(wrong()) == 1


def test_what_is_accepted_is_no_forgery_until_it_changes_again(story):
    by_hand("UPDATE wagtailcore_page SET title = 'Mended by hand' WHERE id = %s", story.pk)
    assert wrong()
    look.accept(f"page:{story.pk}", "mended by hand after a lost disk", "root")
    assert wrong() == []
    by_hand("UPDATE wagtailcore_page SET title = 'Forged' WHERE id = %s", story.pk)
    assert wrong()


def test_a_thing_that_is_not_there_cannot_be_accepted(begun):
    for name in ("page:999999", "page:x", "nothing", "people.user:1"):
        with pytest.raises(LookupError):
            look.accept(name, "because")


# --- the round -------------------------------------------------------------------------------


def test_the_clock_comes_round_within_the_hour_and_finds_it(story, caplog):
    start = timezone.now()
    by_hand("UPDATE wagtailcore_page SET title = 'Bridge collapses' WHERE id = %s", story.pk)
    seconds = 0
    while not look.findings():
        seconds += 1
        clock.tick(start + datetime.timedelta(hours=1, seconds=seconds))
        assert seconds < 60
    assert "Bridge collapses" in caplog.text
    assert "Bridge collapses" in alarms.sentences()[0]
    with chain.reading() as book:
        assert book.latest_entry(f"page:{story.pk}", look.MISMATCH)


def test_a_round_that_ends_well_silences_the_alarm(story):
    title = story.title
    by_hand("UPDATE wagtailcore_page SET title = 'Forged' WHERE id = %s", story.pk)
    assert wrong()
    by_hand("UPDATE wagtailcore_page SET title = %s WHERE id = %s", title, story.pk)
    assert wrong() == []
    assert alarms.sentences() == []


def test_a_publication_during_the_look_is_no_forgery(story, monkeypatch):
    """The chain is a moment behind: what looks wrong is looked at again."""
    story.title = "Bridge opens late"
    story.save_revision().publish()
    look._find_what_stands(500)
    look._start_round(timezone.now())
    while not look._go_on(500):
        pass
    assert look.findings() == []


def test_entries_of_another_secret_key_are_an_alarm_until_they_are_accepted(story, settings):
    assert wrong() == []
    settings.SECRET_KEY = "the newsroom has a new one" * 3
    wrong()
    assert any("another secret key" in said for said in look.alarms())
    look.accept(look.CHAIN, "the key was changed on purpose", "root")
    wrong()
    assert look.alarms() == []


def test_a_check_that_no_longer_runs_is_an_alarm(begun):
    assert look.alarms() == []
    late = timezone.now() + datetime.timedelta(hours=4)
    assert "has not come to its end" in look.alarms(late)[0]


def test_the_night_desk_shows_it_in_red(story, signed_in):
    by_hand("UPDATE wagtailcore_page SET title = 'Bridge collapses' WHERE id = %s", story.pk)
    wrong()
    page = signed_in("editor").get(reverse("wagtailadmin_home")).content.decode()
    assert 'class="desk-late" role="alert"' in page
    assert "Bridge collapses" in page


def test_a_story_taken_down_for_good_and_put_back_by_hand_is_found(story):
    log(instance=story, action="takedown.down")
    StoryPage.objects.filter(pk=story.pk).update(live=False)
    assert wrong() == []
    by_hand("UPDATE wagtailcore_page SET live = %s WHERE id = %s", True, story.pk)
    assert "it was taken down on" in wrong()[0]
