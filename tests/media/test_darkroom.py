"""What a newsroom and its readers get from a good picture."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from PIL import Image

from nightdesk.media.darkroom import PALETTE, Developed, develop, palette
from nightdesk.media.darkroom.prints import page_widths
from tests.media import hostile

#: EXIF orientation → how upright rows are turned before they are stored so (EXIF 2.32, §4.6.4).
STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
RED, GREEN, BLUE, YELLOW = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)


def developed(tmp_path: Path, data: bytes, name: str = "upload.jpg") -> Developed:
    source = tmp_path / name
    source.write_bytes(data)
    return develop(source, tmp_path / "finished")


def corners(path: Path) -> list[tuple[int, ...]]:
    """The middle of each quarter: top left, top right, bottom left, bottom right."""
    with Image.open(path) as opened:
        image = opened.convert("RGB")
    width, height = image.size
    places = [(x, y) for y in (height // 4, 3 * height // 4) for x in (width // 4, 3 * width // 4)]
    return [image.getpixel(place) for place in places]


def close(one: tuple[int, ...], other: tuple[int, ...], by: int = 24) -> bool:
    return all(abs(a - b) <= by for a, b in zip(one, other, strict=True))


def test_a_large_photograph_gets_every_size_in_three_formats_and_a_sharing_card(tmp_path):
    done = developed(tmp_path, hostile.saved(hostile.scene(2800, 2100), "jpeg"))
    assert (done.master.width, done.master.height, done.master.format) == (2560, 1920, "jpeg")
    assert [(size.width, size.format) for size in done.sizes] == [
        (width, name) for width in (320, 640, 960, 1280, 1920) for name in ("avif", "webp", "jpeg")
    ]
    assert done.card is not None and (done.card.width, done.card.height) == (1200, 630)
    for made in (done.master, done.card, *done.sizes):
        with Image.open(made.path) as image:
            assert (image.size, image.format.lower()) == ((made.width, made.height), made.format)
        assert made.path.stat().st_size == made.bytes


def test_the_finished_files_are_all_that_lies_in_the_folder(tmp_path):
    done = developed(tmp_path, hostile.saved(hostile.scene(), "png"))
    expected = {made.path for made in (done.master, *done.sizes)}
    assert set((tmp_path / "finished").iterdir()) == expected


def test_a_small_picture_is_never_enlarged(tmp_path):
    done = developed(tmp_path, hostile.saved(hostile.scene(), "jpeg"))
    assert (done.master.width, done.master.height) == (400, 300)
    assert sorted({size.width for size in done.sizes}) == [320, 400]
    assert done.card is None


@pytest.mark.parametrize(
    ("own", "widths"),
    [(1, (1,)), (320, (320,)), (1000, (320, 640, 960, 1000)), (2560, (320, 640, 960, 1280, 1920))],
)
def test_pages_get_widths_up_to_the_picture_s_own(own, widths):
    assert page_widths(own) == widths


def test_no_file_name_says_anything_about_the_upload(tmp_path):
    data = hostile.saved(hostile.scene(), "jpeg")
    first = developed(tmp_path, data, "minister-bribe.jpg")
    second = developed(tmp_path, data, "minister-bribe.jpg")
    assert first.master.path.stem != second.master.path.stem
    for made in (first.master, *first.sizes):
        assert "minister" not in made.path.name and "bribe" not in made.path.name


@pytest.mark.parametrize("kind", hostile.FORMATS)
def test_a_picture_taken_in_any_position_stands_upright(tmp_path, kind):
    for orientation, turn in STORED.items():
        upright = hostile.quarters()
        stored = upright.transpose(turn) if turn is not None else upright
        data = hostile.saved(stored, kind, exif=hostile.exif(orientation=orientation))
        done = developed(tmp_path, data)
        assert (done.master.width, done.master.height) == (120, 80), orientation
        for made in (done.master, *done.sizes):
            seen = corners(made.path)
            wanted = (RED, GREEN, BLUE, YELLOW)
            assert all(map(close, seen, wanted)), (orientation, made.format, seen)


def test_a_camera_s_own_colours_become_the_web_s(tmp_path):
    """A profile in which red and green have changed places: what was stored red is shown green."""
    profile = hostile.icc(swapped=True)
    for kind in hostile.FORMATS:
        done = developed(tmp_path, hostile.saved(hostile.quarters(), kind, icc_profile=profile))
        seen = corners(done.master.path)
        assert close(seen[0], GREEN) and close(seen[1], RED) and close(seen[2], BLUE), kind


def test_a_picture_made_for_print_keeps_its_colours(tmp_path):
    done = developed(tmp_path, hostile.saved(hostile.quarters().convert("CMYK"), "jpeg"))
    assert all(map(close, corners(done.master.path), (RED, GREEN, BLUE, YELLOW)))


@pytest.mark.parametrize("grey", [True, False])
def test_sixteen_bits_a_channel_become_eight_without_losing_the_greys(tmp_path, grey):
    done = developed(tmp_path, hostile.png_sixteen_bits(grey=grey))
    with Image.open(done.master.path) as image:
        row = [image.convert("RGB").getpixel((x, 50)) for x in (0, 64, 128, 192, 255)]
    assert all(
        close(seen, (x, x, x), 4) for seen, x in zip(row, (0, 64, 128, 192, 255), strict=True)
    )


@pytest.mark.parametrize("kind", ["png", "webp", "avif", "heic"])
def test_a_transparent_picture_stays_so_and_its_jpeg_lies_on_white(tmp_path, kind):
    clear = hostile.quarters().convert("RGBA")
    clear.paste((255, 0, 0, 0), (0, 0, 60, 40))
    done = developed(tmp_path, hostile.saved(clear, kind))
    assert done.master.format == "webp"
    for made in (done.master, *done.sizes):
        with Image.open(made.path) as image:
            first = image.convert("RGBA").getpixel((20, 15))
        if made.format == "jpeg":
            assert close(first, (255, 255, 255, 255), 6)
        else:
            assert first[3] < 6, made


def test_the_edge_of_a_transparent_picture_keeps_its_colour_when_made_smaller(tmp_path):
    """Red on invisible black: a careless resize leaves a dark rim."""
    clear = Image.new("RGBA", (3000, 3000), (0, 0, 0, 0))
    clear.paste((255, 0, 0, 255), (0, 0, 1511, 3000))
    done = developed(tmp_path, hostile.saved(clear, "png", compress_level=1))
    with Image.open(done.master.path) as image:
        rim = [image.getpixel((x, 1000)) for x in range(1280, 1300)]
    assert all(red > 235 for red, _, _, alpha in rim if alpha > 40)
    assert rim[-1][3] == 0


def test_an_opaque_alpha_channel_does_not_cost_readers_a_transparent_picture(tmp_path):
    done = developed(tmp_path, hostile.saved(hostile.quarters().convert("RGBA"), "png"))
    assert done.master.format == "jpeg"


@pytest.mark.parametrize("kind", ["png", "webp", "avif"])
def test_of_a_moving_picture_the_first_frame_is_taken(tmp_path, kind):
    frames = [hostile.quarters(), hostile.quarters().transpose(Image.Transpose.ROTATE_180)]
    data = hostile.saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
    assert close(corners(developed(tmp_path, data).master.path)[0], RED)


def test_a_chart_keeps_its_thin_coloured_lines(tmp_path):
    """Without colour subsampling a one-pixel red line stays red in every format."""
    chart = Image.new("RGB", (300, 200), "white")
    chart.paste((200, 0, 0), (101, 0, 102, 200))
    done = developed(tmp_path, hostile.saved(chart, "png"))
    for made in (done.master, *done.sizes):
        with Image.open(made.path) as image:
            assert close(image.convert("RGB").getpixel((101, 100)), (200, 0, 0), 30), made.format


def test_a_large_webp_made_smaller_while_decoding_looks_the_same(tmp_path):
    large = hostile.quarters(5400, 3600)
    done = developed(tmp_path, hostile.saved(large, "webp", method=0))
    assert (done.master.width, done.master.height) == (2560, 1707)
    assert all(map(close, corners(done.master.path), (RED, GREEN, BLUE, YELLOW)))


def test_the_placeholder_colour_resembles_the_picture(tmp_path):
    for number, colour in ((5, "#1f2022"), (13, "#9fb7c4"), (12, "#4f6449"), (0, "#eeeae0")):
        data = hostile.saved(Image.new("RGB", (40, 40), colour), "png")
        assert developed(tmp_path, data).palette == number


def test_every_colour_of_the_palette_is_its_own_nearest():
    for number, colour in enumerate(PALETTE):
        assert palette.nearest(*bytes.fromhex(colour[1:])) == number
    dice = random.Random(1)
    assert {palette.nearest(*dice.randbytes(3)) for _ in range(2000)} == set(range(16))
