"""A story becomes files that are fit to be heard, or nothing changes."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import mutagen
import pytest

from nightdesk.narration.spoken.speaking import sentences
from nightdesk.narration.studio import cache as sentence_cache
from nightdesk.narration.studio import record as recording
from nightdesk.narration.studio.record import Passage, record
from nightdesk.narration.voices import booth, engines
from nightdesk.narration.voices.ports import NotRecordedError, Reason, Voice

INTRO = "This audio is created with AI assistance"
BODY = (
    "Ukraine still holds the city, officials say. The U.S. sent $400M in aid.",
    "Nobody knows what comes next. “We stay,” said the mayor.",
)
TONE = engines.engine("tone").voices()[0]


def passages(*texts: str) -> list[Passage]:
    return [Passage(f"p{n}", sentences(text, "en")) for n, text in enumerate(texts)]


class Newsroom:
    """A folder with files for readers, a cache, and how often the voice was asked."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.cache = folder / "audio", folder / "cache"
        self.spoken: list[str] = []
        speak = booth.speak

        def counted(voice: Voice, spoken: str, **options):
            self.spoken.append(spoken)
            return speak(voice, spoken, **options)

        monkeypatch.setattr(booth, "speak", counted)

    def record(self, *texts: str, voice: Voice = TONE, intro: str = INTRO, **options):
        return record(
            passages(*texts or BODY),
            voice,
            self.folder,
            self.cache,
            intro=intro,
            title="Ukraine still holds the city",
            by="Our Newsroom",
            language="en",
            **options,
        )

    def files(self) -> dict[str, bytes]:
        if not self.folder.exists():
            return {}
        return {file.name: file.read_bytes() for file in self.folder.iterdir()}


@pytest.fixture
def newsroom(tmp_path, monkeypatch) -> Newsroom:
    return Newsroom(tmp_path, monkeypatch)


def test_a_story_becomes_one_file_to_play_and_one_for_podcasts(newsroom):
    made = newsroom.record()
    player, podcast = mutagen.File(made.file), mutagen.File(made.podcast)
    for file, kbit in ((player, 64), (podcast, 96)):
        assert "audio/mpeg" in file.mime
        assert (file.info.sample_rate, file.info.channels) == (44_100, 1)
        assert file.info.bitrate == kbit * 1000
        assert file.info.length == pytest.approx(made.seconds, abs=0.1)
    assert made.bytes == made.file.stat().st_size
    assert made.podcast_bytes == made.podcast.stat().st_size
    assert (made.file.stat().st_mode & 0o777) == 0o644


def test_a_file_says_of_itself_what_it_is_and_how_it_was_made(newsroom):
    tags = mutagen.File(newsroom.record().file).tags
    assert str(tags["TIT2"]) == "Ukraine still holds the city"
    assert str(tags["TPE1"]) == "Our Newsroom"
    assert str(tags["TLAN"]) == "eng"
    assert str(tags["TXXX:digitalSourceType"]).endswith(
        "/digitalsourcetype/trainedAlgorithmicMedia"
    )
    assert str(tags["COMM::eng"]) == INTRO
    assert "tone:tone" in str(tags["TSSE"])


def test_how_it_was_made_is_spoken_first_and_every_sentence_has_its_time(newsroom):
    made = newsroom.record()
    assert [cue.id for cue in made.cues] == ["intro-1", "p0-1", "p0-2", "p1-1", "p1-2"]
    assert made.cues[0].written == INTRO
    assert made.cues[2].written == "The U.S. sent $400M in aid."
    gaps = [b.start - a.end for a, b in zip(made.cues, made.cues[1:], strict=False)]
    assert gaps == pytest.approx([0.75, 0.38, 0.75, 0.38], abs=0.02)
    assert made.cues[-1].end < made.seconds < made.cues[-1].end + 1


def test_the_times_are_those_at_which_a_player_hears_the_sentences(newsroom):
    import numpy as np
    import soundfile

    made = newsroom.record()
    heard, rate = soundfile.read(made.file)
    loud = np.abs(heard) > 0.01
    for cue in made.cues:
        start, end = round(cue.start * rate), round(cue.end * rate)
        assert loud[start : start + rate // 20].any()
        assert not loud[start - rate // 10 : start - rate // 200].any()
        assert loud[end - rate // 10 : end].any()
        assert not loud[end + rate // 50 : end + rate // 5].any()


def test_the_file_is_as_loud_as_it_must_be_and_never_louder(newsroom):
    from nightdesk.narration.studio.loudness import Meter

    made = newsroom.record()
    assert made.loudness == pytest.approx(-16, abs=1)
    assert made.peak <= -1
    import soundfile

    for file in (made.file, made.podcast):
        samples, rate = soundfile.read(file, dtype="float32")
        meter = Meter(rate)
        meter.feed(samples)
        assert meter.integrated() == pytest.approx(-16, abs=1)
        assert abs(samples).max() <= 10 ** (-1 / 20)


def test_timings_are_web_vtt_for_the_player_and_for_people(newsroom):
    made = newsroom.record("Profits & losses <rose> --> and fell, they said.")
    player = made.vtt.read_text().split("\n\n")
    assert player[0] == "WEBVTT"
    name, times, payload = player[2].strip().split("\n")
    assert name == "p0-1"
    assert times.startswith("00:00:0") and " --> " in times
    assert json.loads(payload) == {
        "block": "p0",
        "written": "Profits & losses <rose> --> and fell, they said.",
    }
    assert made.vtt.read_text().count("-->") == 2
    assert "Profits &amp; losses &lt;rose&gt; --&gt; and fell" in made.transcript.read_text()


def test_without_an_intro_nothing_claims_to_be_synthetic(newsroom):
    made = newsroom.record(intro="")
    assert made.cues[0].id == "p0-1"
    assert not [
        frame for frame in mutagen.File(made.file).tags if frame.startswith(("TXXX", "COMM"))
    ]


def test_files_are_named_by_their_bytes_and_the_same_story_is_the_same_files(newsroom):
    first = newsroom.record()
    before = newsroom.files()
    again = newsroom.record()
    assert again.files == first.files
    assert newsroom.files() == before
    assert len(before) == 4
    other = newsroom.record("Another story.")
    assert not set(other.files) & set(first.files)
    assert newsroom.files().items() >= before.items()


def test_an_edited_sentence_is_the_only_one_that_is_spoken(newsroom):
    first = newsroom.record()
    assert len(newsroom.spoken) == 5
    second = newsroom.record(BODY[0], BODY[1].replace("next", "tomorrow"))
    assert newsroom.spoken[5:] == ["Nobody knows what comes tomorrow."]
    assert second.spec != first.spec


def test_another_voice_or_pace_is_spoken_anew(newsroom):
    newsroom.record()
    newsroom.record(voice=replace(TONE, speed=1.2))
    assert len(newsroom.spoken) == 10


def test_a_damaged_sentence_of_the_cache_is_spoken_again(newsroom):
    first = newsroom.record()
    for packed in newsroom.cache.glob("*/*.seg"):
        packed.unlink()
    sentence_cache.place(newsroom.cache, TONE, newsroom.spoken[2]).write_bytes(b"fLaC, but no more")
    sentence_cache.place(newsroom.cache, TONE, newsroom.spoken[4]).write_bytes(b"")
    assert newsroom.record().file == first.file
    assert newsroom.spoken[5:] == [newsroom.spoken[2], newsroom.spoken[4]]


def test_a_damaged_packed_sentence_is_packed_again(newsroom):
    first = newsroom.record()
    damages = (lambda data: data[:-100], lambda data: data[:-1] + b"?", lambda _data: b"")
    for packed, damage in zip(sorted(newsroom.cache.glob("*/*.seg")), damages, strict=False):
        packed.write_bytes(damage(packed.read_bytes()))
    assert newsroom.record().file == first.file
    assert len(newsroom.spoken) == 5


def test_a_sentence_too_long_for_one_breath_is_one_cue(newsroom):
    long = "The army said " + ", ".join(f"that it held the village number {n}" for n in range(20))
    made = newsroom.record(long + ".")
    assert [cue.id for cue in made.cues] == ["intro-1", "p0-1"]
    assert len(newsroom.spoken) > 3
    assert all(len(part) <= 250 for part in newsroom.spoken)
    assert made.cues[1].end - made.cues[1].start > 30


def test_a_name_in_sounds_is_not_torn_apart_by_a_breath():
    names = ", ".join("[[ˈbɑx mut]]" for _ in range(30))
    parts = recording._breaths(names, 250)
    assert len(parts) > 1
    assert all(part.count("[[") == part.count("]]") for part in parts)
    assert sum(part.count("[[ˈbɑx mut]]") for part in parts) == 30


def test_a_word_the_voice_cannot_read_is_left_out_and_named(newsroom):
    made = newsroom.record("The word слава was painted on all the walls of the old city.")
    assert made.left_out == ("слава",)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Слава Україні. Героям слава.", Reason.WRONG_SCRIPT),
        ("They said it again and again. " * 1100, Reason.TOO_LONG),
        ("…", Reason.NOTHING_TO_SAY),
    ],
)
def test_what_cannot_be_recorded_leaves_everything_as_it_was(newsroom, text, reason):
    newsroom.record()
    before = newsroom.files()
    with pytest.raises(NotRecordedError) as refused:
        newsroom.record(text)
    assert refused.value.reason is reason
    assert newsroom.files() == before


def test_a_story_in_another_language_than_the_voices_is_not_read(newsroom):
    with pytest.raises(NotRecordedError) as refused:
        newsroom.record(voice=replace(TONE, language="uk"))
    assert refused.value.reason is Reason.WRONG_LANGUAGE


def test_a_voice_that_fails_at_one_sentence_leaves_everything_as_it_was(newsroom):
    newsroom.record()
    before = newsroom.files()
    with pytest.raises(NotRecordedError) as refused:
        newsroom.record(BODY[0], "The mayor swallowed this.", fault="silence:swallowed")
    assert refused.value.reason is Reason.SILENT
    assert refused.value.sentence == "The mayor swallowed this."
    assert newsroom.files() == before


def test_the_studio_killed_in_the_middle_is_started_again(newsroom):
    newsroom.record()
    studio = recording._studio.pid
    os.kill(studio, signal.SIGKILL)
    assert newsroom.record("Another story.").seconds > 1
    assert recording._studio.pid not in {None, studio}


def test_a_studio_that_hangs_is_killed_and_nothing_changes(newsroom, monkeypatch):
    newsroom.record()
    before = newsroom.files()
    os.kill(recording._studio.pid, signal.SIGSTOP)
    monkeypatch.setattr(recording, "_MIX_SECONDS", 0.2)
    started = time.monotonic()
    made = newsroom.record("Short.")  # the second try starts a new one
    assert time.monotonic() - started < 60
    assert newsroom.files().items() >= before.items() and made.file.exists()


@pytest.fixture
def small_disk(tmp_path):
    if os.getuid() != 0:
        pytest.skip("mounting needs root")
    disk = tmp_path / "small"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", disk])
    if mounted.returncode:
        pytest.skip("mounting is not allowed here")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


@pytest.mark.fault
@pytest.mark.parametrize("full", ["folder", "cache"])
def test_a_full_disk_keeps_what_there_was(newsroom, small_disk, full):
    setattr(newsroom, full, small_disk)
    first = newsroom.record("A short story.", intro="")
    before = {file: file.read_bytes() for file in first.files}
    with contextlib.suppress(OSError):
        (small_disk / "something").write_bytes(b"x" * 1_000_000)
    with pytest.raises(NotRecordedError) as refused:
        newsroom.record(*(f"{text} {'And so on and on.' * 6}" for text in BODY))
    assert refused.value.reason is Reason.DISK_FULL
    assert str(refused.value) == "The disk is full. The audio that there was is kept."
    assert {file: file.read_bytes() for file in first.files} == before
    assert not list(newsroom.folder.glob(".recording-*"))


def test_what_a_killed_process_left_is_swept_away(newsroom):
    left = newsroom.folder / ".recording-abc"
    left.mkdir(parents=True)
    (left / "player").write_bytes(b"half")
    newsroom.record()
    assert left.exists()  # it may be somebody's, now
    os.utime(left, (time.time() - 90_000,) * 2)
    newsroom.record()
    assert not left.exists()


def test_one_sentence_can_be_tried_by_itself(newsroom):
    heard = recording.sample("He is in [[bɑxmˈut]] now.", TONE, newsroom.cache)
    assert heard[:2] == b"\xff\xfb"
    assert len(heard) > 10_000
    recording.sample("He is in [[bɑxmˈut]] now.", TONE, newsroom.cache)
    assert len(newsroom.spoken) == 1


@pytest.mark.slow
def test_the_longest_story_takes_no_more_memory_than_a_short_one(newsroom):
    """Half an hour of sound: costs about a minute of one core."""
    newsroom.record()
    status = Path(f"/proc/{recording._studio.pid}/status")
    short = _megabytes(status)
    sentence = "The council met for the {} time that week and put off its decision once more."
    text = [sentence.format(n) for n in ("first", "second", "third", "fourth", "fifth")]
    story = [
        " ".join(f"{line[:-1]} in ward {n} {m}." for m, line in enumerate(text)) for n in range(58)
    ]
    made = newsroom.record(*story)
    assert made.seconds > 1600
    assert len(made.cues) == 291
    assert made.loudness == pytest.approx(-16, abs=1)
    assert _megabytes(status) - short < 60


def _megabytes(status: Path) -> float:
    """At most so far."""
    lines = status.read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
