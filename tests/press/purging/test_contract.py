"""Whatever stands before the newsstand lets go of what it is told to let go of, and says if not."""

from __future__ import annotations

import time
from urllib.parse import quote

import pytest

from nightdesk.press.purging.cache import PurgeError
from nightdesk.press.purging.order import Order
from nightdesk.press.shelf.tags import fragment, own, tag

from .worlds import SITE, World

STORY, OTHER = "/news/міст/", "/news/tram/"
FEED = fragment("fragment:news-feed:en")


def print_pages(world: World, text: str) -> None:
    for path in (STORY, OTHER):
        world.pages[path] = (f"{text} {path}", (own(path), tag("all")))
    world.pages[OTHER] = (world.pages[OTHER][0], (*world.pages[OTHER][1], FEED))


@pytest.fixture
def shown(world: World) -> World:
    """A world whose cache holds the old words of both pages, while the origin has new ones."""
    print_pages(world, "old")
    for path in (STORY, OTHER):
        world.read(path)
    print_pages(world, "new")
    assert world.read(STORY).startswith("old")
    assert world.read(OTHER).startswith("old")
    return world


def by_address(path: str, hard: bool) -> Order:
    return Order(urls=(SITE + quote(path),), tags=(own(path),), hard=hard)


def soon_new(world: World, path: str) -> bool:
    deadline = time.monotonic() + 3
    while time.monotonic() < deadline:
        if world.read(path).startswith("new"):
            return True
        time.sleep(0.02)
    return False


def test_after_a_hard_purge_nobody_gets_the_old_page_again(shown: World):
    shown.adapter.send(by_address(STORY, hard=True))
    assert shown.read(STORY).startswith("new")
    assert shown.read(OTHER).startswith("old")


def test_after_a_soft_purge_readers_soon_get_the_new_page(shown: World):
    shown.adapter.send(by_address(STORY, hard=False))
    assert soon_new(shown, STORY)
    assert shown.read(OTHER).startswith("old")


@pytest.mark.parametrize("hard", [True, False])
def test_a_changed_brief_reaches_the_pages_it_stands_on(shown: World, hard: bool):
    shown.adapter.send(Order(tags=(FEED,), hard=hard))
    if not shown.adapter.knows_tags:  # such pages are kept for ten seconds only
        assert shown.read(OTHER).startswith("old")
        return
    assert shown.read(OTHER).startswith("new") if hard else soon_new(shown, OTHER)
    assert shown.read(STORY).startswith("old")


@pytest.mark.parametrize("hard", [True, False])
def test_everything_is_let_go_at_once(shown: World, hard: bool):
    shown.adapter.send(Order(everything=True, hard=hard))
    if not shown.adapter.knows_everything:  # the queue tells such a cache every address by itself
        assert shown.read(STORY).startswith("old")
        return
    assert soon_new(shown, STORY)
    assert soon_new(shown, OTHER)


def test_a_thousand_changes_are_told_in_lots_that_the_cache_takes(shown: World):
    paths = [f"/news/{number}/" for number in range(1000)]
    shown.adapter.send(
        Order(
            urls=(*(SITE + path for path in paths), SITE + OTHER),
            tags=(*map(own, paths), own(OTHER)),
            hard=True,
        )
    )
    assert shown.read(OTHER).startswith("new")


def test_wagtails_own_way_to_purge_an_address_works_too(shown: World):
    shown.adapter.purge(SITE + OTHER)
    assert shown.read(OTHER).startswith("new")


def test_a_refusal_is_raised_and_shows_no_token(wrong_token: World):
    with pytest.raises(PurgeError) as caught:
        wrong_token.adapter.send(by_address(STORY, hard=True))
    assert "wr0ng-token" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_cdn_that_cannot_be_reached_is_said_by_name(wrong_token: World, monkeypatch):
    adapter = wrong_token.adapter
    if hasattr(adapter, "locations"):
        adapter.locations = ("http://127.0.0.1:9",)
    else:
        adapter.door = "http://127.0.0.1:9/purge"
    with pytest.raises(
        PurgeError, match=r"127\.0\.0\.1:9 cannot be reached \(Connection refused\)"
    ):
        adapter.send(by_address(STORY, hard=True))
