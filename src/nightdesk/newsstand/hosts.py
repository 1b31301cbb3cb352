"""The names under which we answer: those of the settings, as Django's ALLOWED_HOSTS has them."""

from __future__ import annotations

import re
from collections.abc import Iterable

_HOST = re.compile(r"(?:[A-Za-z0-9._-]+|\[[A-Fa-f0-9:.]+\])(?::[0-9]{1,5})?")
_PORT = re.compile(r":[0-9]+$")
#: Spellings of our names that are remembered; a flood of ports must not fill the memory.
_MOST = 1000


class Hosts:
    """``names``: lower case, without ports; one that begins with a dot stands for all below it;
    none at all, or "*": any name will do."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        names = tuple(names)
        self._any = not names or "*" in names
        self._names = frozenset(names)
        self._above = tuple(name for name in names if name.startswith("."))
        #: Host headers as they were sent and found good: one look-up for every further request.
        self.good: set[str] = set()

    def are_ours(self, host: str) -> bool:
        """``host``: a Host header, maybe with a port. What has not the form of one is not ours."""
        if host in self.good:
            return True
        if not has_form(host):
            return False
        name = _PORT.sub("", host.lower()).removesuffix(".")
        ours = (
            self._any
            or name in self._names
            or (bool(self._above) and f".{name}".endswith(self._above))
        )
        if ours and len(self.good) < _MOST:
            self.good.add(host)
        return ours


def has_form(host: str) -> bool:
    return len(host) <= 255 and _HOST.fullmatch(host) is not None
