"""A new certificate, or a new newsstand, costs no reader one request."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.run.conftest import gone

from .certificates import DAY, Pair
from .conftest import read_all
from .door import Door, trusting_anybody
from .stand_in import StandIn

FULL = os.environ.get("NIGHTDESK_FAULTS") == "full"


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    made = Pair(tmp_path)
    made.issue()
    return made


@pytest.fixture
def site(tmp_path: Path) -> Iterator[StandIn]:
    stand_in = StandIn(tmp_path / "site.sock")
    yield stand_in
    stand_in.stop()


@pytest.fixture
def open_door(tmp_path: Path, site: StandIn) -> Iterator[object]:
    opened: list[Door] = []

    def open_one(*arguments: object, **settings: str) -> Door:
        opened.append(Door(tmp_path, *arguments, **settings))
        return opened[-1].wait_until_open()

    yield open_one
    for door in opened:
        door.stop()


class Crowd:
    """Readers in threads, some on a new connection each time, some on kept ones."""

    def __init__(self, door: Door, newcomers: int = 3, regulars: int = 3) -> None:
        self.failed: list[str] = []
        self.served = 0
        self._door = door
        self._going = True
        self._threads = [
            threading.Thread(target=self._read, args=(number < newcomers,))
            for number in range(newcomers + regulars)
        ]
        for thread in self._threads:
            thread.start()

    def _read(self, newcomer: bool) -> None:
        connection = self._door.connect()
        while self._going:
            try:
                if newcomer:
                    connection = self._door.connect()
                connection.request("GET", "/news/", headers={"Host": "localhost"})
                answer = connection.getresponse()
                body = answer.read()
                if answer.status != 200 or b"<title>page" not in body:
                    self.failed.append(str(answer.status))
                self.served += 1
                if newcomer:
                    connection.close()
                else:
                    time.sleep(0.01)
            except (OSError, http.client.HTTPException) as error:
                self.failed.append(repr(error))
                connection.close()

    def leave(self) -> None:
        self._going = False
        for thread in self._threads:
            thread.join()


def test_renewed_certificates_are_used_within_seconds_and_nobody_notices(pair, open_door):
    door = open_door(pair)
    assert door.serial() == pair.serial
    crowd = Crowd(door)
    for _ in range(5 if FULL else 3):
        new = pair.issue()
        door.wait_for(lambda new=new: door.serial() == new, 12)
        time.sleep(0.5)
    crowd.leave()
    print(
        f"{crowd.served} requests through {5 if FULL else 3} renewals, {len(crowd.failed)} failed"
    )
    assert crowd.failed == []
    assert crowd.served > 100


def test_a_newsstand_without_tls_is_changed_by_a_signal_without_a_lost_request(open_door):
    door = open_door()
    crowd = Crowd(door)
    for _ in range(3):
        before = set(door.servers())
        door.process.send_signal(signal.SIGHUP)
        door.wait_for(lambda before=before: set(door.servers()) - before)
        time.sleep(1)
    crowd.leave()
    assert crowd.failed == []
    assert crowd.served > 100


def test_a_reader_who_was_only_shaking_hands_is_served_by_the_old_newsstand(pair, open_door):
    """Nothing of the handshake has been said when the change happens."""
    door = open_door(pair)
    bare = socket.create_connection(("127.0.0.1", door.port), 10)
    time.sleep(0.3)
    new = pair.issue()
    door.wait_for(lambda: "changed: a new newsstand serves" in door.said(), 12)
    time.sleep(0.2)
    assert door.serial() == new
    with trusting_anybody().wrap_socket(bare, server_hostname="localhost") as line:
        line.sendall(b"GET /news/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer = read_all(line)
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert b"\r\nconnection: close\r\n" in answer


def test_an_answer_that_takes_long_is_finished_by_the_old_newsstand(pair, site, open_door):
    site.slow_seconds = 6
    door = open_door(pair)
    got = []
    reader = threading.Thread(target=lambda: got.append(door.get("/slow")))
    reader.start()
    door.wait_for(lambda: site.seen)
    new = pair.issue()
    door.wait_for(lambda: door.serial() == new, 12)
    reader.join()
    assert got[0].status == 200


@pytest.fixture(scope="module", autouse=True)
def changed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Door, int, float]]:
    """A door that has just changed, the newsstand that leaves, and when. It takes its time, who
    might still be shaking hands considered, so that begins before the other tests of this file."""
    folder = tmp_path_factory.mktemp("changed")
    stand_in = StandIn(folder / "site.sock")
    door = Door(folder).wait_until_open()
    door.wait_for(door.servers)
    (old,) = door.servers()
    door.process.send_signal(signal.SIGHUP)
    door.wait_for(lambda: len(door.servers()) == 2)
    yield door, old, time.monotonic()
    door.stop()
    stand_in.stop()


def test_the_old_newsstand_is_gone_when_its_last_reader_is(changed):
    door, old, since = changed
    door.wait_for(lambda: old not in door.servers(), max(1.0, since + 40 - time.monotonic()))
    assert door.get().status == 200


def spoil(pair: Pair, how: str) -> None:
    if how == "expired":
        pair.issue(ends_in=-DAY)
    elif how == "of the future":
        pair.issue(begins_in=2 * DAY)
    elif how == "for another host":
        pair.issue("elsewhere.example")
    elif how == "half written":
        pair.issue(write_key=False)
    elif how == "no certificate":
        pair.cert.write_text("-----BEGIN CERTIFICATE-----\nnonsense\n")
    elif how == "gone":
        pair.key.unlink()


SPOILT = {
    "expired": "it ended on ",
    "of the future": "it begins only at ",
    "for another host": "it is for elsewhere.example, not for localhost",
    "half written": "does not belong to the certificate",
    "no certificate": "holds no certificate in PEM form",
    "gone": "cannot be read (No such file or directory)",
}


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[dict[str, tuple[Door, Pair]]]:
    """A door for each way to spoil a certificate: they take their time side by side."""
    opened: dict[str, tuple[Door, Pair]] = {}
    for how in SPOILT:
        folder = tmp_path / how.replace(" ", "-")
        folder.mkdir()
        pair = Pair(folder)
        pair.issue()
        opened[how] = Door(folder, pair, NIGHTDESK_URL="https://localhost"), pair
    for door, _pair in opened.values():
        door.wait_until_open()
    yield opened
    for door, _pair in opened.values():
        door.stop()


def test_a_bad_certificate_is_said_once_and_the_old_one_stays(doors):
    old = {how: door.serial() for how, (door, _pair) in doors.items()}
    assert old == {how: pair.serial for how, (_door, pair) in doors.items()}
    for how, (_door, pair) in doors.items():
        spoil(pair, how)
    for how, (door, _pair) in doors.items():
        door.wait_for(lambda door=door: "The old one stays in use" in door.said(), 20)
        assert SPOILT[how] in door.said(), how
    time.sleep(2.5)
    for how, (door, _pair) in doors.items():
        assert door.said().count("The old one stays in use") == 1, how
        assert door.serial() == old[how], how
    good = {how: pair.issue() for how, (_door, pair) in doors.items()}
    for how, (door, _pair) in doors.items():
        door.wait_for(lambda door=door, new=good[how]: door.serial() == new, 20)


def test_a_newsstand_that_is_killed_is_replaced_while_readers_wait_at_the_port(open_door):
    door = open_door()
    door.wait_for(door.servers)
    assert door.get().status == 200
    killed(door)
    for _ in range(20):
        assert door.get().status == 200
    door.wait_for(lambda: "The newsstand was killed by signal 9 (SIGKILL)" in door.said())


def test_one_that_is_killed_before_it_serves_is_replaced_as_well(open_door):
    """By a system short of memory, or by the door itself after twenty seconds on a slow machine."""
    door = open_door()
    assert door.get().status == 200
    first = killed(door)
    door.wait_for(lambda: set(door.servers()) - {first})
    second = killed(door)
    assert second != first
    for _ in range(5):
        assert door.get().status == 200
    assert door.said().count("The newsstand was killed by signal 9 (SIGKILL)") == 2


def killed(door: Door) -> int:
    """The newest server, killed. Whom it had let in already loses the connection, so it is gone."""
    server = max(door.servers())
    os.kill(server, signal.SIGKILL)
    door.wait_for(lambda: gone(server))
    return server


def test_when_the_door_is_killed_nobody_stays_behind(open_door):
    door = open_door()
    door.wait_for(door.servers)
    served_by = door.servers()[0]
    door.process.kill()
    door.process.wait()
    deadline = time.monotonic() + 30
    while Path(f"/proc/{served_by}").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
