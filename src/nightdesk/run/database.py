"""The main database: whole, of this version, and with a newsroom in it."""

from __future__ import annotations

import contextlib
import datetime
import errno
import os
from pathlib import Path

from nightdesk.kernel.sqlite import is_safe_version, use_fixed_sqlite
from nightdesk.run import seed
from nightdesk.run.trouble import CannotRunError, disk_trouble

use_fixed_sqlite()

import sqlite3  # noqa: E402

#: Automatic copies kept from before upgrades.
COPIES = 5
#: Databases up to this many bytes are read through at every start; the doctor reads larger ones.
READ_THROUGH = 64 * 1024 * 1024


def open_database(data: Path, demo: bool) -> bool:
    """Have the database ready for this version; True when it was made just now.

    Django is set up. This is the one function that decides where a new database comes from.
    Raises ``CannotRunError``.
    """
    from django.db import OperationalError, connection

    from nightdesk.people.roles import set_up_roles
    from nightdesk.stories.review import set_up_review

    sqlite = connection.vendor == "sqlite"
    planted = False
    if sqlite:
        file = Path(connection.settings_dict["NAME"])
        check_sqlite()
        check_file(file)
        planted = plant_seed(file, demo)
    try:
        pending = pending_migrations()
        if pending and sqlite and not planted and connection.introspection.table_names():
            copy = copy_before_upgrade(data)
            print(f"This version changes the database. A copy from before it is in {copy}.")
        if pending:
            migrate()
        if pending or planted:
            set_up_roles()
            set_up_review()
        return fill(demo) or planted
    except OperationalError as error:
        raise _database_trouble(data, error) from error
    finally:
        connection.close()


def plant_seed(file: Path, demo: bool) -> bool:
    """Put a ready-made database where there is none: seconds instead of a minute of migrations.

    True when it did. The demo is ready-made in its own languages; in others it is written story
    by story. A seed older than this version is no harm: migrations bring it up to date.
    """
    if file.exists() and file.stat().st_size:
        return False
    from django.conf import settings
    from django.utils import timezone

    from nightdesk.demo import album
    from nightdesk.demo.load import LANGUAGES

    whole_demo = demo and settings.NIGHTDESK.languages == LANGUAGES
    try:
        if whole_demo:
            album.put_all_files()
        seed.plant("demo" if whole_demo else "empty", file, timezone.get_default_timezone())
    except (sqlite3.OperationalError, OSError) as error:
        raise _database_trouble(file.parent, error) from error
    file.chmod(0o600)
    return True


def fill(demo: bool) -> bool:
    """Make sure there is a newsroom in it: home pages, a first section; in a new demo, stories.

    True when there was none before.
    """
    from django.conf import settings

    from nightdesk.fronts.actions import open_newsroom
    from nightdesk.fronts.models import HomePage

    table = settings.NIGHTDESK
    new = not HomePage.objects.exists()
    open_newsroom(table["NIGHTDESK_NAME"], list(table.languages), table["NIGHTDESK_SECTION"])
    if new and demo:
        from nightdesk.demo.load import load

        load()
    return new


def check_sqlite() -> None:
    """Refuse an SQLite that can corrupt a database while it resets its log."""
    if not is_safe_version(sqlite3.sqlite_version_info):
        raise CannotRunError(
            f"SQLite {sqlite3.sqlite_version} can damage databases; Nightdesk needs 3.51.3 or "
            "later. Install the dependencies again (make run does), or use PostgreSQL."
        )


def check_file(file: Path, *, read_through: bool = False) -> None:
    """Refuse to write to a database file that is damaged. Touches nothing."""
    if not file.exists() or not file.stat().st_size:
        return
    try:
        with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as opened:
            if read_through or file.stat().st_size <= READ_THROUGH:
                found = opened.execute("PRAGMA quick_check(1)").fetchone()[0]
            else:
                opened.execute("SELECT count(*) FROM sqlite_master")
                found = "ok"
    except sqlite3.OperationalError as error:
        raise _database_trouble(file.parent, error) from error
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise CannotRunError(
            f"{file} is damaged ({' '.join(found.split())}). Nothing was changed. Move it away "
            f"and put a copy in its place: the latest are in {file.parent / 'backups'}."
        )


def settle(data: Path) -> None:
    """At the end, move what is in the log into the file: then ``site.db`` alone is everything.

    Only convenience, for whoever copies the file by hand: the next start would do it as well.
    """
    file = data / "site.db"
    if file.exists():
        with (
            contextlib.suppress(sqlite3.Error),
            contextlib.closing(sqlite3.connect(file)) as opened,
        ):
            opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def pending_migrations() -> list[str]:
    """Changes of the database that this version brings. Raises ``CannotRunError`` for a newer one."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    loader = executor.loader
    unknown = [key for key in loader.applied_migrations if key not in loader.disk_migrations]
    ours = sorted(f"{app}.{name}" for app, name in unknown if app in loader.migrated_apps)
    squashed = {key for m in loader.disk_migrations.values() for key in m.replaces}
    ours = [name for name in ours if tuple(name.split(".", 1)) not in squashed]
    if ours:
        raise CannotRunError(
            f"A newer Nightdesk has used this data folder (it knows {ours[-1]}). Install that "
            "version again, or go back to a copy from before it in the folder backups."
        )
    plan = executor.migration_plan(loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def copy_before_upgrade(data: Path) -> Path:
    """A whole copy of the database, made while nobody waits for it; older copies than five go."""
    from django.db import connection

    folder = data / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    moment = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")
    copy = folder / f"site-before-upgrade-{moment}.db"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(copy)])
    copy.chmod(0o600)
    for old in sorted(folder.glob("site-before-upgrade-*.db"))[:-COPIES]:
        old.unlink()
    return copy


def _database_trouble(data: Path, error: Exception) -> CannotRunError:
    text = str(error).strip()
    if "full" in text:
        return disk_trouble(data, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    if "readonly" in text or "unable to open" in text:
        return disk_trouble(data, OSError(errno.EACCES, os.strerror(errno.EACCES)))
    if "locked" in text:
        return CannotRunError(
            f"Another program holds the database in {data} locked. Close it and start again."
        )
    return CannotRunError(f"The database does not answer as it should: {' '.join(text.split())}")
