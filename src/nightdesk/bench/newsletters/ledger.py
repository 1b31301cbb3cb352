"""What a sink took, one line a message, written before the sender is told.

A line is in the kernel's hands before the answer leaves, so it survives any end of the *sender*,
and of the sink; it is not synced, so it need not survive the machine's.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple


class Taken(NamedTuple):
    """``header``: the value of the header that the sink was told to note. ``answered``: "told" (250),
    "cut" or "stalled"."""

    recipient: str
    message_id: str
    header: str
    answered: str


class Ledger:
    def __init__(self, file: Path | None) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        self._descriptor = os.open(file, flags, 0o644) if file else -1

    @property
    def is_kept(self) -> bool:
        return self._descriptor >= 0

    def note(self, recipient: str, message_id: bytes, header: bytes, answered: str) -> None:
        line = b"%b\t%b\t%b\t%b\n" % (recipient.encode(), message_id, header, answered.encode())
        os.write(self._descriptor, line)

    def close(self) -> None:
        if self.is_kept:
            os.close(self._descriptor)
            self._descriptor = -1


def taken(file: Path) -> Iterator[Taken]:
    """Every message that the sink took, in order."""
    with file.open(encoding="utf-8", errors="replace", newline="\n") as lines:
        for line in lines:
            yield Taken(*line.rstrip("\n").split("\t", 3))


def more_than_once(messages: Iterable[Taken]) -> dict[str, int]:
    """Message-ID → how often, of those that were taken more than once."""
    counted = Counter(message.message_id for message in messages)
    return {message_id: often for message_id, often in counted.items() if often > 1}
