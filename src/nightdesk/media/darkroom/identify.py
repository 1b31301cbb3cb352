"""What a file is, told from its first bytes and never from its name."""

from __future__ import annotations

from enum import StrEnum

from nightdesk.media.darkroom import refusals
from nightdesk.media.darkroom.refusals import PictureRefused

#: As many bytes as ``identify`` wants to see.
HEAD_BYTES = 1024


class Kind(StrEnum):
    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WebP"
    AVIF = "AVIF"
    HEIC = "HEIC"


AVIF_BRANDS = {b"avif", b"avis"}
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
STILL_BRANDS = {b"mif1", b"msf1"}

SAVE_AS = "Save the picture as JPEG or PNG and upload that."

#: First bytes of files that people do upload by mistake → what they are, what to do.
OTHER_FILES = (
    (b"GIF8", "a GIF", "Save it as PNG, or embed a video if it moves."),
    (b"%PDF-", "a PDF", SAVE_AS),
    (b"%!PS", "an EPS or PostScript file", SAVE_AS),
    (b"\xc5\xd0\xd3\xc6", "an EPS file", SAVE_AS),
    (b"PK\x03\x04", "a ZIP archive or an office document", "Take the picture out of it first."),
    (b"Rar!", "an archive", "Take the picture out of it first."),
    (b"7z\xbc\xaf", "an archive", "Take the picture out of it first."),
    (b"\x1f\x8b", "an archive", "Take the picture out of it first."),
    (b"\xd0\xcf\x11\xe0", "an office document", "Take the picture out of it first."),
    (b"II*\x00", "a TIFF or a camera's raw file", "Export it as JPEG and upload that."),
    (b"MM\x00*", "a TIFF or a camera's raw file", "Export it as JPEG and upload that."),
    (b"8BPS", "a Photoshop file", "Export it as JPEG or PNG and upload that."),
    (b"BM", "a BMP", SAVE_AS),
    (b"\x00\x00\x01\x00", "an icon file", SAVE_AS),
    (b"\xff\x0a", "a JPEG XL", SAVE_AS),
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL", SAVE_AS),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000", SAVE_AS),
    (b"\x1aE\xdf\xa3", "a video", "Embed the video instead."),
)


def identify(head: bytes) -> Kind:
    """The kind of picture whose file begins with ``head``.

    Raises PictureRefused, naming what the file is where that is known.
    """
    if not head:
        raise PictureRefused(refusals.EMPTY)
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Kind.WEBP
    if head[4:8] == b"ftyp":
        return _identify_iso_media(head)
    raise PictureRefused(_name_other(head))


def _identify_iso_media(head: bytes) -> Kind:
    """AVIF, HEIC and video share a container; the brands listed in its first box tell which.

    ISO/IEC 14496-12 §4.3: size, "ftyp", major brand, version, compatible brands (4 bytes each).
    """
    box = head[: int.from_bytes(head[:4], "big")]
    brands = {box[8:12]} | {box[place : place + 4] for place in range(16, len(box) - 3, 4)}
    if brands & AVIF_BRANDS:
        return Kind.AVIF
    if brands & (HEIC_BRANDS | STILL_BRANDS):
        return Kind.HEIC
    raise PictureRefused(refusals.not_this_kind("a video", "Embed the video instead."))


def _name_other(head: bytes) -> str:
    for start, name, advice in OTHER_FILES:
        if head.startswith(start):
            return refusals.not_this_kind(name, advice)
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in text:
        return refusals.not_this_kind("an SVG drawing", "Export it as PNG and upload that.")
    if text.startswith((b"<!doctype html", b"<html", b"<head", b"<script", b"<body")):
        return refusals.not_this_kind(
            "a web page", "Open it and save the picture itself, then upload that."
        )
    if _is_text(head):
        return refusals.not_this_kind("text", "Choose the picture's own file.")
    return refusals.NOT_A_PICTURE


def _is_text(head: bytes) -> bool:
    """A character cut in two at the end of ``head`` is still text."""
    if any(byte < 32 and byte not in b"\t\n\r\f" for byte in head):
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.end >= len(head) - 1 and error.start >= len(head) - 3
    return True
