"""An open page is told within a second that there is something new, and of nothing else."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nightdesk.newsstand.places import Places
from nightdesk.newsstand.streams import LONGEST_FRAME
from nightdesk.press.shelf import takedowns
from nightdesk.press.shelf.caching import Caching
from nightdesk.press.shelf.pieces import Own, Slot
from nightdesk.press.shelf.write import Printed, Shelf

from .conftest import RunningNewsstand
from .following import LIST, Follower, a_list, a_shelf, put
from .stand_in import StandIn
from .test_a_flood_is_turned_away import TOLD, long_ways
from .test_pages_from_the_shelf import printed, soon

#: Whoever follows is told within a second.
SOON = 1


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("live")


@pytest.fixture(scope="module")
def shelf(folder: Path) -> Iterator[Shelf]:
    opened = a_shelf(folder)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def newsstand(folder: Path, shelf: Shelf) -> Iterator[RunningNewsstand]:
    """One for all tests that neither stop it nor set its limits."""
    site = StandIn(folder / "site.sock")
    (folder / "staff.sock").symlink_to(folder / "site.sock")
    one = RunningNewsstand(folder, data=folder, hosts=("127.0.0.1", "news.example"))
    yield one
    one.stop()
    site.stop()


@pytest.fixture
def path(shelf: Shelf, request: pytest.FixtureRequest) -> str:
    """A live list of the test's own."""
    own = f"/{request.node.name}/live/"
    put(shelf, "first", own)
    return own


@pytest.fixture
def own_shelf(tmp_path: Path) -> Iterator[Shelf]:
    opened = a_shelf(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def opened(
    site: StandIn,
    own_shelf: Shelf,
    tmp_path: Path,
    open_newsstand: Callable[..., RunningNewsstand],
) -> Callable[..., RunningNewsstand]:
    """Opens a newsstand of the test's own before ``own_shelf``."""

    def with_the_shelf(**more: object) -> RunningNewsstand:
        return open_newsstand(data=tmp_path, **more)

    return with_the_shelf


# What is told


def test_whoever_follows_is_told_within_a_second_and_finds_it_at_the_document(
    newsstand, shelf, path
):
    with Follower(newsstand.port, path) as reader:
        first, number = reader.news()
        put(shelf, "second", path)
        second, next_number = reader.news(SOON)
        assert second != first and next_number > number
        answer = newsstand.get(path)
        assert (answer.body, second in answer["etag"]) == (b"second", True)


def test_the_stream_says_that_it_is_for_nobody_to_keep(newsstand, path):
    with Follower(newsstand.port, path) as reader:
        assert reader.status == 200
        assert reader.header("content-type") == "text/event-stream; charset=utf-8"
        assert reader.header("cache-control") == "no-store, no-transform"
        assert reader.header("x-accel-buffering") == "no"
        assert reader.header("x-content-type-options") == "nosniff"
        assert reader.header("content-length") is None


def test_whoever_comes_back_with_the_newest_version_is_told_nothing(newsstand, shelf, path):
    with Follower(newsstand.port, path) as reader:
        name, _ = reader.news()
    with Follower(newsstand.port, path, last_event_id=name) as reader:
        assert reader.news(0.5) is None
        put(shelf, "second", path)
        second, _ = reader.news()
    with Follower(newsstand.port, path, last_event_id=name) as reader:
        assert reader.news()[0] == second != name


def test_the_same_words_have_the_same_name_on_another_machine(
    newsstand, shelf, path, opened, own_shelf
):
    put(own_shelf, "first", path)
    with Follower(newsstand.port, path) as here, Follower(opened().port, path) as there:
        (name, number), (other_name, other_number) = here.news(), there.news()
    assert name == other_name
    assert number != other_number


def test_a_burst_of_changes_is_two_frames_a_second_at_most_and_the_last_is_told(
    newsstand, shelf, path
):
    with Follower(newsstand.port, path) as reader:
        reader.news()
        began = time.monotonic()
        told = []
        for number in range(30):
            put(shelf, f"change {number}", path)
            told.append(reader.news(0.05))
        soon(lambda: newsstand.get(path).body == b"change 29")
        last = newsstand.get(path)["etag"].strip('"')
        told = [one for one in told if one]
        while not (told and last.startswith(told[-1][0])):
            told.append(reader.news())
            assert told[-1] is not None, "the last is not told"
        seconds = time.monotonic() - began
    assert 2 <= len(told) <= 2 * seconds + 1


def test_a_change_elsewhere_or_the_same_words_again_tell_nobody(newsstand, shelf, path):
    with Follower(newsstand.port, path) as reader:
        reader.news()
        put(shelf, "their news", "/uk/місто/live/")
        shelf.put("/news/bridge/", printed(), seen=1)
        put(shelf, "first", path)
        assert reader.news(0.7) is None


def test_a_changed_fragment_in_the_document_is_told(newsstand, shelf, path):
    shelf.put("fragment:briefs:en", printed("one", "fragment"), seen=1)
    pieces = [Own.of(b"<"), Slot("fragment:briefs:en"), Own.of(b">")]
    shelf.put(path, a_list("", pieces=pieces), seen=1)
    soon(lambda: newsstand.get(path).body == b"<one>")
    with Follower(newsstand.port, path) as reader:
        reader.news()
        shelf.put("fragment:briefs:en", printed("two", "fragment"), seen=2)
        assert reader.news(SOON) is not None
        assert newsstand.get(path).body == b"<two>"


def test_a_list_in_another_alphabet_can_be_followed(newsstand, shelf):
    with Follower(newsstand.port, "/uk/%D0%BC%D1%96%D1%81%D1%82%D0%BE/live/") as reader:
        reader.news()
        put(shelf, "друге", "/uk/місто/live/")
        assert reader.news(SOON) is not None


def test_before_a_shared_cache_it_is_told_again_and_once_more_when_the_old_answer_has_run_out(
    opened, own_shelf
):
    with Follower(opened(trusted=("10.0.0.1",)).port) as reader:
        reader.news()
        began = time.monotonic()
        put(own_shelf, "second")
        told = reader.news(SOON)
        assert told is not None
        assert reader.news(2) == told
        assert reader.news(3) == told
        kept = dict(Caching().headers("live", LIST))["cache-control"]
        assert "s-maxage=2," in kept
        assert time.monotonic() - began > 2 + 1
        assert reader.news(1) is None


@pytest.mark.parametrize("cdn", ["", "varnish", "fastly", "cloudflare", "cloudfront", "http"])
def test_a_shared_cache_keeps_the_document_for_two_seconds_and_a_browser_asks_each_time(cdn):
    told = dict(Caching(cdn).headers("live", LIST))
    assert told["cache-control"].startswith("public, max-age=0")
    everything = ", ".join(told.values())
    assert "age=2," in everything
    assert "stale-while-revalidate" not in everything


# What goes away


def test_a_document_that_is_withheld_is_told_again_when_it_is_printed_and_not_before(
    newsstand, shelf, path
):
    with Follower(newsstand.port, path) as reader:
        reader.news()
        shelf.withhold([path], [])
        assert reader.news(0.7) is None
        put(shelf, "without what was taken down", path)
        assert reader.news(SOON) is not None


def test_when_the_document_goes_its_readers_are_told_and_let_go(newsstand, shelf, path):
    with Follower(newsstand.port, path) as reader:
        reader.news()
        shelf.drop(path)
        assert reader.news(SOON) == ("gone", 0)
        assert reader.wait_for_end(SOON) is not None
    with Follower(newsstand.port, path) as late:
        assert late.status == 404


def test_what_is_taken_down_ends_its_stream_within_a_second(newsstand, folder, path):
    with Follower(newsstand.port, path) as reader:
        reader.news()
        id_ = takedowns.new_id()
        takedowns.take_down(folder, takedowns.Withdrawn(id=id_, path=path))
        assert reader.news(SOON) == ("gone", 0)
        assert reader.wait_for_end(SOON) is not None
    with Follower(newsstand.port, path) as late:
        assert late.status == 404


# Who may follow, and what


def test_only_live_documents_can_be_followed(newsstand, shelf):
    shelf.put("/news/bridge/", printed(), seen=1)
    shelf.put("/gone/live/", Printed("live", 410, [], [Own.of(b"gone")]), seen=1)
    shelf.want(["/wanted/live/"])
    soon(lambda: newsstand.get("/gone/live/").status == 410)
    statuses = {}
    for path in ("/news/bridge/", "/gone/live/", "/nothing/live/", "/wanted/live/"):
        with Follower(newsstand.port, path) as reader:
            statuses[path] = reader.status
    assert statuses == {
        "/news/bridge/": 404,
        "/gone/live/": 404,
        "/nothing/live/": 404,
        "/wanted/live/": 204,
    }


def test_whoever_does_not_ask_for_a_stream_gets_a_page(newsstand, shelf, path):
    """A section may be called "events"; and a crawler must not hold a place."""
    shelf.put("/events/", printed("<p>What is on</p>"), seen=1)
    shelf.put("/events/fair/", printed("<p>The fair</p>"), seen=1)
    soon(lambda: b"The fair" in newsstand.get("/events/fair/", accept="text/html").body)
    assert b"What is on" in newsstand.get("/events/").body
    assert newsstand.get(f"/events{path}").status == 404


def test_other_sites_other_hosts_and_other_methods_are_refused(newsstand, path):
    stream = {"accept": "text/event-stream"}
    target = f"/events{path}"
    assert newsstand.get(target, **stream, sec_fetch_site="cross-site").status == 403
    assert newsstand.get(target, **stream, host="evil.example").status == 421
    assert newsstand.get(target, "POST", b"x", **stream).status == 405
    assert newsstand.get(target, "HEAD", **stream).status == 200
    for site in ("same-origin", "same-site", "none"):
        with Follower(newsstand.port, path, sec_fetch_site=site) as reader:
            assert reader.news() is not None


def test_over_the_cap_a_reader_is_turned_away_at_once_and_finds_the_place_of_one_who_left(opened):
    newsstand = opened(first=TOLD, live_readers=3)
    readers = [Follower(newsstand.port, address=f"127.0.0.{n}") for n in (2, 3, 4)]
    soon(lambda: "3 readers follow live pages" in newsstand.logged())
    ways = long_ways(newsstand)
    for _ in range(20):
        with Follower(newsstand.port, address="127.0.0.5") as late:
            assert late.status == 204
    assert long_ways(newsstand) == ways
    readers[0].close()

    def finds_a_place() -> bool:
        with Follower(newsstand.port, address="127.0.0.5") as late:
            return late.status == 200

    soon(finds_a_place, 10)


def test_without_places_there_are_no_streams(opened):
    with Follower(opened(live_readers=0).port) as reader:
        assert reader.status == 204


def test_one_address_gets_half_of_the_places_and_the_next_still_finds_one(opened):
    port = opened(live_readers=20).port
    greedy = [Follower(port) for _ in range(20)]
    assert [one.status for one in greedy] == [200] * 10 + [204] * 10
    with Follower(port, address="127.0.0.2") as another:
        assert another.status == 200


def test_readers_behind_a_trusted_proxy_are_told_apart(opened):
    port = opened(live_readers=8, trusted=("127.0.0.1",)).port
    readers = [Follower(port, x_forwarded_for=f"192.0.2.{number}") for number in range(1, 9)]
    assert [one.status for one in readers] == [200] * 8


def test_places_are_given_back_and_there_are_never_more_than_there_are():
    places = Places(4)
    for client in ("a", "a", "b"):
        assert places.are_free_for(client)
        places.take(client)
    assert not places.are_free_for("a") and not places.are_free_for("b")
    assert places.are_free_for("c") and not places.full
    places.take("c")
    assert places.full and places.scarce and not places.are_free_for("d")
    for client in ("a", "a", "b", "c"):
        places.give_back(client)
    assert len(places) == 0 and places.are_free_for("a")


# How long


def test_a_stream_gives_signs_of_life_in_short_frames_and_ends_by_itself(opened, own_shelf):
    with Follower(opened(stream_seconds=4, beat_seconds=1).port) as reader:
        reader.news()
        put(own_shelf, "second")
        assert 2 <= reader.wait_for_end(7) <= 6.5
        retries = [frame for frame in reader.frames if frame.startswith("retry: ")]
        assert len(retries) >= 2
        assert all(1000 <= int(frame[7:]) <= 5000 for frame in retries)
        assert len(reader.frames) > len(retries)
        assert max(len(f"{frame}\n\n") for frame in reader.frames) <= LONGEST_FRAME == 64


def test_a_newsstand_that_stops_says_goodbye_to_its_readers_and_is_gone_at_once(opened):
    newsstand = opened()
    readers = [Follower(newsstand.port) for _ in range(50)]
    assert all(reader.news() for reader in readers)
    assert newsstand.stop() < 1.5
    assert all(reader.wait_for_end(SOON) is not None for reader in readers)
    assert "cut" not in newsstand.logged()


def test_a_newsstand_that_leaves_tells_its_readers_news_until_it_goes(opened, own_shelf):
    newsstand = opened(header_seconds=1)
    readers = [Follower(newsstand.port) for _ in range(300)]
    assert all(reader.news() for reader in readers)
    newsstand.process.send_signal(signal.SIGUSR1)
    time.sleep(0.5)
    put(own_shelf, "after the successor came")
    assert all(reader.news(2) is not None for reader in readers)
    assert all(reader.wait_for_end(20) is not None for reader in readers)
    assert newsstand.process.wait(5) == 0
    assert "cut" not in newsstand.logged()


def test_a_shelf_that_is_made_anew_is_followed(opened, own_shelf, tmp_path):
    """A press that finds its file damaged makes a new one, and numbers begin again."""
    with Follower(opened().port) as reader:
        reader.news()
        own_shelf.close()
        (tmp_path / "shelf.db").unlink()
        new = a_shelf(tmp_path)
        assert reader.news(1) is None
        put(new, "printed anew")
        assert reader.news(2) is not None
        new.close()
