"""An import that dies leaves whole stories, and the next run finishes it."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

OPEN = """
import nightdesk.settings.site, django
django.setup()
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
from nightdesk.fronts.actions import open_newsroom
open_newsroom("The Test Post", ["en"], "News")
"""


@pytest.mark.slow
@pytest.mark.fault
def test_killed_at_any_moment_an_import_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """Opens a newsroom of its own and kills four imports: about 60 seconds."""
    environment = {
        **os.environ,
        "NIGHTDESK_DATA": str(tmp_path),
        "NIGHTDESK_LANGUAGES": "en",
        "DJANGO_SETTINGS_MODULE": "nightdesk.settings.site",
    }
    subprocess.run([sys.executable, "-c", OPEN], env=environment, check=True)
    rows = [
        {
            "slug": f"bridge-{number}",
            "published": "2010-10-22 11:33:15 -0400",
            "headline": f"Bridge number {number} opens",
            "bylines": [f"Ann Lee {chr(65 + number % 26)}"],
            "topics": ["Roads"],
            "html": f"<p>{'The bridge was opened to traffic on Wednesday. ' * 8}</p>",
        }
        for number in range(300)
    ]
    source = tmp_path / "old.jsonl"
    source.write_text("\n".join(map(json.dumps, rows)))
    command = [sys.executable, "-m", "nightdesk", "import", str(source)]
    said: list[str] = []
    for seconds in (1.0, 0.1, 0.7, 1.6):
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        first = process.stdout.readline()
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        said += [first, *process.communicate()[0].splitlines()]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert len(done.stdout.splitlines()) == 300
    published = {
        line.split(" http")[0] for line in said if line.startswith("Published") and " http" in line
    }
    with sqlite3.connect(tmp_path / "site.db") as database:
        count = database.execute(
            "SELECT count(DISTINCT source_key), count(*) FROM stories_storypage"
        )
        assert count.fetchone() == (300, 300)
        assert database.execute("SELECT count(*) FROM people_author").fetchone() == (26,)
        titles = {title for (title,) in database.execute("SELECT title FROM wagtailcore_page")}
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        bylines = database.execute("SELECT count(*) FROM stories_storybyline").fetchone()
        assert bylines == (300,)
    assert {line.removeprefix("Published: ") for line in published} <= titles
