"""What the fast screen relies on, of every kind of list that it writes in."""

from __future__ import annotations

import datetime
import uuid

import pytest
import time_machine
from django.utils import timezone

from nightdesk.briefs.desk.live.news_feed import NewsFeed
from nightdesk.briefs.desk.live.streams import (
    Entry,
    NotThereError,
    RefusedError,
    State,
    Stream,
    Words,
    streams_of,
)
from nightdesk.coverage.actions import end_coverage, take_in
from nightdesk.coverage.desk.stream import CoverageStream
from nightdesk.coverage.models import Coverage
from nightdesk.coverage.models import Entry as Update
from nightdesk.people.models import User
from nightdesk.people.roles import give_role
from tests.coverage.making import a_coverage
from tests.making import a_brief

pytestmark = pytest.mark.django_db

SOME = Words("The water is at the gates.", "The river", "River service")
OTHER = Words("The water is over the gates.", "The river", "City")


def somebody(role: str) -> User:
    user = User.objects.create_user(role)
    give_role(user, role)
    return user


@pytest.fixture(params=["news feed", "coverage"])
def stream(request, newsroom) -> Stream:
    if request.param == "news feed":
        return NewsFeed("en", "News Feed")
    return CoverageStream(a_coverage())


@pytest.fixture
def chief(newsroom) -> User:
    return somebody("desk-chief")


def sent(stream: Stream, by: User, words: Words = SOME, **more: object) -> Entry:
    id = stream.send(uuid.uuid4(), words, by=by, **({"publish": True} | more))
    return stream.entry(id, by)


def test_it_is_offered_to_who_may_write_in_it(stream, chief):
    assert stream.name in [each.name for each in streams_of(chief)]
    assert streams_of(somebody("administrator")) == []


def test_the_news_feed_of_the_main_language_comes_first(newsroom, chief):
    a_coverage()
    names = [each.name for each in streams_of(chief)]
    assert names[0] == "news-feed.en"
    assert [name.partition(".")[0] for name in names[-2:]] == ["news-feed", "coverage"]


def test_what_is_sent_is_out_with_all_its_words(stream, chief):
    entry = sent(stream, chief)
    assert (entry.words, entry.newest, entry.state) == (SOME, SOME, State.LIVE)
    assert entry.public_url.startswith("/")
    assert entry.by_whom == chief.pk
    assert [each.id for each in stream.entries(chief)] == [entry.id]


def test_sent_again_nothing_happens_whatever_became_of_it(stream, chief):
    key = uuid.uuid4()
    id = stream.send(key, SOME, by=chief, publish=True)
    stream.withdraw(id, reason="", key=uuid.uuid4(), by=chief)
    assert stream.send(key, OTHER, by=chief, publish=True) == id
    entry = stream.entry(id, chief)
    assert (entry.state, entry.words) == (State.WITHDRAWN, SOME)
    assert len(stream.entries(chief)) == 1


def test_a_draft_is_changed_and_then_published_as_of_now(stream, chief):
    with time_machine.travel(timezone.now() - datetime.timedelta(hours=1)):
        draft = sent(stream, chief, publish=False)
    assert draft.state is State.DRAFT and not draft.public_url
    stream.change_draft(draft.id, OTHER, by=chief, publish=False)
    entry = stream.entry(draft.id, chief)
    assert (entry.state, entry.words) == (State.DRAFT, OTHER)
    assert entry.version != draft.version
    stream.change_draft(draft.id, SOME, by=chief, publish=True)
    entry = stream.entry(draft.id, chief)
    assert (entry.state, entry.words) == (State.LIVE, SOME)
    assert timezone.now() - entry.at < datetime.timedelta(minutes=1)
    with pytest.raises(RefusedError):
        stream.change_draft(draft.id, OTHER, by=chief, publish=True)


def test_what_goes_out_later_is_not_changed_behind_the_clock(stream, chief):
    later = timezone.now() + datetime.timedelta(hours=3)
    entry = sent(stream, chief, at=later)
    assert (entry.state, entry.at) == (State.SCHEDULED, later)
    with pytest.raises(RefusedError):
        stream.change_draft(entry.id, OTHER, by=chief, publish=False)


def test_a_correction_is_made_once_and_told(stream, chief):
    entry, key = sent(stream, chief), uuid.uuid4()
    assert not stream.has_corrected(key)
    for _twice in range(2):
        stream.correct(entry.id, OTHER, note="It is over.", key=key, by=chief)
    now = stream.entry(entry.id, chief)
    assert (now.words, [each.note for each in now.corrections]) == (OTHER, ["It is over."])
    assert stream.has_corrected(key)
    assert now.version != entry.version


def test_a_slip_of_the_pen_is_put_right_without_a_word(stream, chief):
    entry = sent(stream, chief)
    stream.correct(entry.id, OTHER, note="", key=uuid.uuid4(), by=chief)
    now = stream.entry(entry.id, chief)
    assert (now.words, now.corrections) == (OTHER, ())


def test_what_was_withdrawn_is_not_corrected(stream, chief):
    entry = sent(stream, chief)
    stream.withdraw(entry.id, reason="Not confirmed.", key=uuid.uuid4(), by=chief)
    for note in ("", "It is over."):
        with pytest.raises(RefusedError):
            stream.correct(entry.id, OTHER, note=note, key=uuid.uuid4(), by=chief)


def test_it_is_taken_back_within_seconds_and_not_later(stream, chief):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        entry = sent(stream, chief)
        assert entry.undo_seconds == 10
        stream.take_back(entry.id, by=chief)
        assert not stream.entry(entry.id, chief).public_url
        second = sent(stream, chief, OTHER)
        clock.shift(16)
        assert stream.entry(second.id, chief).undo_seconds == 0
        with pytest.raises(RefusedError):
            stream.take_back(second.id, by=chief)


def test_what_was_corrected_since_is_not_taken_back_with_a_finger(stream, chief):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        entry = sent(stream, chief)
        clock.shift(3)
        stream.correct(entry.id, OTHER, note="", key=uuid.uuid4(), by=chief)
        assert stream.entry(entry.id, chief).undo_seconds == 7
        stream.correct(entry.id, SOME, note="It is not.", key=uuid.uuid4(), by=chief)
        assert stream.entry(entry.id, chief).undo_seconds == 0


def test_a_reporter_sees_of_drafts_only_their_own(stream, chief):
    hers = sent(stream, chief, publish=False)
    reporter = somebody("reporter")
    mine = sent(stream, reporter, OTHER, publish=False)
    assert [each.id for each in stream.entries(reporter)] == [mine.id]
    with pytest.raises(NotThereError):
        stream.entry(hers.id, reporter)
    assert {each.id for each in stream.entries(chief)} == {mine.id, hers.id}
    assert not stream.may_publish(reporter) and stream.may_publish(chief)


@pytest.mark.parametrize("id", ["", "b", "e", "x1", "b-1", "e1.5", "b" + "9" * 30, "b0", "e0"])
def test_what_is_no_entry_of_it_is_not_there(stream, chief, id):
    with pytest.raises(NotThereError):
        stream.entry(id, chief)


def test_entries_of_another_list_are_not_there(newsroom, chief):
    one, other = CoverageStream(a_coverage("One")), CoverageStream(a_coverage("Other"))
    entry = sent(one, chief)
    for act in (
        lambda: other.entry(entry.id, chief),
        lambda: other.pin(entry.id, True, by=chief),
        lambda: other.withdraw(entry.id, reason="", key=uuid.uuid4(), by=chief),
        lambda: NewsFeed("en", "").pin(entry.id, True, by=chief),
    ):
        with pytest.raises(NotThereError):
            act()


def test_an_update_is_pinned_and_marked_however_often_it_is_asked(newsroom, chief):
    stream = CoverageStream(a_coverage())
    entry = sent(stream, chief)
    for _twice in range(2):
        stream.pin(entry.id, True, by=chief)
        stream.mark_key(entry.id, True, by=chief)
    now = stream.entry(entry.id, chief)
    assert now.pinned and now.key_entry and now.version == entry.version
    stream.pin(entry.id, False, by=chief)
    assert not stream.entry(entry.id, chief).pinned


def test_it_is_signed_only_when_that_was_ticked(newsroom, signed_in):
    anna = signed_in("editor").user
    stream = CoverageStream(a_coverage())
    assert stream.signs_as(anna) == "Anna Koval"
    signed, plain = (sent(stream, anna, signed=ticked) for ticked in (True, False))
    names = [
        [str(who) for who in Update.objects.get(pk=int(entry.id[1:])).signed_by]
        for entry in (signed, plain)
    ]
    assert names == [["Anna Koval"], []]


def test_a_brief_in_a_coverage_is_marked_and_corrected_where_it_is(newsroom, chief):
    coverage = a_coverage()
    brief = a_brief(newsroom.locale, "From the feed.")
    take_in(coverage.pk, brief.pk)
    stream = CoverageStream(coverage)
    (entry,) = stream.entries(chief)
    assert entry.borrowed and entry.words.text == "From the feed."
    assert f"/briefs/brief/edit/{brief.pk}/" in entry.edit_url
    with pytest.raises(RefusedError):
        stream.correct(entry.id, OTHER, note="n", key=uuid.uuid4(), by=chief)


def test_what_has_ended_takes_corrections_for_a_day_and_nothing_new(newsroom, chief):
    coverage = a_coverage()
    entry = sent(CoverageStream(coverage), chief)
    end_coverage(coverage.pk)
    (stream,) = [each for each in streams_of(chief) if each.name.startswith("coverage.")]
    with pytest.raises(RefusedError):
        sent(stream, chief)
    stream.correct(entry.id, OTHER, note="It is over.", key=uuid.uuid4(), by=chief)
    Coverage.objects.update(ended_at=timezone.now() - datetime.timedelta(hours=25))
    assert not [each for each in streams_of(chief) if each.name.startswith("coverage.")]
