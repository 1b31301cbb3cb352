"""A voice of the newsroom's own, from a file: used if it is what was chosen, else named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from nightdesk.narration.voices import booth, engines
from nightdesk.narration.voices.adapters import piper
from nightdesk.narration.voices.ports import NotRecordedError, Reason

JOE = piper._model(piper.JOE)


@pytest.fixture
def file(tmp_path) -> Path:
    """A Piper voice that somebody downloaded."""
    shutil.copy(JOE, tmp_path / "uk_UA-somebody.onnx")
    shutil.copy(f"{JOE}.json", tmp_path / "uk_UA-somebody.onnx.json")
    return tmp_path / "uk_UA-somebody.onnx"


def test_it_comes_before_those_that_are_installed_and_speaks_its_language(file):
    own = [("uk", file)]
    assert engines.voices(own)[0].id == "piper:uk_UA-somebody"
    voice = engines.voice_for("uk", own)
    assert booth.speak(voice, "Місто тримається.").seconds > 0.5
    with pytest.raises(NotRecordedError) as refused:
        booth.speak(voice, "ქალაქი დგას.")
    assert refused.value.reason is Reason.WRONG_SCRIPT


def test_without_one_there_is_no_ukrainian_voice_and_english_is_piper():
    assert engines.voice_for("en").engine == "piper"
    with pytest.raises(NotRecordedError) as refused:
        engines.voice_for("uk")
    assert refused.value.reason is Reason.WRONG_LANGUAGE


def test_a_file_that_changed_since_it_was_chosen_is_not_used(file):
    voice = engines.from_file(file, "en")
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    with pytest.raises(NotRecordedError) as refused:
        booth.speak(voice, "The city holds.")
    assert refused.value.reason is Reason.VOICE_CHANGED


def test_a_file_that_is_no_voice_is_a_failure_like_others(file):
    file.write_bytes(b"no model")
    with pytest.raises(NotRecordedError) as refused:
        booth.speak(engines.from_file(file, "en"), "The city holds.")
    assert refused.value.reason is Reason.CRASHED


def test_files_that_cannot_be_used_are_left_out_and_named(file, tmp_path):
    lonely = tmp_path / "lonely.onnx"
    lonely.write_bytes(b"without its description")
    chinese = tmp_path / "chinese.onnx"
    shutil.copy(file, chinese)
    about = json.loads(Path(f"{file}.json").read_text()) | {"phoneme_type": "pinyin"}
    Path(f"{chinese}.json").write_text(json.dumps(about))
    own = [
        ("en", tmp_path / "gone.onnx"),
        ("en", lonely),
        ("en", chinese),
        ("en", tmp_path / "a.wav"),
    ]
    assert {voice.name for voice in engines.voices(own)} == {v.name for v in engines.voices()}
    wrong = engines.unusable([*own, ("uk", file)])
    assert [path for path, _error in wrong] == [path for _language, path in own]
    assert {error.reason for _path, error in wrong} == {Reason.VOICE_MISSING}
