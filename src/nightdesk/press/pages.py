"""Every public address there is, by kind; each room registers its own in ``AppConfig.ready()``.

The older pages of lists are not among them: they are found by following the links of the pages
that are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

Paths = Callable[[], Iterator[str]]

_kinds: dict[str, Paths] = {}


def register(kind: str, paths: Paths) -> None:
    """Name a kind, such as ``"story"``. ``paths()`` streams every path of it that is public now,
    the newest first where there is an order, and may be asked for a hundred thousand."""
    if _kinds.get(kind, paths) is not paths:
        raise ValueError(f"The kind of page {kind!r} is registered twice.")
    _kinds[kind] = paths


def kinds() -> list[str]:
    """In the order of registration."""
    return list(_kinds)


def paths(kind: str) -> Iterator[str]:
    """Every path of one kind. KeyError when nobody registered it."""
    return _kinds[kind]()


def all_paths() -> Iterator[tuple[str, str]]:
    """(kind, path) of everything public."""
    for kind, found in _kinds.items():
        for path in found():
            yield kind, path


class Live:
    """Addresses that are never stored, because each answer is made for who asks."""

    def __init__(self) -> None:
        self._prefixes: dict[str, tuple[str, ...] | None] = {}

    def register(self, prefix: str, parameters: Sequence[str] | None) -> None:
        """``parameters`` are the only ones that mean something there; None: all of them."""
        self._prefixes[prefix] = None if parameters is None else tuple(parameters)

    def prefixes(self) -> dict[str, tuple[str, ...] | None]:
        return dict(self._prefixes)


live = Live()
