"""Still WebP pictures, made smaller while they are decoded.

Pillow reads every WebP as an animation and holds three full canvases, 1 GB for 64 million pixels.
libwebp itself can scale row by row, so this calls the very library that Pillow has already loaded:
64 million pixels then need about 30 MB, or 290 MB when the file is lossless.
Container: RFC 9649 §2.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from pathlib import Path

ALPHA, ANIMATION = 0x10, 0x02

ABI_VERSION = 0x0210
"""The layout below; libwebp refuses another major number and then nothing is decoded."""
MODE_RGB, MODE_RGBA = 0, 1
OUT_OF_MEMORY, SUSPENDED, NOT_ENOUGH_DATA = 1, 5, 7


@dataclass(frozen=True)
class Container:
    """What the chunks around the pixels say. ``exif`` is empty and ``icc`` None without them."""

    width: int
    height: int
    alpha: bool
    animated: bool
    exif: bytes
    icc: bytes | None


def read_container(data: bytes) -> Container:
    """Raises ValueError when the chunks end early or make no sense."""
    if int.from_bytes(data[4:8], "little") + 8 > len(data):
        raise ValueError("truncated WebP")
    size: tuple[int, int] | None = None
    alpha = animated = False
    extras: dict[bytes, bytes] = {}
    place = 12
    while place + 8 <= len(data):
        name = data[place : place + 4]
        length = int.from_bytes(data[place + 4 : place + 8], "little")
        start = place + 8
        body = data[start : start + min(length, 32)]
        if name == b"VP8X" and len(body) >= 10:
            alpha, animated = bool(body[0] & ALPHA), bool(body[0] & ANIMATION)
            size = _three_bytes(body[4:7]) + 1, _three_bytes(body[7:10]) + 1
        elif name == b"VP8 " and len(body) >= 10:
            inner = _pair(body[6:10], 0x3FFF)
            size = size or inner
        elif name == b"VP8L" and len(body) >= 5:
            bits = int.from_bytes(body[1:5], "little")
            inner = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
            size, alpha = size or inner, alpha or bool(bits >> 28 & 1)
        elif name in (b"EXIF", b"ICCP"):
            extras[name] = data[start : start + length]
        place = start + length + length % 2
    if size is None:
        raise ValueError("a WebP without pixels")
    return Container(*size, alpha, animated, extras.get(b"EXIF", b""), extras.get(b"ICCP"))


def decode(data: bytes, size: tuple[int, int], *, alpha: bool) -> bytearray:
    """The still picture in ``data`` at ``size``, as rows of 3 or (``alpha``) 4 bytes a pixel.

    Raises MemoryError, ValueError for damaged or truncated data, and LookupError when this
    machine's Pillow carries libwebp in a way that cannot be called.
    """
    library = _library()
    config = _Config()
    if not library.WebPInitDecoderConfigInternal(ctypes.byref(config), ABI_VERSION):
        raise LookupError("libwebp speaks another version of its interface")
    width, height = size
    stride = width * (4 if alpha else 3)
    pixels = bytearray(stride * height)
    config.options.use_scaling = 1
    config.options.scaled_width, config.options.scaled_height = width, height
    config.output.colorspace = MODE_RGBA if alpha else MODE_RGB
    config.output.is_external_memory = 1
    config.output.rgba.pixels = (ctypes.c_uint8 * len(pixels)).from_buffer(pixels)
    config.output.rgba.stride, config.output.rgba.size = stride, len(pixels)
    status = library.WebPDecode(data, len(data), ctypes.byref(config))
    if status == OUT_OF_MEMORY:
        raise MemoryError
    if status in (SUSPENDED, NOT_ENOUGH_DATA):
        raise ValueError("truncated WebP")
    if status:
        raise ValueError(f"libwebp status {status}")
    return pixels


def _library() -> ctypes.CDLL:
    """The libwebp that Pillow uses, found among the files mapped into this process."""
    from PIL import _webp  # noqa: F401 (importing it is what loads libwebp)

    for line in Path("/proc/self/maps").read_text().splitlines():
        path = line.partition("/")[2]
        if Path(path).name.startswith(("libwebp-", "libwebp.")):
            library = ctypes.CDLL("/" + path)
            library.WebPDecode.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_void_p]
            return library
    raise LookupError("Pillow has no separate libwebp here")


def _three_bytes(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _pair(data: bytes, mask: int) -> tuple[int, int]:
    return int.from_bytes(data[:2], "little") & mask, int.from_bytes(data[2:4], "little") & mask


class _Features(ctypes.Structure):
    _fields_ = [
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
        ("has_alpha", ctypes.c_int),
        ("has_animation", ctypes.c_int),
        ("format", ctypes.c_int),
        ("pad", ctypes.c_uint32 * 5),
    ]


class _Rgba(ctypes.Structure):
    _fields_ = [
        ("pixels", ctypes.POINTER(ctypes.c_uint8)),
        ("stride", ctypes.c_int),
        ("size", ctypes.c_size_t),
    ]


class _Yuva(ctypes.Structure):
    _fields_ = [
        ("planes", ctypes.c_void_p * 4),
        ("strides", ctypes.c_int * 4),
        ("sizes", ctypes.c_size_t * 4),
    ]


class _Pixels(ctypes.Union):
    _fields_ = [("rgba", _Rgba), ("yuva", _Yuva)]


class _Output(ctypes.Structure):
    _anonymous_ = ("u",)
    _fields_ = [
        ("colorspace", ctypes.c_int),
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
        ("is_external_memory", ctypes.c_int),
        ("u", _Pixels),
        ("pad", ctypes.c_uint32 * 4),
        ("private_memory", ctypes.c_void_p),
    ]


class _Options(ctypes.Structure):
    _fields_ = [
        ("bypass_filtering", ctypes.c_int),
        ("no_fancy_upsampling", ctypes.c_int),
        ("use_cropping", ctypes.c_int),
        ("crop_left", ctypes.c_int),
        ("crop_top", ctypes.c_int),
        ("crop_width", ctypes.c_int),
        ("crop_height", ctypes.c_int),
        ("use_scaling", ctypes.c_int),
        ("scaled_width", ctypes.c_int),
        ("scaled_height", ctypes.c_int),
        ("use_threads", ctypes.c_int),
        ("dithering_strength", ctypes.c_int),
        ("flip", ctypes.c_int),
        ("alpha_dithering_strength", ctypes.c_int),
        ("pad", ctypes.c_uint32 * 5),
    ]


class _Config(ctypes.Structure):
    """``WebPDecoderConfig`` of libwebp's webp/decode.h, interface version 2."""

    _fields_ = [("input", _Features), ("output", _Output), ("options", _Options)]
