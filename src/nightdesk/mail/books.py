"""What the sender reads from and writes to the database. ``clerk.py`` is who does it."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.db.models import QuerySet
from django.utils import timezone

from nightdesk.mail import health, lease, sources
from nightdesk.mail.models import Relay
from nightdesk.mail.ports import Message, Outcome
from nightdesk.press import database_file

log = logging.getLogger("nightdesk.mail")

#: Of a relay that says nothing itself. What it said before says more.
NOT_FETCHED = "The relay takes nothing at the moment."
#: A source that fails rests for so many seconds, and the others go on.
REST = 30.0
#: When a message last left is written down this often.
_NOTE_EVERY = 10.0


@dataclass(slots=True)
class News:
    """Of the relay since the last turn: did it take something, does it refuse everything (why)?"""

    left: bool = False
    refuses: str = ""


class Fetched(NamedTuple):
    """Messages of one source."""

    source: str
    rank: int
    messages: Sequence[Message]


@dataclass(slots=True)
class Turned:
    """``written``: the sources whose outcomes are in the database. ``trouble``: why the database
    could not be written; whatever is not in ``written`` must be told again then. ``in_doubt``: it
    may have written something all the same."""

    written: list[str] = field(default_factory=list)
    fetched: list[Fetched] = field(default_factory=list)
    noted: bool = False
    trouble: str = ""
    in_doubt: bool = False

    @property
    def count(self) -> int:
        return sum(len(each.messages) for each in self.fetched)


class Books:
    """``holder``: whose they are, as the lease names it; this process."""

    def __init__(self, holder: str = "") -> None:
        self._holder = holder
        self.epoch = 0
        self.relay = ""
        self._open("", 0)

    def _open(self, relay: str, epoch: int) -> None:
        self.relay, self.epoch = relay, epoch
        self._renewed = time.monotonic()
        self._noted_left = float("-inf")
        self._refusing = True  # not known: the first news are written down
        self._resting: dict[str, float] = {}

    def note_relay(self) -> None:
        """Since when mail goes where it goes; the alarm says it."""
        database_file.in_place()
        Relay.objects.get_or_create(name=health.relay_name())

    def note_refusal(self, cause: str) -> None:
        """Nothing can go anywhere, and why."""
        row, _new = Relay.objects.get_or_create(name=health.relay_name())
        row.refusing_since, row.cause = row.refusing_since or timezone.now(), cause[:300]
        row.save()

    def take(self) -> bool:
        """Whether the lease is ours now."""
        try:
            database_file.in_place()
            epoch = lease.take(self._holder)
        except (DatabaseError, InterfaceError):
            connection.close()
            raise
        if epoch is not None:
            self._open(health.relay_name(), epoch)
        return epoch is not None

    def begin(self, rate: float) -> float:
        """What earlier senders had in hand is settled; how many tokens there are by now. Raises
        ``StaleSenderError``, ``DatabaseError``."""
        database_file.in_place()
        row, _new = Relay.objects.get_or_create(name=self.relay)
        for source in sources.in_order():
            source.found_at_start(self.epoch)
        since = max(timedelta(), timezone.now() - row.tokens_at)
        return min(row.tokens + since.total_seconds() * rate, max(1.0, rate))

    def turn(
        self,
        outcomes: Mapping[str, Sequence[Outcome]],
        limit: int,
        news: News,
        tokens: float | None = None,
        ahead: int = 0,
    ) -> Turned:
        """Write down outcomes and news, and fetch up to ``limit`` messages, or up to ``ahead`` when
        that is more and they are awaited. ``tokens``: what the bucket holds, None without a rate.
        Raises ``StaleSenderError``."""
        turned = Turned()
        try:
            database_file.in_place()
            self._renew()
            for source in sources.in_order():
                most = max(limit, ahead) if source.rank == sources.AWAITED else limit
                self._ask(source, outcomes.get(source.name, ()), most, turned)
            if turned.fetched and tokens is not None:
                left = tokens - turned.count
                self._row.update(tokens=left, tokens_at=timezone.now())
            self._note(news)
            turned.noted = True
        except (DatabaseError, InterfaceError) as trouble:
            turned.trouble = " ".join(str(trouble).split()) or type(trouble).__name__
            # SQLite has written nothing when it fails; a server may have, and its answer be lost.
            turned.in_doubt = connection.vendor != "sqlite"
            close_old_connections()
        return turned

    def end(self) -> None:
        lease.give_up(self.epoch, self._holder)
        connection.close()

    @property
    def _row(self) -> QuerySet[Relay]:
        return Relay.objects.filter(name=self.relay)

    def _renew(self) -> None:
        if time.monotonic() - self._renewed >= lease.RENEW_EVERY:
            close_old_connections()
            lease.renew(self.epoch, self._holder)
            self._renewed = time.monotonic()

    def _ask(
        self, source: sources.Source, outcomes: Sequence[Outcome], limit: int, turned: Turned
    ) -> None:
        if self._resting.get(source.name, 0.0) > time.monotonic():
            return
        try:
            found = source.turn(outcomes, max(0, limit - turned.count), self.epoch)
        except (DatabaseError, InterfaceError, lease.StaleSenderError):
            raise
        except Exception:
            # A fault of ours in one room must not keep back the mail of the others.
            log.exception("%s cannot be sent at the moment.", source.name.capitalize())
            self._resting[source.name] = time.monotonic() + REST
            return
        turned.written.append(source.name)
        if found:
            turned.fetched.append(Fetched(source.name, source.rank, found))

    def _note(self, news: News) -> None:
        now = time.monotonic()
        if news.refuses and not news.left:
            cause = in_private(news.refuses)
            self._row.filter(refusing_since=None).update(refusing_since=timezone.now())
            silent = news.refuses == NOT_FETCHED
            (self._row.filter(cause="") if silent else self._row).update(cause=cause)
            self._refusing = True
        elif news.left and (self._refusing or now - self._noted_left > _NOTE_EVERY):
            self._row.update(last_left_at=timezone.now(), refusing_since=None, cause="")
            self._refusing, self._noted_left = False, now


def in_private(text: str) -> str:
    """A relay's words without anybody's address."""
    return re.sub(r"\S+@\S+", "…", text)[:300]
