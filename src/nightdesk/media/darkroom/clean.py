"""From a ``Negative`` to the clean picture every file is printed from.

Clean means: RGB or RGBA of 8 bits, sRGB, upright, longest edge at most ``MASTER_EDGE``, on a
fresh canvas that carries nothing of the file but its pixels.
"""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageCms

from nightdesk.media.darkroom.decode import master_size
from nightdesk.media.darkroom.negative import Negative

#: EXIF orientation → how to turn the stored rows so that the picture is upright.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SIXTEEN_TO_EIGHT_BITS = 1 / 256


def clean(negative: Negative) -> Image.Image:
    """The finished picture, mode RGB, or RGBA when any pixel is transparent.

    Takes the pixels out of ``negative`` so that their memory is free before the last step.
    """
    width, height = master_size(negative.width, negative.height)
    sheet = _narrow(negative, width)
    del negative.strip
    if sheet.height != height:
        sheet = sheet.resize((width, height), Image.Resampling.LANCZOS)
    if sheet.mode == "RGBa":
        sheet = sheet.convert("RGBA")
    sheet = _without_empty_alpha(_to_srgb(sheet, negative.icc))
    turn = TURNS.get(negative.orientation)
    return sheet.transpose(turn) if turn is not None else sheet


def _narrow(negative: Negative, width: int) -> Image.Image:
    """The picture resampled across only; resampling is separable, so down can follow later."""
    sheet: Image.Image | None = None
    for top, strip in negative.strips():
        strip = _plain(strip)
        if strip.width != width:
            strip = strip.resize((width, strip.height), Image.Resampling.LANCZOS)
        if sheet is None:
            sheet = Image.new(strip.mode, (width, negative.height))
        sheet.paste(strip, (0, top))
    assert sheet is not None, "a negative has at least one row"
    return sheet


def _plain(strip: Image.Image) -> Image.Image:
    """One of the modes L, RGB, RGBa (premultiplied, so that edges keep their colour) and CMYK."""
    if strip.mode in {"RGBA", "LA", "PA"} or strip.has_transparency_data:
        return strip.convert("RGBA").convert("RGBa")
    if strip.mode.startswith("I"):
        return strip.point(lambda value: value * SIXTEEN_TO_EIGHT_BITS + 0).convert("L")
    if strip.mode in {"L", "RGB", "RGBa", "CMYK"}:
        return strip
    return strip.convert("L" if strip.mode in {"1", "F"} else "RGB")


def _to_srgb(image: Image.Image, icc: bytes | None) -> Image.Image:
    """The same colours in sRGB; a profile that is damaged or of another kind is ignored."""
    if not icc:
        return image if image.mode == "RGBA" else image.convert("RGB")
    colours = image.convert("RGB") if image.mode == "RGBA" else image
    try:
        converted = ImageCms.profileToProfile(
            colours,
            ImageCms.ImageCmsProfile(BytesIO(icc)),
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        converted = None
    if converted is None:
        converted = colours.convert("RGB")
    if image.mode == "RGBA":
        converted.putalpha(image.getchannel("A"))
    converted.info.clear()
    return converted


def _without_empty_alpha(image: Image.Image) -> Image.Image:
    if image.mode == "RGBA" and image.getchannel("A").getextrema()[0] == 255:
        return image.convert("RGB")
    return image
