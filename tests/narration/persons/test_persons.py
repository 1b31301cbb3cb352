"""A person reads a story: heard in the place of the voice, until a correction, a takedown or a
protected name; never made again by itself."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import feedparser
import mutagen
import pytest
import time_machine
from django.contrib.messages import storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction

from nightdesk.kernel.tokens import unguessable
from nightdesk.narration import flow, reader
from nightdesk.narration.heard import BY_A_PERSON, heard
from nightdesk.narration.models import HumanRecording, Narration, StoryAudio
from nightdesk.narration.persons import actions, kept
from nightdesk.narration.studio import uploads
from nightdesk.narration.studio.refusals import Refusal, RefusedError
from nightdesk.narration.wagtail_hooks import say_that_a_recording_is_older
from nightdesk.people.models import Author, Desk, User
from nightdesk.people.protecting import actions as protecting
from nightdesk.stories.corrections import Correction
from nightdesk.stories.models import StoryPage
from nightdesk.takedown import actions as takedown
from nightdesk.takedown import kinds
from tests.making import a_story
from tests.narration.persons.recordings import SECRET, with_secrets, write
from tests.narration.test_for_readers import LINE, articles, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("voice", "media")]

READER = "Iryna Bondar"


@pytest.fixture
def story(section):
    story = a_story(section, "Bakhmut could fall", body="<p>Bakhmut could fall.</p>")
    return publish(story)


@pytest.fixture
def file(tmp_path):
    return write(tmp_path / "voice.flac", "flac").read_bytes()


@pytest.fixture(scope="module")
def mastered(tmp_path_factory):
    """A recording as the studio makes it, once for all these tests."""
    folder = tmp_path_factory.mktemp("mastered")
    return uploads.take_in(write(folder / "voice.flac", "flac"), folder)


@pytest.fixture
def ready(media, mastered):
    """``ready(story, who)``: the recording of it is ready, and the story waits to be looked at."""

    def _ready(story: StoryPage, who: str = READER) -> HumanRecording:
        kept.masters().mkdir(parents=True, exist_ok=True)
        names = [f"{unguessable()}.mp3", f"{unguessable()}.mp3"]
        for name, made in zip(names, (mastered.player, mastered.podcast), strict=True):
            shutil.copyfile(made, kept.masters() / name)
        made = HumanRecording.objects.create(
            story=story,
            reader=who,
            state="ready",
            master=names[0],
            podcast=names[1],
            seconds=mastered.seconds,
            words=actions._words(story),
            corrections=story.corrections.count(),
        )
        flow.want(story)
        return made

    return _ready


@pytest.fixture
def recorded(story, ready):
    """Heard by readers."""
    made = ready(story)
    work()
    return made


def publish(story: StoryPage) -> StoryPage:
    StoryPage.objects.get(pk=story.pk).save_revision().publish()
    return StoryPage.objects.get(pk=story.pk)


def correct(story: StoryPage, words: str = "It has not fallen.") -> None:
    draft = StoryPage.objects.get(pk=story.pk).get_latest_revision_as_object()
    draft.corrections.add(Correction(words=words))
    draft.save_revision().publish()


def upload(story: StoryPage, data: bytes, who: str = READER) -> HumanRecording:
    name = f"{SECRET}.flac"
    return actions.take_in(story, SimpleUploadedFile(name, data), who, None)


def work() -> None:
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=1), tick=True):
        while reader.read_next():
            pass


def row() -> Narration:
    return Narration.objects.get()


def public(settings) -> list[Path]:
    folder = Path(settings.MEDIA_ROOT) / "audio"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def test_readers_hear_the_person_and_read_who_it_is(recorded, story, client, settings):
    page = page_of(client, story)
    assert f'<p class="player__line">Read by {READER}</p>' in page
    assert LINE not in page and "<track" not in page
    assert f'src="/media/{row().audio}"' in page
    sound = articles(page)[0]["audio"]
    assert (sound["creditText"], sound["description"]) == (f"Read by {READER}",) * 2
    assert sound["digitalSourceType"] == BY_A_PERSON
    assert sound["duration"] == "PT0M3S"
    for name in row().files:
        assert client.get(f"/media/{name}").getvalue()
        tags = mutagen.File(Path(settings.MEDIA_ROOT) / name).tags
        assert [str(one) for one in tags.getall("COMM")] == [f"Read by {READER}"]
        assert not tags.getall("TXXX") and str(tags["TIT2"]) == "Bakhmut could fall"


def test_podcast_programs_are_told_who_reads(recorded, story, client):
    answer = client.get("/feeds/podcast.xml")
    [episode] = feedparser.parse(answer.content).entries
    [enclosure] = episode.enclosures
    assert int(enclosure["length"]) == row().podcast_bytes
    assert enclosure["href"].endswith(row().podcast)
    text = answer.content.decode()
    assert f'<podcast:person role="narrator" group="cast">{READER}</podcast:person>' in text
    assert f"Read by {READER}" in episode.summary
    assert BY_A_PERSON in text and LINE not in text and "podcast:transcript" not in text


def test_nothing_of_the_file_but_its_sound_is_kept_anywhere(
    story, tmp_path, settings, django_capture_on_commit_callbacks
):
    upload(story, with_secrets(tmp_path / "secret.mp3", "mp3").read_bytes())
    (tmp_path / "secret.mp3").unlink()
    with django_capture_on_commit_callbacks(execute=True):
        work()
    assert row().human
    for place in Path(settings.DATA).rglob("*"):
        assert "sydorenko" not in place.name
        assert place.is_dir() or b"sydorenko" not in place.read_bytes(), place
    assert list(kept.uploads().iterdir()) == []
    assert "sydorenko" not in str(HumanRecording.objects.values().get())


def test_until_it_is_ready_readers_keep_the_voice(story, file):
    work()
    spoken = row().audio
    upload(story, file)
    assert (row().shown, row().human, row().audio) == (True, False, spoken)
    work()
    assert (row().shown, row().human) == (True, True)


def test_the_masters_are_handed_to_no_reader(recorded, client):
    for name in (recorded.master, recorded.podcast):
        assert (kept.masters() / name).is_file()
        assert client.get(f"/media/recordings/{name}").status_code == 404


def test_a_recording_without_its_name_for_the_story_goes_with_an_edit(recorded, story, settings):
    """The headline stands in the file."""
    before = row().audio
    draft = story.get_latest_revision_as_object()
    draft.title = "Bakhmut holds"
    draft.save_revision().publish()
    assert row().audio == before
    work()
    assert row().human and row().audio != before
    tags = mutagen.File(Path(settings.MEDIA_ROOT) / row().audio).tags
    assert str(tags["TIT2"]) == "Bakhmut holds"
    same = row().made_at
    publish(story)
    work()
    assert (row().state, row().made_at) == ("ready", same)


def test_after_a_correction_it_is_gone_at_once_until_an_editor_says_that_it_holds(
    recorded, story, settings, client, django_capture_on_commit_callbacks
):
    heard_before = row().files
    with django_capture_on_commit_callbacks(execute=True):
        correct(story)
    assert heard(StoryPage.objects.get(pk=story.pk)) is None
    assert public(settings) == []
    assert all(client.get(f"/media/{name}").status_code == 410 for name in heard_before)
    recorded.refresh_from_db()
    assert recorded.held == "correction"
    work()
    # The voice says what is right meanwhile.
    assert row().shown and not row().human
    assert any("It has not fallen." in cue[3] for cue in row().cues)
    publish(story)
    work()
    assert not row().human
    actions.still_holds(recorded)
    work()
    assert row().human and row().corrections == 1
    # Of the old addresses it was said that they are gone.
    assert not {*row().files} & {*heard_before}
    publish(story)
    work()
    assert row().human
    correct(story, "Nor will it.")
    assert not row().shown


def test_a_recording_of_the_corrected_text_replaces_the_old_one(
    recorded, story, file, django_capture_on_commit_callbacks
):
    correct(story)
    with django_capture_on_commit_callbacks(execute=True):
        upload(story, file, "Somebody Else")
        work()
    only = HumanRecording.objects.get()
    assert (only.reader, only.held, row().read_by) == ("Somebody Else", "", "Somebody Else")
    assert sorted(file.name for file in kept.masters().iterdir()) == sorted(
        [only.master, only.podcast]
    )


def test_one_that_was_read_from_the_draft_with_the_correction_holds(story, file):
    draft = story.get_latest_revision_as_object()
    draft.corrections.add(Correction(words="It has not fallen."))
    revision = draft.save_revision()
    upload(story, file)
    assert "It has not fallen." in HumanRecording.objects.get().words
    revision.publish()
    assert HumanRecording.objects.get().held == ""


def test_one_that_is_still_being_prepared_is_held_too(story, file):
    upload(story, file)
    correct(story)
    assert HumanRecording.objects.get().held == "correction"


def test_removed_it_is_gone_with_its_files_and_the_voice_reads_again(
    recorded, story, settings, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove(story)
    assert public(settings) == [] and list(kept.masters().iterdir()) == []
    assert not row().shown
    work()
    assert row().shown and not row().human and row().read_by == ""


def test_a_replacement_that_is_no_sound_costs_nothing(recorded, story, tmp_path):
    with pytest.raises(RefusedError) as refused:
        upload(story, b"not a sound at all, but text")
    assert refused.value.refusal is Refusal.NOT_SOUND
    # Its first seconds can be read, the rest is missing: found out when it is prepared.
    whole = write(tmp_path / "whole.mp3", "mp3", 30).read_bytes()
    upload(story, whole[: len(whole) * 2 // 3])
    work()
    assert row().human and row().read_by == READER
    waiting = HumanRecording.objects.exclude(pk=recorded.pk).get()
    assert waiting.state == "refused" and waiting.because.startswith("This recording is cut off")
    assert list(kept.uploads().iterdir()) == []


def test_a_story_that_is_not_out_is_heard_by_nobody_and_by_all_once_it_is(section, ready):
    story = a_story(section, "Not yet", live=False)
    ready(story)
    work()
    assert (row().shown, row().reason) == (False, "not public")
    publish(story)
    work()
    assert row().human and row().shown


def test_it_is_heard_though_the_voice_is_switched_off_for_the_story(recorded, story, voice):
    StoryAudio.objects.create(story=story, choice="no")
    voice.voice = ""
    voice.save()
    publish(story)
    work()
    assert row().human and row().shown


def test_unpublished_and_published_again_it_is_heard_again(
    recorded, story, settings, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        StoryPage.objects.get(pk=story.pk).unpublish()
    assert public(settings) == [] and not row().shown
    publish(story)
    work()
    assert row().human and row().shown


def test_a_story_for_some_readers_is_heard_by_nobody(recorded, story):
    PageViewRestriction.objects.create(page=story.get_parent(), restriction_type="login")
    assert not row().shown
    flow.want(story)
    work()
    assert not row().shown


@pytest.mark.parametrize("what", ["story", "audio"])
def test_taken_down_it_is_deleted_with_every_copy(
    recorded, story, what, settings, django_capture_on_commit_callbacks
):
    kind = kinds.named(what)
    with django_capture_on_commit_callbacks(execute=True):
        takedown.take_down(kind, story if what == "story" else row(), reason="Asked", name="chief")
    assert not HumanRecording.objects.exists()
    assert list(kept.masters().iterdir()) == [] and public(settings) == []


def test_a_protected_name_is_not_heard_from_a_person_either(
    section, ready, settings, django_capture_on_commit_callbacks
):
    """Nobody can take a name out of what was said, or a voice out of its owner's."""
    desk = Desk.objects.create(name="Night desk", slug="night-desk", locale=section.locale)
    author = Author.objects.create(name=READER, slug="iryna-bondar", locale=section.locale)
    signed = publish(a_story(section, "Signed", signed_by=[author]))
    naming = publish(a_story(section, "Naming", body=f"<p>{READER} was there.</p>"))
    read = publish(a_story(section, "Read by her"))
    other = publish(a_story(section, "Of something else"))
    for story in (signed, naming, other):
        ready(story, "Somebody Else")
    ready(read)
    work()
    assert Narration.objects.filter(human=True, shown=True).count() == 4
    with django_capture_on_commit_callbacks(execute=True):
        protecting.protect(protecting.Order(author, desk))
    assert [one.story_id for one in HumanRecording.objects.all()] == [other.pk]
    assert len(list(kept.masters().iterdir())) == 2
    assert [one.story_id for one in Narration.objects.filter(shown=True)] == [other.pk]
    work()
    assert Narration.objects.filter(shown=True, human=False).count() == 3
    assert not any(b"Bondar" in file.read_bytes() for file in public(settings))


def test_what_a_crash_left_is_swept_away(recorded):
    for folder in (kept.uploads(), kept.masters()):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "left").write_bytes(b"half")
    later = timezone.now() + datetime.timedelta(hours=4)
    assert kept.forget_files(timezone.now()) == 0
    assert kept.forget_files(later) == 2
    assert all(file.is_file() for file in kept.files_of(recorded))


# In the admin.


@pytest.fixture
def editor(client):
    client.force_login(User.objects.create_superuser("chief", password="night-desk"))
    return client


def at(name, story):
    return reverse(name, args=[story.pk])


def send(client, story, data=None, who=READER, **more):
    sent = {"reader": who, **more}
    if data is not None:
        sent["recording"] = SimpleUploadedFile(f"{SECRET}.mp3", data)
    return client.post(at("story_recording", story), sent, follow=True).content.decode()


def test_an_editor_uploads_listens_renames_and_removes(
    editor, story, file, django_capture_on_commit_callbacks
):
    assert "is being prepared" in send(editor, story, file)
    page = editor.get(at("story_aloud", story)).content.decode()
    assert f"A recording read by {READER} is being prepared." in page
    work()
    page = editor.get(at("story_aloud", story)).content.decode()
    assert f"Readers hear the recording read by {READER}." in page and "0:03" in page
    answer = editor.get(at("recording_sound", story))
    assert answer["Content-Type"] == "audio/mpeg" and len(answer.getvalue()) > 10_000
    send(editor, story, who="Iryna  Bondarenko")
    work()
    assert row().read_by == "Iryna Bondarenko"
    with django_capture_on_commit_callbacks(execute=True):
        editor.post(at("remove_recording", story))
    assert editor.get(at("recording_sound", story)).status_code == 404
    assert not HumanRecording.objects.exists()


def test_after_a_correction_the_editor_is_told_and_decides(editor, recorded, story):
    request = RequestFactory().get("/")
    request.session = {}
    request._messages = storage.default_storage(request)
    say_that_a_recording_is_older(request, story)
    assert not list(request._messages)
    correct(story)
    say_that_a_recording_is_older(request, story)
    assert "was read before the correction" in str(next(iter(request._messages)))
    overview = editor.get(reverse("narrations")).content.decode()
    assert "Recordings that were read before a correction" in overview
    page = editor.get(at("story_aloud", story)).content.decode()
    assert "This recording was read before the correction" in page
    editor.post(at("recording_holds", story))
    work()
    assert row().human
    assert "read before the correction" not in editor.get(at("story_aloud", story)).content.decode()


def test_taken_away_by_an_editor_it_stays_away_until_an_editor_gives_it_back(
    editor, recorded, story
):
    editor.post(at("pull_sound", story))
    publish(story)
    work()
    assert not row().human
    assert "It is kept here." in editor.get(at("story_aloud", story)).content.decode()
    editor.post(at("recording_holds", story))
    work()
    assert row().human


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (None, "Choose the file with the recording."),
        (b"", "This file is empty"),
        (b"%PDF-1.7 a document", "There is no sound in this file"),
        (b"OggS" + b"\0" * 40, "This recording is damaged"),
    ],
    ids=["none", "empty", "a document", "damaged"],
)
def test_what_is_wrong_with_a_file_stands_beside_it(editor, story, data, said):
    page = send(editor, story, data)
    assert said in page and READER in page
    assert not HumanRecording.objects.exists()
    assert not kept.uploads().is_dir() or list(kept.uploads().iterdir()) == []


def test_on_a_narrow_disk_no_recording_is_taken_in(editor, story, file, monkeypatch):
    from nightdesk.kernel import disk

    monkeypatch.setattr(disk, "share", lambda _place: 0.05)
    assert "no new audio is made" in send(editor, story, file)
    assert not HumanRecording.objects.exists()


def test_who_may_not_publish_changes_no_recording_of_what_is_out(
    signed_in, section, story, file, recorded
):
    reporter = signed_in("reporter")
    draft = a_story(section, "Hers", live=False)
    draft.owner = reporter.user
    draft.save()
    assert "is being prepared" in send(reporter, draft, file)
    StoryPage.objects.filter(pk=story.pk).update(owner=reporter.user)
    assert reporter.post(at("story_recording", story), {"reader": "Me"}).status_code in (302, 403)
    for name in ("remove_recording", "recording_holds"):
        reporter.post(at(name, story))
    assert HumanRecording.objects.filter(story=story, reader=READER).exists()
