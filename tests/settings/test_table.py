"""A wrong setting is one line that names it, what it got and what it expects."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightdesk.settings.table import (
    ANSWERS,
    TABLE,
    SettingError,
    Settings,
    reading_speed,
    write_answers,
)


def settings_from(tmp_path, **environ):
    return Settings({"NIGHTDESK_DATA": str(tmp_path), **environ})


def test_without_any_setting_there_is_a_newsroom_to_open(tmp_path):
    settings = settings_from(tmp_path)
    assert settings["PORT"] == 8000
    assert settings.languages == ("en",)
    assert settings.public_url == "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("name", "got"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("NIGHTDESK_TIME_ZONE", "Europe/Kiyv"),
        ("NIGHTDESK_TIME_ZONE", "../etc/passwd"),
        ("NIGHTDESK_LANGUAGES", "en,en"),
        ("NIGHTDESK_LANGUAGES", "klingon"),
        ("NIGHTDESK_URL", "news.example"),
        ("NIGHTDESK_URL", "https://news.example/paper"),
        ("DATABASE_URL", "mysql://root@localhost/news"),
        ("NIGHTDESK_READING_SPEED", "fast"),
        ("NIGHTDESK_NOINDEX", "maybe"),
        ("NIGHTDESK_HOSTS", "https://news.example"),
        ("NIGHTDESK_SITE_WORKERS", "0"),
        ("NIGHTDESK_VOICES", "/srv/voices/uk.onnx"),
        ("NIGHTDESK_VOICES", "klingon=/srv/voices/tlh.onnx"),
        ("NIGHTDESK_VOICES", "uk=/srv/voices/uk.wav"),
    ],
)
def test_a_wrong_setting_is_one_line_that_says_what_is_expected(tmp_path, name, got):
    with pytest.raises(SettingError) as caught:
        settings_from(tmp_path, **{name: got})
    line = str(caught.value)
    expects = next(setting.expects for setting in TABLE if setting.name == name)
    assert "\n" not in line
    assert line.startswith(f"{name} is ")
    assert expects in line


def test_voices_of_ones_own_are_files_each_with_its_language(tmp_path):
    settings = settings_from(tmp_path, NIGHTDESK_VOICES="uk=/srv/a=b.onnx, en=/srv/af_heart.bin")
    assert settings["NIGHTDESK_VOICES"] == (
        ("uk", Path("/srv/a=b.onnx")),
        ("en", Path("/srv/af_heart.bin")),
    )


def test_a_wrong_secret_is_named_and_not_shown(tmp_path):
    with pytest.raises(SettingError) as caught:
        settings_from(tmp_path, DATABASE_URL="mysql://root:hunter2@localhost/news")
    assert "hunter2" not in str(caught.value)


def test_a_secret_can_lie_in_a_file(tmp_path):
    file = tmp_path / "key"
    file.write_text("k" * 50 + "\n")
    settings = settings_from(tmp_path, NIGHTDESK_SECRET_KEY_FILE=str(file))
    assert settings["NIGHTDESK_SECRET_KEY"] == "k" * 50


def test_a_missing_secret_file_is_said_by_name(tmp_path):
    with pytest.raises(SettingError, match="NIGHTDESK_SECRET_KEY_FILE names /nowhere"):
        settings_from(tmp_path, NIGHTDESK_SECRET_KEY_FILE="/nowhere")


def test_the_first_runs_answers_hold_until_the_environment_says_otherwise(tmp_path):
    write_answers(tmp_path, {"NIGHTDESK_NAME": "The Ferry", "NIGHTDESK_LANGUAGES": "uk,en"})
    assert settings_from(tmp_path)["NIGHTDESK_NAME"] == "The Ferry"
    assert settings_from(tmp_path).languages == ("uk", "en")
    assert settings_from(tmp_path, NIGHTDESK_NAME="The Tram")["NIGHTDESK_NAME"] == "The Tram"


def test_no_secret_is_ever_kept_among_the_answers(tmp_path):
    assert not [setting.name for setting in TABLE if setting.secret and setting.name in ANSWERS]
    with pytest.raises(SettingError):
        write_answers(tmp_path, {"DATABASE_URL": "postgresql://"})


def test_a_damaged_answers_file_is_said_and_not_overwritten(tmp_path):
    (tmp_path / "newsroom.json").write_text("{")
    with pytest.raises(SettingError, match=r"newsroom\.json cannot be read"):
        settings_from(tmp_path)


def test_the_site_answers_under_its_public_name_and_this_machines(tmp_path):
    settings = settings_from(
        tmp_path, NIGHTDESK_URL="https://News.Example", NIGHTDESK_HOSTS="b.example"
    )
    assert settings.hosts[:2] == ("news.example", "b.example")
    assert "127.0.0.1" in settings.hosts


def test_reading_speed_is_set_by_language_or_for_all():
    assert reading_speed({"*": 200, "uk": 180}, "uk") == 180
    assert reading_speed({"*": 200, "uk": 180}, "en") == 200
    assert reading_speed({"uk": 180}, "en") == 200


@given(st.dictionaries(st.sampled_from([s.name for s in TABLE[1:]]), st.text(max_size=40)))
def test_whatever_is_in_the_environment_it_works_or_is_said_in_one_line(environ):
    try:
        Settings({"NIGHTDESK_DATA": "/nonexistent", **environ})
    except SettingError as error:
        assert str(error).count("\n") == 0
