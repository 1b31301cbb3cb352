"""From a file to a ``Negative``: one opener per kind of file.

Each opener reads the headers, refuses what is too large *before* any pixel is decoded, and then
decodes by the way that needs least memory for its format. Only the plugin of the identified kind
is used, never Pillow's search through all it knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, BinaryIO

from PIL import AvifImagePlugin, Image, ImageFile, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from nightdesk.media.darkroom import jpeg, limits, refusals, webp
from nightdesk.media.darkroom.identify import HEAD_BYTES, Kind, identify
from nightdesk.media.darkroom.negative import Negative
from nightdesk.media.darkroom.refusals import PictureRefused

#: The longest edge of the clean master.
MASTER_EDGE = 2560
ORIENTATION_TAG = 0x0112


def decode(file: BinaryIO) -> Negative:
    """The picture in ``file``.

    Raises PictureRefused for what is understood and not taken; MemoryError, OSError, ValueError,
    SyntaxError, EOFError and whatever else a decoder throws for damaged files.
    """
    kind = identify(file.read(HEAD_BYTES))
    file.seek(0)
    match kind:
        case Kind.JPEG:
            return _decode_jpeg(file)
        case Kind.PNG:
            return _decode_png(file)
        case Kind.WEBP:
            return _decode_webp(file)
        case Kind.AVIF:
            return _decode_avif(file)
        case Kind.HEIC:
            return _decode_heic(file)


def master_size(width: int, height: int) -> tuple[int, int]:
    """``width`` × ``height`` made to fit into the master's longest edge; never larger."""
    scale = min(1.0, MASTER_EDGE / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _check_size(width: int, height: int, limit: int, *, only_for: str = "") -> None:
    if width < 1 or height < 1:
        raise PictureRefused(refusals.DAMAGED)
    if width * height > limit:
        raise PictureRefused(refusals.too_many_pixels(width * height, limit, only_for=only_for))
    if max(width, height) > limits.ASPECT * min(width, height):
        raise PictureRefused(refusals.too_narrow(width, height, limits.ASPECT))


def _decode_jpeg(file: BinaryIO) -> Negative:
    frame = jpeg.read_frame(file)
    _check_size(frame.width, frame.height, limits.JPEG_PIXELS)
    pixels = frame.width * frame.height
    if pixels * frame.held_bytes_per_pixel > limits.JPEG_COEFFICIENT_BYTES:
        limit = int(limits.JPEG_COEFFICIENT_BYTES / frame.held_bytes_per_pixel)
        raise PictureRefused(refusals.progressive_too_large(pixels, limit))
    file.seek(0)
    image = JpegImagePlugin.JpegImageFile(file)
    image.draft(None, master_size(*image.size))
    return _loaded(image)


def _decode_png(file: BinaryIO) -> Negative:
    image = PngImagePlugin.PngImageFile(file)
    _check_size(*image.size, limits.PIXELS)
    return _loaded(image)


def _decode_webp(file: BinaryIO) -> Negative:
    data = file.read()
    found = webp.read_container(data)
    if found.animated:
        return _decode_webp_canvas(file, found, " for animated WebP")
    _check_size(found.width, found.height, limits.PIXELS)
    size = found.width, found.height
    if max(size) > 2 * MASTER_EDGE:
        size = master_size(*size)
    try:
        rows = webp.decode(data, size, alpha=found.alpha)
    except LookupError:
        return _decode_webp_canvas(file, found, " for WebP here")
    return Negative.of_rows(
        rows,
        "RGBA" if found.alpha else "RGB",
        size,
        len(rows) // size[1],
        orientation=_orientation_in(found.exif),
        icc=found.icc,
    )


def _decode_webp_canvas(file: BinaryIO, found: webp.Container, only_for: str) -> Negative:
    """The first frame by Pillow, which holds several full canvases."""
    _check_size(found.width, found.height, limits.ANIMATED_WEBP_PIXELS, only_for=only_for)
    file.seek(0)
    return _loaded(WebPImagePlugin.WebPImageFile(file))


def _decode_avif(file: BinaryIO) -> Negative:
    AvifImagePlugin.DEFAULT_MAX_THREADS = limits.ENCODER_THREADS
    image = AvifImagePlugin.AvifImageFile(file)
    if image.mode == "RGBA":
        limit, only_for = limits.AVIF_ALPHA_PIXELS, " for a transparent AVIF"
    else:
        limit, only_for = limits.AVIF_PIXELS, " for AVIF"
    _check_size(*image.size, limit, only_for=only_for)
    return _loaded(image)


def _decode_heic(file: BinaryIO) -> Negative:
    """libheif turns the picture upright itself, so its EXIF orientation must not turn it again."""
    import pillow_heif  # a tenth of a second that other pictures need not pay

    pillow_heif.options.DECODE_THREADS = limits.ENCODER_THREADS
    pillow_heif.options.THUMBNAILS = False
    pillow_heif.options.DEPTH_IMAGES = False
    pillow_heif.options.AUX_IMAGES = False
    opened = pillow_heif.open_heif(file, convert_hdr_to_8bit=True, remove_stride=False)
    image = opened[opened.primary_index]
    limit, only_for = _heic_limit(image.info, alpha=image.has_alpha)
    _check_size(*image.size, limit, only_for=only_for)
    icc = image.info.get("icc_profile")
    return Negative.of_rows(
        image.data,
        image.mode,
        image.size,
        image.stride,
        icc=icc if isinstance(icc, bytes) else None,
    )


def _heic_limit(info: Mapping[str, Any], *, alpha: bool) -> tuple[int, str]:
    """How many pixels, and the words that name the reason.

    libheif keeps the decoded planes, their conversion and the result at the same time.
    """
    bits, chroma = info["bit_depth"], info.get("chroma")
    if bits > 8:
        rich = alpha or chroma == 444
        return (limits.DEEP_RICH_HEIC_PIXELS if rich else limits.DEEP_HEIC_PIXELS), (
            f" for a {bits}-bit HEIC with transparency or 4:4:4 colour"
            if rich
            else f" for a {bits}-bit HEIC"
        )
    if alpha:
        return limits.ALPHA_HEIC_PIXELS, " for a transparent HEIC"
    if chroma in (422, 444):
        return limits.RICH_HEIC_PIXELS, " for a HEIC in 4:2:2 or 4:4:4"
    return limits.PIXELS, ""


def _loaded(image: ImageFile.ImageFile) -> Negative:
    image.load()
    icc = image.info.get("icc_profile")
    return Negative.of_image(image, orientation=_orientation_of(image), icc=icc)


def _orientation_in(exif_bytes: bytes) -> int:
    exif = Image.Exif()
    try:
        exif.load(exif_bytes)
    except Exception:  # damaged metadata is no reason to refuse the pixels
        return 1
    return _valid_orientation(exif.get(ORIENTATION_TAG))


def _orientation_of(image: Image.Image) -> int:
    try:
        return _valid_orientation(image.getexif().get(ORIENTATION_TAG))
    except Exception:  # damaged metadata is no reason to refuse the pixels
        return 1


def _valid_orientation(value: object) -> int:
    return value if isinstance(value, int) and 1 <= value <= 8 else 1
