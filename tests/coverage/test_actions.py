"""What editors do with a coverage and its updates, and what stays when they do it twice."""

from __future__ import annotations

import datetime
import uuid

import pytest
import time_machine
from django.utils import timezone
from wagtail.models import Locale

from nightdesk.briefs.actions import send_brief, withdraw_brief
from nightdesk.coverage import actions
from nightdesk.coverage.models import Coverage, Entry, EntryCorrection
from nightdesk.people.models import Author, User
from nightdesk.press.schedule import publish_due
from nightdesk.stories.models import Topic
from tests.coverage.making import a_coverage, an_entry

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def coverage(newsroom):
    return a_coverage()


def out(coverage: Coverage) -> list[str]:
    return [entry.shown_text for entry in Entry.readable(coverage)]


def in_two_hours() -> None:
    with time_machine.travel(timezone.now() + 2 * HOUR, tick=False):
        publish_due(timezone.now())


def test_an_update_sent_twice_is_there_once(coverage):
    key = uuid.uuid4()
    first, new = actions.send_entry(key, coverage.pk, "Once.")
    again, done = actions.send_entry(key, coverage.pk, "Once.")
    assert (new, done) == (True, False) and first == again
    assert out(coverage) == ["Once."]


def test_a_coverage_started_twice_is_there_once_and_gets_an_address_of_its_own(newsroom):
    key = uuid.uuid4()
    first, _new = actions.start_coverage(key, "en", "The vote")
    again, new = actions.start_coverage(key, "en", "The vote")
    other, _new = actions.start_coverage(uuid.uuid4(), "en", "The vote")
    reserved, _new = actions.start_coverage(uuid.uuid4(), "en", "Live")
    assert first == again and not new
    assert [c.slug for c in (first, other, reserved)] == ["the-vote", "the-vote-2", "live-2"]


def test_a_draft_is_nobodys_but_the_desks_until_it_is_published(coverage):
    draft = an_entry(coverage, "Not yet.", publish=False)
    assert out(coverage) == []
    before = timezone.now()
    actions.publish_entry(draft.pk)
    assert out(coverage) == ["Not yet."]
    assert Entry.objects.get().published_at >= before


def test_an_update_for_later_goes_out_at_its_time(coverage):
    entry = an_entry(coverage, "At noon.", at=timezone.now() + HOUR)
    assert not entry.live and entry.scheduled_revision
    assert out(coverage) == []
    in_two_hours()
    entry.refresh_from_db()
    assert entry.live and entry.published_at > timezone.now()


def test_a_correction_changes_the_words_and_says_so_once(coverage):
    entry = an_entry(coverage, "Six dead.")
    key = uuid.uuid4()
    for _n in range(2):
        actions.correct_entry(entry.pk, text="Five dead.", note="It were five.", key=key)
    entry = Entry.readable(coverage).get()
    assert entry.shown_text == "Five dead."
    assert [row.words for row in entry.corrections_in_order] == ["It were five."]
    assert entry.changed_at > entry.published_at


def test_a_slip_of_the_pen_is_put_right_without_a_word(coverage):
    entry = an_entry(coverage, "Watr.")
    actions.correct_entry(entry.pk, text="Water.", key=uuid.uuid4())
    assert out(coverage) == ["Water."] and not EntryCorrection.objects.exists()


def test_of_two_who_correct_at_once_the_second_is_told(coverage):
    entry = an_entry(coverage, "One.")
    seen = entry.latest_revision_id
    actions.correct_entry(entry.pk, text="Two.", key=uuid.uuid4(), made_from=seen)
    with pytest.raises(actions.ChangedMeanwhileError) as told:
        actions.correct_entry(entry.pk, text="Three.", key=uuid.uuid4(), made_from=seen)
    assert told.value.entry.text == "Two." and out(coverage) == ["Two."]


def test_a_correction_of_what_waits_for_its_time_leaves_it_waiting(coverage):
    entry = an_entry(coverage, "At noon.", at=timezone.now() + HOUR)
    actions.correct_entry(entry.pk, text="At one.", note="Later.", key=uuid.uuid4())
    entry.refresh_from_db()
    assert not entry.live and not EntryCorrection.objects.exists()
    in_two_hours()
    assert Entry.objects.get().text == "At one."


def test_what_is_withdrawn_is_gone_with_its_time_and_stays_with_the_desk(coverage):
    entry, key = an_entry(coverage, "Wrong."), uuid.uuid4()
    actions.withdraw_entry(entry.pk, key=key, reason="A hoax.")
    entry.refresh_from_db()
    assert entry.is_withdrawn and entry.text == "Wrong." and out(coverage) == []
    actions.publish_entry(entry.pk)
    actions.withdraw_entry(entry.pk, key=key)
    entry.refresh_from_db()
    assert entry.live and entry.withdrawn_at is None, "a key withdraws once"


def test_whatever_way_an_update_is_unpublished_it_counts_as_withdrawn(coverage):
    entry = an_entry(coverage)
    entry.unpublish()
    entry.refresh_from_db()
    assert entry.is_withdrawn


def test_what_was_just_sent_can_be_taken_back_by_its_sender_alone(coverage):
    mine, other = (User.objects.create_superuser(name) for name in ("mine", "other"))
    key = uuid.uuid4()
    entry, _new = actions.send_entry(key, coverage.pk, "Oops.", by=mine)
    with pytest.raises(actions.TooLateError):
        actions.take_back(entry.pk, other)
    actions.take_back(entry.pk, mine)
    assert out(coverage) == []
    actions.send_entry(key, coverage.pk, "Put right.", by=mine)
    assert out(coverage) == ["Put right."]


def test_a_version_takes_back_neither_pins_nor_the_end(coverage):
    entry = an_entry(coverage, "Old words.")
    old = entry.latest_revision
    actions.pin_entry(entry.pk, True)
    actions.mark_key(entry.pk, True)
    actions.end_coverage(coverage.pk)
    old.publish()
    coverage.latest_revision.publish()
    entry.refresh_from_db()
    coverage.refresh_from_db()
    assert entry.pinned and entry.is_key and not coverage.is_under_way
    actions.reopen_coverage(coverage.pk)
    assert Coverage.under_way("en") == [coverage]


def test_authors_sign_updates_in_order(coverage, newsroom):
    ada, ben = (
        Author.objects.create(name=name, slug=name.lower(), locale=newsroom.locale)
        for name in ("Ada", "Ben")
    )
    entry = an_entry(coverage, authors=[ben, ada])
    assert Entry.objects.get(pk=entry.pk).signed_by == [ben, ada]


class TestBriefs:
    @pytest.fixture
    def rivers(self, newsroom):
        return Topic.objects.create(name="Rivers", slug="rivers", locale=newsroom.locale)

    @pytest.fixture
    def taking(self, rivers):
        return a_coverage(topics=[rivers], takes_briefs=True, at=timezone.now() - HOUR)

    def a_brief(self, *topics, text="A brief.", language="en"):
        brief, _new = send_brief(uuid.uuid4(), language, text)
        brief.topics.add(*topics)
        return brief

    def test_briefs_on_its_topics_are_taken_in_while_it_is_under_way(self, taking, rivers):
        self.a_brief(rivers)
        self.a_brief(text="Of something else.")
        assert out(taking) == ["A brief."]
        actions.end_coverage(taking.pk)
        self.a_brief(rivers, text="Too late.")
        assert out(taking) == ["A brief."]

    def test_briefs_of_another_language_are_not(self, taking, rivers):
        uk = Locale.objects.get(language_code="uk")
        topic = Topic.objects.create(
            name="Ріки", slug="riky", locale=uk, translation_key=rivers.translation_key
        )
        self.a_brief(topic, language="uk")
        assert out(taking) == []

    def test_a_brief_that_is_withdrawn_is_withdrawn_here_and_comes_back(self, taking, rivers):
        brief = self.a_brief(rivers)
        withdraw_brief(brief.pk, key=uuid.uuid4())
        assert out(taking) == []
        assert Entry.objects.get().is_withdrawn
        brief.refresh_from_db()
        brief.get_latest_revision().publish()
        assert out(taking) == ["A brief."]

    def test_a_brief_that_is_deleted_is_withdrawn_here_for_good(self, taking, rivers):
        self.a_brief(rivers).delete()
        entry = Entry.objects.get()
        assert out(taking) == [] and entry.is_withdrawn and entry.brief is None
        with pytest.raises(ValueError, match="no words"):
            actions.publish_entry(entry.pk)

    def test_an_editor_may_withdraw_it_here_alone_and_take_it_in_again(self, taking, rivers):
        brief = self.a_brief(rivers)
        actions.withdraw_entry(Entry.objects.get().pk, key=uuid.uuid4())
        brief.get_latest_revision().publish()
        brief.refresh_from_db()
        assert out(taking) == [] and brief.live
        actions.take_in(taking.pk, brief.pk)
        assert out(taking) == ["A brief."]

    def test_it_says_what_the_brief_says(self, coverage):
        brief, _new = send_brief(uuid.uuid4(), "en", "Words of the brief.", source="A gauge")
        entry = actions.take_in(coverage.pk, brief.pk)
        assert actions.take_in(coverage.pk, brief.pk) == entry
        entry = Entry.readable(coverage).get()
        assert (entry.shown_text, entry.said.source) == ("Words of the brief.", "A gauge")
        assert entry.get_absolute_url() == brief.get_absolute_url()
