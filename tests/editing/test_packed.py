"""What the newsroom's pages load is packed on its way; what readers get is the press's to pack."""

from __future__ import annotations

import gzip

import pytest

pytestmark = pytest.mark.django_db
PACKED = {"accept-encoding": "gzip, br"}


@pytest.mark.parametrize(
    "path", ["/admin/", "/static/wagtailadmin/js/vendor.js", "/static/desk/live/screen.js"]
)
def test_pages_and_scripts_of_the_newsroom_are_packed(signed_in, path):
    editor = signed_in("editor")
    answer = editor.get(path, headers=PACKED)
    packed = b"".join(answer) if answer.streaming else answer.content
    assert answer["Content-Encoding"] == "gzip"
    assert len(packed) < len(gzip.decompress(packed)) / 2
    assert "Content-Encoding" not in editor.get(path)


@pytest.mark.parametrize("path", ["/", "/static/wagtailadmin/images/favicon.ico"])
def test_readers_pages_and_pictures_are_left_alone(client, newsroom, path):
    assert "Content-Encoding" not in client.get(path, headers=PACKED)
