"""A picture that a stored page shows is handed out by the newsstand, whole or in parts."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nightdesk.press.shelf.write import Shelf

from .conftest import RunningNewsstand, status
from .stand_in import StandIn
from .test_pages_from_the_shelf import printed, soon

SMALL = os.urandom(5_000)
LARGE = os.urandom(300_000)
NAMES = ("pictures/small-640.avif", "pictures/large-1280.webp", "audio/story.mp3")
HIDDEN = "pictures/hidden-640.avif"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    data = tmp_path_factory.mktemp("pictures")
    for name, body in zip((*NAMES, HIDDEN), (SMALL, LARGE, LARGE, SMALL), strict=True):
        file = data / "media" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
    (data / "media/masters").mkdir()
    (data / "media/masters/original.jpg").write_bytes(b"master")
    (data / "secret.jpg").write_bytes(b"secret")
    (data / "media/pictures/link.jpg").symlink_to(data / "secret.jpg")
    (data / "media/audio/folder").symlink_to(data)
    return data


@pytest.fixture(scope="module")
def shelf(folder: Path) -> Iterator[Shelf]:
    opened = Shelf.open(folder)
    shown = (*NAMES, "masters/original.jpg", "pictures/link.jpg", "audio/folder/secret.jpg")
    text = "".join(f'<img src="/media/{name}">' for name in shown) + "/media/pictures/../x.jpg"
    opened.put("/news/pictures/", printed(text), seen=1)
    opened.put("error:404:en", printed("<p>Nothing here</p>" * 20, "error", 404), seen=1)
    opened.note(live="[]", complete=1)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def serving(folder: Path, shelf: Shelf) -> Iterator[RunningNewsstand]:
    site = StandIn(folder / "site.sock")
    (folder / "staff.sock").symlink_to(folder / "site.sock")
    one = RunningNewsstand(folder, data=folder)
    one.site = site
    yield one
    one.stop()
    site.stop()


@pytest.fixture
def newsstand(serving: RunningNewsstand) -> RunningNewsstand:
    serving.site.forget()
    return serving


@pytest.mark.parametrize(
    ("name", "body", "kind"),
    [
        (NAMES[0], SMALL, "image/avif"),
        (NAMES[1], LARGE, "image/webp"),
        (NAMES[2], LARGE, "audio/mpeg"),
    ],
)
def test_a_picture_that_a_page_shows_comes_without_the_site(newsstand, name, body, kind):
    answer = newsstand.get(f"/media/{name}")
    assert (answer.status, answer.body, answer["content-type"]) == (200, body, kind)
    assert int(answer["content-length"]) == len(body)
    assert "immutable" in answer["cache-control"]
    assert answer["x-content-type-options"] == "nosniff"
    assert answer["cross-origin-resource-policy"] == "cross-origin"
    assert answer["accept-ranges"] == "bytes"
    head = newsstand.get(f"/media/{name}", "HEAD")
    assert (head.status, head["content-length"], head.body) == (200, str(len(body)), b"")
    for condition in (
        {"if_none_match": answer["etag"]},
        {"if_modified_since": answer["last-modified"]},
    ):
        assert newsstand.get(f"/media/{name}", **condition).status == 304
    old = newsstand.get(f"/media/{name}", if_modified_since="Mon, 01 Jan 2001 00:00:00 GMT")
    assert old.status == 200
    assert newsstand.site.seen == []


@pytest.mark.parametrize(("name", "body"), [(NAMES[0], SMALL), (NAMES[1], LARGE)])
@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("bytes=0-0", slice(0, 1)),
        ("bytes=100-199", slice(100, 200)),
        ("bytes=4000-", slice(4000, None)),
        ("bytes=-100", slice(-100, None)),
        ("bytes=-9999999", slice(0, None)),
        ("bytes=10-9999999", slice(10, None)),
    ],
)
def test_a_part_is_sent_as_a_part(newsstand, name, body, wanted, part):
    answer = newsstand.get(f"/media/{name}", range=wanted)
    first, end, _ = part.indices(len(body))
    assert (answer.status, answer.body) == (206, body[part])
    assert answer["content-range"] == f"bytes {first}-{end - 1}/{len(body)}"
    assert int(answer["content-length"]) == end - first


@pytest.mark.parametrize("wanted", ["bytes=0-1,5-6", "bytes=5-2", "bytes=-", "lines=1-2", "x"])
def test_several_parts_or_none_that_can_be_read_get_the_whole(newsstand, wanted):
    answer = newsstand.get(f"/media/{NAMES[0]}", range=wanted)
    assert (answer.status, answer.body) == (200, SMALL)


@pytest.mark.parametrize("wanted", ["bytes=5000-", "bytes=99999-100000", "bytes=-0"])
def test_a_part_beyond_the_end_is_refused(newsstand, wanted):
    answer = newsstand.get(f"/media/{NAMES[0]}", range=wanted)
    assert (answer.status, answer["content-range"]) == (416, "bytes */5000")


def test_a_part_of_another_version_gets_the_whole(newsstand):
    whole = newsstand.get(f"/media/{NAMES[1]}")
    path = f"/media/{NAMES[1]}"
    for same in (whole["etag"], whole["last-modified"]):
        assert newsstand.get(path, range="bytes=0-9", if_range=same).status == 206
    for other in ('"other"', f"W/{whole['etag']}", "Mon, 01 Jan 2001 00:00:00 GMT"):
        assert newsstand.get(path, range="bytes=0-9", if_range=other).status == 200


@pytest.mark.parametrize(
    "path", [HIDDEN, "masters/original.jpg", "pictures/link.jpg"], ids=["not shown", "master", "x"]
)
def test_what_no_page_shows_and_masters_and_links_are_the_sites_business(newsstand, path):
    answer = newsstand.get(f"/media/{path}")
    assert answer.body not in (SMALL, b"master", b"secret")


@pytest.mark.parametrize(
    "path",
    [
        b"/media/pictures/../../secret.jpg",
        b"/media/pictures/%2e%2e/%2e%2e/secret.jpg",
        b"/media/..%2fsecret.jpg",
        b"/media//secret.jpg",
        b"/media/audio/folder/secret.jpg",
        b"/media/%00",
        b"/media/pictures/small-640.avif%00.txt",
    ],
)
def test_no_path_leads_out_of_the_folder(newsstand, path):
    answer = newsstand.raw(b"GET " + path + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert status(answer) in (400, 404)
    assert b"secret" not in answer.partition(b"\r\n\r\n")[2]


def test_a_flood_of_guessed_names_never_reaches_the_site(newsstand):
    for number in range(50):
        assert newsstand.get(f"/media/pictures/guess{number}-640.avif").status == 404
    assert newsstand.site.seen == []


def test_a_sound_that_a_correction_took_away_is_gone_for_whoever_had_it(newsstand):
    """Its name cannot be guessed; podcast programs ask for it again for days."""
    token, sum_ = "abcdefghijklmnopqrstuvwxy2", "0123456789abcdef" * 2
    for ending in ("mp3", "podcast.mp3", "vtt", "transcript.vtt"):
        assert newsstand.get(f"/media/audio/{token}-{sum_}.{ending}").status == 410
    assert newsstand.get(f"/media/audio/{token}-guessed.mp3").status == 404
    assert newsstand.get("/media/audio/story.mp3").status == 200
    assert newsstand.site.seen == []


def test_a_picture_withdrawn_is_not_handed_out_200_milliseconds_later(newsstand, shelf):
    shelf.put("/news/hidden/", printed(f'<img src="/media/{HIDDEN}">'), seen=1)
    soon(lambda: newsstand.get(f"/media/{HIDDEN}").body == SMALL)
    shelf.drop("/news/hidden/")
    assert soon(lambda: newsstand.get(f"/media/{HIDDEN}").body != SMALL) < 0.2


def test_many_slow_readers_of_a_large_file_leave_no_handles_open(newsstand):
    before = len(list(Path(f"/proc/{newsstand.process.pid}/fd").iterdir()))
    request = f"GET /media/{NAMES[1]} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
    readers = [newsstand.connect() for _ in range(50)]
    for reader in readers:
        reader.sendall(request)
    time.sleep(0.3)
    for reader in readers:
        reader.close()
    soon(
        lambda: len(list(Path(f"/proc/{newsstand.process.pid}/fd").iterdir())) <= before + 5,
        seconds=5,
    )
