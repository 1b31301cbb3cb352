"""Stored pages and pictures reach a browser that speaks HTTP/2 over TLS just as quickly."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from nightdesk.press.shelf.write import Shelf

from .certificates import Pair
from .door import Door
from .test_pages_from_the_shelf import TEXT, printed

PICTURE = b"not really a picture" * 1000


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    folder: Path = tmp_path_factory.mktemp("encrypted")
    (folder / "media/pictures").mkdir(parents=True)
    (folder / "media/pictures/small-1.avif").write_bytes(PICTURE)
    shelf = Shelf.open(folder)
    text = TEXT + '<img src="/media/pictures/small-1.avif">'
    shelf.put("/news/bridge/", printed(text), seen=1)
    shelf.put("error:404:en", printed("<p>Nothing here</p>", "error", 404), seen=1)
    shelf.note(live="[]", complete=1)
    pair = Pair(folder)
    pair.issue()
    opened = Door(folder, pair, NIGHTDESK_URL="https://localhost")
    yield opened.wait_until_open()
    opened.stop()


def curl(door: Door, path: str, *options: str, host: str = "localhost") -> tuple[str, bytes]:
    """(head, body) as curl gets them; there is no site behind."""
    address = f"https://{host}:{door.port}{path}"
    resolve = f"{host}:{door.port}:127.0.0.1"
    told = subprocess.run(
        ["curl", "-sk", "-i", "--resolve", resolve, *options, address],
        capture_output=True,
        check=True,
    )
    head, _, body = told.stdout.partition(b"\r\n\r\n")
    return head.decode(), body


@pytest.mark.parametrize("version", ["--http2", "--http1.1"])
def test_a_stored_page_and_its_picture(door, version):
    head, body = curl(door, "/news/bridge/", version, "--compressed")
    assert f"HTTP/{'2' if version == '--http2' else '1.1'} 200" in head
    assert body.decode().startswith(TEXT)
    assert "strict-transport-security: max-age=31536000" in head
    head, body = curl(door, "/media/pictures/small-1.avif", version)
    assert " 200" in head.split("\r\n")[0]
    assert body == PICTURE
    head, _ = curl(door, "/nothing/", version)
    assert " 404" in head.split("\r\n")[0]


@pytest.mark.parametrize("version", ["--http2", "--http1.1"])
def test_under_a_name_that_is_not_ours_nothing_is_handed_out(door, version):
    for path in ("/news/bridge/", "/media/pictures/small-1.avif", "/nothing/"):
        head, _ = curl(door, path, version, host="evil.example")
        assert " 421" in head.split("\r\n")[0]


def test_two_names_in_one_http2_request_are_refused(door):
    head, _ = curl(door, "/news/bridge/", "--http2", "-H", "Host: evil.example")
    assert " 200" not in head.split("\r\n")[0]
