"""Who wants to know that readers get something else now: a CDN, for one.

The press calls them in its own thread, after the shelf has committed: whoever has slow work to do
hands it to a thread of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

log = logging.getLogger("nightdesk.press")


@dataclass(frozen=True)
class Changed:
    """One path of the shelf (a fragment's too); ``removed``: there is nothing any more."""

    path: str
    kind: str
    removed: bool = False


Listener = Callable[[Sequence[Changed]], None]
_listeners: list[Listener] = []


def register(listener: Listener) -> None:
    if listener not in _listeners:
        _listeners.append(listener)


def tell(changes: Sequence[Changed]) -> None:
    """One listener that fails holds up no other, and never the press."""
    for listener in _listeners if changes else ():
        try:
            listener(changes)
        except Exception:
            log.exception("Somebody could not be told what has changed for readers.")
