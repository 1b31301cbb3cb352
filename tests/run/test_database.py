"""The database is never opened damaged, never upgraded without a copy, never downgraded."""

from __future__ import annotations

import shutil
import sqlite3

import pytest

from .conftest import nightdesk

pytestmark = pytest.mark.fault


def refused(data, **settings: str) -> str:
    answer = nightdesk("run", "--data", str(data), "--port", "18797", **settings)
    assert answer.returncode == 1, answer.stdout + answer.stderr
    lines = [line for line in answer.stderr.splitlines() if " newsstand: " not in line]
    assert len(lines) == 1, answer.stderr
    return lines[0]


def test_a_damaged_database_is_left_alone_and_named(data):
    file = data / "site.db"
    healthy = file.read_bytes()
    damaged = healthy[:20_000] + b"\xff" * 60_000 + healthy[80_000:]
    file.write_bytes(damaged)
    said = refused(data)
    assert f"{file} is damaged" in said
    assert str(data / "backups") in said
    assert file.read_bytes() == damaged


def test_a_file_that_is_no_database_is_named(data):
    (data / "site.db").write_text("This is a letter to the editor. " * 100)
    assert "site.db is damaged (file is not a database)" in refused(data)


def test_an_upgrade_copies_the_database_first(open_newsroom, data):
    with sqlite3.connect(data / "site.db") as site:
        site.execute("DELETE FROM django_migrations WHERE app = 'takedown'")
        site.execute("DROP TABLE takedown_takedown")
    newsroom = open_newsroom().wait_until_open()
    copy, *others = (data / "backups").iterdir()
    assert not others
    assert f"A copy from before it is in {copy}." in newsroom.said()
    assert copy.stat().st_mode & 0o077 == 0
    with sqlite3.connect(copy) as before:
        assert before.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        tables = {name for (name,) in before.execute("SELECT name FROM sqlite_master")}
    assert "stories_storypage" in tables
    assert "takedown_takedown" not in tables


def test_a_database_of_a_newer_nightdesk_is_refused(data):
    with sqlite3.connect(data / "site.db") as site:
        site.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('stories', '9999_from_the_future', '2030-01-01')"
        )
    said = refused(data)
    assert (
        "A newer Nightdesk has used this data folder (it knows stories.9999_from_the_future)"
        in (said)
    )


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "data").write_text("a file")
    said = refused(tmp_path / "data")
    assert said == (
        f"nightdesk: {tmp_path / 'data'} cannot be used: there is a file where the folder should "
        "be. Choose another folder with --data."
    )


def test_a_full_disk_is_one_line(data, tmp_path):
    """A file system of its own, filled to the last byte."""
    import subprocess

    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=30m", "tmpfs", small], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("needs the right to mount")
    try:
        shutil.copytree(data, small / "data")
        with (small / "filler").open("wb", buffering=0) as filler, pytest.raises(OSError):
            while filler.write(b"\0" * 65536):
                pass
        assert refused(small / "data").endswith(
            "cannot be used: the disk is full. Free some space and start again; nothing was lost."
        )
    finally:
        subprocess.run(["umount", small], check=True)


def test_an_sqlite_that_damages_databases_is_refused(monkeypatch):
    from nightdesk.run import database
    from nightdesk.run.trouble import CannotRunError

    monkeypatch.setattr(database.sqlite3, "sqlite_version_info", (3, 46, 1))
    with pytest.raises(CannotRunError, match=r"needs 3\.51\.3 or later"):
        database.check_sqlite()
