"""A test database that was migrated once: by the first process that needs it, for all that follow.

The 230 migrations take 12 s of a processor, and always make the same. So the first process keeps
a copy of what they made, under a name that tells what they were made from; the others, and the
next runs, begin with that copy. ``migrate`` still runs over it, for a third of a second, and would
bring a copy up to date that was not. SQLite's copy is a file in pytest's cache, PostgreSQL's a
database of the same server. A lock lets processes that begin together wait for the first.
"""

from __future__ import annotations

import ast
import contextlib
import fcntl
import hashlib
import shutil
from collections.abc import Iterator
from importlib import metadata, util
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection

#: On PostgreSQL there is one at a time; what it was made from is the comment on it.
_TEMPLATE = "nightdesk_tests_migrated"
_LOCK = 0x6D696772


def open_test_database(folder: Path) -> None:
    """Connect Django to an empty newsroom's database of this process's own. ``folder`` is for the
    copies, and outlasts the run."""
    if connection.vendor == "postgresql":
        _from_template()
    else:
        _from_file(folder)


def _create(*, over_a_copy: bool = False) -> None:
    connection.creation.create_test_db(
        verbosity=0, autoclobber=True, serialize=False, keepdb=over_a_copy
    )


def _from_file(folder: Path) -> None:
    copy = folder / f"{fingerprint()}.db"
    with _alone(folder / "lock"):
        if copy.exists():
            shutil.copyfile(copy, connection.creation._get_test_db_name())
        else:
            _create()
            for former in folder.glob("*.db"):
                former.unlink()
            _copy_to(copy)
            return
    _create(over_a_copy=True)


def _copy_to(copy: Path) -> None:
    half = copy.with_suffix(".half")
    half.unlink(missing_ok=True)
    with contextlib.closing(type(connection.connection)(half)) as opened:
        connection.connection.backup(opened)
    half.rename(copy)


@contextlib.contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _from_template() -> None:
    made_from = fingerprint()
    with connection.creation._nodb_cursor() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        server.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s"
            " AND shobj_description(oid, 'pg_database') = %s",
            [_TEMPLATE, made_from],
        )
        if server.fetchone():
            connection.settings_dict["TEST"]["TEMPLATE"] = _TEMPLATE
            _create()
        else:
            _create()
            connection.close()  # a database that somebody is connected to cannot be copied
            test = connection.ops.quote_name(connection.settings_dict["NAME"])
            server.execute(f"DROP DATABASE IF EXISTS {_TEMPLATE}")
            server.execute(f"CREATE DATABASE {_TEMPLATE} TEMPLATE {test}")
            server.execute(f"COMMENT ON DATABASE {_TEMPLATE} IS '{made_from}'")


def fingerprint() -> str:
    """Of all that decides what the migrations make: themselves, the folders of ours that they
    import from, the installed packages, and the settings that they ask."""
    asked = (
        connection.vendor,
        settings.INSTALLED_APPS,
        settings.LANGUAGE_CODE,
        settings.LANGUAGES,
        settings.WAGTAIL_CONTENT_LANGUAGES,
        sorted(f"{each.name}=={each.version}" for each in metadata.distributions()),
    )
    digest = hashlib.sha256(repr(asked).encode())
    ours: set[Path] = set()
    for app in apps.get_app_configs():
        migrations = sorted(Path(app.path, "migrations").glob("*.py"))
        for file in migrations:
            digest.update(f"{app.label}/{file.name}\n".encode() + file.read_bytes())
            if app.name.startswith("nightdesk"):
                ours |= _imported(file)
    for file in sorted(file for folder in ours for file in folder.iterdir() if file.is_file()):
        digest.update(f"{file.parent.name}/{file.name}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:32]


def _imported(file: Path) -> set[Path]:
    """The folders of Nightdesk's modules that a migration imports, at its head or later on."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
        elif isinstance(node, ast.Import):
            names.update(each.name for each in node.names)
    specs = [util.find_spec(name) for name in names if name.startswith("nightdesk.")]
    return {Path(spec.origin).parent for spec in specs if spec and spec.origin}
