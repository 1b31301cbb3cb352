"""Browsers follow live pages by HTTP/2 over TLS, many streams on one connection."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nightdesk.press.shelf.write import Shelf

from .certificates import Pair
from .door import Door
from .following import Curl, a_shelf, put
from .test_pages_from_the_shelf import soon


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    opened = a_shelf(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def open_door(tmp_path: Path, shelf: Shelf) -> Iterator[object]:
    opened: list[Door] = []

    def open_one(**settings: str) -> Door:
        pair = Pair(tmp_path)
        pair.issue()
        opened.append(Door(tmp_path, pair, NIGHTDESK_URL="https://localhost", **settings))
        return opened[-1].wait_until_open()

    yield open_one
    for door in opened:
        door.stop()


def test_two_streams_on_one_connection_are_told_and_one_address_gets_half_of_the_places(
    open_door, shelf
):
    door = open_door(NIGHTDESK_LIVE_READERS="4")
    readers = Curl(door.port, 3)
    readers.wait_for("HTTP/2 200", 2)
    readers.wait_for("HTTP/2 204")
    readers.wait_for("data: ", 2)
    put(shelf, "second")
    readers.wait_for("data: ", 4)
    readers.stop()


def test_whoever_leaves_gives_the_place_back(open_door, shelf):
    door = open_door(NIGHTDESK_LIVE_READERS="2")  # one of them for each address
    for _ in range(4):
        soon(lambda: finds_a_place(door, shelf))


def finds_a_place(door: Door, shelf: Shelf) -> bool:
    put(shelf, str(time.time()))  # whoever has left is missed when told of something
    reader = Curl(door.port)
    try:
        reader.wait_for("HTTP/2 ")
        return "HTTP/2 200" in reader.text
    finally:
        reader.stop()


@pytest.mark.slow
def test_readers_go_over_to_the_next_newsstand_and_miss_nothing(open_door, shelf):
    """Half a minute: the old newsstand waits so long for whoever is only shaking hands. What is
    after that is tried without a door, and quicker, in test_following_a_live_page."""
    door = open_door()
    old = door.servers()
    reader = Curl(door.port)
    reader.wait_for("data: ")
    door.process.send_signal(signal.SIGHUP)
    door.wait_for(lambda: "a new newsstand serves" in door.said())
    put(shelf, "told by the old one")
    reader.wait_for("data: ", 2)
    later = Curl(door.port)
    later.wait_for("data: ")
    door.wait_for(lambda: old[0] not in door.servers(), 45)
    assert reader.process.wait(5) == 0
    put(shelf, "told by the new one")
    later.wait_for("data: ", 2)
    later.stop()
