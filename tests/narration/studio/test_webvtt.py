"""Timings that every player understands."""

from __future__ import annotations

import json

from nightdesk.narration.studio import webvtt
from nightdesk.narration.studio.webvtt import Cue

CUES = [
    Cue("3f2-a-1", 0.125, 3.4567, "“Profits” rose\nby 3 %."),
    Cue("3f2-a-2", 3661.9996, 3662.5, "A < B --> C & D"),
]


def test_times_are_hours_minutes_seconds_and_thousandths():
    text = webvtt.metadata(CUES)
    assert "00:00:00.125 --> 00:00:03.457" in text
    assert "01:01:02.000 --> 01:01:02.500" in text


def test_the_player_gets_block_and_sentence():
    _header, first, second = webvtt.metadata(CUES).strip().split("\n\n")
    assert first.split("\n")[0] == "3f2-a-1"
    assert json.loads(first.split("\n", 2)[2]) == {"block": "3f2-a", "written": CUES[0].written}
    assert second.count("-->") == 1
    assert json.loads(second.split("\n", 2)[2])["written"] == "A < B --> C & D"


def test_people_get_words():
    _header, first, second = webvtt.transcript(CUES).strip().split("\n\n")
    assert first.endswith("\n“Profits” rose by 3 %.")
    assert second.endswith("\nA &lt; B --&gt; C &amp; D")
