"""Pictures that lie, leak, explode or break off, made in code.

Each one says what must become of it: a clean picture (``refused`` is None) or a refusal whose
sentence holds ``refused``. ``CANARY`` stands for what a photographer's file says about a source;
it may appear in no byte of anything finished.
"""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

import pillow_heif
from PIL import Image, ImageCms, PngImagePlugin

CANARY = "Canary-Olena-Source-7f3a"
LATITUDE, LONGITUDE = (50.0, 27.0, 4.86), (30.0, 31.0, 24.6)
ORIENTATION = 0x0112
FORMATS = ("jpeg", "png", "webp", "avif", "heic")

pillow_heif.register_heif_opener()


@dataclass(frozen=True)
class Hostile:
    """``name`` is the file name as uploaded; it is a lie for some."""

    name: str
    data: bytes
    refused: str | None = None


@cache
def scene(width: int = 400, height: int = 300) -> Image.Image:
    """A photograph-like picture: soft colours with grain."""
    soft = [Image.effect_noise((16, 12), 90).resize((width, height)) for _ in range(3)]
    grain = Image.effect_noise((width, height), 20)
    return Image.merge("RGB", [Image.blend(layer, grain, 0.2) for layer in soft])


def quarters(width: int = 120, height: int = 80) -> Image.Image:
    """Red, green / blue, yellow: every turn and mirror of it looks different."""
    picture = Image.new("RGB", (width, height), "red")
    picture.paste("lime", (width // 2, 0, width, height // 2))
    picture.paste("blue", (0, height // 2, width // 2, height))
    picture.paste("yellow", (width // 2, height // 2, width, height))
    return picture


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = BytesIO()
    name = {"heic": "HEIF"}.get(kind, kind.upper())
    if kind == "heic":
        options = {"quality": 60, "enc_params": {"preset": "ultrafast"}} | options
    if kind == "avif":
        options = {"speed": 10, "quality": 70} | options
    image.save(file, format=name, **options)
    return file.getvalue()


def exif(*, orientation: int = 1) -> bytes:
    """Who took it, with which camera, and where: what must never reach a reader."""
    tags = Image.Exif()
    tags[ORIENTATION] = orientation
    tags[0x013B] = CANARY  # artist
    tags[0x010F] = CANARY  # maker
    tags[0x8298] = CANARY  # copyright
    inner = tags.get_ifd(0x8769)
    inner[0xA431] = f"SN-{CANARY}"  # camera's serial number
    inner[0x9286] = b"ASCII\0\0\0" + CANARY.encode()  # comment
    place = tags.get_ifd(0x8825)
    place.update({1: "N", 2: LATITUDE, 3: "E", 4: LONGITUDE, 29: "2023:03:08"})
    return tags.tobytes()


def xmp() -> bytes:
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta '
        'xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="50,27.081N">'
        f"<dc:creator><rdf:Seq><rdf:li>{CANARY}</rdf:li></rdf:Seq></dc:creator>"
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def icc(*, swapped: bool = False) -> bytes:
    """An sRGB profile with the canary behind its data; ``swapped``: its red is sRGB's green."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    if swapped:
        tags = {
            bytes(profile[place : place + 4]): place
            for place in range(132, 132 + 12 * int.from_bytes(profile[128:132], "big"), 12)
        }
        red, green = tags[b"rXYZ"] + 4, tags[b"gXYZ"] + 4
        where = bytes(profile[red : red + 8]), bytes(profile[green : green + 8])
        profile[red : red + 8], profile[green : green + 8] = where[1], where[0]
    profile += CANARY.encode() + b"\0" * (-len(CANARY) % 4)
    profile[:4] = len(profile).to_bytes(4, "big")
    return bytes(profile)


def jpeg_segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def ten_bit_heic(size: tuple[int, int] = (64, 48), chroma: str = "422") -> bytes:
    """As the better cameras write it (.hif): each 8-bit value of a scene, doubled to 16 bits."""
    deep = bytes(value for byte in scene(64, 48).tobytes() for value in (byte, byte))
    rows, columns = size[1] // 48, size[0] // 64
    width = 64 * 6
    lines = (deep[place : place + width] * columns for place in range(0, len(deep), width))
    file = BytesIO()
    picture = pillow_heif.from_bytes("RGB;16", (64 * columns, 48 * rows), b"".join(lines) * rows)
    picture.save(file, quality=50, chroma=chroma, enc_params={"preset": "ultrafast"})
    return file.getvalue()


def with_segment(marker: int, body: bytes) -> bytes:
    plain = saved(scene(), "jpeg")
    return plain[:2] + jpeg_segment(marker, body) + plain[2:]


def iptc() -> bytes:
    """Photoshop's resource 0x0404: by-line and caption (IIM 4.2, records 2:80 and 2:120)."""
    text = CANARY.encode()
    records = b"".join(
        struct.pack(">BBBH", 0x1C, 2, number, len(text)) + text for number in (80, 120)
    )
    block = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(records)) + records
    return b"Photoshop 3.0\0" + block + b"\0" * (len(records) % 2)


def exif_with_thumbnail() -> bytes:
    """A first directory with nothing in it, a second that holds the uncropped face."""
    thumbnail = saved(quarters(64, 48), "jpeg", comment=CANARY.encode())
    second = struct.pack(">H", 2) + struct.pack(">HHII", 0x0201, 4, 1, 44)
    second += struct.pack(">HHII", 0x0202, 4, 1, len(thumbnail)) + struct.pack(">I", 0)
    head = b"MM\0*" + struct.pack(">I", 8) + struct.pack(">HI", 0, 14) + second
    assert len(head) == 44
    return b"Exif\0\0" + head + thumbnail


def png_chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_of(width: int, height: int, *chunks: bytes, bits: int = 8, colour: int = 0) -> bytes:
    """A PNG of ``width`` × ``height`` that claims more than it holds, with extra ``chunks``."""
    head = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    body = png_chunk(b"IDAT", zlib.compress(b"\0" * 4096))
    parts = (png_chunk(b"IHDR", head), *chunks, body, png_chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def blank_png(width: int, height: int, *, colour: int = 6) -> bytes:
    """A complete PNG of zeros, a few kilobytes however large; colour 2 is RGB, 6 is RGBA."""
    row = b"\0" * (1 + width * {0: 1, 2: 3, 6: 4}[colour])
    squeeze = zlib.compressobj(1)
    body = b"".join(squeeze.compress(row) for _ in range(height)) + squeeze.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    chunks = png_chunk(b"IHDR", head) + png_chunk(b"IDAT", body) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def png_sixteen_bits(*, grey: bool) -> bytes:
    """A ramp from black to white across 256 columns, 100 rows, 16 bits a channel."""
    channels = 1 if grey else 3
    row = b"\0" + b"".join(struct.pack(">H", x * 257) * channels for x in range(256))
    head = struct.pack(">IIBBBBB", 256, 100, 16, 0 if grey else 2, 0, 0, 0)
    body = png_chunk(b"IDAT", zlib.compress(row * 100))
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", head) + body + png_chunk(b"IEND", b"")


def png_with_text() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", CANARY)
    info.add_text("Comment", CANARY * 20, zip=True)
    info.add_itxt("XML:com.adobe.xmp", xmp().decode())
    info.add_itxt("Description", CANARY, lang="uk", tkey="Опис", zip=True)
    return saved(scene(), "png", pnginfo=info)


def claiming(data: bytes, width: int, height: int) -> bytes:
    """``data`` with the size in its header raised, its pixels left as they are."""
    changed = bytearray(data)
    if data.startswith(b"\xff\xd8"):
        frame = data.index(b"\xff\xc0")
        changed[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    elif data.startswith(b"RIFF"):
        canvas = data.index(b"VP8X") + 12
        changed[canvas : canvas + 3] = (width - 1).to_bytes(3, "little")
        changed[canvas + 3 : canvas + 6] = (height - 1).to_bytes(3, "little")
    else:
        place = -1
        while (place := data.find(b"ispe", place + 1)) >= 0:
            changed[place + 8 : place + 16] = struct.pack(">II", width, height)
    return bytes(changed)


def leaks() -> Iterator[Hostile]:
    """Good pictures that say too much."""
    for kind in FORMATS:
        yield Hostile(f"gps.{kind}", saved(scene(), kind, exif=exif()))
        if kind != "png":
            yield Hostile(f"xmp.{kind}", saved(scene(), kind, xmp=xmp()))
        yield Hostile(f"icc.{kind}", saved(scene(), kind, icc_profile=icc()))
        yield Hostile(
            f"trailer.{kind}",
            saved(scene(), kind) + f"<script>alert('{CANARY}')</script>".encode(),
        )
        clear = scene().copy()
        if kind != "jpeg":
            clear.putalpha(Image.linear_gradient("L").resize(clear.size))
            yield Hostile(f"transparent.{kind}", saved(clear, kind, exif=exif()))
    yield Hostile("text.png", png_with_text())
    yield Hostile("iptc.jpg", with_segment(0xED, iptc()))
    yield Hostile("comment.jpg", saved(scene(), "jpeg", comment=CANARY.encode()))
    yield Hostile("thumbnail.jpg", with_segment(0xE1, exif_with_thumbnail()))
    yield Hostile("unknown-segment.jpg", with_segment(0xEB, CANARY.encode() * 50))
    yield Hostile("broken-exif.jpg", with_segment(0xE1, b"Exif\0\0MM\0*\xff\xff" + CANARY.encode()))
    yield Hostile("broken-icc.jpg", with_segment(0xE2, b"ICC_PROFILE\0\1\1" + CANARY.encode()))
    second = scene().copy()
    several = BytesIO()
    scene().save(several, "MPO", save_all=True, append_images=[second], exif=exif())
    yield Hostile("several-in-one.jpg", several.getvalue())
    yield Hostile(
        "all-at-once.jpg",
        saved(scene(), "jpeg", exif=exif(), xmp=xmp(), icc_profile=icc(), comment=CANARY.encode())
        + saved(scene(64, 48), "jpeg", comment=CANARY.encode()),
    )
    yield Hostile("zip-behind.png", saved(scene(), "png") + b"PK\x03\x04" + CANARY.encode())


def odd_colours() -> Iterator[Hostile]:
    """Good pictures in colours that browsers or encoders do not take as they are."""
    yield Hostile("print.jpg", saved(scene().convert("CMYK"), "jpeg", exif=exif()))
    yield Hostile("print-with-srgb-profile.jpg", saved(scene().convert("CMYK"), "jpeg"))
    yield Hostile("grey.jpg", saved(scene().convert("L"), "jpeg"))
    yield Hostile(
        "grey-with-colour-profile.jpg", saved(scene().convert("L"), "jpeg", icc_profile=icc())
    )
    yield Hostile("progressive.jpg", saved(scene(), "jpeg", progressive=True, exif=exif()))
    yield Hostile("sixteen-grey.png", png_sixteen_bits(grey=True))
    yield Hostile("sixteen-colour.png", png_sixteen_bits(grey=False))
    yield Hostile("one-bit.png", saved(scene().convert("1"), "png"))
    yield Hostile("palette.png", saved(scene().quantize(64), "png"))
    yield Hostile("palette-clear.png", saved(scene().quantize(64), "png", transparency=3))
    yield Hostile("grey-clear.png", saved(scene().convert("LA"), "png"))
    yield Hostile("key-clear.png", saved(quarters(), "png", transparency=(255, 0, 0)))
    yield Hostile("lossless.webp", saved(scene(), "webp", lossless=True))
    frames = [quarters(), quarters().transpose(Image.Transpose.ROTATE_180)]
    for kind in ("png", "webp", "avif"):
        moving = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
        yield Hostile(f"moving.{kind}", moving)
    yield Hostile("camera.hif", ten_bit_heic())
    yield Hostile("tiled.heic", saved(scene(1100, 800), "heic", grid_tile_size=512))
    yield Hostile("one-pixel.png", saved(Image.new("RGB", (1, 1), "red"), "png"))
    yield Hostile("odd-size.webp", saved(scene(333, 77), "webp"))


def liars() -> Iterator[Hostile]:
    """Names that do not fit the content: only the content counts."""
    yield Hostile("really-a-png.jpg", saved(scene(), "png"))
    yield Hostile("really-a-jpeg.heic", saved(scene(), "jpeg"))
    yield Hostile("really-an-avif.png", saved(scene(), "avif"))
    yield Hostile(f"../../{CANARY}.php\n.jpg".replace("/", "_"), saved(scene(), "jpeg"))
    yield Hostile("no-ending", saved(scene(), "webp"))


def impostors() -> Iterator[Hostile]:
    """Not pictures, whatever they are called."""
    yield Hostile("empty.jpg", b"", "is empty")
    yield Hostile("page.jpg", b"<!DOCTYPE html><script>alert(1)</script>", "a web page")
    yield Hostile("page.png", b"\xef\xbb\xbf\n <HTML><body>hello", "a web page")
    yield Hostile("drawing.png", b'<?xml version="1.0"?><svg onload="alert(1)"/>', "an SVG")
    entity = b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg>&b;</svg>'
    yield Hostile("laughs.svg", entity, "an SVG")
    yield Hostile("paper.jpg", b"%PDF-1.7\n%\xe2\xe3", "a PDF")
    yield Hostile("print.jpg", b"%!PS-Adobe-3.0 EPSF-3.0\n(x) run", "an EPS")
    yield Hostile("notes.jpg", "Зустріч о шостій.".encode(), "text")
    yield Hostile("office.jpg", b"PK\x03\x04\x14\0\x06\0[Content_Types].xml", "a ZIP")
    yield Hostile("moving.gif", saved(quarters(), "gif"), "a GIF")
    yield Hostile("scan.jpg", saved(quarters(), "tiff"), "a TIFF")
    yield Hostile("paint.jpg", saved(quarters(), "bmp"), "a BMP")
    yield Hostile("film.heic", b"\0\0\0\x18ftypisom\0\0\0\0isommp42", "a video")
    yield Hostile("noise.jpg", random.Random(5).randbytes(5000), "not a picture")
    yield Hostile("zeros.png", b"\0" * 5000, "not a picture")
    yield Hostile("nothing-behind.heic", b"\0\0\0\x18ftypheic\0\0\0\0heicmif1", "damaged")
    yield Hostile("loop.avif", b"\0\0\0\0ftypavif" + b"\0" * 64, "picture")


def bombs() -> Iterator[Hostile]:
    """Small files that ask for more than the machine has."""
    sentence = "This picture has {} million pixels; the limit is {} million."
    yield Hostile("bomb.png", png_of(11_000, 11_000), sentence.format(121, 64))
    yield Hostile("huge.png", png_of(50_000, 50_000), sentence.format(2500, 64))
    yield Hostile("just-over.png", png_of(8_001, 8_000), sentence.format(65, 64))
    yield Hostile("negative.png", png_of(0xFFFF_FFFF, 8), "picture")
    yield Hostile(
        "huge.jpg", claiming(saved(scene(), "jpeg"), 20_000, 20_000), sentence.format(400, 200)
    )
    large_canvas = claiming(saved(scene(), "webp", exif=exif()), 16_000, 16_000)
    yield Hostile("huge.webp", large_canvas, sentence.format(256, 64))
    yield Hostile(
        "canvas.webp", claiming(saved(scene(), "webp", exif=exif()), 7_000, 7_000), "damaged"
    )
    yield Hostile(
        "huge.avif", claiming(saved(scene(), "avif"), 16_000, 16_000), "for AVIF is 32 million"
    )
    yield Hostile(
        "huge.heic", claiming(saved(scene(), "heic"), 12_000, 12_000), sentence.format(144, 64)
    )
    rich = claiming(saved(scene(), "heic", chroma="444"), 7_000, 5_000)
    yield Hostile("rich.heic", rich, "the limit for a HEIC in 4:2:2 or 4:4:4 is 32 million")
    clear = scene().copy()
    clear.putalpha(128)
    large_clear = claiming(saved(clear, "heic"), 7_000, 5_000)
    yield Hostile("large-clear.heic", large_clear, "the limit for a transparent HEIC is 24 million")
    large_clear = claiming(saved(clear, "avif"), 7_000, 5_000)
    yield Hostile("large-clear.avif", large_clear, "the limit for a transparent AVIF is 24 million")
    deep = claiming(ten_bit_heic((128, 96)), 7_000, 5_000)
    yield Hostile("deep.heic", deep, "the limit for a 10-bit HEIC is 24 million")
    zeros = zlib.compress(b"\0" * 80_000_000, 9)
    yield Hostile(
        "text-bomb.png", png_of(64, 64, png_chunk(b"zTXt", b"a\0\0" + zeros)), "far more data"
    )
    yield Hostile(
        "profile-bomb.png", png_of(64, 64, png_chunk(b"iCCP", b"a\0\0" + zeros)), "picture"
    )
    yield Hostile("needle.png", png_of(5000, 9), "one side is more than 20 times the other")
    yield Hostile("ribbon.jpg", saved(Image.new("RGB", (30, 2000)), "jpeg"), "20 times")
    tall = saved(Image.new("RGB", (16, 16)), "jpeg")
    yield Hostile("no-height.jpg", claiming(tall, 16, 0), "damaged")


def cut_off() -> Iterator[Hostile]:
    """The same picture, broken off at many places."""
    for kind in FORMATS:
        whole = saved(scene(), kind, exif=exif())
        places = {3, 13, 40, 120, *(len(whole) * part // 100 for part in (10, 30, 60, 90))}
        for place in sorted(places):
            yield Hostile(f"cut-at-{place}.{kind}", whole[:place], "picture")


def scrambled() -> Iterator[Hostile]:
    """Random bytes changed in the first kilobyte; anything may come of it but an accident."""
    dice = random.Random(20230308)
    for kind in FORMATS:
        whole = saved(quarters(), kind, exif=exif())
        for number in range(9):
            data = bytearray(whole)
            for _ in range(dice.choice((1, 3, 20))):
                data[dice.randrange(4, min(len(data), 1024))] = dice.randrange(256)
            yield Hostile(f"scrambled-{number}.{kind}", bytes(data))


@cache
def corpus() -> tuple[Hostile, ...]:
    """Everything with a known end."""
    return (*leaks(), *odd_colours(), *liars(), *impostors(), *bombs())
