"""A story is published, and in a while it can be heard; publishing never waits for that."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone
from wagtail.models import PageViewRestriction

from nightdesk.narration import archive, choosing, flow, names, reader
from nightdesk.narration.heard import heard
from nightdesk.narration.models import (
    Narration,
    Pronunciation,
    SectionAudio,
    StoryAudio,
    VoiceChoice,
)
from nightdesk.narration.studio import record
from nightdesk.narration.voices import booth
from nightdesk.stories.corrections import Correction
from nightdesk.stories.models import StoryPage
from nightdesk.takedown import actions as takedown
from nightdesk.takedown import kinds
from tests.making import a_story
from tests.narration.conftest import TONE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("voice", "media")]

BODY = "<p>Bakhmut could fall. U.S. troops left on March 8.</p><p>It cost $2.5B.</p>"


def publish(story: StoryPage) -> StoryPage:
    story = StoryPage.objects.get(pk=story.pk)
    story.save_revision().publish()
    return StoryPage.objects.get(pk=story.pk)


def read_all() -> None:
    """Everything that waits, as the process beside the worker does a moment later."""
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=1), tick=True):
        while reader.read_next():
            pass


@pytest.fixture
def story(section):
    return publish(a_story(section, "Bakhmut could fall", body=BODY))


@pytest.fixture
def narration(story):
    read_all()
    return Narration.objects.get(story=story)


def exists(settings, name):
    return (Path(settings.MEDIA_ROOT) / name).is_file()


def test_publishing_only_asks_for_it_and_a_moment_later_it_can_be_heard(story, settings):
    row = Narration.objects.get(story=story)
    assert (row.state, row.shown) == ("waiting", False)
    assert heard(story) is None
    read_all()
    row.refresh_from_db()
    assert (row.state, row.shown, row.because) == ("ready", True, "")
    assert row.seconds > 3
    assert all(exists(settings, name) for name in row.files)
    assert all(name.startswith(f"audio/{row.token}-") for name in row.files)


def test_what_is_heard_is_line_headline_byline_and_body_in_a_newsreaders_words(narration):
    written = [cue[3] for cue in narration.cues]
    assert written[0] == "This audio is created with AI assistance"
    assert written[1] == "Bakhmut could fall."
    assert "It cost $2.5B." in written
    assert "U.S. troops left on March 8." in written


def test_ten_saves_are_one_job_and_the_last_word_counts(story):
    for number in range(10):
        story.title = f"Version {number}"
        story.save_revision().publish()
    assert Narration.objects.count() == 1
    read_all()
    assert Narration.objects.get().cues[1][3] == "Version 9."


def test_who_saves_once_waits_a_moment_and_who_saves_on_a_while_longer(story):
    def pause():
        row = Narration.objects.get(story=story)
        return row.not_before - row.wanted_at

    assert pause() == flow.PAUSE
    publish(story)
    assert pause() == flow.PAUSE_AGAIN
    with time_machine.travel(timezone.now() + 2 * flow.SAVED_AGAIN, tick=False):
        publish(story)
    assert pause() == flow.PAUSE


def test_while_it_waits_the_voice_comes(story):
    record.close()
    voice = choosing.voice_of("en")
    row = Narration.objects.get(story=story)
    with time_machine.travel(row.not_before - datetime.timedelta(seconds=0.5), tick=False):
        assert reader.get_ready() == pytest.approx(0.5, abs=0.01)
    assert booth.child_of(voice).pid
    assert Narration.objects.get(story=story).state == Narration.State.WAITING


@pytest.mark.parametrize("because", ["nothing waits", "an editor said no", "it is far off"])
def test_no_voice_comes_in_vain(story, because):
    record.close()
    row = Narration.objects.get(story=story)
    at = row.not_before - datetime.timedelta(seconds=0.5)
    if because == "nothing waits":
        read_all()
        record.close()
    elif because == "an editor said no":
        StoryAudio.objects.create(story=story, choice=StoryAudio.Choice.NO)
    else:
        at = row.not_before - datetime.timedelta(minutes=2)
    with time_machine.travel(at, tick=False):
        reader.get_ready()
    assert booth.child_of(choosing.voice_of("en")).pid is None


def test_the_same_words_are_not_read_twice(narration, story):
    made = narration.made_at
    publish(story)
    read_all()
    narration.refresh_from_db()
    assert (narration.state, narration.made_at) == ("ready", made)


def test_an_edited_story_keeps_its_sound_until_the_new_one_is_ready(narration, story, settings):
    old = narration.audio
    story.title = "Bakhmut holds"
    story.save_revision().publish()
    narration.refresh_from_db()
    assert (narration.shown, narration.audio) == (True, old)
    read_all()
    narration.refresh_from_db()
    assert narration.audio != old
    # Pages that are open, and caches, still lead to the old one for two days.
    assert exists(settings, old)
    assert flow.forget_files(timezone.now() + datetime.timedelta(days=3)) == 4
    assert not exists(settings, old)
    assert exists(settings, narration.audio)


def test_a_corrected_story_is_not_heard_as_it_was(narration, story, settings, client):
    old = narration.audio
    draft = story.get_latest_revision_as_object()
    draft.corrections.add(Correction(words="An earlier version gave the wrong day."))
    draft.save_revision().publish()
    narration.refresh_from_db()
    assert not narration.shown
    assert heard(StoryPage.objects.get(pk=story.pk)) is None
    read_all()
    narration.refresh_from_db()
    assert narration.shown
    assert any("wrong day" in cue[3] for cue in narration.cues)
    assert old != narration.audio


def test_what_was_heard_before_the_last_edit_goes_with_a_correction(
    narration, story, settings, django_capture_on_commit_callbacks
):
    """It is kept for pages that are open, and it says the same mistake."""
    story.title = "Bakhmut holds"
    story.save_revision().publish()
    read_all()
    assert exists(settings, narration.audio)
    draft = story.get_latest_revision_as_object()
    draft.corrections.add(Correction(words="An earlier version gave the wrong day."))
    with django_capture_on_commit_callbacks(execute=True):
        draft.save_revision().publish()
    assert list(flow.folder().iterdir()) == []


def test_files_that_were_pulled_are_gone_once_it_is_committed(
    narration, story, settings, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        flow.pull([story.pk])
    assert not any(exists(settings, name) for name in narration.files)
    narration.refresh_from_db()
    assert narration.files == []


def test_an_unpublished_story_has_no_sound(narration, story):
    StoryPage.objects.get(pk=story.pk).unpublish()
    narration.refresh_from_db()
    assert (narration.shown, narration.state) == (False, "skipped")


def test_taking_a_story_down_takes_its_sound_and_names_its_files_for_the_newsstand(
    narration, story, settings, django_capture_on_commit_callbacks
):
    kind = kinds.named("story")
    assert [part for part in kinds.parts_of(kind) if list(part.stems(story))]
    stems = [stem for part in kinds.parts_of(kind) for stem in part.stems(story)]
    assert stems == [f"audio/{narration.token}"]
    for part in kinds.parts_of(kind):
        with django_capture_on_commit_callbacks(execute=True):
            part.take_away(story)
    narration_now = Narration.objects.get(pk=narration.pk)
    assert not narration_now.shown
    assert not any(exists(settings, name) for name in narration.files)
    for part in kinds.parts_of(kind):
        part.give_back(story)
    assert Narration.objects.get(pk=narration.pk).token != narration.token


def test_the_sound_alone_is_taken_down_for_good_and_read_anew_once_that_is_lifted(
    narration, story, settings, django_capture_on_commit_callbacks
):
    kind, found = kinds.find(f"/media/{narration.audio}")
    assert (kind.name, found) == ("audio", narration)
    with django_capture_on_commit_callbacks(execute=True):
        row = takedown.take_down(kind, narration, reason="A source asked", name="olena")
    assert row.stems == [f"audio/{narration.token}"]
    assert not any(exists(settings, name) for name in narration.files)
    assert StoryPage.objects.get(pk=story.pk).live
    publish(story)
    read_all()
    now = Narration.objects.get(pk=narration.pk)
    assert (now.shown, now.reason) == (False, "taken down")
    with django_capture_on_commit_callbacks(execute=True):
        takedown.lift(row)
    read_all()
    now.refresh_from_db()
    assert now.shown and now.token != narration.token


def test_a_story_for_some_readers_is_read_to_nobody(story):
    PageViewRestriction.objects.create(page=story, restriction_type="login")
    read_all()
    row = Narration.objects.get(story=story)
    assert (row.state, row.reason, row.shown) == ("skipped", "not public", False)


def test_a_story_that_only_some_may_read_is_heard_by_nobody_from_then_on(narration, story):
    PageViewRestriction.objects.create(page=story.get_parent(), restriction_type="login")
    assert not flow.is_heard(narration.audio)
    narration.refresh_from_db()
    assert (narration.shown, narration.files) == (False, [])


def test_an_editor_switches_it_off_for_a_story_or_a_section(story, section):
    StoryAudio.objects.create(story=story, choice="no")
    read_all()
    assert Narration.objects.get(story=story).reason == "switched off"
    StoryAudio.objects.update(choice="")
    SectionAudio.objects.create(page_id=section.pk, read=False)
    publish(story)
    read_all()
    assert Narration.objects.get(story=story).reason == "switched off"
    StoryAudio.objects.update(choice="yes")
    publish(story)
    read_all()
    assert Narration.objects.get(story=story).shown


def test_a_block_can_be_left_out_and_other_words_read_instead(story):
    StoryAudio.objects.create(story=story, unread=[story.body[0].id])
    publish(story)
    read_all()
    row = Narration.objects.get(story=story)
    assert (row.state, row.reason) == ("skipped", "nothing")
    StoryAudio.objects.update(spoken="Only this.\n\nAnd that.")
    publish(story)
    read_all()
    assert [cue[3] for cue in Narration.objects.get(story=story).cues][-2:] == [
        "Only this.",
        "And that.",
    ]


def test_without_a_voice_the_story_is_as_it_was_and_the_admin_says_why(story):
    VoiceChoice.objects.update(voice="piper:nobody")
    read_all()
    row = Narration.objects.get(story=story)
    assert (row.state, row.reason) == ("skipped", "missing")
    assert "piper:nobody" in row.because


def test_a_public_site_is_not_read_before_somebody_chose_a_voice(story, settings):
    settings.PUBLIC_URL = "https://news.example.org"
    VoiceChoice.objects.all().delete()
    read_all()
    assert Narration.objects.get(story=story).reason in ("not chosen", "no voice")


def test_a_language_without_a_voice_is_not_read(section, story):
    VoiceChoice.objects.create(language="uk", voice="")
    from nightdesk.narration import choosing

    assert choosing.voice_of("uk").reason == "off"
    assert choosing.voice_of("fr").reason == "no voice"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<p>" + "Дуже довгий український текст у чужій мові. " * 5 + "</p>", "wrong script"),
        ("<p>" + "Long is the night. " * 2000 + "</p>", "too long"),
    ],
)
def test_what_cannot_be_read_is_named(section, body, reason):
    story = publish(a_story(section, "A headline", body=body))
    read_all()
    row = Narration.objects.get(story=story)
    assert (row.state, row.reason) == ("skipped", reason)
    assert row.because


def test_two_readers_at_once_read_a_story_once(story):
    later = timezone.now() + datetime.timedelta(minutes=1)
    assert flow.claim(later).story_id == story.pk
    assert flow.claim(later) is None
    # One that died: its lease runs out.
    assert flow.claim(later + flow.LEASE + datetime.timedelta(seconds=1)).story_id == story.pk


def test_a_reader_that_is_told_to_leave_gives_back_what_it_has(story, monkeypatch):
    """A newsroom that is restarted in the middle reads on where it was, not minutes later."""
    later = timezone.now() + datetime.timedelta(minutes=1)

    def interrupted(*_args, **_more):
        reader._leave()

    monkeypatch.setattr(reader.signal, "alarm", lambda _seconds: None)
    monkeypatch.setattr(record, "record", interrupted)
    with time_machine.travel(later, tick=True), pytest.raises(reader.Leave):
        reader.read_next()
    row = Narration.objects.get()
    assert (row.state, row.lease_until, row.attempt) == ("waiting", None, 0)
    assert flow.claim(later).story_id == story.pk


def test_a_long_story_is_not_taken_from_who_reads_it(story, monkeypatch):
    later = timezone.now() + datetime.timedelta(minutes=1)
    beats = []
    real = flow.alive

    def slowly(narration, seconds):
        beats.append(seconds)
        # As if each sentence took almost as long as a lease.
        clock.shift(flow.LEASE * 0.9)
        assert flow.claim() is None
        real(narration, seconds)

    monkeypatch.setattr(flow, "alive", slowly)
    with time_machine.travel(later, tick=True) as clock:
        assert reader.read_next()
    assert len(beats) > 4 and beats[-1] > 0
    assert Narration.objects.get().state == "ready"


def test_a_reader_whose_story_was_edited_meanwhile_throws_its_files_away(story, settings):
    later = timezone.now() + datetime.timedelta(minutes=1)
    ours = flow.claim(later)
    StoryPage.objects.get(pk=story.pk).save_revision().publish()
    reader.read(ours)
    row = Narration.objects.get(story=story)
    assert (row.state, row.shown) == ("waiting", False)
    assert list(flow.folder().glob("*")) == []


def test_a_reader_whose_story_was_taken_away_meanwhile_brings_nothing_back(story):
    ours = flow.claim(timezone.now() + datetime.timedelta(minutes=1))
    StoryPage.objects.get(pk=story.pk).unpublish()
    reader.read(ours)
    assert not Narration.objects.get(story=story).shown


def test_a_name_said_differently_has_the_weeks_stories_read_anew(narration, story):
    spec = narration.spec
    Pronunciation.objects.filter(term="Bakhmut").delete()
    read_all()
    narration.refresh_from_db()
    assert narration.spec != spec
    Pronunciation.objects.create(language="en", term="Bakhmut", says="bakh-MOOT")
    narration.refresh_from_db()
    assert (narration.state, narration.rank, narration.shown) == ("waiting", Narration.NAMES, True)


def test_only_stories_that_say_it_as_a_whole_word_are_read_anew(narration):
    within = Pronunciation(language="en", term="Bakh", says="bakh")
    assert names.saying(within) == []
    grown = Pronunciation(language="en", term="bakhmut", says="bakh-MOOT", match_case=False)
    assert names.saying(grown) == [narration.story_id]


def test_an_older_story_is_left_alone(narration, story):
    old = timezone.now() - datetime.timedelta(days=8)
    StoryPage.objects.filter(pk=story.pk).update(first_published_at=old)
    name = Pronunciation.objects.get(term="Bakhmut")
    assert names.saying(name) == []


def test_the_archive_waits_behind_what_is_new(section):
    old = [a_story(section, f"Old {n}") for n in range(3)]
    assert archive.backfill() == 3
    assert archive.backfill() == 0
    new = publish(a_story(section, "New"))
    later = timezone.now() + datetime.timedelta(minutes=1)
    assert flow.claim(later).story_id == new.pk
    assert flow.claim(later).story_id in {story.pk for story in old}


def test_the_archive_gives_way_between_two_sentences(section, monkeypatch):
    old = a_story(section, "Old", body=BODY)
    archive.backfill()
    real, beats, new = flow.alive, [], []

    def publishes_meanwhile(narration, seconds):
        beats.append(narration.story_id)
        if len(beats) == 2:
            new.append(publish(a_story(section, "New")).pk)
            clock.shift(datetime.timedelta(minutes=1))
        real(narration, seconds)

    monkeypatch.setattr(flow, "alive", publishes_meanwhile)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=1), tick=True) as clock:
        assert reader.read_next()
        assert beats == [old.pk] * 2
        row = Narration.objects.get(story=old)
        assert (row.state, row.attempt) == ("waiting", 0)
        assert reader.read_next() and Narration.objects.get(story=new[0]).shown
        assert reader.read_next() and Narration.objects.get(story=old).shown


def test_the_archive_is_all_that_could_not_be_read_when_it_came_out(section, story):
    switched_off = publish(a_story(section, "Switched off"))
    StoryAudio.objects.create(story=switched_off, choice=StoryAudio.Choice.NO)
    SectionAudio.objects.create(page=section, read=False)
    read_all()
    assert archive.backfill() == 0
    SectionAudio.objects.update(read=True)
    VoiceChoice.objects.update(voice="")
    Narration.objects.filter(story=story).update(reason="not chosen")
    assert archive.backfill() == 0, "nobody would read it"
    VoiceChoice.objects.update(voice=TONE)
    assert [each.pk for each in archive.unread()] == [story.pk]
    assert archive.backfill() == 1
    assert archive.progress() == archive.Progress(done=0, all=1)
    read_all()
    assert Narration.objects.get(story=story).shown
    assert archive.progress() == archive.Progress(done=1, all=1)
    assert archive.backfill() == 0


def test_a_sound_that_was_taken_away_does_not_come_back_with_the_archive(narration, story):
    flow.pull([story.pk], for_good=True)
    assert archive.backfill() == 0


def test_what_could_not_be_read_is_tried_once_more(narration, story):
    Narration.objects.update(state="failed", reason="crashed", because="Twice.")
    assert archive.again() == 1
    read_all()
    again = Narration.objects.get(story=story)
    assert (again.state, again.reason, again.because) == ("ready", "", "")


def test_switched_off_on_this_server_nothing_is_claimed(story, settings):
    settings.NIGHTDESK = {**settings.NIGHTDESK._values, "NIGHTDESK_NARRATION": False}
    assert reader.read_next() is False
    assert TONE


def test_the_newsstand_knows_its_files_by_that_name(narration, story, settings, tmp_path):
    """It looks a name up by what stands before the first dash."""
    (stem,) = [stem for part in kinds.parts_of(kinds.named("story")) for stem in part.stems(story)]
    assert {name.partition("-")[0] for name in narration.files} == {stem}
