"""Opens what the operator named: a file or an address, a page or an archive.

What it is is decided by its content, not by its ending: a page saved as `page.txt` may be HTML.
"""

import gzip
import io
import json
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from .decoding import decode
from .fetch import fetch
from .unreadable import SourceUnreadable

LARGEST_PAGE = 10_000_000  # bytes
_HEAD = 65_536
_NOT_TEXT = {
    b"%PDF": "a PDF. Save the page as HTML or copy its text into a .txt file",
    b"PK\x03\x04": "a ZIP file or a Word document. Copy its text into a .txt file",
    b"\xd0\xcf\x11\xe0": "an old Word document. Copy its text into a .txt file",
    b"\x89PNG": "a picture. Upload pictures in the admin",
    b"\xff\xd8\xff": "a picture. Upload pictures in the admin",
    b"GIF8": "a picture. Upload pictures in the admin",
    b"SQLite format 3": "a database. This command reads pages and archives of stories",
}
_HTML = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title|article"
    rb"|main|div|section|script|link|table|p|h1)\b",
    re.IGNORECASE | re.DOTALL,
)
_TAGS = re.compile(rb"</(?:p|div|a|span|li|h[1-6]|title|article|body)>", re.IGNORECASE)


@dataclass(frozen=True)
class Page:
    """One page: its text or markup, and the address it came from when it came from one."""

    name: str
    text: str
    is_html: bool
    address: str = ""
    guessed_encoding: str = ""


@dataclass(frozen=True)
class Archive:
    """Many stories, one JSON object a line; read with `open_lines`."""

    name: str
    path: Path | None = None
    data: bytes = b""

    @property
    def size(self) -> int:
        """Bytes as stored (compressed, if they are), for the progress bar."""
        return self.path.stat().st_size if self.path else len(self.data)

    @contextmanager
    def open_lines(self) -> Iterator[tuple[Iterator[bytes], BinaryIO]]:
        """Its raw lines, and the stored file below them, whose `tell()` says how far one is."""
        stored: BinaryIO = self.path.open("rb") if self.path else io.BytesIO(self.data)
        with stored:
            is_packed = stored.read(2) == b"\x1f\x8b"
            stored.seek(0)
            yield _lines(gzip.GzipFile(fileobj=stored) if is_packed else stored), stored


def open_source(
    address: str, *, may_connect: Callable[[str], bool] | None = None
) -> Page | Archive:
    """A page or an archive from a path or an http(s) address.

    Raises `SourceUnreadable` with one clear line for everything that cannot be read.
    `may_connect` judges the IP addresses that may be reached; see `fetch`.
    """
    if address.lower().startswith(("http:", "https:")):
        answer = fetch(address, largest=LARGEST_PAGE, may_connect=may_connect)
        data = _unpacked(answer.data)
        if _is_archive(data):
            return Archive(answer.address, data=data)
        return _page(address, data, answer.charset, answer.address)
    path = Path(address).expanduser()
    head = _head_of(path)
    if _is_archive(_unpacked(head, is_part=True)):
        return Archive(address, path=path)
    size = path.stat().st_size
    if size > LARGEST_PAGE:
        raise SourceUnreadable(
            f"it has {size / 1e6:.0f} MB; a page may have {LARGEST_PAGE // 1_000_000} MB"
        )
    return _page(address, _unpacked(path.read_bytes()))


def _head_of(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise SourceUnreadable("it is a folder. Name the files in it")
        if not path.is_file() and path.exists():
            raise SourceUnreadable("it is no ordinary file")
        with path.open("rb") as file:
            return file.read(_HEAD)
    except FileNotFoundError:
        raise SourceUnreadable("there is no such file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceUnreadable(f"it cannot be opened: {reason.lower()}") from None


def _page(name: str, data: bytes, charset: str = "", address: str = "") -> Page:
    if not data.strip():
        raise SourceUnreadable("it is empty")
    for beginning, what in _NOT_TEXT.items():
        if data.startswith(beginning):
            raise SourceUnreadable(f"it is {what}")
    text, guessed = decode(data, charset)
    if sum(letter < " " and letter not in "\t\r\n\f" for letter in text[:_HEAD]) > 20:
        raise SourceUnreadable("it is no text")
    plain = text.encode("utf-8", "replace") if data[:1] in {b"\xff", b"\xfe"} else data
    is_html = bool(_HTML.match(plain.lstrip(b"\xef\xbb\xbf"))) or len(_TAGS.findall(plain)) >= 6
    return Page(name, text, is_html, address, guessed)


def _is_archive(head: bytes) -> bool:
    """The first line is a JSON object (or the beginning of a long one) that has a headline."""
    head = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head.startswith(b"{"):
        return False
    first, has_end, _ = head.partition(b"\n")
    if has_end:
        try:
            return isinstance(json.loads(first), dict)
        except ValueError:
            pass
    return bool(re.match(rb'\{\s*"\w+"\s*:', first))


def _unpacked(data: bytes, *, is_part: bool = False) -> bytes:
    """Gzip taken off, never to more than the largest page."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    unpacker = zlib.decompressobj(wbits=31)
    try:
        text = unpacker.decompress(data, LARGEST_PAGE + 1)
    except zlib.error:
        raise SourceUnreadable("its compression is damaged") from None
    if len(text) > LARGEST_PAGE and not is_part:
        raise SourceUnreadable(f"unpacked it has more than {LARGEST_PAGE // 1_000_000} MB")
    return text


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Line by line; one longer than a page may be comes back cut, so that it fails as that line."""
    try:
        while line := file.readline(LARGEST_PAGE):
            yield line
            while len(line) == LARGEST_PAGE and not line.endswith(b"\n"):
                line = file.readline(LARGEST_PAGE)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise SourceUnreadable("its compression is damaged or its end is missing") from None
