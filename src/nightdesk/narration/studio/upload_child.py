"""The process that reads a stranger's recording: one file, then it is gone.

``python -m nightdesk.narration.studio.upload_child IDLE NICENESS``. Questions: ``{"do": "look",
"file": path}`` → ``{"seconds": what it promises}``; ``{"do": "take in", "file": path, "bench":
folder, "outputs": [[path, kbit], …]}`` → as ``whole.take_in``. Besides: ``{"refused": a Refusal's
word, "detail": …}``.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nightdesk.narration.apart import serving, walls
from nightdesk.narration.studio.child import NO_ROOM
from nightdesk.narration.studio.refusals import LONGEST, Refusal, RefusedError

#: Decoder, sound of twelve seconds and its spectrum: an honest file needs half of it.
DATA_BYTES = 360 << 20
#: An hour as 32-bit samples is 635 MB; nothing that it writes is larger.
FILE_BYTES = 700 << 20
#: The parent's clock comes first; this one ends a child whose parent died.
CPU_SECONDS = 1200
_SAMPLE = 10.0


def main() -> None:
    walls.confine(DATA_BYTES, int(sys.argv[2]))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))

    def prepare() -> Callable[[dict[str, Any], bytes], serving.Answer]:
        try:
            from nightdesk.narration.studio import whole  # noqa: F401
        except ImportError as error:
            said = {"refused": Refusal.NOT_INSTALLED.value, "detail": str(error)}
            return lambda _question, _payload: (said, b"")
        return lambda question, _payload: (_answer(question), b"")

    serving.serve(prepare, float(sys.argv[1]))


def _answer(question: dict[str, Any]) -> dict[str, Any]:
    try:
        if question["do"] == "look":
            return _look(Path(question["file"]))
        from nightdesk.narration.studio import whole

        outputs = [(Path(where), int(kbit)) for where, kbit in question["outputs"]]
        return whole.take_in(Path(question["file"]), Path(question["bench"]), outputs)
    except RefusedError as error:
        return _refused(error.refusal, error.detail)
    except MemoryError as error:
        return _refused(Refusal.TOO_MUCH, str(error))
    except OSError as error:
        if error.errno in NO_ROOM:
            return _refused(Refusal.DISK_FULL, str(error))
        return _refused(Refusal.DAMAGED, str(error))
    except Exception as error:  # decoders throw whatever they like at a damaged file
        return _refused(Refusal.DAMAGED, f"{type(error).__name__}: {error}")


def _look(file: Path) -> dict[str, Any]:
    """What it is, and whether its first seconds can be read: an editor waits for that."""
    from nightdesk.narration.studio import decoding

    found = decoding.source(file)
    if found.promised > LONGEST:
        raise RefusedError(Refusal.TOO_LONG, f"{found.promised:.0f} s")
    got = 0
    for block in found.blocks():
        got += len(block)
        if got >= _SAMPLE * found.rate:
            break
    if not got:
        raise RefusedError(Refusal.DAMAGED, "no sample")
    return {"seconds": found.promised}


def _refused(refusal: Refusal, detail: str) -> dict[str, Any]:
    return {"refused": refusal.value, "detail": detail[:500]}


if __name__ == "__main__":
    main()
