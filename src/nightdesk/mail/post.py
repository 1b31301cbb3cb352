"""The post: a process of its own beside the worker's tasks; the only one that sends mail.

A process and not a thread of the worker: 200,000 messages take a processor for half a minute, and
a task that reckons for long would make every answer of a relay wait (``docs/decisions/mail.md``).

It asks for the lease, and whoever has it sends until told to stop, until the newsroom is frozen,
or until another has taken its place. What the database cannot take now waits in memory and is
tried again; a disk that is full, a file that is not in its place, a lock are no reason to end.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys

from django.conf import settings
from django.db import DatabaseError

from nightdesk.kernel.frozen import is_frozen
from nightdesk.kernel.processes import who_am_i
from nightdesk.mail import choose, health, lease
from nightdesk.mail.bell import Bell
from nightdesk.mail.books import Books
from nightdesk.mail.clerk import Clerk, ClerkApart, ClerkGoneError
from nightdesk.mail.dkim import signer_for
from nightdesk.mail.ports import Courier
from nightdesk.mail.sending import BREATH, FOR_PARTING, Sending
from nightdesk.settings.table import SettingError

log = logging.getLogger("nightdesk.mail")

#: Seconds until the lease is asked for again.
PAUSE = 1.0


def run() -> None:
    """Until SIGTERM or SIGINT. Without a clerk this process is no use, and is started again."""
    clerk = begin_clerk()
    try:
        asyncio.run(Post(clerk).keep())
    except ClerkGoneError:
        log.error("What keeps the sender's books has ended. Both start again.")
        sys.exit(1)


def begin_clerk() -> ClerkApart:
    """The lease hangs on the life of this process, which holds the mail."""
    holder = who_am_i()
    return ClerkApart(lambda: Books(holder))


class Post:
    def __init__(self, clerk: Clerk, courier: Courier | None = None) -> None:
        self._stop, self._bell = asyncio.Event(), Bell(BREATH)
        self._clerk = clerk
        self._courier = courier
        self._said = ""

    async def keep(self) -> None:
        """Raises ``ClerkGoneError``."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        courier = self._courier or await self._choose()
        while courier is not None and not self._stop.is_set():
            if not self._may_send() or not await self._send(courier):
                await self._rest()

    def stop(self) -> None:
        self._stop.set()
        self._bell.ring(loud=True)

    def _over(self) -> bool:
        return self._stop.is_set() or is_frozen(settings.DATA)

    def _may_send(self) -> bool:
        """Mail of a public newsroom that has no relay waits for one, and is no file meanwhile."""
        return not (is_frozen(settings.DATA) or health.goes_nowhere())

    async def _send(self, courier: Courier) -> bool:
        """One sender's time; whether it could begin."""
        try:
            if not await self._clerk.take():
                return False
            rate = settings.NIGHTDESK["NIGHTDESK_MAIL_RATE"]
            await Sending(courier, self._clerk, self._over, rate, self._bell).run()
        except ClerkGoneError:
            raise
        except lease.StaleSenderError:
            self._say("Another sender has begun; this one writes nothing more and waits.")
        except DatabaseError as error:
            self._say(f"Mail waits for the database, which says: {error}")
            return False
        except Exception:
            log.exception("Sending mail has failed. It is tried again.")
            return False
        self._said = ""
        return self._over()

    async def _choose(self) -> Courier | None:
        """None when stopped before the settings could be read; they are wrong until a restart."""
        with contextlib.suppress(DatabaseError):
            await self._clerk.note_relay()
        try:
            signer_for(settings.NIGHTDESK, "example.org")  # are key and selector to be used at all?
            return choose.chosen(settings.NIGHTDESK, farewell=FOR_PARTING - 0.1)
        except SettingError as error:
            log.error("No mail leaves: %s", error)
            with contextlib.suppress(DatabaseError):
                await self._clerk.note_refusal(str(error))
            await self._stop.wait()
            return None

    async def _rest(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), PAUSE)

    def _say(self, sentence: str) -> None:
        """Once, however often it is tried."""
        if sentence != self._said:
            log.warning("%s", sentence)
        self._said = sentence
