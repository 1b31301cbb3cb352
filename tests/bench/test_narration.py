"""`nightdesk bench narration` measures what it says."""

from __future__ import annotations

import json

import pytest

from nightdesk.bench.narration import command, rows, telling, whole
from nightdesk.narration.heard import heard
from nightdesk.narration.models import Narration
from nightdesk.stories.models import StoryPage
from tests.narration.conftest import media, voice  # noqa: F401 - fixtures
from tests.narration.test_flow import read_all
from tests.run.conftest import nightdesk


def test_the_story_has_what_makes_reading_aloud_hard_and_the_word_that_is_edited():
    text = rows.STORY.read_text()
    assert text.count(rows.BEFORE) == 1
    spoken = [s.spoken for passage in rows._passages(text) for s in passage.sentences]
    assert not any(letter.isdigit() for sentence in spoken for letter in sentence)
    assert max(map(len, spoken)) <= 250
    assert 200 < len(rows.LONGEST) <= 250


def test_a_row_that_is_not_there_is_named_with_those_that_are(capsys):
    with pytest.raises(SystemExit):
        command.bench(["--rows", "sound,noise"])
    said = capsys.readouterr().err
    assert "noise" in said
    assert "readers" in said


@pytest.mark.django_db
@pytest.mark.usefixtures("section", "voice", "media")
def test_what_the_bench_tells_is_read_and_reworded_and_read_again():
    told = telling.tell("Trams cross it again", "The bridge is open.\n\nIt took up to 35 minutes.")
    story = StoryPage.objects.get(pk=told["page"])
    assert told["path"] == story.get_url()
    assert told["began"] <= told["committed"]
    assert telling.how_it_stands(story.pk)["state"] == "waiting"
    read_all()
    first = heard(story).url
    telling.let_pass(story.pk, 120)
    telling.reword(story.pk, "The bridge is open.\n\nIt took up to 40 minutes.")
    read_all()
    assert heard(StoryPage.objects.get(pk=story.pk)).url != first
    telling.read_again(story.pk)
    row = Narration.objects.get(story=story)
    assert (row.state, row.spec) == ("waiting", "")
    assert telling.how_it_stands(story.pk)["state"] == "waiting"


def test_a_player_is_found_in_a_page_and_its_ninety_fifth_in_a_hundred():
    page = b'<p>x</p><audio controls preload="none" src="/media/audio/a-1.mp3" aria-label="x">'
    assert whole._PLAYER.search(page)[1] == b"/media/audio/a-1.mp3"
    assert whole._PLAYER.search(b"<p>no player</p>") is None
    assert whole._p95([3.0]) == 3.0
    assert whole._p95([float(n) for n in range(101)]) == 95.0


@pytest.mark.slow
def test_a_whole_newsroom_reads_aloud_beside_readers():
    """Costs a newsroom and some stories read aloud: two minutes."""
    arguments = ["bench", "narration", "--json", "--quick", "--rows", "readers"]
    answer = nightdesk(*arguments, timeout=1200)
    assert answer.returncode in {0, 1}, answer.stderr
    figures = {one["row"]: one for one in json.loads(answer.stdout)}
    assert set(figures) == {"playable", "edit", "latency.p50", "latency.p95"}
    assert "0 failed" in figures["playable"]["note"]


@pytest.mark.slow
def test_reading_a_paragraph_aloud_is_measured_beside_piper_as_it_comes():
    """Costs six starts of a voice: half a minute."""
    answer = nightdesk("bench", "narration", "--json", "--quick", "--rows", "sound", timeout=600)
    assert answer.returncode in {0, 1}, answer.stderr
    figures = {one["what"]: one for one in json.loads(answer.stdout)}
    cpu = figures["CPU per second of sound"]
    assert 0.01 < cpu["value"] < 0.5
    assert cpu["beside"][0] == "Piper as it comes"
    assert figures["loudness, read back from the MP3"]["met"]
    assert figures["highest sample, read back from the MP3"]["met"]
