"""The demo's pictures: each there, light, clean, described, and made by the program beside it."""

from __future__ import annotations

import hashlib

import pytest
from PIL import Image

from nightdesk.demo.draw import __main__ as drawing
from nightdesk.demo.script import FOLDER, read_edition

from .conftest import NOW

PICTURES = FOLDER / "pictures"
ENGLISH = read_edition("en", NOW).pictures


@pytest.mark.parametrize("slug", ENGLISH)
def test_a_picture_is_large_light_and_without_metadata(slug):
    file = ENGLISH[slug].file
    with Image.open(file) as image:
        assert image.format == "WEBP"
        assert image.size == ((800, 800) if slug.startswith("portrait-") else (1600, 1067))
        assert not image.getexif()
        assert "xmp" not in image.info and "icc_profile" not in image.info
    assert file.stat().st_size <= 120 * 1024


def test_all_pictures_together_stay_below_three_megabytes():
    assert sum(file.stat().st_size for file in PICTURES.iterdir()) < 3 * 1024 * 1024


def test_every_picture_says_what_it_shows_what_it_means_and_whose_it_is(edition):
    for slug, picture in edition.pictures.items():
        assert picture.title and picture.caption and picture.credit, slug
        assert 20 <= len(picture.alt) <= 300, slug
        assert picture.alt.endswith("."), slug
        assert all(0 <= share <= 1 for share in picture.focus), slug
    alts = [picture.alt for picture in edition.pictures.values()]
    assert len(set(alts)) == len(alts)


def test_every_picture_has_its_program_and_its_place_in_the_list():
    files = {file.stem for file in PICTURES.glob("*.webp")}
    assert files == set(drawing.names()) == set(ENGLISH)


def test_every_news_picture_leads_a_story(english):
    leads = {story.picture for story in english.stories.values()}
    news = {slug for slug in ENGLISH if not slug.startswith("portrait-")}
    assert news <= leads | {"flood-gates"}


def test_the_program_draws_the_same_picture_each_time():
    once, again = (
        hashlib.sha256(drawing.draw("portrait-tomas-verhan", scale=1).tobytes()).hexdigest()
        for _ in range(2)
    )
    assert once == again
