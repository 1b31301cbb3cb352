"""A real post, forked from the test, that sends an edition over real connections to a real sink."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.db import connection, connections

from nightdesk.bench.newsletters.behaviour import Behaviour
from nightdesk.bench.newsletters.ledger import Taken, more_than_once, taken
from nightdesk.bench.newsletters.sink import running
from nightdesk.kernel.processes import die_with
from nightdesk.mail.adapters.smtp import SMTPCourier
from nightdesk.mail.models import Sender
from nightdesk.mail.post import Post, begin_clerk
from nightdesk.mail.relay import relay_address
from nightdesk.newsletters.delivery import actions
from nightdesk.newsletters.models import Delivery, Edition
from nightdesk.newsletters.returns import read_message_id
from tests.mail.hand import books_of
from tests.newsletters.delivery.making import a_newsletter, an_edition, readers, snapshot_of

State, Row = Edition.State, Delivery.State
CONNECTIONS = 10


class PostRoom:
    """``posts``: the processes that would like to send."""

    def __init__(self, recipients: int, port: int, log: Path) -> None:
        self.edition = an_edition(a_newsletter(), state=State.SENDING)
        snapshot_of(self.edition, readers(self.edition.newsletter, recipients))
        self._port, self._log = port, log
        self.posts: list[int] = []

    def begin(self) -> int:
        """One more post."""
        connections.close_all()
        parent = os.getpid()
        pid = os.fork()
        if pid:
            self.posts.append(pid)
            return pid
        try:
            die_with(parent)
            relay = relay_address(f"smtp://127.0.0.1:{self._port}")
            asyncio.run(Post(begin_clerk(), SMTPCourier(relay, CONNECTIONS)).keep())
        finally:
            os._exit(0)

    def end(self, pid: int, number: int = signal.SIGKILL) -> None:
        self.posts.remove(pid)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        os.waitpid(pid, 0)

    def end_books(self, pid: int) -> None:
        """Kill whoever keeps this post's books; it ends by itself then."""
        self.posts.remove(pid)
        os.kill(books_of(pid), signal.SIGKILL)
        os.waitpid(pid, 0)

    def end_all(self) -> None:
        for pid in list(self.posts):
            self.end(pid)

    # What is known.

    @property
    def state(self) -> str:
        return Edition.objects.values_list("state", flat=True).get(pk=self.edition.pk)

    @property
    def taken(self) -> list[Taken]:
        """What the sink has taken so far, whatever it said about it."""
        return list(taken(self._log)) if self._log.exists() else []

    @property
    def totals(self) -> actions.Totals:
        return actions.totals(self.edition)

    @property
    def sender(self) -> int:
        """Which of the posts has the lease; 0 for none."""
        held = Sender.objects.values_list("holder", flat=True).first() or ""
        return next((pid for pid in self.posts if f" {pid} " in held), 0)

    def wait_until_more_has_left(self) -> None:
        """Or the edition is over."""
        before = len(self.taken)
        self.wait_until(lambda: len(self.taken) > before + 20 or self.state == State.FINISHED)

    def wait_until(self, what: Callable[[], object], seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < deadline, (self.state, self.totals)
            time.sleep(0.02)

    def wait_until_over(self, seconds: float = 90) -> None:
        self.wait_until(lambda: self.state == State.FINISHED, seconds)

    def nobody_is_forgotten_and_nobody_got_it_twice(self) -> None:
        """The rows beside what the sink took: nothing in either that the other contradicts."""
        rows = dict(
            Delivery.objects.filter(edition=self.edition).values_list("subscriber", "state")
        )
        messages = self.taken
        got = {read_message_id(message.message_id).subscriber for message in messages}
        assert more_than_once(messages) == {}
        assert self.totals.adds_up
        assert {one for one, state in rows.items() if state == Row.SENT} <= got
        assert got <= {one for one, state in rows.items() if state in (Row.SENT, Row.UNCERTAIN)}


@contextlib.contextmanager
def post_room(folder: Path, recipients: int, **behaviour: object) -> Iterator[PostRoom]:
    log = folder / "taken.tsv"
    with running(Behaviour(**behaviour), log) as sink:
        room = PostRoom(recipients, sink.port, log)
        try:
            yield room
        finally:
            room.end_all()
            connection.close()
