"""Does the shelf agree with the database? Every stored page must be what a fresh print gives."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import subprocess
import time
from pathlib import Path

from tests.run.conftest import PROGRAM, environment

#: Prints everything anew beside the press and compares; writes nothing to either database.
_COMPARE = """
import json
from pathlib import Path
from urllib.parse import unquote
from django.conf import settings
from nightdesk.press import pages
from nightdesk.press.printing.printer import OnlyForSomeError, Printer
from nightdesk.press.shelf.format import connect
shelf = connect(Path(settings.DATA) / "shelf.db", read_only=True)
stored = dict(shelf.execute("SELECT path, tag FROM entry WHERE status != 0 AND kind != 'asset'"))
public = {unquote(path) for _kind, path in pages.all_paths()}
printer, wrong = Printer(), []
for path in sorted(path for path in stored.keys() | public if not path.startswith("/assets/")):
    try:
        printed = printer.print(path)
    except OnlyForSomeError:
        printed = None  # left to the site
    tag = printed and printed.tag
    if tag != stored.get(path):
        wrong.append([path, "not stored" if path not in stored else "gone" if tag is None else "old"])
print(json.dumps([len(stored), wrong]))
"""


def behind(data: Path) -> tuple[int, int]:
    """(changes that the press has not looked at, pages that wait to be printed)."""
    with (
        contextlib.closing(sqlite3.connect(f"file:{data}/site.db?mode=ro", uri=True)) as site,
        contextlib.closing(sqlite3.connect(f"file:{data}/shelf.db?mode=ro", uri=True)) as shelf,
    ):
        (newest,) = site.execute("SELECT coalesce(max(id), 0) FROM press_outboxentry").fetchone()
        cursor = shelf.execute("SELECT value FROM meta WHERE name = 'cursor'").fetchone()
        (stale,) = shelf.execute("SELECT count(*) FROM entry WHERE stale IS NOT NULL").fetchone()
    return newest - int(cursor[0] if cursor else 0), stale


def wait_until_printed(data: Path, seconds: float = 30) -> float:
    """Until the press has nothing left to do, twice in a row; how long it took."""
    began, quiet = time.monotonic(), 0
    while quiet < 2:
        with contextlib.suppress(sqlite3.Error):
            quiet = quiet + 1 if behind(data) == (0, 0) else 0
        assert time.monotonic() - began < seconds, f"still to do: {behind(data)}"
        time.sleep(0.1)
    return time.monotonic() - began


def differences(data: Path, port: int) -> tuple[int, list[list[str]]]:
    """How many pages are stored, and [path, what is wrong] of those that are not as they should."""
    words = ["django", "shell", "--data", str(data), "--no-imports", "-c", _COMPARE]
    # Pages hold the newsroom's own address, which is made of its port.
    settings = environment(PORT=str(port))
    answer = subprocess.run(
        [*PROGRAM, *words], capture_output=True, text=True, check=False, env=settings
    )
    assert answer.returncode == 0, answer.stderr
    stored, wrong = json.loads(answer.stdout.splitlines()[-1])
    return stored, wrong


def is_sound(file: Path) -> bool:
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as opened:
        return opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
