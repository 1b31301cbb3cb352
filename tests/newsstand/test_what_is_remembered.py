"""What the newsstand keeps in memory: which paths exist, what is read, what was asked for."""

from __future__ import annotations

import json
import os

import pytest

from nightdesk.newsstand.heat import Heat
from nightdesk.newsstand.hosts import Hosts
from nightdesk.newsstand.known import Known
from nightdesk.newsstand.ready import Finishing
from nightdesk.newsstand.security import SecurityHeaders
from nightdesk.newsstand.shelf import Lack
from nightdesk.newsstand.shelf import Shelf as Memory
from nightdesk.press.shelf.caching import Caching
from nightdesk.press.shelf.write import Shelf

from .test_pages_from_the_shelf import printed


def test_no_stored_path_is_ever_taken_for_unknown_and_few_others_for_known():
    paths = [f"/news/{number}/" for number in range(20_000)]
    known = Known(paths)
    assert all(path in known for path in paths)
    assert sum(f"/else/{number}/" in known for number in range(20_000)) < 600


def test_a_growing_archive_asks_for_more_room():
    known = Known()
    for number in range(12_000):
        known.add(f"/news/{number}/")
    assert known.full
    assert not Known(f"/news/{number}/" for number in range(12_000)).full


def test_what_is_read_most_now_is_told_first_and_old_readings_fade(tmp_path):
    heat = Heat()
    heat.add("/old/", 100)
    heat.fade(heat._faded + 3600)
    heat.add("/new/", 10)
    heat.write(tmp_path / "heat.json")
    told = json.loads((tmp_path / "heat.json").read_text())
    assert list(told) == ["/new/", "/old/"]
    assert told["/old/"] < 2


def test_a_full_disk_does_not_trouble_the_counting_of_readings(tmp_path):
    heat = Heat()
    heat.add("/a/", 1)
    heat.write(tmp_path / "no such folder" / "heat.json")


@pytest.fixture
def stored(tmp_path):
    opened = Shelf.open(tmp_path)
    yield opened
    opened.close()


def memory(tmp_path, size: int) -> Memory:
    opened = Memory(tmp_path, Finishing(SecurityHeaders(), Caching()), size)
    opened.look()
    return opened


def test_a_page_that_is_read_again_and_again_stays_while_an_archive_is_crawled(tmp_path, stored):
    stored.put("/read/", printed(), seen=1)
    for number in range(60):
        stored.put(f"/crawled/{number}/", printed(os.urandom(5_000).hex()), seen=1)
    shelf = memory(tmp_path, 100_000)
    popular = shelf.find("/read/")
    for number in range(60):
        shelf.find(f"/crawled/{number}/")
        popular.hits += 1
    assert shelf.hot["/read/"] is popular
    assert "/crawled/0/" not in shelf.hot
    assert sum(ready.size for ready in shelf.hot.values()) <= 100_000


def test_what_is_lacking_is_told_apart(tmp_path, stored):
    stored.put("/here/", printed(), seen=1)
    stored.want(["/soon/"])
    shelf = memory(tmp_path, 100_000)
    assert shelf.find("/nowhere/") is Lack.NOTHING
    assert shelf.find("/soon/") is Lack.UNPRINTED
    assert memory(tmp_path / "empty", 1).find("/here/") is Lack.UNKNOWN


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("news.example", True),
        ("NEWS.example:443", True),
        ("news.example.", True),
        ("a.b.paper.example", True),
        ("paper.example", True),
        ("[::1]:8000", True),
        ("evil.example", False),
        ("evilpaper.example", False),
        ("news.example.evil", False),
        ("news.example:x", False),
        ("", False),
    ],
)
def test_a_host_is_ours_as_the_settings_say(host, ours):
    assert Hosts(["news.example", ".paper.example", "[::1]"]).are_ours(host) is ours
