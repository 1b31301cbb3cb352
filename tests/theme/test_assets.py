"""The theme's files: readers get each once, whole, and never an old one beside a new page."""

from __future__ import annotations

import gzip
import re

import pytest

from nightdesk.theme.assets import FOLDER, UnknownAsset, asset, assets

LATIN_STORY = ("headline-latin", "text-latin", "text-italic-latin", "sans-latin")
UKRAINIAN_STORY = ("headline-cyrillic", "text-cyrillic", "text-italic-cyrillic", "sans-cyrillic")


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("css/nightdesk.css", "text/css; charset=utf-8"),
        ("js/nightdesk.js", "text/javascript; charset=utf-8"),
        ("fonts/text-latin.woff2", "font/woff2"),
        ("icons/favicon.svg", "image/svg+xml"),
    ],
)
def test_a_browser_may_keep_each_file_for_a_year(client, name, content_type):
    response = client.get(asset(name).url)
    assert response.status_code == 200
    assert response["Content-Type"] == content_type
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.content == asset(name).body


def test_a_page_stored_before_an_upgrade_still_finds_a_style_sheet(client):
    response = client.get("/assets/css/nightdesk.0123456789.css")
    assert response.content == asset("css/nightdesk.css").body
    assert response["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize(
    "path",
    ["css/tokens.css", "css/missing.0123456789.css", "fonts/make.0123456789.py", "../theme.py"],
)
def test_what_is_no_public_file_is_not_there(client, path, db):
    assert client.get(f"/assets/{path}").status_code == 404


def test_a_template_that_names_a_missing_file_says_which():
    with pytest.raises(UnknownAsset, match=r"css/typo\.css"):
        asset("css/typo.css")


def test_a_page_loads_one_style_sheet_with_every_part_in_it():
    css = asset("css/nightdesk.css").body.decode()
    assert "@import" not in css
    assert ".paper-15" in css
    for part in (FOLDER / "css").glob("*.css"):
        assert part.name == "nightdesk.css" or f'"{part.name}"' in (
            FOLDER / "css" / "nightdesk.css"
        ).read_text("utf-8"), f"{part.name} is imported nowhere"


def test_the_style_sheet_asks_for_fonts_by_their_lasting_addresses():
    links = re.findall(r'url\("([^"]+)"\)', asset("css/nightdesk.css").body.decode())
    served = {found.url for found in assets().values()}
    assert links
    assert set(links) <= served


def test_the_script_holds_every_part_each_in_its_own_scope():
    script = asset("js/nightdesk.js").body.decode()
    assert 'import "' not in script
    assert script.count("\n}\n") >= 3
    assert "nd-today" in script
    assert "nd-embed" in script
    assert "/staff/edit-link/" in script


def test_style_sheet_and_script_are_light():
    assert len(gzip.compress(asset("js/nightdesk.js").body)) <= 20 * 1024
    assert len(gzip.compress(asset("css/nightdesk.css").body)) <= 20 * 1024


@pytest.mark.parametrize("fonts", [LATIN_STORY, UKRAINIAN_STORY])
def test_the_fonts_of_a_story_are_light(fonts):
    assert sum(len(asset(f"fonts/{font}.woff2").body) for font in fonts) <= 90 * 1024


def test_every_voice_comes_with_its_licence():
    licences = {path.name for path in (FOLDER / "fonts").glob("OFL-*.txt")}
    voices = {path.name.split("-")[0] for path in (FOLDER / "fonts").glob("*.woff2")}
    assert licences == {f"OFL-{voice}.txt" for voice in voices}


def test_text_that_is_being_read_is_not_set_anew():
    """Letters that come after three seconds are not used on that page, but for the headlines'."""
    faces = re.findall(r"@font-face \{[^}]*\}", (FOLDER / "css/fonts.css").read_text("utf-8"))
    shown = {
        re.search(r'"Nightdesk (\w+)', face)[1]: re.search(r"font-display: (\w+)", face)[1]
        for face in faces
        if "font-display" in face
    }
    assert shown == {"Headline": "swap", "Text": "fallback", "Sans": "fallback"}
