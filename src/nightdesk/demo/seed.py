"""Write the ready-made databases and the album: what `make seed` runs after a change of models,
migrations or demo.

Each database is made in a process of its own, from migrations and through the ordinary models,
with the clock stopped and chance fixed, so that its text changes only when its content does.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path
from unittest import mock

from nightdesk.run.seed import SEED_NOW, SEEDS, dump


def write_seeds(*, pictures: bool = False) -> None:
    """Make seeds/empty.sql and seeds/demo.sql; with ``pictures`` (or without an album) that, too."""
    from nightdesk.demo import album

    if pictures or not album.LIST.exists():
        from nightdesk.demo.script import read_edition

        print("Developing the drawings …")
        with tempfile.TemporaryDirectory() as bench:
            album.make(read_edition("en", SEED_NOW).pictures, Path(bench))
    SEEDS.mkdir(exist_ok=True)
    for kind in ("empty", "demo"):
        text = fresh_database(kind)
        (SEEDS / f"{kind}.sql").write_text(text, encoding="utf-8")
        print(f"{kind}.sql: {len(text.encode()) // 1024} KiB")


def fresh_database(kind: str) -> str:
    """The text of a database made from nothing, in a process and a data folder of its own."""
    with tempfile.TemporaryDirectory(prefix="nightdesk-seed-") as data:
        environ = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("NIGHTDESK_", "DJANGO_", "DATABASE_"))
        }
        environ |= {
            "NIGHTDESK_DATA": data,
            "NIGHTDESK_LANGUAGES": "en,uk",
            "DJANGO_SETTINGS_MODULE": "nightdesk.settings.site",
            "PYTHONHASHSEED": "0",
        }
        command = [sys.executable, "-m", "nightdesk.demo.seed", kind]
        subprocess.run(command, env=environ, check=True)
        return dump(Path(data) / "site.db")


def make(kind: str) -> None:
    """In that process: migrate, and for the demo open a newsroom and fill it."""
    import django
    import time_machine

    chance = random.Random(kind)
    fixed = mock.patch("uuid.uuid4", lambda: uuid.UUID(int=chance.getrandbits(128), version=4))
    with time_machine.travel(SEED_NOW, tick=False), fixed:
        django.setup()
        from django.core.management import call_command

        from nightdesk.audit.stamp import without_stamps

        with without_stamps():
            call_command("migrate", interactive=False, verbosity=0)
            if kind == "demo":
                _fill()
            _forget_tasks()


def _fill() -> None:
    from django.core.management import call_command

    from nightdesk.coverage import searching
    from nightdesk.demo.load import load
    from nightdesk.demo.script import read_edition
    from nightdesk.fronts.actions import open_newsroom

    edition = read_edition("en", SEED_NOW)
    open_newsroom(edition.name, ["en", "uk"], edition.sections[0].name)
    load(SEED_NOW, keep_dates=True)
    call_command("rebuild_references_index", verbosity=0)
    call_command("update_index", verbosity=0)
    searching.bring_in()


def _forget_tasks() -> None:
    """What the load enqueued has been done at once above, and nothing was printed yet that it
    could have changed: a planted newsroom starts with a clean queue and an empty outbox."""
    from django_tasks_db.models import DBTaskResult

    from nightdesk.press.models import OutboxEntry

    DBTaskResult.objects.all().delete()
    OutboxEntry.objects.all().delete()


if __name__ == "__main__":
    make(sys.argv[1])
