"""What changes on the shelf is told to the CDN: once it can be read, hard when it is gone, never
lost."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from nightdesk.press.purging import follow, queue
from nightdesk.press.purging.cache import Cache, PurgeError
from nightdesk.press.purging.choose import chosen
from nightdesk.press.purging.follow import Follower, Purging
from nightdesk.press.purging.order import Order
from nightdesk.press.purging.orders import BULK, Site
from nightdesk.press.shelf.pieces import Own
from nightdesk.press.shelf.tags import fragment, own, section
from nightdesk.press.shelf.write import Change, Printed, Shelf
from nightdesk.settings.table import SettingError, Settings

SITE = Site("https://news.example", ("uk",))
FEED = "fragment:news-feed:en"


class Recorder(Cache):
    """A cache that takes every order, or none (``broken``), and remembers them."""

    def __init__(self) -> None:
        super().__init__({})
        self.orders: list[Order] = []
        self.broken = ""

    def send(self, order: Order) -> None:
        if self.broken:
            raise PurgeError(self.broken)
        self.orders.append(order)

    @property
    def tags(self) -> set[str]:
        return {one for order in self.orders for one in order.tags}


class OneByOne(Recorder):
    knows_tags = knows_everything = False


class Newsroom:
    """A shelf, a CDN and the follower between them, with a clock of its own."""

    def __init__(self, data: Path, cache: Recorder) -> None:
        self.data, self.cache = data, cache
        self.shelf = Shelf.open(data)
        self.now = time.time()
        self.follower = Follower(data, cache, SITE)
        self.wait(5)
        self.forget()

    def forget(self) -> None:
        self.cache.orders.clear()

    def print(self, path: str, text: str = "new") -> None:
        kind = "fragment" if path.startswith("fragment:") else "story"
        self.shelf.put(path, Printed(kind, 200, [], [Own.of(text.encode())]), seen=1)

    def remove(self, *paths: str) -> None:
        self.shelf.take([Change(id=self.shelf.cursor + 1, gone=paths)])

    def wait(self, seconds: float) -> None:
        """Let the follower work through so much time."""
        end = self.now + seconds
        while self.now < end:
            self.follower.step(self.now)
            self.now += follow.LOOK

    def restart(self) -> None:
        self.follower.close()
        self.follower = Follower(self.data, self.cache, SITE)


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path, Recorder())


def test_a_new_page_is_purged_after_the_newsstand_had_time_to_notice_it(newsroom):
    newsroom.print("/news/міст/")
    newsroom.wait(0.2)
    assert newsroom.cache.orders == []
    newsroom.wait(0.4)
    (order,) = newsroom.cache.orders
    assert order == Order(
        urls=("https://news.example/news/%D0%BC%D1%96%D1%81%D1%82/",),
        tags=(own("/news/міст/"),),
        hard=False,
    )


def test_each_purge_is_sent_again_two_seconds_later_because_a_shield_may_have_been_quicker(
    newsroom,
):
    newsroom.print("/news/bridge/")
    newsroom.wait(1)
    assert len(newsroom.cache.orders) == 1
    newsroom.wait(3)
    assert len(newsroom.cache.orders) == 2
    assert newsroom.cache.orders[0] == newsroom.cache.orders[1]
    newsroom.wait(30)
    assert len(newsroom.cache.orders) == 2


def test_what_is_gone_is_purged_hard_and_so_is_all_that_still_names_it(newsroom):
    newsroom.remove("/news/bridge/")
    newsroom.wait(1)
    newsroom.print(FEED)
    newsroom.print("/")
    newsroom.wait(1)
    assert newsroom.cache.orders
    assert all(order.hard for order in newsroom.cache.orders)
    assert {own("/news/bridge/"), own("/"), fragment(FEED)} <= newsroom.cache.tags


def test_a_minute_after_a_removal_changes_are_soft_again(newsroom):
    newsroom.remove("/news/bridge/")
    newsroom.wait(follow.REMOVAL + 1)
    newsroom.forget()
    newsroom.print("/")
    newsroom.wait(1)
    assert [order.hard for order in newsroom.cache.orders] == [False]


def test_a_new_brief_purges_the_pages_it_stands_on_by_their_tag_and_no_page_by_address(newsroom):
    newsroom.print(FEED)
    newsroom.wait(1)
    (order,) = newsroom.cache.orders
    assert order == Order(tags=(fragment(FEED),))


def test_theme_files_and_ready_error_pages_purge_nothing(newsroom):
    newsroom.print("/assets/nightdesk.0a1b2c.css")
    newsroom.print("error:404:en")
    newsroom.wait(5)
    assert newsroom.cache.orders == []


def test_a_whole_section_is_one_purge_and_more_is_one_of_everything(newsroom):
    for number in range(BULK + 1):
        newsroom.print(f"/news/{number}/")
    newsroom.wait(1)
    (order,) = newsroom.cache.orders
    assert order.tags == (section("/news/1/"),)
    newsroom.wait(5)
    newsroom.forget()
    for number in range(BULK + 1):
        newsroom.print(f"/{('news', 'city')[number % 2]}/{number}/", "newer")
    newsroom.wait(12)
    assert {order.everything for order in newsroom.cache.orders} == {True}


def test_printing_all_pages_anew_purges_everything_every_ten_seconds_at_most(newsroom):
    for batch in range(6):
        for number in range(BULK + 1):
            newsroom.print(f"/{('news', 'city')[number % 2]}/{number}/", f"{batch}")
        newsroom.wait(1)
    newsroom.wait(20)
    rounds = 2
    assert 1 <= len(newsroom.cache.orders) <= 3 * rounds


def test_a_story_that_is_gone_in_the_middle_of_a_reprint_does_not_wait_for_it(newsroom):
    newsroom.follower._last_everything = newsroom.now
    newsroom.remove("/news/bridge/")
    for number in range(BULK + 1):
        newsroom.print(f"/{('news', 'city')[number % 2]}/{number}/")
    newsroom.wait(1)
    assert own("/news/bridge/") in newsroom.cache.tags
    assert newsroom.cache.orders[0].hard


def test_a_cache_that_knows_neither_tags_nor_everything_is_told_every_address(tmp_path):
    newsroom = Newsroom(tmp_path, OneByOne())
    for number in range(BULK + 1):
        newsroom.print(f"/news/{number}/")
    newsroom.wait(1)
    assert len(newsroom.cache.orders[0].urls) == BULK + 1


def test_with_its_first_cdn_a_newsroom_purges_what_that_may_hold(tmp_path):
    cache = Recorder()
    shelf = Shelf.open(tmp_path)
    shelf.put("/", Printed("home", 200, [], [Own.of(b"x")]), seen=1)
    follower = Follower(tmp_path, cache, SITE)
    follower.step(time.time())
    follower.step(time.time() + 1)
    assert cache.orders == [Order(everything=True)]


def test_a_cdn_in_trouble_is_told_again_with_growing_pauses(newsroom, caplog):
    newsroom.cache.broken = "api.example answered 503 Service Unavailable: busy"
    newsroom.print("/news/bridge/")
    newsroom.wait(4)
    assert queue.state(newsroom.data) == {
        "waiting": 1,
        "since": pytest.approx(time.time(), abs=60),
        "failing": 1,
        "trouble": "api.example answered 503 Service Unavailable: busy",
        "sent": 2,
    }
    assert len([one for one in caplog.records if "not told" in one.message]) == 1
    newsroom.cache.broken = ""
    newsroom.wait(4)
    assert newsroom.cache.orders == [newsroom.cache.orders[0]] * len(newsroom.cache.orders)
    newsroom.wait(5)
    assert queue.state(newsroom.data)["waiting"] == 0


def test_a_restart_in_the_middle_loses_no_purge(newsroom):
    newsroom.cache.broken = "down"
    newsroom.print("/news/bridge/")
    newsroom.wait(1)
    newsroom.follower.close()
    newsroom.print("/news/tram/")  # nobody looks
    newsroom.follower = Follower(newsroom.data, newsroom.cache, SITE)
    newsroom.cache.broken = ""
    newsroom.wait(10)
    assert {own("/news/bridge/"), own("/news/tram/")} <= newsroom.cache.tags


def test_after_a_long_outage_one_hard_purge_of_everything_replaces_the_line(newsroom):
    newsroom.cache.broken = "down"
    for number in range(follow.MOST_WAITING + 1):
        newsroom.print(f"/news/{number}/")
        newsroom.wait(follow.LOOK * 2)
    newsroom.wait(60)
    newsroom.cache.broken = ""
    newsroom.wait(queue.LONGEST_WAIT)
    assert newsroom.cache.orders[0] == Order(everything=True, hard=True)
    assert len(newsroom.cache.orders) <= 6


def test_another_shelf_purges_everything(newsroom):
    newsroom.print("/news/bridge/")
    newsroom.print("/news/tram/")
    newsroom.wait(5)
    newsroom.forget()
    newsroom.shelf.close()
    for file in newsroom.data.glob("shelf.db*"):
        file.unlink()
    newsroom.shelf = Shelf.open(newsroom.data)
    with pytest.raises(OSError, match="made anew"):
        newsroom.follower.step(newsroom.now)
    newsroom.restart()
    newsroom.wait(5)
    assert newsroom.cache.orders[0] == Order(everything=True)


def test_the_thread_waits_for_the_first_printed_page_and_then_purges(tmp_path):
    cache = Recorder()
    purging = Purging(tmp_path, cache, SITE)
    purging.start()
    try:
        time.sleep(0.2)
        Shelf.open(tmp_path).put("/", Printed("home", 200, [], [Own.of(b"x")]), seen=1)
        deadline = time.monotonic() + 5
        while not cache.orders:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        purging.stop()
    assert not purging.is_alive()


def test_without_a_cdn_nothing_is_followed(tmp_path):
    settings = Settings({"NIGHTDESK_DATA": str(tmp_path)})
    assert follow.start(settings) is None
    assert queue.state(tmp_path)["waiting"] == 0


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"NIGHTDESK_CDN": "fastly", "NIGHTDESK_CDN_TOKEN": "t"}, "NIGHTDESK_CDN_ID"),
        ({"NIGHTDESK_CDN": "cloudflare", "NIGHTDESK_CDN_ID": "z"}, "NIGHTDESK_CDN_TOKEN"),
        ({"NIGHTDESK_CDN": "varnish"}, "NIGHTDESK_CDN_ADDRESSES"),
        (
            {"NIGHTDESK_CDN": "cloudfront", "NIGHTDESK_CDN_ID": "E", "NIGHTDESK_CDN_TOKEN": "one"},
            "NIGHTDESK_CDN_TOKEN",
        ),
        ({"NIGHTDESK_CDN": "fastly", "NIGHTDESK_URL": ""}, "NIGHTDESK_URL"),
    ],
)
def test_a_setting_that_a_cdn_needs_is_asked_for_by_name(tmp_path, given, missing):
    environ = {"NIGHTDESK_DATA": str(tmp_path), "NIGHTDESK_URL": "https://news.example", **given}
    with pytest.raises(SettingError, match=missing):
        chosen(Settings(environ))


def test_wagtails_own_purging_stays_disconnected():
    from wagtail.signals import page_published, page_unpublished

    for signal in (page_published, page_unpublished):
        for receiver in signal.receivers:
            named = getattr(receiver[1](), "__module__", "")
            assert "frontend_cache" not in named


def test_how_it_stands_is_a_line_that_names_what_the_cdn_said(newsroom):
    assert queue.in_words(queue.state(newsroom.data)) == (
        "The CDN knows of every change; 2 purges were taken."
    )
    newsroom.cache.broken = "api.example answered 401 Unauthorized: wrong token"
    newsroom.print("/news/bridge/")
    newsroom.follower.step(newsroom.now)
    assert queue.in_words(queue.state(newsroom.data)).startswith(
        "Changes that the CDN is being told of: 1, the oldest for"
    )
    newsroom.wait(1)
    line = queue.in_words(queue.state(newsroom.data))
    assert line.endswith("It said: api.example answered 401 Unauthorized: wrong token")
