"""Shared caches hold what readers get for seconds, and learn no internal name."""

from __future__ import annotations

import re

import pytest

from nightdesk.press.shelf import tags
from nightdesk.press.shelf.caching import DIALECTS, TABLE, Caching, kind_of_answer

FEED = "fragment:news-feed:en"
PICKS = "fragment:editors-picks:en"


def seconds(value: str, name: str) -> int | None:
    found = re.search(rf"(?:^|[ ,]){name}=(\d+)", value)
    return int(found[1]) if found else None


def headers(cdn: str, kind: str, path: str = "/news/bridge/", **more) -> dict[str, str]:
    return dict(Caching(cdn, ("uk",)).headers(kind, path, **more))


@pytest.mark.parametrize("kind", ["story", "home", "section", "brief", "feed", "sitemap"])
def test_a_browser_asks_each_time_so_an_editor_sees_what_was_just_published(kind):
    for cdn in ("", *DIALECTS):
        told = headers(cdn, kind)["cache-control"]
        assert seconds(told, "max-age") == 0
        assert "stale-while-revalidate" not in told


@pytest.mark.parametrize("kind", ["story", "home", "feed", "sitemap", "fragment"])
def test_a_cache_that_nobody_purges_keeps_an_answer_for_ten_seconds_at_most(kind):
    told = headers("", kind, slots=[FEED])
    assert set(told) == {"cache-control"}
    assert seconds(told["cache-control"], "s-maxage") <= 10


@pytest.mark.parametrize("cdn", DIALECTS)
def test_a_withdrawn_brief_is_gone_from_a_cdn_within_a_minute_though_every_purge_fails(cdn):
    told = headers(cdn, "story", slots=[FEED, PICKS])
    kept = told.get(DIALECTS[cdn].life) or told["cache-control"]
    whole = seconds(kept, "s-maxage") or seconds(kept, "max-age")
    assert whole + (seconds(kept, "stale-while-revalidate") or 0) <= 60


@pytest.mark.parametrize("cdn", ["http", "cloudfront"])
def test_a_cache_without_tags_keeps_pages_with_shared_pieces_as_if_nobody_purged_it(cdn):
    with_slots = headers(cdn, "story", slots=[FEED])["cache-control"]
    without = headers(cdn, "feed", "/feeds/rss.xml")["cache-control"]
    assert seconds(with_slots, "s-maxage") == TABLE["page"].shared
    assert seconds(without, "s-maxage") == TABLE["feed"].purged


def test_a_cdn_may_go_on_for_a_day_when_the_newsroom_cannot_be_reached():
    for cdn in ("", *DIALECTS):
        assert "stale-if-error=86400" in str(headers(cdn, "story"))


@pytest.mark.parametrize("cdn", ["", *DIALECTS])
def test_that_there_is_no_page_is_remembered_for_five_seconds(cdn):
    told = headers(cdn, "story", "/news/soon/", status=404)
    kept = told.get(DIALECTS[cdn].life if cdn else "") or told["cache-control"]
    assert (seconds(kept, "s-maxage") or seconds(kept, "max-age")) == 5
    assert "stale" not in kept


@pytest.mark.parametrize("cdn", ["", *DIALECTS])
def test_theme_files_are_kept_for_a_year_and_pictures_can_be_withdrawn(cdn):
    asset = headers(cdn, "asset", "/assets/nightdesk.0a1b2c.css")
    assert asset == {"cache-control": "public, max-age=31536000, immutable"}
    media = headers(cdn, "media", "/media/pictures/x-480.avif")
    assert "immutable" in media["cache-control"]
    life = media.get(DIALECTS[cdn].life if cdn else "") or media["cache-control"]
    assert (seconds(life, "s-maxage") or seconds(life, "max-age")) <= 300


def test_without_a_cdn_no_answer_carries_a_tag():
    assert [name for name, _ in Caching().headers("story", "/news/bridge/", [FEED])] == [
        "cache-control"
    ]


@pytest.mark.parametrize("cdn", [cdn for cdn, dialect in DIALECTS.items() if dialect.tags])
def test_tags_are_hashes_that_say_nothing_to_readers(cdn):
    dialect = DIALECTS[cdn]
    value = headers(cdn, "story", "/uk/місто/міст/", slots=[FEED, PICKS])[dialect.tags]
    named = value.split(dialect.between)
    assert len(named) == 5
    assert all(re.fullmatch("[0-9a-f]{12}", one) for one in named)
    assert tags.own("/uk/місто/міст/") == named[0]
    assert {tags.tag("all"), tags.fragment(FEED), tags.fragment(PICKS)} <= set(named)


def test_the_sections_of_an_edition_are_its_own():
    assert tags.section("/news/a/") == tags.section("/news/b/") == tags.section("/news/")
    assert tags.section("/uk/news/a/", ("uk",)) == tags.section("/uk/news/b/", ("uk",))
    assert tags.section("/uk/news/", ("uk",)) != tags.section("/news/", ("uk",))
    assert tags.section("/uk/", ("uk",)) != tags.section("/uk/news/", ("uk",))


def test_an_answer_made_from_more_than_a_cdn_can_be_told_is_kept_briefly():
    slots = [f"fragment:card-{number}:en" for number in range(60)]
    told = headers("fastly", "story", slots=slots)
    assert len(told["surrogate-key"].split()) == tags.MOST
    assert seconds(told["surrogate-control"], "max-age") == TABLE["page"].shared


def test_a_kind_that_the_table_does_not_name_is_a_page():
    assert kind_of_answer("author") == kind_of_answer("anything") == "page"
    assert kind_of_answer("story", 301) == "redirect"
    assert kind_of_answer("story", 410) == "error"
