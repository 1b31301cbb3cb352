"""One round: the story by our chain and by Piper as it comes, from nothing each time."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nightdesk.narration.spoken.speaking import sentences
from nightdesk.narration.studio import record as recording
from nightdesk.narration.studio.record import Passage, Recording
from nightdesk.narration.voices import booth
from nightdesk.narration.voices.ports import Voice

STORY = Path(__file__).with_name("story.txt")
INTRO = "This audio is created with AI assistance"
#: One word of one sentence is corrected.
BEFORE, AFTER = "added up to 35 minutes", "added up to 40 minutes"
#: As long as a sentence may be that is spoken in one breath: what the voice needs most memory for.
LONGEST = (
    "The engineers who had been called to the bridge in the middle of the night found that one of "
    "the hangers had a crack, that two more had lost their bolts, and that the concrete under the "
    "eastern bearing was softer than anybody had expected."
)


def ours(voice: Voice, text: str) -> dict[str, Any]:
    """Processes are started anew; nothing was spoken before."""
    recording.close()
    with tempfile.TemporaryDirectory(prefix="nightdesk-bench-") as name:
        folder = Path(name)
        first, _heard = _timed(
            lambda: recording.sample(
                _passages(text)[0].sentences[0].spoken, voice, folder / "first"
            )
        )
        recording.close()
        own, before = time.process_time(), _memory(os.getpid(), "VmRSS")
        wall, made = _timed(lambda: _record(voice, text, folder))
        own = time.process_time() - own
        speaking, studio = booth.child_of(voice).pid, recording._studio.pid
        assert speaking is not None and studio is not None
        said: dict[str, Any] = {
            "seconds": made.seconds,
            "words": sum(len(s.spoken.split()) for p in _passages(text) for s in p.sentences),
            "wall": wall,
            "first": first,
            "cpu_voice": _cpu(speaking),
            "cpu_studio": _cpu(studio),
            "cpu_own": own,
            "lufs": made.loudness,
            "peak": made.peak,
            "bytes": made.bytes,
            "warm": _timed(lambda: _record(voice, text.replace(BEFORE, AFTER), folder))[0],
            "grown": max(0.0, _memory(os.getpid(), "VmRSS") - before),
        }
        recording.close()
        again = AFTER.replace("40", "45")
        said["edit"] = _timed(lambda: _record(voice, text.replace(BEFORE, again), folder))[0]
        said["unchanged"] = _timed(lambda: _record(voice, text, folder))[0]
        studio = recording._studio.pid
        assert studio is not None
        said["megabytes_studio"] = _memory(studio, "VmHWM")
        booth.speak(voice, LONGEST)
        speaking = booth.child_of(voice).pid
        assert speaking is not None
        said["megabytes_voice"] = _memory(speaking, "VmHWM")
        recording.close()
    return said


def raw(text: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "nightdesk.bench.narration.raw"],
        input=text.encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return dict(json.loads(done.stdout))


def _passages(text: str) -> list[Passage]:
    return [
        Passage(f"p{n}", sentences(paragraph, "en"))
        for n, paragraph in enumerate(text.split("\n\n"))
    ]


def _record(voice: Voice, text: str, folder: Path) -> Recording:
    return recording.record(
        _passages(text),
        voice,
        folder / "audio",
        folder / "cache",
        intro=INTRO,
        title=text.partition("\n")[0],
        by="Nightdesk",
        language="en",
    )


def _timed(do: Callable[[], Any]) -> tuple[float, Any]:
    began = time.monotonic()
    made = do()
    return time.monotonic() - began, made


def _cpu(pid: int) -> float:
    """Seconds, user and system, since the process began."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int, kind: str) -> float:
    """Megabytes: ``VmHWM`` at most so far, ``VmRSS`` now."""
    found = re.search(rf"{kind}:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0
