"""A newsroom that is frozen: nothing in it can be changed until it is thawed.

The sign is a file in the data folder. It is there or not, whatever it says inside, so that a
newsroom whose database is gone, or in somebody else's hands, can be frozen too.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
from dataclasses import dataclass
from pathlib import Path

_NAME = "frozen"


@dataclass(frozen=True)
class Frozen:
    """``since`` is aware, UTC; ``by`` is an account's name, empty from the command line."""

    since: datetime.datetime
    reason: str = ""
    by: str = ""


def is_frozen(data: Path) -> bool:
    """One look at the folder: cheap enough for every request."""
    try:
        (data / _NAME).stat()
    except FileNotFoundError:
        return False
    except OSError:
        return True  # the folder cannot be asked: better shut than open
    return True


def frozen(data: Path) -> Frozen | None:
    """What the sign says; None when the newsroom is not frozen."""
    if not is_frozen(data):
        return None
    file = data / _NAME
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        since = datetime.datetime.fromisoformat(said["since"])
        return Frozen(since, str(said.get("reason", "")), str(said.get("by", "")))
    except (OSError, ValueError, KeyError, TypeError):
        try:
            moment = file.stat().st_mtime
        except OSError:
            moment = 0.0
        return Frozen(datetime.datetime.fromtimestamp(moment, datetime.UTC))


def put_up(data: Path, reason: str = "", by: str = "") -> Frozen:
    """Put up the sign. One that is there stays as it is: it says since when."""
    standing = frozen(data)
    if standing:
        return standing
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    text = json.dumps({"since": now.isoformat(), "reason": reason, "by": by}, ensure_ascii=False)
    file = data / _NAME
    handle = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)  # the empty file freezes already
    with contextlib.suppress(OSError), os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.write(text)  # but for a full disk
        opened.flush()
        os.fsync(opened.fileno())
    return Frozen(now, reason, by)


def take_down(data: Path) -> None:
    (data / _NAME).unlink(missing_ok=True)
