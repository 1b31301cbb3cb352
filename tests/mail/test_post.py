"""The real sender, in a process of its own, before a real relay, killed and doubled."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import connections, transaction

from nightdesk.bench.newsletters import sink
from nightdesk.bench.newsletters.behaviour import Behaviour
from nightdesk.bench.newsletters.ledger import taken
from nightdesk.kernel import frozen as sign
from nightdesk.kernel.child import fork
from nightdesk.mail import awaited, lease, post, sending
from nightdesk.mail.actions import post as post_mail
from nightdesk.mail.models import OutgoingMail, Relay, Sender
from nightdesk.settings.table import Settings

from .hand import books_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault, pytest.mark.database]
State = OutgoingMail.State


def queue(count: int) -> None:
    with transaction.atomic():
        for number in range(count):
            to = [f"reader{number}@post.example"]
            post_mail(EmailMessage("Confirm", "Here", to=to), kind="confirmation")


def wait_for(so: Callable[[], object], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < deadline, list(
            OutgoingMail.objects.values_list("state", "reply").distinct()[:5]
        )
        time.sleep(0.05)


class House:
    """Senders of this newsroom, each a process, and the relay they have."""

    def __init__(self, settings, folder, url: str) -> None:
        self.pids: list[int] = []
        self.use(settings, folder, url)

    def use(self, settings, folder, url: str) -> None:
        settings.DATA = folder
        environ = {"NIGHTDESK_DATA": str(folder), "NIGHTDESK_MAIL": url}
        settings.NIGHTDESK = Settings({**environ, "NIGHTDESK_MAIL_CONNECTIONS": "3"})

    def open(self) -> int:
        connections.close_all()  # a connection must not be in two processes
        self.pids.append(fork("mail", post.run))
        return self.pids[-1]

    def end_without_books(self, pid: int) -> int:
        """Kill the process that keeps its books; with what code it ended for that."""
        os.kill(books_of(pid), signal.SIGKILL)
        self.pids.remove(pid)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    def end(self, pid: int, number: int) -> float:
        """How many seconds it took."""
        began = time.monotonic()
        os.kill(pid, number)
        os.waitpid(pid, 0)
        self.pids.remove(pid)
        return time.monotonic() - began


@pytest.fixture
def house(settings, tmp_path) -> Iterator[Callable[[str], House]]:
    opened: list[House] = []

    def _house(url: str) -> House:
        opened.append(House(settings, tmp_path, url))
        return opened[-1]

    yield _house
    for each in opened:
        for pid in list(each.pids):
            with contextlib.suppress(ProcessLookupError):
                each.end(pid, signal.SIGKILL)


def states() -> Counter[str]:
    return Counter(OutgoingMail.objects.values_list("state", flat=True))


def test_a_sender_killed_in_the_middle_loses_nobody_and_sends_nobody_twice_without_a_name(
    house, tmp_path, monkeypatch
):
    monkeypatch.setattr(awaited, "AGAIN_AFTER", timedelta(seconds=1))
    log, chance = tmp_path / "taken.tsv", random.Random()
    log.touch()
    queue(200)
    with sink.running(Behaviour(delay=15), log) as relay:
        senders = house(f"smtp://127.0.0.1:{relay.port}")
        for part, killed in ((40, "mail"), (90, "books"), (140, "mail")):
            pid = senders.open()
            wait_for(lambda part=part: len(log.read_bytes().splitlines()) >= part)
            time.sleep(chance.random() * 0.05)
            if killed == "mail":
                senders.end(pid, signal.SIGKILL)
            else:
                assert senders.end_without_books(pid) == 1
        pid = senders.open()
        wait_for(lambda: not OutgoingMail.objects.filter(state__in=["queued", "sending"]).exists())
        assert senders.end(pid, signal.SIGTERM) < 5
    got = Counter(each.recipient for each in taken(log))
    assert len(got) == 200, "lost"
    named = set(OutgoingMail.objects.filter(doubts__gt=0).values_list("rcpt_to", flat=True))
    twice = {recipient for recipient, often in got.items() if often > 1}
    assert twice <= named
    assert max(got.values()) <= 2 and len(named) < 100
    assert sum(states().values()) == 200 and states()[State.SENT] == 200
    assert not Sender.objects.get().holder, "the lease was not given up"


def test_of_two_senders_one_sends_and_the_other_takes_its_place_at_once(house, tmp_path):
    log = tmp_path / "taken.tsv"
    log.touch()
    queue(100)
    with sink.running(Behaviour(delay=10), log) as relay:
        senders = house(f"smtp://127.0.0.1:{relay.port}")
        pids = [senders.open(), senders.open()]
        wait_for(lambda: states()[State.SENT] == 100)
        assert Counter(Counter(each.recipient for each in taken(log)).values()) == {1: 100}
        assert Sender.objects.get().epoch == 1
        holder = int(Sender.objects.get().holder.split()[-2])
        assert holder in pids
        senders.end(holder, signal.SIGKILL)
        queue(5)
        wait_for(lambda: states()[State.SENT] == 105, lease.LEASE.total_seconds() / 2)
        assert Sender.objects.get().epoch == 2


def test_mail_leaves_within_a_second_or_two_and_its_relay_is_known_to_work(house, tmp_path):
    with sink.running() as relay:
        senders = house(f"smtp://127.0.0.1:{relay.port}")
        senders.open()
        wait_for(lambda: Sender.objects.filter(epoch=1).exists())
        time.sleep(0.3)
        assert sending.LOOK <= 1.0
        queue(1)
        wait_for(lambda: states()[State.SENT] == 1, 10)
        wait_for(lambda: Relay.objects.get().last_left_at is not None, 15)
        assert Relay.objects.get().name == f"127.0.0.1:{relay.port}"


def test_a_frozen_newsroom_sends_nothing_and_goes_on_after_the_thaw(house, tmp_path):
    with sink.running() as relay:
        senders = house(f"smtp://127.0.0.1:{relay.port}")
        sign.put_up(tmp_path, "a drill")
        queue(3)
        pid = senders.open()
        time.sleep(1.5)
        assert states() == {State.QUEUED: 3}
        sign.take_down(tmp_path)
        wait_for(lambda: states()[State.SENT] == 3, 10)
        assert senders.end(pid, signal.SIGTERM) < 5


def test_what_waited_for_a_relay_goes_out_by_itself_when_there_is_one(house, tmp_path, settings):
    settings.PUBLIC_URL = "https://news.example"
    queue(3)
    senders = house("")
    pid = senders.open()
    time.sleep(1.5)
    assert states() == {State.QUEUED: 3} and not list(tmp_path.glob("mail/*"))
    senders.end(pid, signal.SIGTERM)
    with sink.running() as relay:
        senders.use(settings, tmp_path, f"smtp://127.0.0.1:{relay.port}")
        senders.open()
        wait_for(lambda: states()[State.SENT] == 3, 10)


def test_on_ones_own_machine_each_mail_is_a_file(house, tmp_path):
    queue(2)
    house("").open()
    wait_for(lambda: states()[State.SENT] == 2, 10)
    files = [file.read_bytes() for file in tmp_path.glob("mail/*.eml")]
    assert len(files) == 2 and all(b"Subject: Confirm" in each for each in files)
    assert Relay.objects.get().name == "folder"


def test_a_locked_database_and_a_relay_that_is_down_are_waited_for(house, tmp_path):
    """The relay opens after a while; meanwhile the lock is held for a second."""
    from tests.run.conftest import free_port

    port = free_port()
    senders = house(f"smtp://127.0.0.1:{port}")
    senders.open()
    queue(10)
    wait_for(lambda: Relay.objects.filter(refusing_since__isnull=False).exists(), 15)
    assert "cannot be reached" in Relay.objects.get().cause
    assert not OutgoingMail.objects.filter(attempts__gt=0).exists()
    with sink.running(port=port):
        with transaction.atomic():
            Sender.objects.select_for_update().get()  # SQLite: nobody else writes anything
            time.sleep(1)
        wait_for(lambda: states()[State.SENT] == 10)
        wait_for(lambda: Relay.objects.get().refusing_since is None, 15)


def test_the_time_to_stop_fits_into_the_parents():
    from nightdesk.run import parent

    ours = sending.FOR_ANSWERS + sending.FOR_PARTING + sending.FOR_BOOKS
    assert ours < parent._SECONDS_FOR_NEWSROOM - 0.2
