"""The child process: one picture in, its finished files out, then gone.

Started by ``develop`` as ``python -m nightdesk.media.darkroom.child TIME_LIMIT`` with the upload
as standard input and an empty working folder. It says one JSON object a line on standard output:
``{"ready": true}`` once it stands inside its walls, then one of
``{"done": {"prints": [...], "palette": 7}}``, ``{"refused": "a sentence"}``, ``{"full": errno}``
and ``{"broken": "what is wrong with this installation"}``.
"""

from __future__ import annotations

import errno
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nightdesk.media.darkroom import limits, refusals

NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
BOMB_SIGNS = ("too large", "bomb")


def main() -> None:
    limits.confine(float(sys.argv[1]))
    try:
        from nightdesk.media.darkroom import clean, decode, prints  # noqa: F401
    except ImportError as error:
        _say({"broken": f"{type(error).__name__}: {error}"})
        return
    _say({"ready": True})
    _say(_answer())


def _answer() -> dict[str, Any]:
    from nightdesk.media.darkroom import clean, decode, prints

    try:
        with open(0, "rb", closefd=False) as upload:
            picture = clean.clean(decode.decode(upload))
    except refusals.PictureRefused as refusal:
        return {"refused": refusal.message}
    except MemoryError:
        return {"refused": refusals.TOO_MUCH_MEMORY}
    except ImportError as error:
        return {"broken": f"{type(error).__name__}: {error}"}
    except Exception as error:  # decoders throw whatever they like at a damaged file
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return {"refused": _what_is_wrong(str(error))}
    try:
        made = [asdict(each) for each in prints.print_all(picture, Path())]
        return {"done": {"prints": made, "palette": prints.placeholder(picture)}}
    except MemoryError:
        return {"refused": refusals.TOO_MUCH_MEMORY}
    except OSError as error:
        if error.errno in NO_ROOM:
            return {"full": error.errno}
        raise


def _what_is_wrong(error: str) -> str:
    if "memory" in error.lower():
        return refusals.TOO_MUCH_MEMORY
    if "runcated" in error:
        return refusals.CUT_OFF
    if any(sign in error.lower() for sign in BOMB_SIGNS):
        return refusals.BOMB
    return refusals.DAMAGED


def _say(message: dict[str, Any]) -> None:
    print(json.dumps(message), flush=True)


if __name__ == "__main__":
    main()
