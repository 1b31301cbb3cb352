"""The courier of a newsroom without a relay: each mail becomes a file in ``DATA/mail/``.

A file is whole or not there (written beside, synced, renamed). Its name begins with the moment in
UTC, so that names sort by time, and ends in what nobody can guess. The envelope stands on top as
two headers, so that the file says who would have got it and still opens in any mail program.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

from nightdesk.mail.ports import Fate, Message, Outcome

FROM, TO = "X-Nightdesk-Envelope-From", "X-Nightdesk-Envelope-To"


class FolderCourier:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def carry(
        self, messages: AsyncIterator[Message], told: Callable[[Outcome], None]
    ) -> None:
        async for message in messages:
            # A thread, because syncing a disk takes its time; waited for even when cancelled,
            # because a file half-way is somebody's mail.
            writing = asyncio.ensure_future(asyncio.to_thread(self._put, message))
            try:
                await asyncio.shield(writing)
            except asyncio.CancelledError:
                told(await _whatever_happens(writing))
                raise
            told(writing.result())

    def _put(self, message: Message) -> Outcome:
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(12)}.eml"
        unfinished = self.folder / f".{name}.unfinished"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            with os.fdopen(os.open(unfinished, flags, 0o600), "wb") as file:
                file.write(_envelope(message))
                file.write(message.whole)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self.folder / name)
        except OSError as error:
            with contextlib.suppress(OSError):
                unfinished.unlink()
            words = f"{self.folder} takes no mail ({error.strerror}). It is tried again later."
            return Outcome(message.key, Fate.LATER, 0, words, concerns_all=True)
        try:
            self._sync_folder()
        except OSError as error:
            words = f"{name} is there, but the disk does not confirm it ({error.strerror})."
            return Outcome(message.key, Fate.UNCERTAIN, 0, words, concerns_all=True)
        return Outcome(message.key, Fate.SENT, 250, name)

    def _sync_folder(self) -> None:
        folder = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _envelope(message: Message) -> bytes:
    def safe(address: str) -> bytes:
        return "".join(c for c in address if c.isprintable()).encode()

    return b"%b: <%b>\r\n%b: <%b>\r\n" % (
        FROM.encode(),
        safe(message.mail_from),
        TO.encode(),
        safe(message.rcpt_to),
    )


async def _whatever_happens(writing: asyncio.Future[Outcome]) -> Outcome:
    while True:
        try:
            return await asyncio.shield(writing)
        except asyncio.CancelledError:
            if writing.cancelled():
                raise
