"""The ready-made databases are what migrations and the demo make, and hold nothing secret."""

import datetime
import re
import zoneinfo

import pytest

from nightdesk.demo.seed import fresh_database
from nightdesk.run import seed

KYIV = zoneinfo.ZoneInfo("Europe/Kyiv")
REMAKE = "The ready-made databases are out of date: run `make seed` and commit what it changes."


@pytest.mark.parametrize("kind", ["empty", "demo"])
def test_the_shipped_database_is_what_migrations_and_the_demo_make(kind):
    shipped = (seed.SEEDS / f"{kind}.sql").read_text(encoding="utf-8").splitlines()
    fresh = fresh_database(kind).splitlines()
    differing = [
        (ours[:200], made[:200]) for ours, made in zip(shipped, fresh, strict=False) if ours != made
    ]
    assert not differing[:3] and len(shipped) == len(fresh), REMAKE


@pytest.mark.parametrize("kind", ["empty", "demo"])
def test_it_holds_no_account_no_session_and_no_queued_work(kind, tmp_path):
    file = tmp_path / "site.db"
    seed.plant(kind, file, KYIV)
    import sqlite3

    with sqlite3.connect(file) as database:
        for table in ("people_user", "django_session", "django_tasks_database_dbtaskresult"):
            assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table


def test_the_demo_is_as_fresh_as_the_day_it_is_opened(tmp_path):
    file = tmp_path / "site.db"
    opened = datetime.datetime(2031, 5, 6, 9, 0, tzinfo=datetime.UTC)
    seed.plant("demo", file, KYIV, now=opened)
    import sqlite3

    with sqlite3.connect(file) as database:
        newest = database.execute("SELECT max(published_at) FROM briefs_brief").fetchone()[0]
        body = database.execute("SELECT group_concat(body) FROM stories_storypage").fetchone()[0]
    age = opened - datetime.datetime.fromisoformat(newest).replace(tzinfo=datetime.UTC)
    assert datetime.timedelta(0) <= age < datetime.timedelta(hours=1)
    assert not re.search(r"\{(day|date|moment)", body, re.I)
    assert "2026-11" not in body


def test_a_kill_while_planting_leaves_no_half_database(tmp_path, monkeypatch):
    file = tmp_path / "site.db"

    def stopped(_file):
        raise KeyboardInterrupt

    monkeypatch.setattr(seed, "_settle", stopped)
    with pytest.raises(KeyboardInterrupt):
        seed.plant("empty", file, KYIV)
    assert not file.exists()
    monkeypatch.undo()
    seed.plant("empty", file, KYIV)
    assert file.exists()


def test_moments_are_moved_in_columns_and_in_json_alike():
    script = '(\'2026-11-22 12:00:00.000001\') {"at": "2026-11-22T12:00:00Z"} 12:00'
    moved = seed.move_times(script, datetime.timedelta(days=1, minutes=1))
    assert moved == '(\'2026-11-23 12:01:00.000001\') {"at": "2026-11-23T12:01:00Z"} 12:00'
