"""A command in another terminal is told nothing of `--port`, and finds the newsroom all the same."""

from __future__ import annotations

import signal
from pathlib import Path

from tests.run.conftest import Newsroom, nightdesk

STORY = """<html><head><title>The ferry sails</title>
<meta property="article:published_time" content="2024-05-01T10:00:00Z"></head><body><article>
<h1>The ferry sails</h1><p>It left the harbour at noon with two hundred people on board, and
nobody knew when it would be back. The captain said nothing.</p></article></body></html>"""


def test_links_lead_there_and_the_newsstand_is_asked_there(newsroom: Newsroom, tmp_path: Path):
    here = f"http://127.0.0.1:{newsroom.port}"
    (tmp_path / "story.html").write_text(STORY)
    data = ("--data", str(newsroom.data))
    brought = nightdesk("import", str(tmp_path / "story.html"), *data)
    assert brought.returncode == 0, brought.stderr
    address = next(word for word in brought.stdout.split() if word.startswith("http"))
    assert address.startswith(f"{here}/"), brought.stdout
    assert newsroom.status("/healthz") == 200
    newsroom.wait_for(lambda: newsroom.status(address.removeprefix(here)) == 200)
    down = nightdesk("takedown", address, "--reason", "Wrong.", *data)
    assert "done: the newsstand answers 410" in down.stdout, down.stdout + down.stderr
    assert "NOT YET" not in down.stdout
    newsroom.stop()
    assert not (newsroom.data / "address.json").exists()


def test_after_a_crash_nobody_is_led_to_where_it_was(newsroom: Newsroom):
    left = newsroom.data / "address.json"
    assert str(newsroom.port) in left.read_text()
    newsroom.stop(signal.SIGKILL)
    assert left.exists()
    words = "from django.conf import settings; print(settings.PUBLIC_URL)"
    data = ("--data", str(newsroom.data))
    said = nightdesk("django", "shell", "--no-imports", "-c", words, *data, PORT="8077")
    assert said.stdout.strip().endswith("http://127.0.0.1:8077"), said.stdout + said.stderr
