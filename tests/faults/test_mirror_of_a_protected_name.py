"""Somebody mirrors the whole site after a name was protected, and looks for it in every byte.

Through the port of a running newsroom, as `wget --mirror` would: every link, feed, sitemap, image
in every size, style sheet and script, in one coding after the other; then the shelf's file and every file of
pictures on the disk, in all of them. What can be met within one process is tried in tests/people/protecting.
"""

from __future__ import annotations

import contextlib
import gzip
import http.client
import re
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote, urljoin, urlsplit

import brotli
import pytest

from nightdesk.press.shelf.format import connect
from tests.people.protecting.newsroom import _BESIDES, FORMER, NAME, SLUG, naming
from tests.run.conftest import Newsroom, nightdesk

from .agreement import wait_until_printed
from .leaks import shelf

pytestmark = pytest.mark.fault

_FILL = """
import io
from PIL import Image
from nightdesk.fronts.models import HomePage
from nightdesk.media.actions import add_picture
from nightdesk.stories.models import SectionPage
from tests.making import a_story
from tests.people.protecting.newsroom import NAME, filled
home = HomePage.objects.get(locale__language_code="en")
section = SectionPage.objects.child_of(home).first()
full = filled(home, section)
photo, upload = Image.effect_noise((1600, 1000), 60).convert("RGB"), io.BytesIO()
written = Image.Exif()
written[0x013B] = written[0x8298] = written[0x010E] = NAME
packet = ('<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-'
    'syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:creator="%s"/>'
    '</rdf:RDF></x:xmpmeta>') % NAME
photo.save(upload, "JPEG", exif=written, xmp=packet.encode(), comment=NAME.encode())
assert upload.getvalue().count(NAME.encode()) >= 5
upload.seek(0)
upload.name = "olena-sydorenko.jpg"
picture = add_picture(upload, alt=f"{NAME} with a flood", credit=f"Photo: {NAME}")
story = a_story(section, f"{NAME} saw the flood", signed_by=[full.author], lead_picture=picture,
    body=[("picture", {"picture": picture, "caption": "", "credit": ""})])
story.save_revision().publish()
print(full.check)
"""

_LINKS = re.compile(
    r"""(?:href|src|action|poster|data-src)=["']?([^"'\s>]+)|<loc>([^<]+)|"(?:url|id|image)": ?"([^"]+)\""""
    r"""|url\(["']?([^"')]+)|<image:loc>([^<]+)|<link>([^<]+)"""
)
_SETS = re.compile(r"""(?:image)?srcset=["']([^"']+)""")
#: Scripts have none that a mirror would see.
_HAS_LINKS = re.compile("html|xml|json|css")
_DECODED = {"gzip": gzip.decompress, "br": brotli.decompress}
_CODINGS = ("identity", *_DECODED)


def crawl(newsroom: Newsroom, also: set[str], follow: bool = True) -> dict[str, str]:
    """Path → status, headers and decoded bytes, whatever kind they are of."""
    here = f"http://127.0.0.1:{newsroom.port}"
    begin = {*_BESIDES, *also} if follow else also
    waiting, seen, got = [*map(quote_once, begin)], set(), {}
    with contextlib.closing(
        http.client.HTTPConnection("127.0.0.1", newsroom.port, timeout=60)
    ) as connection:
        while waiting:
            path = waiting.pop()
            if path in seen:
                continue
            seen.add(path)
            coding = _CODINGS[len(seen) % len(_CODINGS)]
            connection.request("GET", path, headers={"Accept-Encoding": coding})
            answer = connection.getresponse()
            body = answer.read()
            if answer.getheader("Content-Encoding"):
                assert answer.getheader("Content-Encoding") == coding
                body = _DECODED[coding](body)
            got[path] = told(answer, body)
            if not follow or not _HAS_LINKS.search(answer.getheader("Content-Type", "")):
                continue
            for link in links(body.decode("utf-8", "replace"), answer.getheader("Location")):
                parts = urlsplit(urljoin(here + path, link.replace("&amp;", "&")))
                if f"{parts.scheme}://{parts.netloc}" == here:
                    query = f"?{parts.query}" if parts.query else ""
                    waiting.append(quote_once(parts.path + query))
    return got


def quote_once(path: str) -> str:
    return quote(path, safe="/?&=%+~:@!$'()*,;")


def links(text: str, location: str | None) -> set[str]:
    found = {next(filter(None, match.groups())) for match in _LINKS.finditer(text)}
    for several in _SETS.findall(text):
        found |= {part.split()[0] for part in several.split(",") if part.strip()}
    return found | ({location} if location else set())


def told(answer: http.client.HTTPResponse, body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    for name in (NAME, FORMER):
        if any(
            name.encode(code) in body
            for code in ("utf-16-le", "utf-16-be", "latin-1", "cp1252")
            if name.isascii() or code.startswith("utf")
        ):
            text += f"\n{name}"
    return f"{answer.status} {dict(answer.getheaders())}\n{text}"


def kinds(got: dict[str, str]) -> Counter:
    """How many answers with 200, by what they are."""
    types = re.compile(r"'content-type': '([^;']+)", re.I)
    return Counter(types.search(text)[1] for text in got.values() if text.startswith("200"))


def on_the_shelf(data: Path) -> dict[str, str]:
    """Everything in the file, but for the addresses at which nothing is."""
    opened = connect(data / "shelf.db", read_only=True)
    try:
        every = enumerate(shelf.held(SimpleNamespace(opened=opened)))
        return {f"{number} {held.where}": held.text for number, held in every if not held.once}
    finally:
        opened.close()


def pictures(data: Path) -> dict[str, str]:
    files = [file for file in (data / "media").rglob("*") if file.is_file()]
    assert len(files) > 10
    return {str(file): file.read_bytes().decode("utf-8", "replace") for file in files}


def test_a_mirror_of_the_site_has_the_name_nowhere(newsroom: Newsroom):
    data = ("--data", str(newsroom.data))
    filled = nightdesk("django", "shell", "--no-imports", "-c", _FILL, *data)
    assert filled.returncode == 0, filled.stderr
    check = filled.stdout.splitlines()[-1]
    wait_until_printed(newsroom.data)
    before = crawl(newsroom, {check})
    have = kinds(before)
    for kind in (
        "text/html",
        "application/rss+xml",
        "application/atom+xml",
        "image/webp",
        "application/feed+json",
        "image/jpeg",
        "text/css",
        "text/javascript",
        "font/woff2",
    ):
        assert have[kind], (kind, have)
    asked = set(before)
    by_name = {path for path in asked if naming({"": path})}
    told_before = naming(before).keys() - by_name
    assert len(told_before) > 30 and check in told_before, told_before
    assert any(path.endswith("/changes/") for path in by_name)
    assert len(naming(on_the_shelf(newsroom.data))) > 40
    assert naming(pictures(newsroom.data)) == {}, "what the camera had written"

    done = nightdesk("protect", SLUG, "--by", "news-desk", "--also", FORMER, "--yes", *data)
    assert done.returncode == 0, done.stderr
    wait_until_printed(newsroom.data)

    after = crawl(newsroom, asked - by_name)
    assert naming(after) == {}
    assert kinds(after)["image/webp"] and kinds(after)["text/html"] > 20
    assert any(
        text.startswith("200") and "News desk saw the flood" in text for text in after.values()
    )
    for path, text in crawl(newsroom, by_name, follow=False).items():
        if naming({"": path}):
            assert text.startswith(("410", "404", "301", "302")) or "/search/" in path, path
            if "/search/" not in path and not text.startswith("30"):
                assert naming({path: text.partition("\n")[2]}) == {}, path
    assert naming(on_the_shelf(newsroom.data)) == {}
    assert naming(pictures(newsroom.data)) == {}
