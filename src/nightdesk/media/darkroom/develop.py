"""The parent's side: start the child, wait, believe nothing it says unchecked, tidy up."""

from __future__ import annotations

import errno
import json
import logging
import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from nightdesk.kernel.tokens import unguessable
from nightdesk.media.darkroom import limits, refusals
from nightdesk.media.darkroom.palette import PALETTE
from nightdesk.media.darkroom.refusals import DarkroomBroken, DarkroomFull, PictureRefused

log = logging.getLogger(__name__)

#: More than any honest answer; a child that was taken over must not fill the parent's memory.
ANSWER_BYTES = 64 * 1024
ENDINGS = {"jpeg": "jpg", "webp": "webp", "avif": "avif"}
NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
SAFE_NAME = re.compile(r"(master|card|\d{1,4})\.(jpeg|webp|avif)")
#: Where ``nightdesk`` is imported from: all that the child needs to know of this process.
SOURCE_ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Made:
    """One finished file. ``format`` is avif, webp or jpeg; ``bytes`` its size on disk."""

    path: Path
    format: str
    width: int
    height: int
    bytes: int


@dataclass(frozen=True)
class Developed:
    """A picture's files: ``sizes`` smallest first, each as AVIF, WebP and JPEG.

    ``card`` is the 1200 × 630 crop for sharing, None for a smaller picture; ``palette`` the index
    of its placeholder colour.
    """

    master: Made
    sizes: tuple[Made, ...]
    card: Made | None
    palette: int


def develop(
    source: Path,
    into: Path,
    *,
    time_limit: float = 60.0,
    byte_limit: int = limits.UPLOAD_BYTES,
) -> Developed:
    """Make the clean files of the picture ``source`` in the folder ``into``, under random names.

    ``time_limit`` is in seconds, ``byte_limit`` in bytes. Raises PictureRefused (the file),
    DarkroomFull (the disk) or DarkroomBroken (the installation); after each of them ``into`` is as
    it was before.
    """
    size = source.stat().st_size
    if size == 0:
        raise PictureRefused(refusals.EMPTY)
    if size > byte_limit:
        raise PictureRefused(refusals.too_many_bytes(size, byte_limit))
    try:
        into.mkdir(parents=True, exist_ok=True)
        bench = Path(tempfile.mkdtemp(prefix=".developing-", dir=into))
        try:
            return _hand_over(_ask_child(source, bench, time_limit), bench, into)
        finally:
            shutil.rmtree(bench, ignore_errors=True)
    except DarkroomFull:
        raise
    except OSError as error:
        if error.errno in NO_ROOM:
            raise DarkroomFull(error.errno) from error
        raise


def _ask_child(source: Path, bench: Path, time_limit: float) -> dict[str, Any]:
    """The child's ``done`` message; every other end is raised."""
    with source.open("rb") as upload, tempfile.TemporaryFile() as complaints:
        child = subprocess.Popen(
            [sys.executable, "-P", "-s", "-m", "nightdesk.media.darkroom.child", str(time_limit)],
            stdin=upload,
            stdout=subprocess.PIPE,
            stderr=complaints,
            cwd=bench,
            env={"PYTHONPATH": str(SOURCE_ROOT), "LC_ALL": "C.UTF-8"},
        )
        assert child.stdout is not None
        deadline = time.monotonic() + time_limit
        try:
            answer = _read_until(child.stdout, deadline)
            if answer is not None:
                child.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            answer = None
        finally:
            child.kill()
            child.stdout.close()
            code = child.wait()
        said = _last_line(complaints)
    return _understand(answer, code, said, time_limit)


def _last_line(complaints: IO[bytes]) -> str:
    """What the child wrote last to standard error: for the log, never for an editor."""
    end = complaints.seek(0, os.SEEK_END)
    complaints.seek(max(0, end - 2000))
    lines = complaints.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "no word"


def _read_until(pipe: IO[bytes], deadline: float) -> bytes | None:
    """Everything the child says until it closes the pipe; None when the deadline passed first."""
    said = b""
    while len(said) < ANSWER_BYTES:
        if not select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))[0]:
            return None
        part = os.read(pipe.fileno(), ANSWER_BYTES)
        if not part:
            break
        said += part
    return said


def _understand(answer: bytes | None, code: int, said: str, time_limit: float) -> dict[str, Any]:
    if answer is None:
        raise PictureRefused(refusals.took_too_long(time_limit))
    try:
        messages = [json.loads(line) for line in answer.splitlines()]
    except ValueError:
        messages = []
    if not messages or "broken" in messages[-1]:
        reason = messages[-1]["broken"] if messages else said
        raise DarkroomBroken(f"The picture process cannot work here (exit {code}): {reason}")
    last = messages[-1]
    if "refused" in last:
        log.info("A picture was refused: %s (%s)", last["refused"], said)
        raise PictureRefused(str(last["refused"]))
    if "full" in last:
        raise DarkroomFull(int(last["full"]))
    if "done" not in last:
        log.warning("The picture process stopped with exit %s: %s", code, said)
        raise PictureRefused(refusals.CRASHED)
    return dict(last["done"])


def _hand_over(done: dict[str, Any], bench: Path, into: Path) -> Developed:
    """Move the files from the child's folder to their random public names, all or none."""
    token = unguessable()
    moved: list[Path] = []
    try:
        made: dict[str, list[Made]] = {"master": [], "size": [], "card": []}
        for each in done["prints"]:
            made[each["use"]].append(_take(each, bench, into, token))
            moved.append(made[each["use"]][-1].path)
        (master,) = made["master"]
        if not 0 <= done["palette"] < len(PALETTE):
            raise ValueError("a placeholder colour outside the palette")
        _sync_folder(into)
    except OSError:
        _remove(moved)
        raise
    except (KeyError, TypeError, ValueError) as error:
        _remove(moved)
        log.warning("The picture process gave a wrong answer: %s", error)
        raise PictureRefused(refusals.CRASHED) from error
    card = made["card"][0] if made["card"] else None
    return Developed(master, tuple(made["size"]), card, done["palette"])


def _take(each: dict[str, Any], bench: Path, into: Path, token: str) -> Made:
    """``320.avif`` → ``<token>-320.avif``; the name is checked, the size is measured here."""
    name = each["name"]
    if not SAFE_NAME.fullmatch(name) or (bench / name).is_symlink():
        raise ValueError(f"a file name of its own making: {name!r}")
    use, _, format_name = name.partition(".")
    infix = "" if use == "master" else f"-{use}"
    path = into / f"{token}{infix}.{ENDINGS[format_name]}"
    (bench / name).replace(path)
    return Made(path, format_name, int(each["width"]), int(each["height"]), path.stat().st_size)


def _remove(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """So that the new names, too, survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
