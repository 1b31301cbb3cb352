"""Two workers started at once: one sends. One that was asleep writes nothing any more."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from nightdesk.kernel import processes
from nightdesk.mail import lease
from nightdesk.mail.models import Sender

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def another(monkeypatch, name: str = "elsewhere 7 70") -> None:
    monkeypatch.setattr(lease, "who_am_i", lambda: name)


def test_a_second_sender_waits_until_the_first_gives_up(monkeypatch):
    first = lease.take()
    another(monkeypatch)
    assert lease.take() is None
    monkeypatch.undo()
    lease.give_up(first)
    another(monkeypatch)
    assert lease.take() == first + 1


def test_a_sender_on_a_machine_that_went_silent_is_replaced_when_its_lease_is_over(monkeypatch):
    another(monkeypatch)
    first = lease.take()
    monkeypatch.undo()
    with time_machine.travel(timezone.now() + lease.LEASE - timedelta(seconds=5)):
        assert lease.take() is None
    with time_machine.travel(timezone.now() + lease.LEASE + timedelta(seconds=1)):
        assert lease.take() == first + 1


def test_a_sender_that_was_replaced_can_neither_renew_nor_write_nor_give_up(monkeypatch):
    stale = lease.take()
    fresh = lease.take()  # as after its lease had run out
    with pytest.raises(lease.StaleSenderError):
        lease.renew(stale)
    with pytest.raises(lease.StaleSenderError), transaction.atomic():
        lease.hold(stale)
    lease.give_up(stale)
    assert Sender.objects.get().holder
    lease.renew(fresh)
    with transaction.atomic():
        lease.hold(fresh)


def test_a_sender_that_died_on_this_machine_is_replaced_at_once(monkeypatch):
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    name = f"{processes._where()} {other.pid} {processes._began(other.pid)}"
    another(monkeypatch, name)
    first = lease.take()
    monkeypatch.undo()
    assert lease.take() is None
    other.kill()
    other.communicate()
    assert lease.take() == first + 1


def test_a_process_is_gone_only_when_that_is_sure():
    here, began = processes._where(), processes._began(os.getpid())
    assert not processes.is_gone(processes.who_am_i())
    assert processes.is_gone(f"{here} {os.getpid()} {int(began) + 1}")  # its number was given again
    assert not processes.is_gone(f"another-machine {os.getpid()} 1")
    assert not processes.is_gone("nonsense") and not processes.is_gone("")
