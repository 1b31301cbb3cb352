"""What the doctor can look at without Django: folder, disk, secrets, SQLite, processes."""

from __future__ import annotations

import os
import socket
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from nightdesk.kernel import disk as disks
from nightdesk.kernel.finding import Finding, ok, problem, warning
from nightdesk.newsstand import certificate as certificates
from nightdesk.run import folder
from nightdesk.run.database import check_file, check_sqlite
from nightdesk.run.trouble import CannotRunError
from nightdesk.settings.table import SettingError, Settings

#: The clock ticks each second; without a sign of it for this long, schedules are not kept.
CLOCK_SILENT = 15
#: certbot renews 30 days before the end; with fewer days than this it has failed for two weeks.
CERTIFICATE_SOON = 14


def folder_rights(data: Path) -> Iterator[Finding]:
    mode = stat.S_IMODE(data.stat().st_mode)
    if mode & 0o077:
        yield problem(
            "data folder",
            f"others on this machine can look into {data} (mode {mode:04o})",
            f"chmod 700 {data}",
        )
    elif data.stat().st_uid != os.getuid():
        yield warning(
            "data folder",
            f"{data} belongs to another account (number {data.stat().st_uid})",
            "run Nightdesk and its commands as that account",
        )
    else:
        yield ok("data folder", f"{data}, for its owner alone")


def secrets(data: Path) -> Iterator[Finding]:
    key = data / folder.SECRET_KEY
    if os.environ.get("NIGHTDESK_SECRET_KEY") or os.environ.get("NIGHTDESK_SECRET_KEY_FILE"):
        yield ok("secret key", "given as a setting")
    elif not key.exists():
        yield problem("secret key", "there is none", "start Nightdesk once; it makes one")
    elif (mode := stat.S_IMODE(key.stat().st_mode)) & 0o077:
        yield problem(
            "secret key",
            f"others on this machine can read {key} (mode {mode:04o}) and sign in as anybody",
            f"chmod 600 {key}; if others use this machine, delete it and start again "
            "(everybody signs in anew)",
        )
    else:
        yield ok("secret key", "kept, for its owner alone")


def disk(data: Path) -> Iterator[Finding]:
    free, share = disks.free(data), disks.share(data)
    said = f"{free / 1024**3:.1f} GB free ({share:.0%})"
    if share < disks.NOTHING or free < folder.LEAST_FREE:
        yield problem("disk", said, "free some space now: nothing can be published")
    elif share < disks.LITTLE:
        yield warning(
            "disk",
            said,
            "free some space: no new audio is made, and below 1 % nothing can be published",
        )
    else:
        yield ok("disk", said)


def writable(data: Path) -> Iterator[Finding]:
    for name, what in (("media", "pictures"), ("mail", "mail")):
        inner = data / name
        if not inner.is_dir():
            yield problem(name, f"{inner} is missing", "start Nightdesk; it makes the folder")
        elif not os.access(inner, os.W_OK | os.X_OK):
            yield problem(name, f"{inner} cannot be written", f"chown or chmod 700 {inner}")
        else:
            yield ok(name, f"{what} can be stored")


def sqlite(settings: Settings) -> Iterator[Finding]:
    if settings["DATABASE_URL"]:
        yield ok("database", "outside (DATABASE_URL); see its own tools for copies and checks")
        return
    file = settings.data / "site.db"
    try:
        check_sqlite()
        if not file.exists():
            yield warning("database", "there is none yet", "start Nightdesk once; it makes one")
            return
        check_file(file, read_through=True)
    except CannotRunError as error:
        said, _dot, do = str(error).partition(". ")
        yield problem("database", said, do or "see docs/operate/running.md")
    else:
        size = file.stat().st_size / 1024**2
        yield ok("database", f"read through, whole ({size:.1f} MB)")


def certificate(settings: Settings) -> Iterator[Finding]:
    """The files, and what readers are shown by a newsstand that runs."""
    try:
        files = settings.tls
    except SettingError as error:
        yield problem("certificate", str(error).rstrip("."), "see docs/operate/tls.md")
        return
    if files is None:
        return
    what = "certificate"
    try:
        held = certificates.read(*files)
    except certificates.BadCertificateError as bad:
        yield problem(what, str(bad), "what was read before stays in use until Nightdesk restarts")
        return
    trouble = held.trouble(settings.public_host)
    days = held.days_left()
    if trouble:
        is_so, _semicolon, do = trouble.partition("; ")
        yield problem(what, is_so, do)
    elif days < CERTIFICATE_SOON:
        yield warning(what, f"it ends in {days} days", "see why it is not renewed: certbot renew")
    else:
        yield ok(what, f"good until {held.ends:%Y-%m-%d}, for {', '.join(held.names[:3])}")


def processes(data: Path) -> Iterator[Finding]:
    parent = folder.running_parent(data)
    if parent is None:
        yield ok("processes", "Nightdesk is not running on this folder")
        return
    yield ok("processes", f"Nightdesk is running (process {parent})")
    for name, path in zip(("readers", "newsroom"), _sockets(data), strict=True):
        try:
            with socket.socket(socket.AF_UNIX) as knock:
                knock.settimeout(2)
                knock.connect(str(path))
        except OSError as error:
            yield problem(
                "site",
                f"it does not take requests of {name} ({error.strerror or error})",
                "see what Nightdesk has written; it restarts the site by itself",
            )
    yield from _clock(data)


def _clock(data: Path) -> Iterator[Finding]:
    try:
        silent = time.time() - (data / "clock").stat().st_mtime
    except OSError:
        silent = float("inf")
    if silent == float("inf") and time.time() - folder.running_since(data) < CLOCK_SILENT:
        yield ok("clock", "about to tick for the first time")
        return
    if silent > CLOCK_SILENT:
        since = "has never ticked" if silent == float("inf") else f"has been silent {silent:.0f} s"
        yield problem(
            "clock",
            f"it {since}: nothing is published on schedule",
            "see what Nightdesk has written about the press; start it again",
        )
    else:
        yield ok("clock", "ticking")


def _sockets(data: Path) -> tuple[Path, Path]:
    try:
        place = Path((data / "sockets").read_text(encoding="utf-8").strip())
    except OSError:
        place = data
    return place / "site.sock", place / "staff.sock"
