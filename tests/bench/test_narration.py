"""`nightdesk bench narration` measures what it says."""

from __future__ import annotations

import json

import pytest

from nightdesk.bench.narration import rows
from tests.run.conftest import nightdesk


def test_the_story_has_what_makes_reading_aloud_hard_and_the_word_that_is_edited():
    text = rows.STORY.read_text()
    assert text.count(rows.BEFORE) == 1
    spoken = [s.spoken for passage in rows._passages(text) for s in passage.sentences]
    assert not any(letter.isdigit() for sentence in spoken for letter in sentence)
    assert max(map(len, spoken)) <= 250
    assert 200 < len(rows.LONGEST) <= 250


@pytest.mark.slow
def test_reading_a_paragraph_aloud_is_measured_beside_piper_as_it_comes():
    """Costs six starts of a voice: half a minute."""
    answer = nightdesk("bench", "narration", "--json", "--quick", timeout=600)
    assert answer.returncode in {0, 1}, answer.stderr
    figures = {one["what"]: one for one in json.loads(answer.stdout)}
    cpu = figures["CPU per second of sound"]
    assert 0.01 < cpu["value"] < 0.5
    assert cpu["beside"][0] == "Piper as it comes"
    assert figures["loudness, read back from the MP3"]["met"]
    assert figures["highest sample, read back from the MP3"]["met"]
