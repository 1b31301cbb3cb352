"""Which paths the shelf may have, in 1 to 2 MB for 100,000: so that a flood of ever new addresses
costs neither a look into the file nor memory."""

from __future__ import annotations

from collections.abc import Iterable

_SMALLEST = 1 << 16
_ROOM = 12
_SECOND = 31


class Known:
    """A Bloom filter. "No" is certain; "yes" is wrong for some 3 of 100 paths at most, and then
    the shelf itself is asked. Nothing is ever taken out. Python's string hashes are salted for
    each process, so nobody outside can make paths that are always taken for known."""

    def __init__(self, paths: Iterable[str] = ()) -> None:
        held = list(paths)
        size = _SMALLEST
        while size < len(held) * _ROOM:
            size *= 2
        self._mask = size - 1
        self._slots = bytearray(size)
        self.count = 0
        for path in held:
            self.add(path)

    @property
    def full(self) -> bool:
        """Time to make a larger one."""
        return self.count * _ROOM > 2 * len(self._slots)

    def add(self, path: str) -> None:
        number = hash(path)
        self._slots[number & self._mask] = 1
        self._slots[(number >> _SECOND) & self._mask] = 1
        self.count += 1

    def __contains__(self, path: str) -> bool:
        number = hash(path)
        return bool(
            self._slots[number & self._mask] and self._slots[(number >> _SECOND) & self._mask]
        )
