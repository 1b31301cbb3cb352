"""The doctor finds what is wrong before readers do, and says what to do about it."""

from __future__ import annotations

import datetime
import fcntl
import json
import os
import sqlite3
import time

import pytest

from nightdesk.run import checks, folder
from tests.newsstand.certificates import DAY, Pair

from .conftest import nightdesk


def findings(data, **settings: str) -> tuple[int, dict[str, str]]:
    """Exit code, and of each thing the lines about it."""
    answer = nightdesk("doctor", "--data", str(data), **settings)
    assert answer.stderr == "", answer.stderr
    found: dict[str, str] = {}
    for line in answer.stdout.splitlines():
        level, what = line[:8].strip(), line[9:21].strip()
        found[what] = found.get(what, "") + f"{level}: {line[22:]}\n"
    return answer.returncode, found


def test_a_healthy_newsroom_is_ok_in_every_line(data):
    code, found = findings(data)
    assert code == 0
    assert [line for line in found.values() if not line.startswith("ok: ")] == []
    assert {"settings", "data folder", "secret key", "disk", "database", "schedule"} <= set(found)


def test_a_running_newsroom_is_looked_at_without_disturbing_it(newsroom):
    newsroom.wait_for((newsroom.data / "clock").exists)
    code, found = findings(newsroom.data)
    assert code == 0, found
    assert found["processes"].startswith("ok: Nightdesk is running")
    assert found["clock"].startswith("ok: ")


def test_folders_and_keys_that_others_can_read_are_problems(data):
    data.chmod(0o755)
    (data / "secret-key").chmod(0o644)
    code, found = findings(data)
    assert code == 1
    assert f"chmod 700 {data}" in found["data folder"]
    assert f"chmod 600 {data / 'secret-key'}" in found["secret key"]


def test_a_wrong_setting_is_a_problem_not_a_crash(data):
    code, found = findings(data, PORT="eighty")
    assert code == 1
    assert "PORT is 'eighty'; expected a number from 1 to 65535" in found["settings"]


def test_a_damaged_database_is_named_with_where_the_copies_are(data):
    file = data / "site.db"
    healthy = file.read_bytes()
    file.write_bytes(healthy[:20_000] + b"\xff" * 60_000 + healthy[80_000:])
    code, found = findings(data)
    assert code == 1
    assert "is damaged" in found["database"]
    assert str(data / "backups") in found["database"]


def test_a_folder_that_does_not_exist_is_said(tmp_path):
    code, found = findings(tmp_path / "nowhere")
    assert code == 1
    assert "start Nightdesk once" in found["data folder"]


def test_a_newsroom_that_has_just_opened_is_not_told_that_its_clock_is_broken(tmp_path):
    with (tmp_path / folder.LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert [found.level for found in checks._clock(tmp_path)] == ["ok"]
        an_age_ago = time.time() - 2 * checks.CLOCK_SILENT
        os.utime(tmp_path / folder.LOCK, (an_age_ago, an_age_ago))
        assert [found.level for found in checks._clock(tmp_path)] == ["problem"]


def test_a_clock_that_has_stopped_is_a_problem(newsroom):
    newsroom.wait_for((newsroom.data / "clock").exists)
    import signal

    os.kill(newsroom.processes()["nd-press"], signal.SIGSTOP)
    old = time.time() - 100
    os.utime(newsroom.data / "clock", (old, old))
    code, found = findings(newsroom.data)
    assert code == 1
    assert "nothing is published on schedule" in found["clock"]


def test_changes_that_wait_for_a_start_are_a_warning(data):
    with sqlite3.connect(data / "site.db") as site:
        site.execute("DELETE FROM django_migrations WHERE app = 'newsletters'")
    code, found = findings(data)
    assert code == 0
    assert found["version"].startswith("warning: the database waits for")


def test_a_newsroom_that_nobody_can_administer_is_a_problem(data):
    with sqlite3.connect(data / "site.db") as site:
        site.execute("UPDATE people_user SET is_active = 0")
    code, found = findings(data)
    assert code == 1
    assert "nightdesk user add NAME --role owner" in found["accounts"]


@pytest.fixture
def draft(data) -> int:
    """A page of the first section that is not live; its id."""
    with sqlite3.connect(data / "site.db") as site:
        (pk,) = site.execute("SELECT page_ptr_id FROM stories_sectionpage").fetchone()
        site.execute("UPDATE wagtailcore_page SET live = 0, last_published_at = NULL")
        return pk


def hours_ago(hours: float) -> str:
    moment = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=hours)
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def test_a_story_whose_hour_passed_unnoticed_is_named(data, draft):
    with sqlite3.connect(data / "site.db") as site:
        site.execute(
            "UPDATE wagtailcore_page SET go_live_at = ? WHERE id = ?", [hours_ago(3), draft]
        )
    code, found = findings(data)
    assert code == 0
    assert "“News” was meant for" in found["schedule"]
    assert "publish it, or clear its date" in found["schedule"]


def test_a_scheduled_story_that_is_late_is_a_problem(data, draft):
    with sqlite3.connect(data / "site.db") as site:
        kind = site.execute(
            "SELECT content_type_id FROM wagtailcore_page WHERE id = ?", [draft]
        ).fetchone()[0]
        site.execute(
            "INSERT INTO wagtailcore_revision (content_type_id, base_content_type_id, object_id, "
            "created_at, object_str, content, approved_go_live_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [kind, kind, str(draft), hours_ago(5), "Ferry doubles", json.dumps({}), hours_ago(3)],
        )
    code, found = findings(data)
    assert code == 1
    assert "Ferry doubles should have been published" in found["schedule"]


def test_a_certificate_is_looked_at_before_browsers_refuse_it(data, tmp_path):
    pair = Pair(tmp_path)
    settings = {
        "TLS_CERT": str(pair.cert),
        "TLS_KEY": str(pair.key),
        "NIGHTDESK_URL": "https://news.example",
    }
    code, found = findings(data, **settings)
    assert code == 1
    assert "cannot be read" in found["certificate"]
    for names, days, level, said in (
        (["news.example", "www.news.example"], 90, "ok", "good until"),
        (["*.example"], 90, "ok", "good until"),
        (["news.example"], 9, "warning", "it ends in 8 days"),
        (["news.example"], -1, "problem", "it ended on"),
        (["other.example"], 90, "problem", "it is for other.example, not for news.example"),
    ):
        pair.issue(*names, ends_in=days * DAY)
        _code, found = findings(data, **settings)
        assert found["certificate"].startswith(f"{level}: ")
        assert said in found["certificate"]
