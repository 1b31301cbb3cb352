"""What the newsroom must hear of at once: sentences at the top of the admin's first page.

A room registers in ``AppConfig.ready()`` a function that gives its sentences, each of which says
what happened, what it means and what to do. It is asked whenever that page is opened.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

log = logging.getLogger("nightdesk.press.alarms")

_rooms: dict[str, Callable[[], Iterable[str]]] = {}


def register(name: str, sentences: Callable[[], Iterable[str]]) -> None:
    _rooms[name] = sentences


def sentences() -> list[str]:
    """Everything that is wrong now. A room that fails to say is itself an alarm, and no more."""
    said: list[str] = []
    for name, room in _rooms.items():
        try:
            said += room()
        except Exception as error:
            log.exception("%s could not be looked at.", name)
            said.append(f"{name} could not be looked at: {error}")
    return said
