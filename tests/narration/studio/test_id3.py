"""What a file says of itself, read by somebody else's parser."""

from __future__ import annotations

import io

import pytest
from mutagen.id3 import ID3

from nightdesk.narration.studio import id3


def read(**changes) -> ID3:
    about = {
        "title": "Ukraine still holds Bakhmut",
        "artist": "Our Newsroom",
        "language": "en",
        "disclosure": "This audio is created with AI assistance",
        "made_with": "Nightdesk, piper:en_US-joe-medium",
    }
    return ID3(io.BytesIO(id3.tag(**{**about, **changes}) + b"\xff\xfb"))


def test_every_frame_is_understood():
    tags = read()
    assert tags.version == (2, 4, 0)
    assert not tags.unknown_frames
    assert set(tags) == {
        "TIT2", "TPE1", "TLAN", "TSSE", "COMM::eng", "TXXX:digitalSourceType", "TXXX:AI disclosure",
    }  # fmt: skip


def test_how_it_was_made_is_there_for_machines_and_for_people():
    tags = read()
    assert str(tags["TXXX:digitalSourceType"]) == (
        "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    )
    assert str(tags["COMM::eng"]) == "This audio is created with AI assistance"


@pytest.mark.parametrize(
    ("title", "read_back"),
    [
        ("Бахмут тримається", "Бахмут тримається"),
        ("Two\nlines\x00and a zero", "Two lines and a zero"),
        ("x" * 5000, "x" * 1000),
        ("An emoji 🎧 and “quotes”", "An emoji 🎧 and “quotes”"),
    ],
)
def test_any_title_is_kept(title, read_back):
    assert str(read(title=title)["TIT2"]) == read_back


def test_ukrainian_is_named_as_the_tag_names_it():
    tags = read(language="uk", disclosure="Цей запис створено за допомогою ШІ")
    assert str(tags["TLAN"]) == "ukr"
    assert str(tags["COMM::ukr"]) == "Цей запис створено за допомогою ШІ"


def test_a_person_who_spoke_is_not_called_a_machine():
    assert set(read(disclosure="")) == {"TIT2", "TPE1", "TLAN", "TSSE"}
