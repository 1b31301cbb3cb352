"""One command opens a newsroom from nothing, says what it assumed, and prints the login once."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sqlite3
import stat

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from .conftest import SETTINGS, nightdesk


def mode(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_first_run_prints_the_login_exactly_once_and_where_the_newsroom_is(first_run, data):
    said = first_run.said()
    assert said.count("password  ") == 1
    assert "name      olena" in said
    assert f"Nightdesk is open: http://127.0.0.1:{first_run.port}/" in said


def test_the_second_run_prints_no_login(open_newsroom):
    again = open_newsroom().wait_until_open()
    assert "password" not in again.said()
    assert again.status("/") == 200


def test_only_its_owner_can_read_what_the_newsroom_keeps(first_run):
    data = first_run.data
    assert mode(data) == 0o700
    for name in ("secret-key", "site.db", "newsroom.json", "nightdesk.lock"):
        assert mode(data / name) & 0o077 == 0, name
    for name in ("media", "mail", "spool", "backups"):
        assert mode(data / name) == 0o700, name
    assert len((data / "secret-key").read_text().strip()) >= 50


def test_the_answers_are_kept_so_that_a_restart_needs_no_settings(first_run):
    kept = json.loads((first_run.data / "newsroom.json").read_text())
    assert kept == {name: SETTINGS[name] for name in SETTINGS if name != "NIGHTDESK_OWNER"}


def test_the_password_of_the_first_run_opens_the_admin(first_run, data):
    with sqlite3.connect(data / "site.db") as site:
        kept, owner = site.execute("SELECT password, is_superuser FROM people_user").fetchone()
    assert owner
    assert PBKDF2PasswordHasher().verify(first_run.password(), kept)


def test_a_wrong_setting_is_one_line_that_says_what_is_expected(tmp_path):
    answer = nightdesk("run", "--data", str(tmp_path / "data"), NIGHTDESK_TIME_ZONE="Kiev")
    assert answer.returncode == 2
    assert answer.stderr == (
        "nightdesk: NIGHTDESK_TIME_ZONE is 'Kiev'; expected a zone such as Europe/Kyiv.\n"
    )
    assert not (tmp_path / "data").exists()


def test_a_port_that_is_no_port_is_one_line(tmp_path):
    answer = nightdesk("run", "--data", str(tmp_path / "data"), "--port", "eighty")
    assert answer.returncode == 2
    assert answer.stderr.startswith("nightdesk: PORT is 'eighty'; expected")


def test_with_nobody_to_ask_the_defaults_are_said(tmp_path, monkeypatch, capsys):
    from nightdesk.run import answers

    for name in list(os.environ):
        if name.startswith("NIGHTDESK_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("NIGHTDESK_DATA", str(tmp_path))
    monkeypatch.setenv("NIGHTDESK_NAME", "The Beacon")
    monkeypatch.setenv("TZ", "Europe/Kyiv")
    monkeypatch.setattr("sys.stdin", io.StringIO())
    answers.take(tmp_path, demo=False)
    said = capsys.readouterr().out
    assert "is called “The Beacon”, publishes in en, keeps the time of Europe/Kyiv" in said
    kept = json.loads((tmp_path / "newsroom.json").read_text())
    assert kept["NIGHTDESK_TIME_ZONE"] == "Europe/Kyiv"
    answers.take(tmp_path, demo=False)
    assert capsys.readouterr().out == ""


def test_at_a_terminal_each_answer_is_asked_until_it_can_be_used(tmp_path):
    """Through a real terminal (pty): a wrong zone is refused in words and asked again."""
    import pty
    import subprocess
    import sys

    from .conftest import environment

    ask = (
        "from pathlib import Path; from nightdesk.run import answers; "
        f"answers.take(Path({str(tmp_path)!r}), demo=False)"
    )
    ours, theirs = pty.openpty()
    asking = subprocess.Popen(
        [sys.executable, "-c", ask],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment(NIGHTDESK_DATA=str(tmp_path), NIGHTDESK_SECTION="City"),
    )
    os.close(theirs)
    os.write(ours, b"The Beacon\nuk,en\nKiev\nEurope/Kyiv\nolena@beacon.example\n")
    assert asking.wait(60) == 0
    shown = b""
    with contextlib.suppress(OSError):  # when nobody is at the other end any more
        while more := os.read(ours, 65536):
            shown += more
    shown = shown.decode()
    os.close(ours)
    assert "That is not a zone such as Europe/Kyiv." in shown
    assert "first section" not in shown  # it was set, so it was not asked
    assert json.loads((tmp_path / "newsroom.json").read_text()) == {
        "NIGHTDESK_NAME": "The Beacon",
        "NIGHTDESK_LANGUAGES": "uk,en",
        "NIGHTDESK_TIME_ZONE": "Europe/Kyiv",
        "NIGHTDESK_SECTION": "City",
    }


def test_a_demo_lets_its_visitor_in_at_once_and_a_real_newsroom_asks_for_more(tmp_path):
    from nightdesk.run import answers
    from nightdesk.settings.table import Settings, answers_file, forget_answer

    for demo, kept in ((True, "offered"), (False, None)):
        data = tmp_path / str(demo)
        data.mkdir()
        answers.take(data, demo=demo, quiet=True)
        told = json.loads(answers_file(data).read_text())
        assert told.get("NIGHTDESK_SECOND_FACTOR") == kept
    environ = {"NIGHTDESK_DATA": str(tmp_path / "True")}
    assert Settings(environ)["NIGHTDESK_SECOND_FACTOR"] == "offered"
    assert forget_answer(tmp_path / "True", "NIGHTDESK_SECOND_FACTOR")
    assert Settings(environ)["NIGHTDESK_SECOND_FACTOR"] == "required"
    assert not forget_answer(tmp_path / "False", "NIGHTDESK_SECOND_FACTOR")
