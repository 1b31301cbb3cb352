"""Bodies too large for memory, on disk for a moment, in a folder only we can read."""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path
from typing import BinaryIO

#: granian opens an answer's file a moment after it gets the name, and does not say when it has.
_SECONDS_TO_OPEN = 20


class Spool:
    """The folder. What a crash left behind in it is removed at the start."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        for left in folder.glob("answer-*"):
            left.unlink(missing_ok=True)

    def for_upload(self) -> BinaryIO:
        """A file without a name, gone when closed and gone when we are killed."""
        return tempfile.TemporaryFile(dir=self._folder)  # type: ignore[return-value]

    def for_answer(self) -> SpooledAnswer:
        return SpooledAnswer(self._folder)


class SpooledAnswer:
    """A file with a name, because granian sends files by name, never faster than a reader reads.

    (What is handed to granian as bytes waits in memory until a slow reader has taken it.)
    """

    def __init__(self, folder: Path) -> None:
        handle, name = tempfile.mkstemp(prefix="answer-", dir=folder)
        self._file = os.fdopen(handle, "wb")
        self.path = Path(name)
        self.size = 0

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self.size += len(data)

    def finish(self) -> None:
        """All is written; the name goes once granian has surely opened it."""
        self._file.close()
        asyncio.get_running_loop().call_later(_SECONDS_TO_OPEN, self.discard)

    def discard(self) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)
