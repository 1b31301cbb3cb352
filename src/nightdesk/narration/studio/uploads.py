"""The parent's side of a person's recording: ask a fresh, limited process, believe nothing else.

A process for each file, because what decodes a stranger's file is C code with a history of
crashes. It may crash, hang or swell, and an editor reads a sentence.
"""

from __future__ import annotations

import math
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nightdesk.kernel.tokens import unguessable
from nightdesk.narration.apart import walls
from nightdesk.narration.apart.process import Apart, Gone
from nightdesk.narration.studio import record
from nightdesk.narration.studio.refusals import Refusal, RefusedError

#: The newsstand takes 65 MB of a form. An hour as MP3 at 128 kbit/s, ten minutes as WAV.
MOST_BYTES = 60 * 1000**2
_LOOK_SECONDS = 30.0
#: For an hour of sound, on a machine that has better things to do.
_TAKE_IN_SECONDS = 1800.0


@dataclass(frozen=True, slots=True)
class Taken:
    """Two files without a tag in the folder asked for."""

    player: Path
    podcast: Path
    seconds: float
    loudness: float
    peak: float


def look(file: Path) -> float:
    """Whether this may become a recording, while an editor waits: seconds that it says it has, 0 if
    it does not say. Raises RefusedError."""
    size = file.stat().st_size
    if not size:
        raise RefusedError(Refusal.EMPTY)
    if size > MOST_BYTES:
        raise RefusedError(Refusal.TOO_BIG, f"{size} bytes")
    answer = _ask({"do": "look", "file": str(file)}, walls.WAITED_FOR, _LOOK_SECONDS)
    return _number(answer, "seconds")


def take_in(file: Path, folder: Path, *, seconds: float = _TAKE_IN_SECONDS) -> Taken:
    """Decode, master, encode anew. All or nothing: ``folder`` is as it was when this raises
    RefusedError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    bench = Path(tempfile.mkdtemp(prefix=".recording-", dir=folder))
    player, podcast = bench / "player", bench / "podcast"
    try:
        outputs = [(str(player), record.FOR_PLAYER), (str(podcast), record.FOR_PODCAST)]
        question = {
            "do": "take in",
            "file": str(file),
            "bench": str(bench),
            "outputs": outputs,
        }
        answer = _ask(question, walls.NICENESS, seconds)
        return Taken(
            _placed(player, folder),
            _placed(podcast, folder),
            _number(answer, "seconds"),
            _number(answer, "loudness"),
            _number(answer, "peak"),
        )
    except OSError as error:
        raise RefusedError(Refusal.DISK_FULL, str(error)) from error
    finally:
        shutil.rmtree(bench, ignore_errors=True)


def _ask(question: dict[str, Any], niceness: int, seconds: float) -> dict[str, Any]:
    child = Apart("nightdesk.narration.studio.upload_child", "1", str(niceness))
    try:
        answer, _nothing = child.ask(question, seconds=seconds)
    except Gone as gone:
        refusal = Refusal.TOO_MUCH if gone.how == "late" else Refusal.DAMAGED
        raise RefusedError(refusal, str(gone)) from gone
    finally:
        child.close()
    if "refused" in answer:
        try:
            refusal = Refusal(answer["refused"])
        except ValueError:
            refusal = Refusal.DAMAGED
        raise RefusedError(refusal, str(answer.get("detail", ""))[:500])
    return answer


def _number(answer: dict[str, Any], name: str) -> float:
    found = answer.get(name)
    if not isinstance(found, int | float) or not math.isfinite(found):
        raise RefusedError(Refusal.DAMAGED, f"{name}: {found!r}"[:500])
    return float(found)


def _placed(file: Path, folder: Path) -> Path:
    with file.open("rb") as handle:
        os.fsync(handle.fileno())
    file.chmod(0o600)
    # Not by its bytes: the same recording of two stories is two files, each gone with its story.
    return file.replace(folder / f"{unguessable()}.mp3")
