"""Bodies too large for memory, on disk for a moment, in a folder only we can read.

On a full disk an editor's form and the admin's own scripts still get through: files up to a few
megabytes go into the machine's memory then, and no more of them than a small machine can spare.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import BinaryIO

#: granian opens an answer's file a moment after it gets the name, and does not say when it has.
_SECONDS_TO_OPEN = 20
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_PREFIX = "nightdesk-answer-"

#: A folder in memory (Linux), the largest file that goes there, and all of them together.
_MEMORY = Path("/dev/shm")  # noqa: S108
_LARGEST = 4 * 1024 * 1024
_ALL = 32 * 1024 * 1024


class Spool:
    """The folder. What a crash left behind in it is removed at the start."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._memory = InMemory()
        for left in folder.glob(f"{_PREFIX}*"):
            left.unlink(missing_ok=True)
        _forget_what_a_crash_left_in_memory()

    def for_upload(self) -> SpooledUpload:
        """A file without a name, gone when closed and gone when we are killed."""
        return SpooledUpload(self._folder, self._memory)

    def for_answer(self) -> SpooledAnswer:
        return SpooledAnswer(self._folder, self._memory)


class InMemory:
    """How much of the machine's memory is taken by files that found no room on the disk."""

    def __init__(self) -> None:
        self._taken = 0

    def take(self, size: int) -> None:
        """Raises ``OSError`` when that is too much."""
        if self._taken + size > _ALL:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._taken += size

    def give_back(self, size: int) -> None:
        self._taken -= size


class _Spooled:
    """A file on the disk, or in memory as soon as the disk has no room for more of it."""

    def __init__(self, folder: Path, memory: InMemory) -> None:
        self.size = 0
        self._memory = memory
        self._taken = 0
        try:
            self.path, self._file = self._make(folder)
        except OSError as error:
            if error.errno not in _NO_ROOM:
                raise
            self._take(0)
            self.path, self._file = self._make(_MEMORY)

    def _make(self, folder: Path) -> tuple[Path, BinaryIO]:
        handle, name = tempfile.mkstemp(prefix=_PREFIX, dir=folder)
        return Path(name), os.fdopen(handle, "w+b")

    def write(self, data: bytes) -> None:
        """Raises ``OSError`` when there is no room anywhere."""
        if self._in_memory:
            self._take(len(data))
        try:
            self._put(data)
        except OSError as error:
            if self._in_memory or error.errno not in _NO_ROOM:
                raise
            self._move(len(data))
            self._put(data)
        self.size += len(data)

    @property
    def _in_memory(self) -> bool:
        return self.path.parent == _MEMORY

    def _put(self, data: bytes) -> None:
        self._file.write(data)
        self._file.flush()

    def _take(self, size: int) -> None:
        if self.size + size > _LARGEST or not _MEMORY.is_dir():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._memory.take(size)
        self._taken += size

    def _move(self, more: int) -> None:
        """All that the disk took, and what it did not, to memory."""
        kept = self.size
        self._take(more)
        self._memory.take(kept)
        self._taken += kept
        path, file = self._make(_MEMORY)
        old, self._file = self._file, file
        old_path, self.path = self.path, path
        os.lseek(old.fileno(), 0, os.SEEK_SET)
        with os.fdopen(os.dup(old.fileno()), "rb") as written:
            shutil.copyfileobj(_Start(written, kept), file)
        _close(old)
        old_path.unlink(missing_ok=True)

    def discard(self) -> None:
        _close(self._file)
        self.path.unlink(missing_ok=True)
        self._memory.give_back(self._taken)
        self._taken = 0


def _forget_what_a_crash_left_in_memory() -> None:
    """Ours alone, and only what no newsstand can still be about to send."""
    for left in _MEMORY.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            about = left.stat()
            if about.st_uid == os.getuid() and about.st_mtime < time.time() - 2 * _SECONDS_TO_OPEN:
                left.unlink()


class _Start:
    """The first ``length`` bytes of a file: a full disk may have taken part of the next piece."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        self._file, self._left = file, length

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        return data


def _close(file: BinaryIO) -> None:
    """What still waits to be written of a piece that found no room is not wanted."""
    try:
        file.close()
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise


class SpooledUpload(_Spooled):
    """Its name is gone at once, so that nothing is left of it when we are killed."""

    def _make(self, folder: Path) -> tuple[Path, BinaryIO]:
        path, file = super()._make(folder)
        path.unlink()
        return path, file

    def from_the_start(self) -> BinaryIO:
        self._file.seek(0)
        return self._file

    def __enter__(self) -> SpooledUpload:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.discard()


class SpooledAnswer(_Spooled):
    """A file with a name, because granian sends files by name, never faster than a reader reads.

    (What is handed to granian as bytes waits in memory until a slow reader has taken it.)
    """

    def finish(self) -> None:
        """All is written; the name goes once granian has surely opened it."""
        self._file.close()
        asyncio.get_running_loop().call_later(_SECONDS_TO_OPEN, self.discard)
