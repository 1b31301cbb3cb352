"""`nightdesk narration listen` at the terminal. No recogniser is needed for these; with one, a second
part of them is heard for real."""

from __future__ import annotations

import pytest

from nightdesk.narration import reader
from nightdesk.narration.listening import command, ear, sounds
from nightdesk.narration.listening.command import narration_command
from nightdesk.narration.listening.ear import Heard, NotHeardError
from tests.making import a_story
from tests.narration.test_flow import publish, read_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("voice", "media")]


@pytest.fixture
def story(section):
    made = publish(
        a_story(section, "Trams cross again", body="<p>The bridge is open. It held.</p>")
    )
    read_all()
    return made


def test_without_a_recogniser_it_says_what_to_install(capsys, monkeypatch):
    monkeypatch.setattr(ear, "_DISTRIBUTIONS", ("nothing-of-this-name",))
    assert narration_command(["listen", "--sample"]) == 2
    assert "listen" in capsys.readouterr().err


def test_a_story_is_found_by_its_number_and_by_its_path(story):
    by_number, by_path = sounds.of_story(str(story.pk)), sounds.of_story(story.get_url())
    assert by_number == by_path
    assert by_number.file.is_file()
    assert [one.written for one in by_number.sentences][-2:] == ["The bridge is open.", "It held."]
    assert sounds.of_story("/news/nothing/") is None


def test_a_story_that_nobody_hears_is_not_listened_to(story, capsys, monkeypatch):
    monkeypatch.setattr(ear, "is_there", lambda: True)
    assert narration_command(["listen", "/news/nothing/"]) == 2
    assert "/news/nothing/" in capsys.readouterr().err


def test_the_newest_come_first(story, section):
    later = publish(a_story(section, "A second story", body="<p>More of it.</p>"))
    read_all()
    assert [one.title for one in sounds.newest(5)] == [later.title, story.title]
    assert len(list(sounds.newest(1))) == 1


def test_what_is_wrong_is_told_and_counts(story, capsys, monkeypatch):
    """The recogniser's answer alone is made up: its weights are not among what tests install."""
    monkeypatch.setattr(ear, "is_there", lambda: True)
    written = " ".join(one.written for one in sounds.of_story(str(story.pk)).sentences)
    understood = written.replace("is open", "is over").replace("Trams cross again", "")
    monkeypatch.setattr(ear, "hear", lambda *_: Heard(understood, 9.0, 0.9, 3, [[1.0, 3.5]]))
    assert narration_command(["listen", str(story.pk)]) == 1
    told = capsys.readouterr().out
    assert "open → over" in told
    assert "silence of 2.5 s at 1.0 s" in told
    assert "3 clipped samples" in told
    assert "not heard" not in told  # three words are too few to say so


def test_a_sentence_that_is_missing_is_told(section, capsys, monkeypatch):
    body = "<p>The bridge is open again. It held for a week.</p>"
    story = publish(a_story(section, "Trams", body=body))
    read_all()
    written = " ".join(one.written for one in sounds.of_story(str(story.pk)).sentences)
    understood = written.replace("It held for a week.", "")
    monkeypatch.setattr(ear, "is_there", lambda: True)
    monkeypatch.setattr(ear, "hear", lambda *_: Heard(understood, 9.0, 0.9, 0, []))
    assert narration_command(["listen", str(story.pk)]) == 1
    assert "a sentence is not heard: It held for a week." in capsys.readouterr().out


def test_a_recogniser_that_cannot_be_loaded_is_an_answer(tmp_path, monkeypatch):
    if ear.is_there():
        pytest.skip("It is installed here.")
    monkeypatch.setattr(ear, "is_there", lambda: True)
    with pytest.raises(NotHeardError, match="cannot be used"):
        ear.hear(tmp_path / "nothing.mp3", "en", 1.0)
    ear.close()


def test_a_text_is_read_aloud_for_it(voice, tmp_path):
    from nightdesk.narration import choosing

    made = sounds.of_text(command.SAMPLE.read_text(), choosing.voice_of("en"), tmp_path / "made")
    assert made.file.is_file()
    assert len(made.sentences) > 5
    assert made.seconds > 30
    assert not reader.read_next()  # nothing of the newsroom was touched


def test_a_voice_that_is_not_there_is_named_with_those_that_are(capsys, monkeypatch):
    monkeypatch.setattr(ear, "is_there", lambda: True)
    assert narration_command(["listen", "--sample", "--voice", "piper:nobody"]) == 2
    said = capsys.readouterr().err
    assert "piper:nobody" in said
    assert "piper:en_US-joe-medium" in said
