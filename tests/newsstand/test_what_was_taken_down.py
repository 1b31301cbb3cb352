"""What was taken down answers 410 within a second, before the shelf and the site are looked at."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from nightdesk.press.shelf import takedowns
from nightdesk.press.shelf.takedowns import NAME, Withdrawn
from nightdesk.press.shelf.write import Shelf

from .conftest import RunningNewsstand
from .stand_in import StandIn
from .test_pages_from_the_shelf import printed, soon

WORDS = "This page has been taken down."


@pytest.fixture(scope="module")
def serving(tmp_path_factory) -> Iterator[RunningNewsstand]:
    folder = tmp_path_factory.mktemp("withdrawn")
    shelf = Shelf.open(folder)
    shelf.put("/news/bridge/", printed(), seen=1)
    shelf.put("/news/other/", printed('<img src="/media/pictures/abc-640.jpg">'), seen=1)
    shelf.put("/uk/новини/міст/", printed(), seen=1)
    shelf.put("error:404:en", printed("<p>Nothing here</p>" * 20, "error", 404), seen=1)
    shelf.note(live=json.dumps([]), complete=1)
    (folder / "media/pictures").mkdir(parents=True)
    for name in ("abc-640.jpg", "abd-640.jpg"):
        (folder / "media/pictures" / name).write_bytes(b"a picture")
    site = StandIn(folder / "site.sock")
    (folder / "staff.sock").symlink_to(folder / "site.sock")
    one = RunningNewsstand(folder, data=folder)
    one.site, one.data, one.shelf = site, folder, shelf
    yield one
    one.stop()
    site.stop()
    shelf.close()


@pytest.fixture
def newsstand(serving: RunningNewsstand) -> Iterator[RunningNewsstand]:
    serving.site.forget()
    yield serving
    for id_ in takedowns.read(serving.data).down:
        takedowns.lift(serving.data, id_)
    soon(lambda: serving.get("/news/bridge/").status == 200, 5)


def down(data: Path, path: str, **more: object) -> Withdrawn:
    return takedowns.take_down(data, Withdrawn(id=takedowns.new_id(), path=path, **more))


def test_within_a_second_the_page_is_down_at_every_spelling_of_its_address(newsstand):
    assert newsstand.get("/news/bridge/").status == 200
    down(newsstand.data, "/news/bridge/", paths=("/old-bridge", "/alias/bridge/"))
    assert soon(lambda: newsstand.get("/news/bridge/").status == 410, 5) < 1
    for target in (
        *("/news/bridge", "/news/bridge/?utm_source=x", "/news/bridge?fbclid=y"),
        *("/old-bridge", "/old-bridge/", "/alias/bridge/", "/%6Eews/bridge/"),
    ):
        answer = newsstand.get(target)
        assert answer.status == 410, target
        assert WORDS in answer.body.decode()
        assert "opened" not in answer.body.decode()
    assert newsstand.get("/news/bridge/", "HEAD").status == 410
    assert newsstand.get("/news/other/").status == 200
    assert newsstand.site.seen == []


def test_readers_get_the_editors_sentence_and_no_markup_of_it(newsstand):
    down(newsstand.data, "/news/bridge/", say="A court <b>ordered</b> it.", reason="secret name")
    soon(lambda: newsstand.get("/news/bridge/").status == 410)
    answer = newsstand.get("/news/bridge/", accept_encoding="gzip")
    page = gzip.decompress(answer.body).decode()
    assert WORDS in page and "A court &lt;b&gt;ordered&lt;/b&gt; it." in page
    assert "secret" not in page
    assert answer["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer["content-security-policy"]
    assert answer["x-robots-tag"] == "noindex"
    assert answer["cache-control"] == "public, max-age=0, s-maxage=5"


def test_a_ukrainian_address_says_so_in_ukrainian(newsstand):
    down(newsstand.data, "/uk/новини/міст/")
    soon(lambda: newsstand.get(quote("/uk/новини/міст/")).status == 410)
    page = newsstand.get(quote("/uk/новини/міст")).body.decode()
    assert "Цю сторінку знято з публікації." in page and 'lang="uk"' in page


def test_every_file_of_a_picture_is_down_and_no_other(newsstand):
    assert newsstand.get("/media/pictures/abc-640.jpg").status == 200
    down(newsstand.data, "/media/pictures/abc-1200.jpg", stems=("pictures/abc",))
    soon(lambda: newsstand.get("/media/pictures/abc-640.jpg").status == 410)
    assert newsstand.get("/media/pictures/abc-card.jpg").status == 410
    assert newsstand.get("/media/pictures/abd-640.jpg").status != 410
    assert newsstand.get("/news/other/").status == 200


def test_a_page_that_is_printed_again_meanwhile_stays_down(newsstand):
    down(newsstand.data, "/news/bridge/")
    soon(lambda: newsstand.get("/news/bridge/").status == 410)
    newsstand.shelf.put("/news/bridge/", printed("<p>Printed again.</p>"), seen=2)
    time.sleep(0.2)
    assert newsstand.get("/news/bridge/").status == 410


def test_a_lost_list_lifts_nothing_and_a_lifted_takedown_is_over(newsstand):
    one = down(newsstand.data, "/news/bridge/")
    soon(lambda: newsstand.get("/news/bridge/").status == 410)
    kept = (newsstand.data / NAME).read_bytes()
    (newsstand.data / NAME).unlink()
    time.sleep(0.3)
    assert newsstand.get("/news/bridge/").status == 410
    (newsstand.data / NAME).write_bytes(kept)
    takedowns.lift(newsstand.data, one.id)
    assert soon(lambda: newsstand.get("/news/bridge/").status == 200, 5) < 1


def test_it_is_down_from_the_first_moment_of_a_newsstand_without_shelf_or_site(
    tmp_path, open_newsstand
):
    down(tmp_path, "/news/bridge/")
    newsstand = open_newsstand(data=tmp_path)
    assert newsstand.get("/news/bridge/").status == 410
    assert newsstand.get("/news/other/").status == 503
