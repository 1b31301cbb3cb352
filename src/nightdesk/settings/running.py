"""Where a running newsroom can be reached, left in its data folder for the commands.

``nightdesk run --port 8012`` is told its port by an option, and a command in another terminal by
nothing: it would print dead links and knock at the wrong door. So the parent leaves an address
there while it runs. After a crash the file stays; it counts only while the very process lives that
wrote it, whose number some other process may have got since.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "address.json"


@dataclass(frozen=True)
class Running:
    """``url`` is what readers use, without a slash at its end; ``host`` what is listened on."""

    url: str
    host: str
    port: int
    tls: bool


def leave(data: Path, running: Running) -> None:
    """Raises ``OSError`` when the folder takes nothing."""
    new = data / f"{FILE}.new"
    pid = os.getpid()
    told = {**asdict(running), "process": pid, "began": _began(pid)}
    new.write_text(json.dumps(told) + "\n", encoding="utf-8")
    new.replace(data / FILE)


def forget(data: Path) -> None:
    (data / FILE).unlink(missing_ok=True)


def found(data: Path) -> Running | None:
    """The newsroom that runs on this folder, on this machine; None when none does."""
    try:
        told = json.loads((data / FILE).read_text(encoding="utf-8"))
        if _began(int(told["process"])) != told["began"]:
            return None
        return Running(str(told["url"]), str(told["host"]), int(told["port"]), told["tls"] is True)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _began(pid: int) -> str:
    """When a process began, as its machine counts; "" where that cannot be asked. Raises
    ``ProcessLookupError`` when there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        with contextlib.suppress(PermissionError):
            os.kill(pid, 0)
        return ""
    state, *fields = stat.rpartition(")")[2].split()
    if state == "Z":
        raise ProcessLookupError(pid)
    return fields[18]
