"""The studio's child process: ``python -m nightdesk.narration.studio.child IDLE NICENESS``.

Questions: ``{"do": "keep", "file": path, "rate": 22050}`` with PCM as payload, and
``{"do": "mix"}`` with a JSON object as payload (see ``mixing.mix``). Answers besides: ``{"full":
errno}``, ``{"spoiled": index}``, ``{"refused": REASON}``.
"""

from __future__ import annotations

import errno
import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nightdesk.narration.apart import serving, walls

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
#: Half an hour of speech takes no more than a minute does: 120 MB.
DATA_BYTES = 600 << 20


def main() -> None:
    walls.confine(DATA_BYTES, int(sys.argv[2]))

    def prepare() -> Callable[[dict[str, Any], bytes], serving.Answer]:
        try:
            from nightdesk.narration.studio import mixing  # noqa: F401
        except ImportError as error:
            said = {"refused": "extra missing", "detail": str(error)}
            return lambda _question, _payload: (said, b"")
        return _answer

    serving.serve(prepare, float(sys.argv[1]))


def _answer(question: dict[str, Any], payload: bytes) -> serving.Answer:
    from nightdesk.narration.studio import mixing

    try:
        if question["do"] == "keep":
            _keep(Path(question["file"]), question["rate"], payload)
            return {"kept": True}, b""
        wish = json.loads(payload)
        return mixing.mix(
            wish["sentences"], wish["files"], bytes.fromhex(wish["tag"]), wish["tail"]
        ), b""
    except mixing.SpoiledError as error:
        return {"spoiled": error.index}, b""
    except mixing.NotMasteredError as error:
        return {"refused": "not mastered", "detail": str(error)}, b""
    except OSError as error:
        if error.errno in NO_ROOM:
            return {"full": error.errno}, b""
        return {"refused": "not mastered", "detail": str(error)}, b""


def _keep(file: Path, rate: int, pcm: bytes) -> None:
    """FLAC: half the bytes, the same samples. The file is whole or not there."""
    import numpy as np
    import soundfile

    packed = io.BytesIO()
    soundfile.write(packed, np.frombuffer(pcm, "<i2"), rate, format="FLAC", subtype="PCM_16")
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}-{os.getpid()}")
    try:
        unfinished.write_bytes(packed.getvalue())
        unfinished.replace(file)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


if __name__ == "__main__":
    main()
