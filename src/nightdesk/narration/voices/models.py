"""Model files on this machine: found without importing their packages, and checked by their bytes.

A model is a program that a stranger trained. It is used only if it is, byte for byte, the one that
was pinned here or that the operator chose.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import importlib.util
from collections.abc import Iterable
from pathlib import Path

from nightdesk.narration.voices.ports import NotRecordedError, Reason


@functools.lru_cache(maxsize=16)
def version(*distributions: str) -> str:
    """Of the first; empty unless all are installed."""
    try:
        first, *_others = [importlib.metadata.version(name) for name in distributions]
        return first
    except importlib.metadata.PackageNotFoundError:
        return ""


def folder(package: str) -> Path | None:
    """Where a package lies, or None; the package is not run."""
    found = importlib.util.find_spec(package)
    places = found.submodule_search_locations if found else None
    return Path(next(iter(places))) if places else None


def sha256(files: Iterable[Path]) -> str:
    """Of all bytes in order. Raises NotRecordedError."""
    try:
        return _sha256(tuple((str(f), f.stat().st_mtime_ns, f.stat().st_size) for f in files))
    except OSError as error:
        raise NotRecordedError(Reason.VOICE_MISSING, detail=str(error)) from error


@functools.lru_cache(maxsize=16)
def _sha256(files: tuple[tuple[str, int, int], ...]) -> str:
    sum_of_all = hashlib.sha256()
    for name, _changed, _size in files:
        with Path(name).open("rb") as file:
            while part := file.read(1 << 20):
                sum_of_all.update(part)
    return sum_of_all.hexdigest()


def check(found: str, *expected: str | None) -> None:
    """Raises NotRecordedError unless each sum that is known is the one that was found."""
    for one in expected:
        if one and one != found:
            raise NotRecordedError(Reason.VOICE_CHANGED, detail=f"sha256 {found[:12]}…")
