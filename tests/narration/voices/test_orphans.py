"""When whoever asked is gone, so is the voice."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

PROGRAM = """
import sys, threading, time
from nightdesk.narration.voices import booth, engines
voice = engines.engine("tone").voices()[0]
options = {{"fault": "hang:never"}}
booth.speak(voice, "A word.", **options)
print(booth.child_of(voice, **options).pid, flush=True)
booth.SECONDS, booth.SECONDS_A_CHARACTER = 1.0, 0.0
if {hanging}:
    booth.speak(voice, "It never ends.", **options)
time.sleep(60)
"""


@pytest.mark.parametrize(
    "hanging", [False, pytest.param(True, marks=pytest.mark.fault)], ids=["idle", "hanging"]
)
def test_a_voice_whose_asker_was_killed_ends_too(hanging):
    asker = subprocess.Popen(
        [sys.executable, "-c", PROGRAM.format(hanging=hanging)], stdout=subprocess.PIPE, text=True
    )
    voice = Path(f"/proc/{int(asker.stdout.readline())}/cmdline")
    assert b"narration.voices.child" in voice.read_bytes()
    time.sleep(0.5 if hanging else 0)
    asker.kill()
    asker.communicate()
    deadline = time.monotonic() + 60
    while _lives(voice):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _lives(cmdline: Path) -> bool:
    try:
        return b"narration.voices.child" in cmdline.read_bytes()
    except OSError:
        return False
