"""Where mail comes from: each room that sends registers a source in ``AppConfig.ready()``.

There is one sender (``post.py``), and it asks the sources in the order of their rank, so that what
a reader or an editor is waiting for (a confirmation, a new password) always goes before an edition.
A source keeps its own rows and their states; the sender only moves messages.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from nightdesk.mail.ports import Message, Outcome

#: Ranks: the lower goes first.
AWAITED = 0
EDITION = 10


class Source(Protocol):
    name: str
    rank: int

    def turn(self, outcomes: Sequence[Outcome], limit: int, epoch: int) -> list[Message]:
        """In one transaction: write down what became of earlier messages, and mark and give up to
        ``limit`` next ones. What is given here is marked as being sent, and that is committed,
        before any byte of it leaves. ``epoch`` is the sender's: a source writes nothing for a
        sender whose epoch is older than one it has seen (``lease.hold`` says so and lets no other
        begin meanwhile).

        It is asked twice a second while there is nothing, and must find that out by one cheap
        question. An outcome may be told again when the database failed meanwhile. One of ``LATER``
        that concerns all is no try of this message; without code and text it never left the house.
        """
        ...

    def found_at_start(self, epoch: int) -> None:
        """A new sender begins: what an earlier one had marked and not settled is uncertain now."""
        ...


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    if _sources.get(source.name, source) is not source:
        raise ValueError(f"The source of mail {source.name!r} is registered twice.")
    _sources[source.name] = source


def in_order() -> list[Source]:
    return sorted(_sources.values(), key=lambda source: source.rank)
