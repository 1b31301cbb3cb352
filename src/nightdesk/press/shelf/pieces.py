"""The body of an answer in pieces: a page's own HTML, and slots for what it shares with others.

Each own piece is kept as raw deflate that ends on a byte boundary (``Z_FULL_FLUSH``), so pieces
of different age can be put one after the other and are one valid gzip stream, without compressing
anything again. One new brief changes one fragment and no page.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

#: RFC 1952: magic, deflate, no flags, no time, "maximum compression", unknown system.
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
#: An empty last deflate block.
_END = b"\x03\x00"
_OWN, _SLOT = 0, 1
#: kind, bytes that follow.
_PIECE = struct.Struct("<BI")


@dataclass(frozen=True, slots=True)
class Own:
    """Bytes of the page itself, as raw deflate that ends in a full flush."""

    deflated: bytes

    @classmethod
    def of(cls, raw: bytes) -> Own:
        packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        return cls(packer.compress(raw) + packer.flush(zlib.Z_FULL_FLUSH))

    @property
    def raw(self) -> bytes:
        """The bytes as they were. Raises ``zlib.error`` when they are damaged."""
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(self.deflated)


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of a fragment, named by its path on the shelf: ``fragment:news-feed:en``."""

    path: str


Piece = Own | Slot


def pack(pieces: Iterable[Piece]) -> bytes:
    """Pieces as one blob: for each a kind, a length (little endian) and the bytes."""
    out = bytearray()
    for piece in pieces:
        kind, data = (
            (_OWN, piece.deflated) if isinstance(piece, Own) else (_SLOT, piece.path.encode())
        )
        out += _PIECE.pack(kind, len(data))
        out += data
    return bytes(out)


def unpack(blob: bytes) -> Iterator[Piece]:
    """What `pack` made. Raises ``ValueError`` when the blob is cut or of another making."""
    at = 0
    while at < len(blob):
        try:
            kind, length = _PIECE.unpack_from(blob, at)
        except struct.error as error:
            raise ValueError("A stored page ends in the middle of a piece.") from error
        at += _PIECE.size
        data = blob[at : at + length]
        if len(data) != length or kind not in (_OWN, _SLOT):
            raise ValueError("A stored page is cut or of another making.")
        yield Own(data) if kind == _OWN else Slot(data.decode())
        at += length


def stitch(pieces: Iterable[Own]) -> tuple[bytes, bytes]:
    """(one gzip stream, the same bytes uncompressed)."""
    held = list(pieces)
    raw = b"".join(piece.raw for piece in held)
    tail = struct.pack("<II", zlib.crc32(raw), len(raw) & 0xFFFFFFFF)
    return b"".join((_GZIP_HEAD, *(piece.deflated for piece in held), _END, tail)), raw
