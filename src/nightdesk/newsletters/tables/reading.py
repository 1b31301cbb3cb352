"""The lines of a table as programs write it: UTF-8, with or without its mark, or UTF-16."""

from __future__ import annotations

import codecs
import io
from typing import IO


def lines_of(file: IO[bytes]) -> io.TextIOWrapper:
    """``file`` can be sought, and closes with it. A letter that cannot be read is replaced: in an
    address it makes the row a bad one, anywhere else nothing of it is kept."""
    start = file.read(2)
    file.seek(0)
    is_wide = start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    encoding = "utf-16" if is_wide else "utf-8-sig"
    return io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
