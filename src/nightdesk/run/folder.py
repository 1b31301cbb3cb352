"""The data folder: made for its owner alone, held by one parent at a time."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import tempfile
from pathlib import Path
from typing import TextIO

from nightdesk.kernel import disk
from nightdesk.run.trouble import CannotRunError, disk_trouble

LOCK = "nightdesk.lock"
SECRET_KEY = "secret-key"
#: Below this many free bytes SQLite cannot be trusted to finish what it begins.
LEAST_FREE = 20 * 1024 * 1024
#: sun_path holds 108 bytes on Linux, 104 on BSD and macOS, with the closing NUL.
LONGEST_SOCKET = 100


def make(data: Path) -> None:
    """The folder and those inside it that hold private things. Raises ``CannotRunError``."""
    try:
        os.umask(0o077)
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if data.stat().st_uid == os.getuid():
            data.chmod(0o700)
        for inner in ("media", "mail", "spool", "backups"):
            (data / inner).mkdir(mode=0o700, exist_ok=True)
        with tempfile.TemporaryFile(dir=data) as probe:
            probe.write(b"\0" * 65536)
    except OSError as error:
        raise disk_trouble(data, error) from error
    if disk.free(data) < LEAST_FREE:
        raise disk_trouble(data, OSError(errno.ENOSPC, ""))


def lock(data: Path) -> TextIO:
    """Hold the folder for as long as this process and its forks live. Raises ``CannotRunError``.

    Returns the open file; whoever closes it lets go. It holds the process id of the parent.
    """
    file = (data / LOCK).open("a+", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = _read(file)
        file.close()
        raise CannotRunError(
            f"Nightdesk is already running on {data}{f' (process {holder})' if holder else ''}. "
            "Stop it first, or give this one a folder of its own with --data."
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def running_parent(data: Path) -> int | None:
    """The process that holds the folder, or None."""
    try:
        with (data / LOCK).open("a+", encoding="ascii") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(_read(file) or 0)
    except OSError:
        pass
    return None


def running_since(data: Path) -> float:
    """When the parent that holds the folder took it, in seconds of the epoch; 0 when none has."""
    try:
        return (data / LOCK).stat().st_mtime
    except OSError:
        return 0.0


def _read(file: TextIO) -> str:
    file.seek(0)
    text = file.read().strip()
    return text if text.isdigit() else ""


def keep_secret_key(data: Path) -> None:
    """Make the key that signs sessions and links, once, readable by its owner alone."""
    file = data / SECRET_KEY
    if file.exists() and file.stat().st_size:
        return
    new = file.with_suffix(".new")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as opened:
        opened.write(secrets.token_urlsafe(60) + "\n")
        opened.flush()
        os.fsync(opened.fileno())
    new.replace(file)


def sockets(data: Path) -> tuple[Path, Path]:
    """Where the site listens: for readers, and for the newsroom.

    In the data folder, or in a short private folder when the path is longer than a socket's may
    be. That folder's name is kept in ``sockets``, for the doctor.
    """
    folder = data
    if len(os.fsencode(data / "staff.sock")) > LONGEST_SOCKET:
        folder = Path(tempfile.mkdtemp(prefix="nightdesk-", dir="/tmp"))
    (data / "sockets").write_text(str(folder), encoding="utf-8")
    paths = folder / "site.sock", folder / "staff.sock"
    for path in paths:
        path.unlink(missing_ok=True)
    return paths


def forget_sockets(paths: tuple[Path, Path]) -> None:
    """Leave nothing behind in the system's folder for temporary files."""
    for path in paths:
        path.unlink(missing_ok=True)
    if paths[0].parent.name.startswith("nightdesk-") and paths[0].parent.parent == Path("/tmp"):  # noqa: S108
        paths[0].parent.rmdir()
